//! The JSON-LD contexts that a credential names, in their order (OB 3.0 §B.1, VC Data Model 2.0 §4.3).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{class::Range, members::Kind};

/// The first context of VC Data Model 2.0.
pub const VC_20: &str = "https://www.w3.org/ns/credentials/v2";
/// The first context of VC Data Model 1.1.
pub const VC_11: &str = "https://www.w3.org/2018/credentials/v1";
/// The context of Open Badges 3.0 that is written.
pub const OB_30: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// The context that defines the types of 1EdTech's own services.
pub const OB_30_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// Whether this is the URL of a context of Open Badges 3.0:
/// `^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json$`.
pub fn is_ob_30(url: &str) -> bool {
    let versions = url
        .strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context")
        .and_then(|rest| rest.strip_suffix(".json"));
    let version = |bytes: &[u8]| {
        matches!(bytes, [b'-', b'3', b'.', minor, b'.', patch]
        if minor.is_ascii_digit() && patch.is_ascii_digit())
    };
    versions.is_some_and(|versions| versions.as_bytes().chunks(6).all(version))
}

/// The contexts of a credential; each is kept as it was written.
#[derive(Clone, Debug)]
pub struct Contexts(Vec<Box<RawValue>>);

impl Contexts {
    /// What we write: VC Data Model 2.0 and Open Badges 3.0.
    pub fn written() -> Self {
        let mut contexts = Self(Vec::new());
        contexts.add(VC_20);
        contexts.add(OB_30);
        contexts
    }

    /// Adds a context by its URL, unless it is there.
    pub fn add(&mut self, url: &str) {
        if !self.urls().any(|own| own == url) {
            self.0.extend(serde_json::value::to_raw_value(url));
        }
    }

    /// The URLs; contexts that stand in the document itself are left out.
    pub fn urls(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|context| serde_json::from_str(context.get()).ok())
    }
}

impl PartialEq for Contexts {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|own| own.get()).eq(other.0.iter().map(|own| own.get()))
    }
}

impl Kind for Contexts {
    const RANGE: Range = Range::Contexts;
}

impl Serialize for Contexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Contexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let many = raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()));
        many.unwrap_or(Ok(vec![raw])).map(Self).map_err(serde::de::Error::custom)
    }
}
