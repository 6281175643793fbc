//! The verdict on a badge.
