//! What the builder makes, and which of two credentials counts.

use badges_core::{
    json::{Limits, read},
    model::{
        Achievement, BadgeBuilder, BuildError, CredentialName, Criteria, EndorsementCredential,
        IdentifierType, IdentityObject, OpenBadgeCredential, Profile, Recipient,
        credential::{CredentialSchema, CredentialStatus},
        replaces,
        value::{Number, Type},
    },
};

use crate::vectors::Suite;

fn builder(criteria: Criteria) -> BadgeBuilder {
    let achievement =
        Achievement::new("urn:uuid:2".parse().unwrap(), "Comets".into(), "Found one".into(), criteria);
    OpenBadgeCredential::builder(
        "urn:uuid:1".parse().unwrap(),
        Profile::new("did:web:issuer.example".parse().unwrap()),
        Recipient::email("ada@example.org", &[7; 16]),
        achievement,
        "2026-11-01T10:00:00Z".parse().unwrap(),
    )
}

fn told() -> Criteria {
    Criteria::narrative("Report a comet.")
}

#[test]
fn only_types_of_1edtech_bring_their_context() {
    let schema = CredentialSchema::new(
        "https://schema.example/".parse().unwrap(),
        Type::new("1EdTechJsonSchemaValidator2019"),
    );

    let plain =
        builder(told()).status(CredentialStatus::new(Type::new("BitstringStatusListEntry"))).build().unwrap();
    let with_schema = builder(told()).schema(schema).build().unwrap();

    assert_eq!(plain.context.urls().count(), 2);
    assert_eq!(
        with_schema.context.urls().last().as_deref(),
        Some("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
    );
}

#[test]
fn what_would_be_invalid_is_not_built() {
    let invalid = |built: Result<OpenBadgeCredential, BuildError>| match built {
        Err(BuildError::Invalid(violations)) => violations[0].path.clone(),
        other => panic!("{other:?}"),
    };
    let early = "2025-01-01T00:00:00Z".parse().unwrap();
    let dangling = badges_core::model::result::Achieved {
        result_description: Some("urn:uuid:9".parse().unwrap()),
        ..Default::default()
    };

    assert_eq!(invalid(builder(Criteria::new()).build()), "$.credentialSubject.achievement.criteria");
    assert_eq!(invalid(builder(told()).valid_until(early).build()), "$.validUntil");
    assert_eq!(
        invalid(builder(told()).result(dangling).build()),
        "$.credentialSubject.result[0].resultDescription"
    );
    assert!(matches!(builder(told()).name("\u{FFFF}").build(), Err(BuildError::Json(_))));
    assert!(matches!(builder(told()).description("x".repeat(300_000)).build(), Err(BuildError::Json(_))));
    assert!(
        [1e16, -0.0, 1e-7, f64::NAN, f64::INFINITY].into_iter().all(|value| Number::try_from(value).is_err())
    );
}

#[test]
fn a_recipient_is_known_by_the_name_that_was_hashed() {
    let badge = builder(told()).build().unwrap();

    let identity = &badge.credential_subject.identifier[0];

    assert!(identity.names("ada@example.org") && !identity.names("Ada@example.org"));
    assert_eq!(identity.salt.as_deref(), Some("07070707070707070707070707070707"));
    assert!(IdentityObject::plain(IdentifierType::UserName, "ada").names("ada"));
}

#[test]
fn an_endorsement_is_built_with_its_comment() {
    let issuer = Profile::new("did:web:endorser.example".parse().unwrap());
    let at = "2026-11-01T10:00:00Z".parse().unwrap();

    let built = EndorsementCredential::builder(
        "urn:uuid:3".parse().unwrap(),
        "Well done",
        issuer,
        "urn:uuid:1".parse().unwrap(),
        at,
    )
    .comment("It was a comet.")
    .build();

    assert_eq!(built.unwrap().credential_subject.endorsement_comment, Some("It was a comet.".into()));
}

#[test]
fn the_newer_of_two_equal_credentials_counts() {
    let Some(mut suite) = Suite::open("ob3-equality", "1edtech-ob30-spec/examples") else { return };
    let text = |letter: &str| suite.text(format!("equality-and-comparison--sample-credential-{letter}.json"));
    let respelled = text("a")
        .replace("http://example.edu/credentials/3732", " http://example.edu/credentials%2F%33732%20");
    let other = text("c").replace("issuers/565049", "issuers/565050");
    // Which takes the place of `a`, and which is the same as `a`.
    let cases = [
        ("b", text("b"), false, true),
        ("c", text("c"), true, true),
        ("d", text("d"), false, true),
        ("respelled", respelled, false, true),
        ("another issuer", other, false, false),
    ];
    let first = text("a");
    let first = read(first.as_bytes(), &Limits::default()).unwrap();
    let first = first.as_object().unwrap();

    for (name, text, takes_place, same) in cases {
        let second = read(text.as_bytes(), &Limits::default()).unwrap();
        let second = second.as_object().unwrap();
        let answer = (replaces(second, first), CredentialName::of(second) == CredentialName::of(first));
        suite.check(name, (answer == (takes_place, same)).then_some(()).ok_or(format!("{answer:?}")));
    }
    suite.finish();
}
