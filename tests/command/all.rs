//! The `badges` command, run as its users run it; `specs/command.md` is what it is held to.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod place;

mod bad_input;
mod documents;
mod endorse;
mod failures;
mod images;
mod inspect;
mod issue;
mod keys;
mod leftovers;
mod online;
mod readme;
mod status;
mod third_party;
mod usage;
mod verify;
