//! Points in time as the older editions write them: ISO 8601 in many forms, or seconds since 1970.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::model::{
    class::Range,
    form,
    members::Kind,
    value::{ValueError, formed},
};
use crate::time::Timestamp;

formed! {
    /// A point in time (ISO 8601, extended or basic, with its offset), as it was written.
    IsoTime: IsoTime, form::is_iso_time;
}

impl IsoTime {
    /// The point in time.
    pub fn at(&self) -> Option<Timestamp> {
        point_in_time(self.as_str())
    }
}

impl From<Timestamp> for IsoTime {
    fn from(at: Timestamp) -> Self {
        Self(at.to_string())
    }
}

/// The point in time of a text that Open Badges 2.0 takes: ISO 8601 with a time and an offset, in the extended
/// or the basic form, seconds optional.
pub fn point_in_time(text: &str) -> Option<Timestamp> {
    form::iso_time(text)
}
