//! Issue and verify Open Badges.

// Reading order: each module uses only those above it.
pub mod time;
pub mod json;
