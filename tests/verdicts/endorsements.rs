//! What others say of a badge within it.

use badges_core::proof::{integrity::Suite, jws::HeaderToWrite};
use serde_json::{Value, json};

use crate::{
    actors::{WEB, badge, but, embedded, endorsement, issuer, issuer_as, jwt, jwt_with, list, other, rdfc},
    table::{Table, World},
};

#[test]
fn endorsements_weigh_only_when_forged() {
    let mut table = Table::new("endorsements");
    let (own, by) = (issuer(), other());
    let good = badge(own.controller());
    let of = |one: Value| rdfc(&but(good.clone(), json!({"endorsement": [one]})), &own).to_string();
    let world = World::empty();
    let words = endorsement(by.controller());

    table.says("a good one", &of(rdfc(&words, &by)), &world, "valid", &["endorsement[0] passed"]);
    let old = rdfc(&but(words.clone(), json!({"validUntil": "2026-11-20T00:00:00Z"})), &by);
    let late = &["endorsement[0] failed expired", "finding expired"];
    table.says("one that expired", &of(old), &world, "valid", late);
    let foreign = &["endorsement[0] failed key_of_another", "finding key_of_another"];
    table.says("one by another", &of(rdfc(&words, &own)), &world, "valid", foreign);
    let web = rdfc(&endorsement(WEB), &issuer_as("did:web:hive.example#key-1"));
    let open = &["endorsement[0] unknown document_missing"];
    table.says("one without a document", &of(web), &world, "valid", open);
    let failed = "invalid endorsement_failed";
    table.both("an unsigned one", &of(words.clone()), &world, failed);
    table.both("one that was changed", &of(but(rdfc(&words, &by), json!({"name": "No"}))), &world, failed);
    let token = jwt(&words, &by);
    let of = |token: &str| rdfc(&but(good.clone(), json!({"endorsementJwt": [token]})), &own).to_string();
    table.both("a good token", &of(&token), &world, "valid");
    let (rest, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = jwt(&endorsement(own.controller()), &by)
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    table.both("a token with another's signature", &of(&format!("{rest}.{signature}")), &world, failed);
    table.both("a token that is cut off", &of(rest), &world, "invalid structure");
    table.finish();
}

#[test]
fn what_is_no_endorsement_endorses_nothing_however_well_it_is_signed() {
    let mut table = Table::new("what is no endorsement");
    let (own, by) = (issuer(), other());
    let good = badge(own.controller());
    let of = |name: &str, one: Value| {
        embedded(&but(good.clone(), json!({name: [one]})), Suite::EddsaJcs2022, &own).to_string()
    };
    let another = but(badge(by.controller()), json!({"id": "urn:uuid:3"}));
    let list = list(by.controller(), &[]);
    let header = HeaderToWrite { jwk: true, ..HeaderToWrite::default() };
    let assertion =
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:uuid:1"});
    let at = "https://hive.example/1";
    let world = World::empty().with(at, &assertion);
    let no = &["endorsement[0] failed structure"];

    for (case, text) in [
        ("a badge in a token", of("endorsementJwt", json!(jwt(&another, &by)))),
        ("a status list in a token", of("endorsementJwt", json!(jwt(&list, &by)))),
        ("a badge in vc", of("endorsementJwt", json!(jwt_with(&json!({"vc": another}), &header, &by)))),
        ("an assertion of 2.0 in a token", of("endorsementJwt", json!(jwt_with(&assertion, &header, &by)))),
        ("an address in the place of a token", of("endorsementJwt", json!(at))),
        ("a badge", of("endorsement", rdfc(&another, &by))),
        ("a status list", of("endorsement", rdfc(&list, &by))),
    ] {
        table.says(case, &text, &world, "invalid structure", no);
    }
    table.finish();
}

#[test]
fn endorsements_of_something_else_are_pointed_out() {
    let mut table = Table::new("subjects of endorsements");
    let (own, by) = (issuer(), other());
    let mut good = badge(own.controller());
    good["credentialSubject"]["achievement"]["creator"] =
        json!({"id": "https://uni.example", "type": ["Profile"], "name": "Uni"});
    let world = World::empty();
    let about = |id: &str| {
        let subject = json!({"id": id, "type": ["EndorsementSubject"]});
        but(endorsement(by.controller()), json!({"credentialSubject": subject}))
    };
    let at = |place: &str, members: Value| {
        let mut badge = good.clone();
        let held = badge.pointer_mut(place).unwrap();
        *held = but(held.clone(), members);
        rdfc(&badge, &own).to_string()
    };
    let places = ["", "/issuer", "/credentialSubject/achievement", "/credentialSubject/achievement/creator"];
    let fits = &["endorsement[0] passed"];
    let other = &["endorsement[0] failed endorsement_of_other", "finding endorsement_of_other"];

    for place in places {
        for id in [good["id"].as_str().unwrap(), "urn:uuid:1", own.controller()] {
            let text = at(place, json!({"endorsement": [rdfc(&about(id), &by)]}));
            table.says(&format!("of {id} at {place:?}"), &text, &world, "valid", fits);
        }
        for id in ["urn:uuid:9", "https://uni.example", "did:example:ada"] {
            let text = at(place, json!({"endorsement": [rdfc(&about(id), &by)]}));
            table.says(&format!("of {id} at {place:?}"), &text, &world, "valid", other);
        }
        let text = at(place, json!({"endorsementJwt": [jwt(&about("urn:uuid:9"), &by)]}));
        table.says(&format!("a token at {place:?}"), &text, &world, "valid", other);
    }
    let old = but(about("urn:uuid:9"), json!({"validUntil": "2026-11-20T00:00:00Z"}));
    let text = at("", json!({"endorsement": [rdfc(&old, &by)]}));
    let both = &["endorsement[0] failed expired", "finding expired", "finding endorsement_of_other"];
    table.says("of another, and expired", &text, &world, "valid", both);
    let text = at("", json!({"endorsement": [about("urn:uuid:9")]}));
    table.both("of another, and unsigned", &text, &world, "invalid endorsement_failed");
    table.finish();
}

#[test]
fn an_endorsement_says_nothing_that_the_badge_could_say() {
    let mut table = Table::new("endorsements that meddle");
    let (own, by) = (issuer(), other());
    let world = World::empty();
    let mut plain = endorsement(by.controller());
    let of = |one: &Value, kept: &Value| {
        let signed = rdfc(&but(badge(own.controller()), json!({"endorsement": [kept]})), &own);
        but(signed, json!({"endorsement": [one]})).to_string()
    };
    let signed = rdfc(&plain, &by);
    table.both("a comment", &of(&signed, &signed), &world, "valid");

    let good = badge(own.controller());
    let achievement = good["credentialSubject"]["achievement"]["id"].clone();
    for (case, subject) in [
        ("another name for the achievement", json!({"id": achievement, "name": "Doctor"})),
        (
            "a way from the achievement to itself",
            json!({"id": achievement, "type": ["EndorsementSubject", "Achievement"], "related": [{"id": achievement, "type": ["Related"]}]}),
        ),
        ("a name for the issuer", json!({"id": own.controller(), "name": "University"})),
        (
            "a type for the badge",
            json!({"id": good["id"], "type": ["EndorsementSubject", "OpenBadgeCredential"]}),
        ),
        (
            "an end for the badge",
            json!({
                "id": good["id"],
                "type": ["EndorsementSubject", "VerifiableCredential"],
                "validUntil": "2099-01-01T00:00:00Z",
            }),
        ),
    ] {
        let subject = but(json!({"type": ["EndorsementSubject"], "endorsementComment": "Good."}), subject);
        plain["credentialSubject"] = subject;
        // Ours signs no badge with it, so another endorsement was signed; the rule speaks before the signature.
        table.both(case, &of(&rdfc(&plain, &by), &signed), &world, "invalid context_rule");
    }

    let mut himself = endorsement(own.controller());
    himself["issuer"] = good["issuer"].clone();
    let himself = rdfc(&himself, &own);
    table.both("the issuer, who describes himself again", &of(&himself, &himself), &world, "valid");
    table.finish();
}
