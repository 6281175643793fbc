//! Many awards, the newest first, a part at a time: by an index, so that the last part costs what the first does.

mod newest;

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use serde::Deserialize;

use self::newest::Whose;
use super::{
    AwardError,
    rows::{Award, State},
};
use crate::{
    clock::Moment,
    db::{Conn, DbError, end, on},
    ids::{AccountId, AwardId, AwardKey, BadgeId, ContactId, IssuerId},
    problem::Problem,
    rights::{Action, Actor, Place, can},
    schema::{awards, badges, contacts, identities, issuers},
    texts::schema::{Words, kinds, one_of},
    web::form,
};

kinds! {
    /// Where an award stands.
    AwardState one_of(State::ALL.map(State::name));
    /// What the actor gave.
    Mine one_of(["me"]);
}

/// Which awards a program asks for; all that are named must hold.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) badge: Option<BadgeId>,
    pub(crate) contact: Option<ContactId>,
    #[param(inline, value_type = Option<AwardState>)]
    pub(crate) state: Option<String>,
    #[param(inline, value_type = Option<Words>)]
    pub(crate) external_id: Option<String>,
    #[param(inline, value_type = Option<Mine>)]
    pub(crate) by: Option<String>,
}

/// Which awards are looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sought {
    pub(crate) badge: Option<BadgeId>,
    /// Those of one of these people.
    pub(crate) contacts: Option<Vec<ContactId>>,
    pub(crate) state: Option<String>,
    /// Whether their time has passed at this moment.
    pub(crate) expired: Option<(bool, Moment)>,
    pub(crate) external_id: Option<String>,
    pub(crate) by: Option<AccountId>,
}

impl Sought {
    /// What a program asks for.
    pub(crate) fn of(filter: Filter, actor: &Actor) -> Result<Self, Problem> {
        let Filter { badge, contact, state, external_id, by } = filter;
        let by = match by.as_deref() {
            None => None,
            Some("me") => Some(actor.account),
            Some(_) => return Err(Problem::field("by", "value", "must be me, or left out")),
        };
        let known = State::ALL.map(State::name);
        if state.as_deref().is_some_and(|state| !known.contains(&state)) {
            let said = format!("must be one of {}, or left out", known.join(", "));
            return Err(Problem::field("state", "value", said));
        }
        let contacts = contact.map(|contact| vec![contact]);
        Ok(Self { badge, contacts, state, expired: None, external_id, by })
    }

    /// Whether most awards are what is sought, so that no index of ours leads to few.
    fn is_wide(&self) -> bool {
        let narrow = self.badge.is_some()
            || self.contacts.is_some()
            || self.external_id.is_some()
            || self.by.is_some()
            || self.state.as_deref().is_some_and(|state| state != "issued")
            || matches!(self.expired, Some((true, _)));
        !narrow
    }
}

/// Which awards somebody may see at all.
enum Sight {
    /// Those of these badges, and what they gave themselves.
    Part(Vec<BadgeId>, AccountId),
    Whole,
}

/// The most people whom a search by name or address finds.
const MOST_PEOPLE: i64 = 200;

/// The awards that an actor may see, behind one of them.
pub(crate) fn list(
    conn: &mut Conn,
    actor: &Actor,
    sought: &Sought,
    after: Option<AwardId>,
    limit: i64,
) -> Result<Vec<Award>, AwardError> {
    let behind = match after {
        None => None,
        Some(after) => Some(key(conn, actor.organisation, after)?.ok_or(AwardError::NoAward)?),
    };
    let sight = match sought.by {
        // What somebody gave they may see, wherever that was.
        Some(by) if by == actor.account => Sight::Whole,
        _ => sight(conn, actor)?,
    };
    if let (Sight::Part(badges, own), true) = (&sight, sought.is_wide()) {
        let whose = Whose { organisation: actor.organisation, badges, own: *own };
        return Ok(newest::newest(conn, &whose, sought, behind, limit)?);
    }
    macro_rules! query {
        ($c:ident) => {{
            let mut query = awards::table
                .order(awards::id.desc())
                .limit(limit)
                .select(Award::as_select())
                .into_boxed();
            if let Sight::Part(badges, own) = &sight {
                query = query.filter(awards::badge_id.eq_any(badges).or(awards::awarded_by.eq(*own)));
            }
            if let Some(badge) = sought.badge {
                query = query.filter(awards::badge_id.eq(badge));
            }
            match &sought.contacts {
                // By the index of the contacts alone: it has no order that a list of all awards could be preferred for.
                Some(contacts) => query = query.filter(awards::contact_id.eq_any(contacts)),
                None => query = query.filter(awards::organisation_id.eq(actor.organisation)),
            }
            if let Some(state) = &sought.state {
                query = query.filter(awards::state.eq(state));
                if state != "issued" {
                    // In the words of the index, which a bound value does not show to hold.
                    query = query.filter(sql::<Bool>("awards.state <> 'issued'"));
                }
            }
            match sought.expired {
                Some((true, now)) => {
                    query = query.filter(awards::expires_at.is_not_null()).filter(awards::expires_at.le(now));
                }
                Some((false, now)) => {
                    query = query.filter(awards::expires_at.is_null().or(awards::expires_at.gt(now)));
                }
                None => {}
            }
            if let Some(external) = &sought.external_id {
                query = query.filter(awards::external_id.eq(external));
            }
            if let Some(by) = sought.by {
                query = query.filter(awards::awarded_by.eq(by));
            }
            if let Some(behind) = behind {
                query = query.filter(awards::id.lt(behind));
            }
            query.load($c)
        }};
    }
    let mut found: Vec<Award> = on!(conn, c => query!(c))?;
    found.retain(|award| award.organisation_id == actor.organisation);
    Ok(found)
}

