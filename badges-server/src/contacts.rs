//! People as the CRM knows them: addresses and other identities, and the record that they lead to.

pub(crate) mod views;
pub(crate) mod address;
pub(crate) mod identities;
pub(crate) mod held;

pub(crate) use self::address::EmailAddress;
