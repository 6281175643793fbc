//! What a token says beside the credential in it.

use badges_core::{
    did::MemoryDocuments,
    jsonld::Contexts,
    key::Signer as _,
    proof::{integrity::Suite, jws::HeaderToWrite},
    verify::{Options, verify},
};
use serde_json::{Value, json};

use crate::{
    actors::{
        AT, CONTEXTS, LIST, badge, but, claims, embedded, entry, issuer, jwt, jwt_with, list, other,
        proof_with, rdfc,
    },
    table::{Table, World},
};

/// A badge of VC 1.1 as the payload of a token.
fn within_vc(members: Value) -> Value {
    let own = issuer();
    let mut credential = but(
        badge(own.controller()),
        json!({
            "@context": ["https://www.w3.org/2018/credentials/v1", CONTEXTS[1]],
            "issuanceDate": "2026-11-01T09:30:00Z",
        }),
    );
    credential.as_object_mut().unwrap().remove("validFrom");
    json!({
        "iss": own.controller(),
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": "2026-11-01T09:30:00Z".parse::<badges_core::time::Timestamp>().unwrap().unix_seconds(),
        "vc": but(credential, members),
    })
}

#[test]
fn a_token_of_another_type_is_no_badge() {
    let mut table = Table::new("types of tokens");
    let own = issuer();
    let payload = claims(&badge(own.controller()));
    let of = |typ: &str| {
        let header = HeaderToWrite {
            kid: Some(own.verification_method()),
            typ: Some(typ),
            ..HeaderToWrite::default()
        };
        jwt_with(&payload, &header, &own)
    };
    let world = World::empty();

    table.both("JWT", &of("JWT"), &world, "valid");
    for typ in [
        "jwt",
        "vc",
        "vc+jwt",
        "VC+JWT",
        "vc+ld+jwt",
        "vc+ld+json",
        "vc+ld+json+jwt",
        "application/vc+ld+json+jwt",
    ] {
        table.says(typ, &of(typ), &world, "valid", &["finding token_type"]);
    }
    for typ in [
        "",
        " JWT",
        "JOSE",
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "vp+jwt",
        "vp+ld+json+jwt",
        "vc+sd-jwt",
        "statuslist+jwt",
        "openid4vci-proof+jwt",
        "application/application/vc+jwt",
    ] {
        table.both(&format!("{typ:?}"), &of(typ), &world, "invalid not_a_badge");
    }
    let long = of(&"\u{1b}[2J".repeat(1000));
    table.both("long and steering", &long, &world, "invalid not_a_badge");
    let clear = but(badge(own.controller()), json!({"credentialStatus": entry("revocation", 3)}));
    let header = HeaderToWrite {
        kid: Some(own.verification_method()),
        typ: Some("at+jwt"),
        ..HeaderToWrite::default()
    };
    let world = World::empty().with(LIST, jwt_with(&list(own.controller(), &[7]), &header, &own));
    let text = rdfc(&clear, &own).to_string();
    table.both("a status list of another type", &text, &world, "undecided status_malformed");
    table.finish();
}

#[test]
fn what_stands_beside_vc_is_never_passed_over() {
    let mut table = Table::new("members beside vc");
    let own = issuer();
    let header = HeaderToWrite { kid: Some(own.verification_method()), ..HeaderToWrite::default() };
    let token = |inside: Value, beside: Value| jwt_with(&but(within_vc(inside), beside), &header, &own);
    let none = || json!({});
    let world = World::empty().with(LIST, rdfc(&list(own.controller(), &[7]), &own));
    let found = &["finding claim_beside"];
    let (mismatch, structure) = ("invalid claims_mismatch", "invalid structure");

    table.both("nothing", &token(none(), none()), &world, "valid");
    table.both(
        "claims of others",
        &token(none(), json!({"iat": 1, "nonce": "a", "vp": {}})),
        &world,
        "valid",
    );
    for (name, value) in [
        ("issuer", json!(own.controller())),
        ("issuer", badge(own.controller())["issuer"].clone()),
        ("issuanceDate", json!("2026-11-01T09:30:00Z")),
        ("id", badge(own.controller())["id"].clone()),
        ("type", json!(["VerifiableCredential", "OpenBadgeCredential"])),
        ("name", json!("Comet")),
        ("evidence", json!([{"id": "https://hive.example/e", "type": ["Evidence"]}])),
        ("proof", json!({"type": "DataIntegrityProof"})),
    ] {
        let text = token(none(), json!({name: value}));
        table.says(&format!("{name} {value}"), &text, &world, "valid", found);
    }
    for (name, value) in [
        ("issuer", json!("did:example:eve")),
        ("issuer", json!({"id": "did:example:eve"})),
        ("issuer", json!(null)),
        ("id", json!("urn:uuid:9")),
        ("type", json!("VerifiableCredential")),
        ("name", json!("Planet")),
        ("issuanceDate", json!("2026-11-02T09:30:00Z")),
        ("validUntil", json!("2020-01-01T00:00:00Z")),
        ("validUntil", json!("2030-01-01T00:00:00Z")),
        ("expirationDate", json!("2020-01-01T00:00:00Z")),
        ("credentialStatus", entry("revocation", 7)),
    ] {
        let text = token(none(), json!({name: value}));
        table.both(&format!("{name} {value}, otherwise"), &text, &world, mismatch);
    }
    let clear = || json!({"credentialStatus": entry("revocation", 3)});
    table.says("a status twice", &token(clear(), clear()), &world, "valid", found);
    let revoked = json!({"credentialStatus": entry("revocation", 7)});
    table.both("another status beside", &token(clear(), revoked.clone()), &world, mismatch);
    table.both("another status within", &token(revoked, clear()), &world, mismatch);
    table.both("a subject", &token(none(), json!({"credentialSubject": {}})), &world, structure);
    let assertion = json!({"type": "Assertion", "recipient": {}, "badge": "https://hive.example/b"});
    table.both("a second badge of 2.0", &token(none(), assertion), &world, structure);
    let context = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"});
    table.both("one with a context", &token(none(), context), &world, structure);
    let old = json!({"recipient": {}, "badge": "https://hive.example/b", "verify": {}});
    table.both("one of 1.0", &token(none(), old), &world, structure);
    table.finish();
}

