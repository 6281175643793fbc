//! The guarded fetcher and what is verified with it, before a small web of the test's own: a name server whose
//! answers change, servers over TLS on local ports, an authority for their certificates, and a trap where nothing
//! may ever arrive.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod actors;
#[expect(dead_code, reason = "the tests of the service put a server behind it")]
mod web;

mod cache;
mod documents;
mod online;
mod redirects;
mod ssrf;
