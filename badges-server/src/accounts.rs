//! People who sign in: sessions, roles, tokens, the audit log.

pub(crate) mod views;
