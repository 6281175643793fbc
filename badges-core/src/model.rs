//! Open Badges as the documents themselves.
//!
//! Each class is declared once; from the declaration come its struct, its reader, its writer and the table
//! of the structure check. What the specification does not name is kept byte for byte. Sets are read as
//! arrays or as their only value, and written as arrays; nothing is written for what is absent.

mod declare;
mod form;
pub mod class;
pub mod value;
pub mod text;
pub mod members;
pub mod contexts;
pub mod profile;
pub mod achievement;
pub mod result;
pub mod endorsement;
pub mod credential;
pub mod ob2;
mod kind;
mod structure;
mod identity;
mod equality;
mod builder;

pub use achievement::{Achievement, AchievementType, Alignment, Criteria, Evidence};
pub use builder::{BadgeBuilder, BuildError, EndorsementBuilder, Recipient};
pub use credential::{AchievementSubject, OpenBadgeCredential};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use equality::{CredentialName, replaces};
pub(crate) use form::is_uri;
pub use identity::{IdentityError, IdentityHash, same_identity};
pub use kind::{DocumentKind, Edition, Form, Ob2Class, kind_of};
pub use profile::{IdentifierType, IdentityObject, Image, Profile, ProfileRef};
pub use structure::{Fault, Severity, Violation, check_badge, check_endorsement, check_structure};
pub use text::Text;
