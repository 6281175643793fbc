//! Identifiers: 16 bytes in the database, a prefix and 26 letters everywhere else.

use std::{fmt, str::FromStr};

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sqlite::{Sqlite, SqliteValue},
};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use uuid::Uuid;

use crate::{
    clock::Moment,
    random::{self, RandomError},
    schema::Key,
};

/// Crockford's digits in lower case: none that is taken for another.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many digits 128 bits take.
const LENGTH: usize = 26;

/// A text that is no identifier of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no identifier that starts with {0} and goes on with 26 letters and digits")]
pub(crate) struct IdError(pub(crate) &'static str);

/// Time-ordered identifiers (RFC 9562 §5.7), so that new rows stand together.
fn ordered(now: Moment) -> Result<Uuid, RandomError> {
    let mut chance = [0; 10];
    random::fill(&mut chance)?;
    Ok(uuid::Builder::from_unix_timestamp_millis(now.milliseconds(), &chance).into_uuid())
}

fn write(id: Uuid, out: &mut impl fmt::Write) -> fmt::Result {
    let bits = id.as_u128();
    for place in (0..LENGTH).rev() {
        let digit = usize::try_from(bits >> (place * 5) & 31).unwrap_or_default();
        out.write_char(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')))?;
    }
    Ok(())
}

fn parse(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let digits = text.strip_prefix(prefix).filter(|digits| digits.len() == LENGTH).ok_or(IdError(prefix))?;
    let mut bits: u128 = 0;
    for (at, digit) in digits.bytes().enumerate() {
        let value = DIGITS.iter().position(|known| *known == digit).ok_or(IdError(prefix))?;
        // 26 digits have room for 130 bits: the first must not pass 7.
        if at == 0 && value > 7 {
            return Err(IdError(prefix));
        }
        bits = bits << 5 | value as u128;
    }
    Ok(Uuid::from_u128(bits))
}

/// What an identifier looks like.
fn described(prefix: &str) -> RefOr<Schema> {
    let pattern = format!("^{prefix}[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build().into()
}

/// How one of a kind is made.
macro_rules! made {
    (chance) => {
        /// One of 122 random bits, that tells nothing and cannot be guessed.
        pub(crate) fn random() -> Result<Self, RandomError> {
            let mut bytes = [0; 16];
            random::fill(&mut bytes)?;
            Ok(Self(uuid::Builder::from_random_bytes(bytes).into_uuid()))
        }
    };
    (time) => {
        /// One that sorts by the time of its making.
        pub(crate) fn new(now: Moment) -> Result<Self, RandomError> {
            ordered(now).map(Self)
        }
    };
}

/// An identifier of whatever kind, to be bound to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Key)]
pub(crate) struct AnyKey(Uuid);

/// How one stands in the database.
macro_rules! stored {
    ($name:ident) => {
        impl ToSql<Key, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                std::io::Write::write_all(out, self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl ToSql<Key, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(&self.0.as_bytes()[..]);
                Ok(IsNull::No)
            }
        }

        impl FromSql<Key, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.as_bytes())?))
            }
        }

        impl FromSql<Key, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.read_blob())?))
            }
        }
    };
}

stored!(AnyKey);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $making:ident;)*) => {
        /// What each kind looks like, by its name.
        pub(crate) fn schemas() -> Vec<(String, RefOr<Schema>)> {
            vec![$((stringify!($name).to_owned(), described($prefix))),*]
        }
    $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Key)]
        pub(crate) struct $name(Uuid);

        impl $name {
            made!($making);
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text, $prefix).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                described($prefix)
            }
        }

        impl utoipa::ToSchema for $name {}

        impl From<$name> for AnyKey {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }

        stored!($name);
    )*};
}

ids! {
    /// A person who signs in.
    AccountId "acc_" time;
    /// An award, inside: in the order of making.
    AwardKey "awk_" time;
    /// An award, as the world knows it.
    AwardId "awd_" chance;
    /// A badge, over all its versions.
    BadgeId "bdg_" time;
    /// Many awards in one.
    BatchId "bat_" time;
    /// A code that many may claim a badge with.
    ClaimCodeId "clm_" time;
    /// A person or an organisation, as the CRM knows it.
    ContactId "con_" time;
    /// What the rights of a badge are over.
    GrantId "grt_" chance;
    /// How a contact is known.
    IdentityId "idn_" time;
    /// A node of the hierarchy: organisation, issuer or programme.
    IssuerId "iss_" time;
    /// A signing key.
    KeyId "key_" time;
    /// A tie to a record elsewhere.
    LinkId "lnk_" time;
    /// A message in the outbox.
    MessageId "msg_" time;
    /// A role of an account over a node.
    RoleId "rol_" time;
    /// One server among those that share a database.
    ServerId "srv_" chance;
    /// A browser that is signed in.
    SessionId "ses_" time;
    /// A status list.
    StatusListId "lst_" chance;
    /// A token of the API.
    TokenId "tok_" time;
}

impl AwardKey {
    /// Behind all others.
    pub(crate) const LAST: Self = Self(Uuid::max());
}

impl ContactId {
    /// Behind all others.
    pub(crate) const LAST: Self = Self(Uuid::max());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_as_it_is_written_and_nothing_else_is() {
        let id = AwardId::random().unwrap();

        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in ["", "awd_", "bdg_00000000000000000000000000", "awd_80000000000000000000000000"] {
            assert!(wrong.parse::<AwardId>().is_err(), "{wrong}");
        }
        assert!(id.to_string().to_uppercase().parse::<AwardId>().is_err());
    }

    #[test]
    fn later_identifiers_sort_behind() {
        let early = BadgeId::new(Moment::from_microseconds(1_000_000)).unwrap();
        let late = BadgeId::new(Moment::from_microseconds(2_000_000)).unwrap();

        assert!(early < late && early.to_string() < late.to_string());
    }
}
