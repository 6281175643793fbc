//! The built-in contexts are those of the official documents.

use badges_core::{
    json::{self, Json, Limits},
    jsonld::{Budget, ContextError, Contexts, JsonLdError},
};

use crate::vectors::Suite;

/// An official document under its URL.
struct Official {
    url: String,
    bytes: Vec<u8>,
    sha256: [u8; 32],
}

fn officials(suite: &Suite) -> Vec<Official> {
    let index = suite.json("index.json");
    let entries = index.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            let hex = text("sha256");
            let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
            Official { url: text("url"), bytes: suite.read(text("file")), sha256: std::array::from_fn(byte) }
        })
        .collect()
}

#[test]
fn each_table_says_what_the_official_document_says() {
    let Some(mut suite) = Suite::open("contexts", "contexts") else { return };

    let contexts = Contexts::new();
    let officials = officials(&suite);
    for url in contexts.urls() {
        let source = url.replace("context/ob_v3p0.jsonld", "context.json");
        let official = officials.iter().find(|official| official.url == source).unwrap();
        // The host's way, under another name, because the URL is taken.
        let mut host = Contexts::new();
        host.register("urn:official", &official.bytes, &official.sha256).unwrap();
        let compiled = host.table("urn:official").map(|table| body(&table));
        let table = contexts.table(url).map(|table| body(&table));
        let same = table.is_some() && table == compiled && contexts.sha256(url) == Some(official.sha256);
        suite.check(url, same.then_some(()).ok_or(format!("{compiled:?}")));
    }
    suite.finish();
}

/// A table without the line that names its URL.
fn body(table: &str) -> String {
    table.split_once('\n').unwrap().1.to_owned()
}

#[test]
fn the_contexts_of_open_badges_are_all_known() {
    let contexts = Contexts::new();

    for url in [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/vc/status-list/2021/v1",
        "https://www.w3.org/ns/credentials/status/v1",
    ] {
        assert!(contexts.knows(url), "{url}");
    }
    assert_eq!(
        contexts.sha256("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json").unwrap()[..4],
        [0x3d, 0x34, 0xf4, 0xd4]
    );
}

fn canonicalize(contexts: &Contexts, text: &str) -> Result<String, JsonLdError> {
    let document = json::read(text.as_bytes(), &Limits::default()).unwrap();
    let object = document.as_object().unwrap();
    let context = object.get("@context").unwrap_or(&Json::Null);
    contexts.canonicalize(object, &["proof"], context, &Budget::default())
}

#[test]
fn no_other_context_is_served() {
    for url in [
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/V2",
        "http://www.w3.org/ns/credentials/v2",
        "https://w3id.org/security/v1",
        "https://w3id.org/openbadges/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
        "",
    ] {
        let answer = canonicalize(&Contexts::new(), &format!(r#"{{"@context": "{url}", "id": "urn:x:1"}}"#));

        assert!(matches!(answer, Err(JsonLdError::ContextUnknown { .. })), "{url}: {answer:?}");
    }
}

#[test]
fn a_context_that_gives_every_name_a_meaning_is_refused() {
    let url = "https://www.w3.org/ns/credentials/undefined-terms/v2";
    let answer = canonicalize(&Contexts::new(), &format!(r#"{{"@context": "{url}", "id": "urn:x:1"}}"#));

    assert!(matches!(answer, Err(JsonLdError::ContextRule { .. })), "{answer:?}");
}

#[test]
fn contexts_that_contradict_each_other_are_refused() {
    // The context of 3.0.0 changes `name`, which that of VC 2.0 protects.
    let answer = canonicalize(
        &Contexts::new(),
        r#"{"@context": ["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json"], "id": "urn:x:1", "name": "x"}"#,
    );

    assert!(matches!(answer, Err(JsonLdError::ContextClash { .. })), "{answer:?}");
}

#[test]
fn a_host_adds_a_context_by_its_hash() {
    use sha2::{Digest as _, Sha256};
    let document =
        br#"{"@context": {"@protected": true, "id": "@id", "colour": "https://example.org/#colour"}}"#;
    let hash = Sha256::digest(document).into();
    let mut contexts = Contexts::new();

    let wrong = contexts.register("https://example.org/c", document, &[0; 32]);
    let right = contexts.register("https://example.org/c", document, &hash);
    let again = contexts.register("https://example.org/c", document, &hash);

    assert!(matches!(wrong, Err(ContextError::Hash { .. })));
    assert_eq!(right, Ok(()));
    assert!(matches!(again, Err(ContextError::Taken { .. })));
    let quads =
        canonicalize(&contexts, r#"{"@context": "https://example.org/c", "id": "urn:x:1", "colour": "red"}"#);
    assert_eq!(quads.unwrap(), "<urn:x:1> <https://example.org/#colour> \"red\" .\n");
}

#[test]
fn what_a_host_gives_is_read_or_refused_by_name() {
    use sha2::{Digest as _, Sha256};
    let refused = [
        (r#"{"@context": {"a": {"@id": "urn:x:a", "@container": "@language"}}}"#, "@language"),
        (r#"{"@context": {"a": {"@id": "urn:x:a", "@nest": "b"}}}"#, "@nest"),
        (r#"{"@context": {"@base": "https://example.org/"}}"#, "@base"),
        (r#"{"@context": {"@import": "https://example.org/"}}"#, "@import"),
        (r#"{"@context": {"@direction": "rtl"}}"#, "@direction"),
        (r#"{"@context": {"a": "b"}}"#, "\"b\""),
        (r#"{"@context": {"a": {"@id": "urn:x:a", "@type": 1}}}"#, "@type"),
        (r#"{"@context": {"a": "b:a", "b": "a:b"}}"#, "rests on itself"),
        (r#"{"@context": ["https://example.org/other"]}"#, "https://example.org/other"),
        (r#"{"a": 1}"#, "no @context"),
        ("[", "not JSON"),
    ];
    for (document, word) in refused {
        let hash = Sha256::digest(document).into();
        let answer = Contexts::new().register("https://example.org/c", document.as_bytes(), &hash);

        let message = answer.unwrap_err().to_string();
        assert!(message.contains(word), "{document}: {message}");
    }
}
