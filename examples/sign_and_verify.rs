//! Builds a badge, signs it with `eddsa-rdfc-2022`, verifies it, and shows that a changed copy is refused.

use std::error::Error;

use badges_core::{
    did::MemoryDocuments,
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
    time::Timestamp,
    verify::{Options, verify},
};

fn main() -> Result<(), Box<dyn Error>> {
    // The library draws nothing at random and looks at no clock: both come from the caller.
    let (mut seed, mut salt) = ([0; 32], [0; 16]);
    getrandom::fill(&mut seed)?;
    getrandom::fill(&mut salt)?;
    let now: Timestamp = "2026-11-21T10:00:00Z".parse()?;
    let contexts = Contexts::new();

    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &seed)?)?;
    let mut issuer = Profile::new(signer.controller().parse()?);
    issuer.name = Some("Astronomy Club".into());
    let achievement = Achievement::new(
        "https://astronomy.example/badges/comets".parse()?,
        "Comet hunter".into(),
        "Found a comet".into(),
        Criteria::narrative("Report a comet that nobody saw before."),
    );
    let recipient = Recipient::email("ada@example.org", &salt);
    let id = "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002".parse()?;
    let badge = OpenBadgeCredential::builder(id, issuer, recipient, achievement, now).build()?;

    let signed = issue::sign(&badge, ProofKind::Rdfc, now, &signer, &contexts)?;
    println!("signed: {} bytes by {}", signed.len(), signer.controller());

    let documents = MemoryDocuments::new();
    let options = Options::new(now, &contexts, &documents);
    let verified = verify(signed.as_bytes(), &options).map_err(|report| report.message)?;
    println!("verified: {}", verified.report().message);
    println!("{}", serde_json::to_string_pretty(verified.report())?);

    let changed = signed.replace("Comet hunter", "Astronomer Royal");
    match verify(changed.as_bytes(), &options) {
        Ok(_) => Err("a changed copy was taken for the badge".into()),
        Err(report) => {
            println!(
                "changed copy: {} ({}): {}",
                report.verdict.as_str(),
                report.code.as_str(),
                report.message
            );
            Ok(())
        }
    }
}
