//! What the page of awards is asked for, and which awards that means.

use serde::Deserialize;

use super::{
    list,
    list::{Choice, Sought},
};
use crate::{
    clock::Moment,
    db::Conn,
    ids::AwardId,
    problem::{Faults, Problem},
    rights::Actor,
    texts::LINE,
    web::{components::Standing, way},
};

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    badge: String,
    state: String,
    by: String,
    pub(super) after: Option<AwardId>,
}

impl Asked {
    /// The fields of the filter by name.
    pub(super) fn fields(&self) -> [(&'static str, &str); 4] {
        [("q", self.words()), ("badge", &self.badge), ("state", &self.state), ("by", &self.by)]
    }

    /// Whether something is looked for.
    pub(super) fn is_filtered(&self) -> bool {
        self.fields().iter().any(|(_, value)| !value.is_empty())
    }

    /// A page of the same awards.
    pub(super) fn address(&self, page: &str) -> String {
        let filled = self.fields().into_iter().filter(|(_, value)| !value.is_empty());
        filled.fold(page.to_owned(), |path, (name, value)| way::with(&path, name, value))
    }

    /// Which awards that means, to somebody who may choose among these badges. What is none of the filter's words is
    /// refused: all awards, or none, would be taken for an answer.
    pub(super) fn sought(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        badges: &[Choice],
        now: Moment,
    ) -> Result<Sought, Problem> {
        let mut faults = Faults::default();
        faults.at_most("q", self.words(), LINE);
        faults.none()?;
        let badge = badges.iter().find(|(_, slug, ..)| *slug == self.badge).map(|(id, ..)| *id);
        if badge.is_none() && !self.badge.is_empty() {
            let said = "is no badge whose awards you may see: choose one of the list, or leave it out";
            return Err(Problem::field("badge", "value", said));
        }
        if !matches!(self.by.as_str(), "" | "me") {
            return Err(Problem::field("by", "value", "must be me, or left out"));
        }
        let known = Standing::ALL.map(Standing::name);
        if !self.state.is_empty() && !known.contains(&self.state.as_str()) {
            let said = format!("must be one of {}, or left out", known.join(", "));
            return Err(Problem::field("state", "value", said));
        }
        let (state, expired) = stored(&self.state, now);
        let contacts = match self.words() {
            "" => None,
            words => Some(list::people(conn, actor.organisation, words)?),
        };
        let by = (self.by == "me").then_some(actor.account);
        Ok(Sought { badge, contacts, state, expired, external_id: None, by })
    }

    fn words(&self) -> &str {
        self.q.trim()
    }
}

/// From the word of the filter to the state that is stored, and whether the time has passed.
fn stored(state: &str, now: Moment) -> (Option<String>, Option<(bool, Moment)>) {
    match state {
        "" => (None, None),
        "valid" => (Some("issued".to_owned()), Some((false, now))),
        "expired" => (Some("issued".to_owned()), Some((true, now))),
        other => (Some(other.to_owned()), None),
    }
}
