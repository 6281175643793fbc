//! Slugs: the words by which people reach a node or a badge. Each is given once, and answers for ever.

use diesel::prelude::*;

use super::IssuerError;
use crate::{
    clock::Moment,
    db::{Conn, Constraint, on},
    ids::{BadgeId, IssuerId},
    schema::slugs,
    texts::{
        self,
        schema::{kinds, text},
    },
};

kinds! {
    /// The word by which people reach a badge or a node; `new` is none.
    Slug text(LONGEST).min_length(Some(SHORTEST)).pattern(Some("^[a-z0-9]+(-[a-z0-9]+)*$"));
}

/// How long a slug may be.
const SHORTEST: usize = 2;
const LONGEST: usize = 64;

const ONCE: Constraint = Constraint { name: "slugs_pkey", columns: "slugs.kind, slugs.slug" };

/// Words that stand in the place of a slug in our own addresses.
const OURS: [&str; 1] = ["new"];

/// What a slug leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Badge(BadgeId),
    Issuer(IssuerId),
}

impl Named {
    fn kind(self) -> &'static str {
        match self {
            Self::Badge(_) => "badge",
            Self::Issuer(_) => "issuer",
        }
    }

    fn badge(self) -> Option<BadgeId> {
        if let Self::Badge(id) = self { Some(id) } else { None }
    }

    fn issuer(self) -> Option<IssuerId> {
        if let Self::Issuer(id) = self { Some(id) } else { None }
    }
}

/// Whether a text may be a slug: what is in an address must be easy to say and to type.
pub(crate) fn check(slug: &str) -> Result<(), IssuerError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = (SHORTEST..=LONGEST).contains(&slug.len())
        && slug.bytes().all(plain)
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && !slug.contains("--")
        && !OURS.contains(&slug);
    if good { Ok(()) } else { Err(IssuerError::SlugForm(texts::shortened(slug))) }
}

/// A slug made from a name.
pub(crate) fn stem(kind: &str, name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut stem: String = words.collect::<Vec<_>>().join("-").chars().take(56).collect();
    stem.truncate(stem.trim_end_matches('-').len());
    if stem.len() < 2 || OURS.contains(&stem.as_str()) {
        stem = format!("{kind}-{stem}").trim_end_matches('-').to_owned();
    }
    stem
}

/// A slug made from a name, that was never given.
pub(crate) fn free(conn: &mut Conn, kind: &str, name: &str) -> Result<String, IssuerError> {
    let stem = stem(kind, name);
    let tries: Vec<String> =
        std::iter::once(stem.clone()).chain((2..100).map(|number| format!("{stem}-{number}"))).collect();
    let given: Vec<String> = on!(conn, c => {
        slugs::table
            .filter(slugs::kind.eq(kind))
            .filter(slugs::slug.eq_any(&tries))
            .select(slugs::slug)
            .load(c)
    })?;
    let found = tries.into_iter().find(|slug| !given.contains(slug));
    found.ok_or(IssuerError::SlugTaken(stem))
}

/// Gives a slug that was never given before, to whatever.
pub(crate) fn give(conn: &mut Conn, named: Named, slug: &str) -> Result<(), IssuerError> {
    let row = (
        slugs::kind.eq(named.kind()),
        slugs::slug.eq(slug),
        slugs::badge_id.eq(named.badge()),
        slugs::issuer_id.eq(named.issuer()),
    );
    match on!(conn, c => diesel::insert_into(slugs::table).values(row).execute(c)) {
        Ok(_) => Ok(()),
        Err(error) if error.violates(ONCE) => Err(IssuerError::SlugTaken(slug.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Gives another slug; the one before leads here for ever. An earlier one of its own may be taken again.
pub(crate) fn rename(conn: &mut Conn, named: Named, slug: &str, now: Moment) -> Result<(), IssuerError> {
    check(slug)?;
    // One of the two is absent, and nothing equals what is absent.
    let own =
        || slugs::table.filter(slugs::badge_id.eq(named.badge()).or(slugs::issuer_id.eq(named.issuer())));
    on!(conn, c => {
        diesel::update(own().filter(slugs::retired_at.is_null())).set(slugs::retired_at.eq(now)).execute(c)
    })?;
    let again = on!(conn, c => {
        diesel::update(own().filter(slugs::slug.eq(slug))).set(slugs::retired_at.eq(None::<Moment>)).execute(c)
    })?;
    if again == 0 { give(conn, named, slug) } else { Ok(()) }
}