#[test]
fn what_stands_beside_vc_is_refused_with_what_to_do() {
    let own = issuer();
    let header = HeaderToWrite { kid: Some(own.verification_method()), ..HeaderToWrite::default() };
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    let options = Options::new(AT.parse().unwrap(), &contexts, &documents);
    let message = |beside: Value| {
        let token = jwt_with(&but(within_vc(json!({})), beside), &header, &own);
        verify(token.as_bytes(), &options).unwrap_err().message
    };

    assert_eq!(
        message(json!({"validUntil": "2027-01-01T00:00:00Z"})),
        "validUntil stands beside vc and not in the credential, which it would limit: put it into vc"
    );
    assert_eq!(
        message(json!({"id": "urn:uuid:9"})),
        "id beside the claim vc says otherwise than the credential in it"
    );
}

#[test]
fn a_badge_is_handed_on_from_its_place_in_the_token() {
    let own = issuer();
    let header = HeaderToWrite { kid: Some(own.verification_method()), ..HeaderToWrite::default() };
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    let options = Options::new(AT.parse().unwrap(), &contexts, &documents);
    let good = badge(own.controller());

    for text in
        [jwt_with(&within_vc(json!({})), &header, &own), jwt(&good, &own), rdfc(&good, &own).to_string()]
    {
        let verified = verify(text.as_bytes(), &options).unwrap();
        let credential = serde_json::to_value(verified.subject().credential().unwrap()).unwrap();
        assert_eq!((&credential["id"], &credential["name"]), (&good["id"], &good["name"]), "{text}");
    }
}

#[test]
fn a_proof_in_a_token_must_hold_too() {
    let mut table = Table::new("proofs within tokens");
    let own = issuer();
    let good = badge(own.controller());
    let world = World::empty();
    let failed = "invalid proof_failed";
    let token = |credential: &Value| jwt(credential, &own);
    let holds = &["proof[0] passed", "proof[1] passed", "bound did"];

    table.says("one that holds", &token(&rdfc(&good, &own)), &world, "valid", holds);
    let jcs = embedded(&good, Suite::EddsaJcs2022, &own);
    table.says("one over JCS", &token(&jcs), &world, "valid", holds);
    let changed = but(rdfc(&good, &own), json!({"name": "Planet"}));
    table.says(
        "a changed badge",
        &token(&changed),
        &world,
        failed,
        &["proof[0] passed", "proof[1] failed proof_failed"],
    );
    table.both("a changed badge, JCS", &token(&but(jcs, json!({"name": "Planet"}))), &world, failed);
    table.both("no object", &token(&but(good.clone(), json!({"proof": "trust me"}))), &world, failed);
    let proof = rdfc(&good, &own)["proof"].clone();
    let late = proof_with(&good, json!({"expires": "2026-11-20T00:00:00Z"}), &own);
    table.both("one that expired", &token(&but(good.clone(), json!({"proof": late}))), &world, failed);
    let strange = but(good.clone(), json!({"proof": but(proof.clone(), json!({"cryptosuite": "bbs-2023"}))}));
    let noted = &["proof[1] unknown suite_unsupported", "finding suite_unsupported"];
    table.says("one of a foreign suite", &token(&strange), &world, "valid", noted);
    let stranger = rdfc(&good, &other());
    let foreign = &["proof[1] passed", "finding key_of_another", "bound did"];
    table.says("one by another", &token(&stranger), &world, "valid", foreign);
    // The token decides: what a stranger wraps is the stranger's, whoever signed what is in it.
    let wrapped = jwt(&rdfc(&good, &own), &other());
    table.both("the issuer's, wrapped by another", &wrapped, &world, "unbound key_of_another");
    let many = but(good.clone(), json!({"proof": vec![proof.clone(); 9]}));
    table.both("too many", &token(&many), &world, "invalid too_complex");
    let header = HeaderToWrite { kid: Some(own.verification_method()), ..HeaderToWrite::default() };
    let old = within_vc(json!({}));
    let signed = but(old.clone(), json!({"vc": embedded(&old["vc"], Suite::EddsaJcs2022, &own)}));
    table.says("one within vc", &jwt_with(&signed, &header, &own), &world, "valid", holds);
    let mut forged = signed;
    forged["vc"]["name"] = json!("Planet");
    table.both("one within vc, changed", &jwt_with(&forged, &header, &own), &world, failed);
    table.finish();
}
