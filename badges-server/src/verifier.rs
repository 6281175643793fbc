//! The page that checks a badge of anybody.

pub(crate) mod views;
