//! Keys: those that verify, those that sign, and how they are written down.
