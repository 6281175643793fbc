//! What the benches work on: one realistic badge in every form, signed here with a key of our own.

use std::{fs, path::Path};

use badges_core::{
    issue::{self, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey},
    time::Timestamp,
};

/// When everything is signed and verified.
const NOW: &str = "2026-11-21T00:00:00Z";

/// The badge and what is made of it.
pub(crate) struct Workload {
    /// The unsigned credential, without white space, issued by the key of `signer`.
    pub(crate) unsigned: String,
    /// Who signs.
    pub(crate) signer: LocalSigner,
    /// The contexts, with what one document of each kind leaves in their memory.
    pub(crate) contexts: Contexts,
    /// When.
    pub(crate) now: Timestamp,
    /// A PNG of 94 KB.
    pub(crate) png: Vec<u8>,
}

impl Workload {
    /// Of `../shared/vectors/workload`, or of our own files where that is absent.
    pub(crate) fn open() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/workload");
        let own = || {
            let badge: serde_json::Value = serde_json::from_str(include_str!("badge.json")).unwrap();
            badge.to_string()
        };
        let unsigned = fs::read_to_string(folder.join("unsigned.json")).unwrap_or_else(|_| own());
        let png = fs::read(folder.join("plain.png")).unwrap_or_else(|_| picture());
        let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap()).unwrap();
        let issuer = serde_json::from_str::<serde_json::Value>(&unsigned).unwrap()["issuer"]["id"].clone();
        let unsigned = unsigned.replace(issuer.as_str().unwrap(), signer.controller());
        Self { unsigned, signer, contexts: Contexts::new(), now: NOW.parse().unwrap(), png }
    }

    /// The badge, signed.
    pub(crate) fn signed(&self, kind: ProofKind) -> String {
        issue::sign_text(&self.unsigned, kind, self.now, &self.signer, &self.contexts).unwrap()
    }

    /// The badge without the recipient's hashed address, signed.
    pub(crate) fn unhashed(&self) -> String {
        let mut badge: serde_json::Value = serde_json::from_str(&self.unsigned).unwrap();
        badge["credentialSubject"].as_object_mut().unwrap().remove("identifier");
        issue::sign(&badge, ProofKind::Rdfc, self.now, &self.signer, &self.contexts).unwrap()
    }
}

/// A PNG whose pixels nobody reads: the chunks and their checksums are right, and the data is noise.
fn picture() -> Vec<u8> {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let pixels: Vec<u8> = std::iter::repeat_with(&mut noise).take(93_850).collect();
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in
        [(b"IHDR", &[0, 0, 1, 24, 0, 0, 1, 24, 8, 6, 0, 0, 0][..]), (b"IDAT", &pixels), (b"IEND", &[])]
    {
        let length = u32::try_from(data.len()).unwrap();
        let checked = [kind, data].concat();
        image.extend(length.to_be_bytes());
        image.extend(&checked);
        image.extend(crc32fast::hash(&checked).to_be_bytes());
    }
    image
}
