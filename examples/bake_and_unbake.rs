//! Bakes a signed badge into a PNG and an SVG, takes it out of both again, and verifies it.

use std::error::Error;

use badges_core::{
    bake::{Generation, ImageLimits, Selection, bake, choose, extract},
    did::MemoryDocuments,
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
    time::Timestamp,
    verify::{Options, verify},
};

const SVG: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>"#;

fn main() -> Result<(), Box<dyn Error>> {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse()?;
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    let options = Options::new(now, &contexts, &documents);
    let signed = signed_badge(now, &contexts)?;

    for (kind, image) in [("PNG", png()?), ("SVG", SVG.as_bytes().to_vec())] {
        let baked = bake(&image, &signed, Generation::V3)?;
        println!("{kind}: {} bytes, {} with the badge in it", image.len(), baked.len());

        let found = choose(extract(&baked, &ImageLimits::default())?, Selection::Strict)?;
        if found.text != signed {
            return Err(format!("the {kind} gave back another text than was baked").into());
        }
        let verified = verify(found.text.as_bytes(), &options).map_err(|report| report.message)?;
        println!("{kind}: out again byte for byte, and {}", verified.report().verdict.as_str());
    }
    Ok(())
}

fn signed_badge(now: Timestamp, contexts: &Contexts) -> Result<String, Box<dyn Error>> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &seed)?)?;
    let mut issuer = Profile::new(signer.controller().parse()?);
    issuer.name = Some("Open Workshop".into());
    let achievement = Achievement::new(
        "https://workshop.example/badges/mechanic".parse()?,
        "Bicycle mechanic".into(),
        "Put five bicycles back on the road".into(),
        Criteria::narrative("Mend five bicycles, and show somebody else how."),
    );
    let recipient = Recipient::id("https://workshop.example/people/grace".parse()?);
    let id = "urn:uuid:0b8a3a52-6c1e-4b55-8a70-54a1f9d4f3aa".parse()?;
    let badge = OpenBadgeCredential::builder(id, issuer, recipient, achievement, now).build()?;
    Ok(issue::sign(&badge, ProofKind::Rdfc, now, &signer, contexts)?)
}

/// A grey square, as a stand-in for a picture from your designer.
fn png() -> Result<Vec<u8>, png::EncodingError> {
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&[128; 64 * 64])?;
    writer.finish()?;
    Ok(image)
}
