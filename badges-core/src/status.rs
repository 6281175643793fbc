//! Lists that say which credentials were revoked or suspended.
