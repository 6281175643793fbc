//! JSON-LD with contexts known beforehand: from a credential to its canonical N-Quads.
