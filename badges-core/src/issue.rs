//! Badges built, checked and signed.
