//! The intermediate values of proofs that others publish.

use badges_core::{
    json::{self, Json, Limits},
    jsonld::{Budget, Contexts, HashAlgorithm, JsonLdError},
};
use sha2::{Digest as _, Sha256};

use crate::vectors::Suite;

/// Context for tests only: it gives every name a meaning.
const EXAMPLES: (&str, &str) =
    ("https://www.w3.org/ns/credentials/examples/v2", "w3c-credentials-examples-v2.jsonld");

fn contexts() -> Contexts {
    let mut contexts = Contexts::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/contexts");
    let document = std::fs::read(format!("{folder}/{}", EXAMPLES.1)).unwrap();
    contexts.register(EXAMPLES.0, &document, &Sha256::digest(&document).into()).unwrap();
    contexts
}

fn canonicalize(
    document: &[u8],
    context_of: &[u8],
    omit: &[&str],
    algorithm: HashAlgorithm,
) -> Result<String, JsonLdError> {
    let document = json::read(document, &Limits::default()).unwrap();
    let outer = json::read(context_of, &Limits::default()).unwrap();
    let context = outer.as_object().unwrap().get("@context").unwrap_or(&Json::Null);
    contexts().canonicalize_with(algorithm, document.as_object().unwrap(), omit, context, &Budget::default())
}

fn same(actual: Result<String, JsonLdError>, expected: &str) -> Result<(), String> {
    match actual {
        Ok(actual) if actual.trim_end() == expected.trim_end() => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn the_workload_has_the_canonical_form_that_all_others_find() {
    let Some(mut suite) = Suite::open("workload", "workload") else { return };

    for file in ["unsigned.json", "rdfc.json"] {
        let document = suite.read(file);
        let actual = canonicalize(&document, &document, &["proof"], HashAlgorithm::Sha256);
        let outcome = same(actual, &suite.text("unsigned.nq"));
        suite.check(file, outcome);
    }
    suite.finish();
}

#[test]
fn the_vectors_of_eddsa_have_these_canonical_forms() {
    let Some(suite) = Suite::open("canonical-eddsa", "w3c-vc-di-eddsa") else { return };

    let cases = [
        ("eddsa-rdfc-2022", "DataInt", HashAlgorithm::Sha256),
        ("Ed25519Signature2020", "EdSig", HashAlgorithm::Sha256),
    ];
    check(suite, &cases);
}

#[test]
fn the_vectors_of_ecdsa_have_these_canonical_forms() {
    let Some(suite) = Suite::open("canonical-ecdsa", "w3c-vc-di-ecdsa") else { return };

    let cases = [
        ("ecdsa-rdfc-2019-p256", "ECDSAP256", HashAlgorithm::Sha256),
        ("ecdsa-rdfc-2019-p384", "ECDSAP384", HashAlgorithm::Sha384),
    ];
    check(suite, &cases);
}

fn check(mut suite: Suite, cases: &[(&str, &str, HashAlgorithm)]) {
    for (folder, end, algorithm) in cases {
        let signed = suite.read(format!("{folder}/signed{end}.json"));
        let document = canonicalize(&signed, &signed, &["proof"], *algorithm);
        let expected = suite.text(format!("{folder}/canonDoc{end}.txt"));
        suite.check(&format!("{folder} document"), same(document, &expected));

        let proof = suite.read(format!("{folder}/proofConfig{end}.json"));
        let config = canonicalize(&proof, &signed, &[], *algorithm);
        let expected = suite.text(format!("{folder}/proofCanon{end}.txt"));
        suite.check(&format!("{folder} proof"), same(config, &expected));

        let employ = format!("{folder}/employ/signed{end}.json");
        if suite.folder.join(&employ).is_file() {
            let employ_bytes = suite.read(&employ);
            let answer = canonicalize(&employ_bytes, &employ_bytes, &["proof"], *algorithm);
            let unknown = matches!(answer, Err(JsonLdError::ContextUnknown { .. }));
            suite.check(&employ, unknown.then_some(()).ok_or(format!("{answer:?}")));
        }
    }
    suite.finish();
}
