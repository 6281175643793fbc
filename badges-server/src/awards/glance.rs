//! Awards among others, as those who work here read them: badge, holder, state, and what became of the message.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::rows::Award;
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AwardKey, BadgeId, ContactId, MessageId},
    schema::{badge_versions, contacts, credentials, keys, outbox},
    web::components::{PersonChip, Picture, Pill, Standing, Tone, When},
};

/// What stands around some awards; read with one query for each kind of thing, however many they are.
pub(super) struct Glance {
    badges: HashMap<(BadgeId, i32), (String, Option<String>)>,
    names: HashMap<ContactId, String>,
    messages: HashMap<AwardKey, String>,
    /// Those whose key was declared compromised.
    compromised: HashSet<AwardKey>,
}

/// Reads what stands around them.
pub(super) fn glance(conn: &mut Conn, awards: &[Award]) -> Result<Glance, DbError> {
    type Version = (BadgeId, i32, String, Option<String>);
    let mut ids: Vec<_> = awards.iter().map(|award| award.badge_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut numbers: Vec<_> = awards.iter().map(|award| award.badge_version).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let badges: Vec<Version> = on!(conn, c => {
        badge_versions::table
            .filter(badge_versions::badge_id.eq_any(&ids))
            .filter(badge_versions::number.eq_any(&numbers))
            .select((
                badge_versions::badge_id,
                badge_versions::number,
                badge_versions::name,
                badge_versions::image_hash,
            ))
            .load(c)
    })?;
    let holders: Vec<_> = awards.iter().map(|award| award.contact_id).collect();
    let names: Vec<(ContactId, Option<String>)> = on!(conn, c => {
        contacts::table
            .filter(contacts::id.eq_any(&holders))
            .select((contacts::id, contacts::display_name))
            .load(c)
    })?;
    let awards_of: Vec<_> = awards.iter().map(|award| award.id).collect();
    let mut messages: Vec<(Option<AwardKey>, String, MessageId)> = on!(conn, c => {
        outbox::table
            .filter(outbox::award_id.eq_any(&awards_of))
            .select((outbox::award_id, outbox::state, outbox::id))
            .load(c)
    })?;
    let compromised: Vec<AwardKey> = on!(conn, c => {
        credentials::table
            .inner_join(keys::table.on(keys::id.eq(credentials::key_id)))
            .filter(credentials::award_id.eq_any(&awards_of))
            .filter(credentials::format.eq("vc"))
            .filter(keys::compromised_at.is_not_null())
            .select(credentials::award_id)
            .load(c)
    })?;
    messages.sort_unstable_by_key(|(_, _, id)| *id);
    let named = |name: Option<String>| name.filter(|name| !name.trim().is_empty());
    Ok(Glance {
        badges: badges.into_iter().map(|(id, number, name, image)| ((id, number), (name, image))).collect(),
        names: names.into_iter().filter_map(|(id, name)| Some((id, named(name)?))).collect(),
        // Of several the newest counts.
        messages: messages.into_iter().filter_map(|(award, state, _)| Some((award?, state))).collect(),
        compromised: compromised.into_iter().collect(),
    })
}

impl Glance {
    pub(super) fn badge(&self, award: &Award) -> (String, Picture) {
        let found = self.badges.get(&(award.badge_id, award.badge_version));
        let (name, image) = found.cloned().unwrap_or_default();
        let href = image.map(|hash| format!("/images/{hash}")).unwrap_or_default();
        (name, Picture::new(href, ""))
    }

    /// The name, where one is known.
    pub(super) fn name(&self, award: &Award) -> Option<&str> {
        self.names.get(&award.contact_id).map(String::as_str)
    }

    /// The name; the address where none is known.
    pub(super) fn called(&self, award: &Award) -> String {
        let name = self.name(award).map(str::to_owned);
        name.or_else(|| award.recipient.clone()).unwrap_or_else(|| "Somebody without a name".to_owned())
    }

    pub(super) fn holder(&self, award: &Award) -> PersonChip {
        PersonChip::new(self.called(award)).at(format!("/contacts/{}", award.contact_id))
    }

    /// How an award stands at this moment.
    pub(super) fn standing(&self, award: &Award, now: Moment) -> Standing {
        let standing = Standing::of(&award.state, award.expires_at.is_some_and(|end| end <= now));
        standing.signed(self.compromised.contains(&award.id))
    }

    /// What became of the message, as far as it is known.
    pub(super) fn message(&self, award: &Award) -> Option<Pill> {
        if award.claimed_at.is_some() {
            return Some(Pill::new(Tone::Positive, "Claimed"));
        }
        let (tone, word) = match self.messages.get(&award.id)?.as_str() {
            "queued" | "leased" => (Tone::Neutral, "Queued"),
            "kept" => (Tone::Caution, "Not sent"),
            "done" => (Tone::Neutral, "Sent"),
            "dead" => (Tone::Negative, "Not delivered"),
            _ => return None,
        };
        Some(Pill::new(tone, word))
    }
}

/// The day of a moment.
pub(super) fn day(moment: Moment) -> When {
    When::day(moment.timestamp().unwrap_or(badges_core::time::Timestamp::EPOCH))
}

/// Day and minute of a moment.
pub(super) fn minute(moment: Moment) -> When {
    When::minute(moment.timestamp().unwrap_or(badges_core::time::Timestamp::EPOCH))
}
