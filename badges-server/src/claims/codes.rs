//! Codes as they are stored: a hash, so that a copy of the database gives no badge to anybody.

use diesel::{pg::Pg, prelude::*, sqlite::Sqlite};
use sha2::{Digest as _, Sha256};

use super::ClaimError;
use crate::{
    auth::{Credentials, actor, place_of_badge},
    awards::AwardError,
    badges::{BadgeError, versions},
    clock::Moment,
    db::{Conn, DbError, Event, Trail, on},
    ids::{AccountId, BadgeId, ClaimCodeId, ContactId, IssuerId},
    problem::{Faults, Problem},
    rights::{Action, Actor, can},
    schema::{badges, claim_codes},
    secret::Secret,
};

/// A code as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = claim_codes, check_for_backend(Pg, Sqlite), treat_none_as_default_value = false)]
pub(super) struct Code {
    code_hash: Vec<u8>,
    pub(super) id: ClaimCodeId,
    pub(super) organisation_id: IssuerId,
    pub(super) badge_id: BadgeId,
    pub(super) created_by: AccountId,
    pub(super) label: String,
    pub(super) evidence: Option<String>,
    pub(super) uses: i32,
    pub(super) most_uses: Option<i32>,
    pub(super) expires_at: Option<Moment>,
    pub(super) revoked_at: Option<Moment>,
    pub(super) created_at: Moment,
}

/// What a new code is to be.
#[derive(Clone, Debug)]
pub(super) struct NewCode {
    pub(super) label: String,
    pub(super) most_uses: Option<i32>,
    pub(super) expires_at: Option<Moment>,
    /// The address of something that shows what all of them did.
    pub(super) evidence: Option<String>,
}

/// A code that gives its badge at this moment.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) code: Code,
    /// The contact of whoever made it, who cannot use it.
    pub(super) maker: ContactId,
}

/// Crockford's digits: none that is taken for another when it is read from a wall.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The most codes of a badge that a page shows.
const MOST: i64 = 200;

impl NewCode {
    /// What is wrong with it.
    pub(super) fn check(self, now: Moment) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        faults.line("label", &self.label);
        if self.most_uses.is_some_and(|most| most < 1) {
            faults.note("most_uses", "range", "must be 1 or more, or left out");
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            faults.note("expires_at", "past", "is over already: choose a later day");
        }
        if let Some(url) = &self.evidence {
            faults.address("evidence", url);
        }
        faults.none().map(|()| self)
    }
}

impl Code {
    /// Whether it can be used, as far as it says itself.
    pub(super) fn is_open(&self, now: Moment) -> bool {
        self.revoked_at.is_none()
            && self.expires_at.is_none_or(|end| end > now)
            && self.most_uses.is_none_or(|most| self.uses < most)
    }
}

/// A code of chance.
pub(super) fn chance() -> Result<String, ClaimError> {
    Ok(spelled(Secret::new("")?.reveal()))
}

/// The code that follows from a secret: 60 bits in three groups.
pub(super) fn spelled(secret: &str) -> String {
    let mut code = String::new();
    for (at, byte) in Sha256::digest(secret).iter().take(12).enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        let digit = DIGITS.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
        code.push(char::from(digit));
    }
    code
}

/// What is kept of a code, however somebody typed it.
fn hash(code: &str) -> Vec<u8> {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    Sha256::digest(plain.take(64).collect::<String>()).to_vec()
}

/// Keeps a new code; the same one once more is the same.
pub(super) fn add(
    conn: &mut Conn,
    trail: &mut Trail,
    badge: BadgeId,
    text: &str,
    new: NewCode,
    by: &Actor,
    now: Moment,
) -> Result<Code, ClaimError> {
    let of_badge = versions::find(conn, badge)?;
    if of_badge.is_some_and(|badge| badge.archived_at.is_some()) {
        return Err(AwardError::from(BadgeError::Archived).into());
    }
    let row = Code {
        code_hash: hash(text),
        id: ClaimCodeId::new(now)?,
        organisation_id: by.organisation,
        badge_id: badge,
        created_by: by.account,
        label: new.label.trim().to_owned(),
        evidence: new.evidence,
        uses: 0,
        most_uses: new.most_uses,
        expires_at: new.expires_at,
        revoked_at: None,
        created_at: now,
    };
    let added = on!(conn, c => {
        diesel::insert_into(claim_codes::table).values(&row).on_conflict_do_nothing().execute(c)
    })?;
    if added == 0 {
        return of(conn, text)?.ok_or(ClaimError::NoCode);
    }
    trail.note(event(&row, by, "add_claim_code", now));
    Ok(row)
}

