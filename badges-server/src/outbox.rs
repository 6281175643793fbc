//! Messages on their way.

pub(crate) mod views;
