//! Credentials baked into images.