/// Closes a code, or opens it again.
pub(super) fn set_open(
    conn: &mut Conn,
    trail: &mut Trail,
    (badge, id): (BadgeId, ClaimCodeId),
    open: bool,
    by: &Actor,
    now: Moment,
) -> Result<Code, ClaimError> {
    let closed = if open { None } else { Some(now) };
    let code = claim_codes::table.filter(claim_codes::id.eq(id)).filter(claim_codes::badge_id.eq(badge));
    let changed: Option<Code> = on!(conn, c => {
        diesel::update(code)
            .set(claim_codes::revoked_at.eq(closed))
            .returning(Code::as_returning())
            .get_result(c)
            .optional()
    })?;
    let code = changed.ok_or(ClaimError::NoCode)?;
    trail.note(event(&code, by, if open { "open_claim_code" } else { "close_claim_code" }, now));
    Ok(code)
}

/// The codes of a badge, the newest first.
pub(super) fn list(conn: &mut Conn, badge: BadgeId) -> Result<Vec<Code>, DbError> {
    on!(conn, c => {
        claim_codes::table
            .filter(claim_codes::badge_id.eq(badge))
            .order(claim_codes::id.desc())
            .limit(MOST)
            .select(Code::as_select())
            .load(c)
    })
}

fn of(conn: &mut Conn, text: &str) -> Result<Option<Code>, DbError> {
    on!(conn, c => claim_codes::table.find(hash(text)).select(Code::as_select()).first(c).optional())
}

/// The code that somebody brings, if it gives its badge: nobody learns why one does not.
pub(super) fn open(conn: &mut Conn, text: &str, now: Moment) -> Result<Option<Open>, DbError> {
    of(conn, text)?.map_or(Ok(None), |code| usable(conn, code, now))
}

/// The same by its identifier.
pub(super) fn open_by_id(conn: &mut Conn, id: ClaimCodeId, now: Moment) -> Result<Option<Open>, DbError> {
    let code: Option<Code> = on!(conn, c => {
        claim_codes::table.filter(claim_codes::id.eq(id)).select(Code::as_select()).first(c).optional()
    })?;
    code.map_or(Ok(None), |code| usable(conn, code, now))
}

/// Whoever made it must still have the right to give the badge: it is given in their name.
fn usable(conn: &mut Conn, code: Code, now: Moment) -> Result<Option<Open>, DbError> {
    let stands: Option<(Option<i32>, Option<Moment>)> = on!(conn, c => {
        badges::table.find(code.badge_id).select((badges::newest, badges::archived_at)).first(c).optional()
    })?;
    if !code.is_open(now) || !matches!(stands, Some((Some(_), None))) {
        return Ok(None);
    }
    let maker = actor(conn, &Credentials::Absent(code.created_by), now)?;
    let place = place_of_badge(conn, code.badge_id)?;
    let may = place.is_some() && can(maker.as_ref(), Action::Award, place.as_ref());
    Ok(maker.filter(|_| may).map(|maker| Open { code, maker: maker.contact }))
}

fn event(code: &Code, by: &Actor, action: &'static str, at: Moment) -> Event {
    Event {
        organisation: Some(code.organisation_id),
        actor: by.name_for_audit(),
        action,
        object: code.id.to_string(),
        detail: code.badge_id.to_string(),
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = spelled("a secret");

        assert_eq!(code.len(), 14);
        assert_eq!(hash(&code), hash(&code.to_uppercase().replace('-', " ")));
        assert_eq!(hash("1o0l"), hash("i00I"));
        assert_ne!(code, spelled("another"));
    }
}