/// A badge as somebody may see it: identifier, slug, name, picture.
pub(crate) type Choice = (BadgeId, String, String, Option<String>);

/// Badges as a form offers them.
pub(crate) fn choices(badges: &[Choice]) -> Vec<form::Choice> {
    badges.iter().map(|(_, slug, name, _)| form::Choice::new(slug, name)).collect()
}

/// The badges over which the actor may do something, published or not; those that are awarded only where asked.
pub(crate) fn badges_for(
    conn: &mut Conn,
    actor: &Actor,
    action: Action,
    awarded: bool,
) -> Result<Vec<Choice>, DbError> {
    use crate::schema::badge_versions as versions;
    type Row = (BadgeId, String, i32, String, String, Option<String>, Option<Moment>);
    let rows: Vec<Row> = on!(conn, c => {
        badges::table
            .inner_join(issuers::table.on(issuers::id.eq(badges::issuer_id)))
            .inner_join(versions::table.on(
                versions::badge_id.eq(badges::id).and(versions::number.nullable().eq(badges::newest)),
            ))
            .filter(badges::organisation_id.eq(actor.organisation))
            .order((versions::name, badges::id))
            .limit(5_000)
            .select((
                badges::id,
                badges::slug,
                badges::rights_level,
                issuers::path,
                versions::name,
                versions::image_hash,
                badges::archived_at,
            ))
            .load(c)
    })?;
    let organisation = actor.organisation;
    let may = |id: BadgeId, level: i32, path: String| {
        can(Some(actor), action, Some(&Place { organisation, path, badge: Some((id, level)) }))
    };
    Ok(rows
        .into_iter()
        .filter(|row| !awarded || row.6.is_none())
        .filter(|row| may(row.0, row.2, row.3.clone()))
        .map(|(id, slug, _, _, name, image, _)| (id, slug, name, image))
        .collect())
}

/// People by the start of a name, or by an address.
pub(super) fn people(
    conn: &mut Conn,
    organisation: IssuerId,
    words: &str,
) -> Result<Vec<ContactId>, DbError> {
    let words = words.trim().to_lowercase();
    let end = end(&words);
    let mut found: Vec<ContactId> = on!(conn, c => {
        contacts::table
            .filter(contacts::organisation_id.eq(organisation))
            .filter(contacts::search_name.ge(&words))
            .filter(contacts::search_name.lt(&end))
            .order(contacts::search_name)
            .limit(MOST_PEOPLE)
            .select(contacts::id)
            .load(c)
    })?;
    let by_address: Vec<ContactId> = on!(conn, c => {
        identities::table
            .filter(identities::organisation_id.eq(organisation))
            .filter(identities::source.eq("email"))
            .filter(identities::subject.ge(&words))
            .filter(identities::subject.lt(&end))
            .order(identities::subject)
            .limit(MOST_PEOPLE)
            .select(identities::contact_id)
            .load(c)
    })?;
    found.extend(by_address);
    Ok(found)
}

fn sight(conn: &mut Conn, actor: &Actor) -> Result<Sight, DbError> {
    if can(Some(actor), Action::ViewAwards, Some(&actor.organisation_place())) {
        return Ok(Sight::Whole);
    }
    let badges = badges_for(conn, actor, Action::ViewAwards, false)?;
    Ok(Sight::Part(badges.into_iter().map(|(id, ..)| id).collect(), actor.account))
}

fn key(conn: &mut Conn, organisation: IssuerId, id: AwardId) -> Result<Option<AwardKey>, DbError> {
    on!(conn, c => {
        awards::table
            .filter(awards::public_id.eq(id))
            .filter(awards::organisation_id.eq(organisation))
            .select(awards::id)
            .first(c)
            .optional()
    })
}
