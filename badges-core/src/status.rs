//! Lists that say which credentials were revoked or suspended.
//!
//! Four kinds are read: Bitstring Status List 1.0 and StatusList2021 (a compressed bit for each credential, in a
//! credential of its own), the 1EdTech revocation list and the revocation list of Open Badges 2.0 (plain lists of
//! ids). The first is also written. The proof, the dates and the issuer of a list are the verifier's to check.
//!
//! ```
//! use badges_core::{json::{Limits, read}, status::{Bitstring, EntrySize, MAX_INFLATED, Outcome, StatusEntry}};
//!
//! let mut bits = Bitstring::new(131_072, EntrySize::ONE)?;
//! bits.set(94_567, EntrySize::ONE, 1)?;
//! let published = bits.encode();
//!
//! let status = br#"{"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
//!     "statusListIndex": "94567", "statusListCredential": "https://badges.example/status/3"}"#;
//! let StatusEntry::Bitstring(entry) = StatusEntry::parse(&read(status, &Limits::default())?)? else { panic!() };
//! let bits = Bitstring::decode(&published, MAX_INFLATED)?;
//!
//! assert!(matches!(entry.outcome(&bits)?, Outcome::Set { value: 1, .. }));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits
//!
//! A list inflates to no more than the caller allows ([`MAX_INFLATED`] by default), and into one buffer of its
//! own length. One entry has up to 16 bits.

mod bitstring;
mod draft;
mod entry;
mod error;
mod gzip;
mod list;
mod revocation;

pub use bitstring::{Bitstring, EntrySize, MAX_INFLATED, MIN_ENTRIES};
pub use draft::ListDraft;
pub use entry::{BitstringEntry, EntryFinding, Outcome, Purpose, RevocationEntry, StatusEntry};
pub use error::StatusError;
pub use list::{ListKind, StatusList};
pub use revocation::{Revocation, RevocationList, RevokedAssertions};
