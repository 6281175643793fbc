//! Compact JSON Web Signatures (RFC 7515).
