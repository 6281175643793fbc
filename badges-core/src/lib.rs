//! Issue and verify Open Badges: credentials, proofs, status lists and baked images.
//!
//! ```
//! use badges_core::{
//!     did::MemoryDocuments,
//!     issue::{self, ProofKind},
//!     jsonld::Contexts,
//!     key::{KeyKind, LocalSigner, SecretKey},
//!     model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
//!     verify::{Options, verify},
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (seed, salt) = ([7; 32], [7; 16]);
//! let (now, contexts) = ("2026-11-21T10:00:00Z".parse()?, Contexts::new());
//! let signer = LocalSigner::did_key(SecretKey::from_seed(KeyKind::Ed25519, &seed)?)?;
//! let issuer = Profile::new(signer.controller().parse()?);
//! let criteria = Criteria::narrative("Report a comet that nobody saw before.");
//! let (achievement, name) = ("https://astronomy.example/comets".parse()?, "Comet hunter".into());
//! let achievement = Achievement::new(achievement, name, "Found a comet".into(), criteria);
//! let recipient = Recipient::email("ada@example.org", &salt);
//! let id = "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002".parse()?;
//! let badge = OpenBadgeCredential::builder(id, issuer, recipient, achievement, now).build()?;
//! let signed = issue::sign(&badge, ProofKind::Rdfc, now, &signer, &contexts)?;
//!
//! let documents = MemoryDocuments::new();
//! let verified = verify(signed.as_bytes(), &Options::new(now, &contexts, &documents));
//! assert!(verified.is_ok());
//! # Ok(())
//! # }
//! ```
//!
//! There is no file, no clock, no network, no randomness and no async in here: time, seeds, documents, contexts
//! beyond the built-in and trust are arguments, so that the same code serves a command, a server and a browser.
//!
//! # The nouns
//!
//! A [credential](model::OpenBadgeCredential) says who earned which [achievement](model::Achievement) by whose
//! word; a [signer](key::Signer) holds the key of that word; [issuing](issue::sign) checks and signs;
//! [verifying](verify::verify) gives a [`Verified`](verify::Verified) badge or the [report](verify::Report) that
//! says why not; a status list revokes; baking puts the whole into a picture.
//!
//! # What is supported
//!
//! | | read and verified | written and signed |
//! |---|---|---|
//! | Open Badges | 3.0 on VC Data Model 2.0 and 1.1; 2.0; 0.5 to 1.1 | 3.0 on VC Data Model 2.0; 2.0 |
//! | embedded proofs | eddsa-rdfc-2022, eddsa-jcs-2022, eddsa-2022, Ed25519Signature2020, ecdsa-rdfc-2019, ecdsa-jcs-2019 | eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019 |
//! | tokens | EdDSA, ES256, ES384, RS256 | EdDSA, ES256, others by the host's [`Signer`](key::Signer) |
//! | status | Bitstring Status List, StatusList2021, 1EdTech and Open Badges 2.0 revocation lists | Bitstring Status List |
//! | images | PNG and SVG of 3.0, 2.0 and 1.x | PNG and SVG of 3.0 and 2.0 |
//!
//! Known by name and answered as unsupported: ecdsa-sd-2023, other suites and algorithms, Comprehensive Learner
//! Records, presentations. Refreshing and fetching are the host's.
//!
//! # Features
//!
//! - `bake` (default): images.
//! - `status` (default): status lists; without it, the status of a badge that has one is unknown.
//! - `ecdsa`: P-256 and P-384.
//! - `rsa`: RSA signatures, verification only (RUSTSEC-2023-0071 concerns private keys).
//! - `suites`: what the test suites of others, fuzzing and the maker of the context tables ask for. It knows no
//!   rules and keeps no promise between versions: leave it off.
#![deny(clippy::indexing_slicing, clippy::print_stdout, clippy::print_stderr)]

// Reading order: each module uses only those above it.
pub mod time;
mod hex;
pub mod json;
pub mod key;
pub mod did;
pub mod jsonld;
pub mod model;
#[cfg(feature = "status")]
pub mod status;
#[cfg(feature = "bake")]
pub mod bake;
pub mod proof;
pub mod verify;
pub mod issue;

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
