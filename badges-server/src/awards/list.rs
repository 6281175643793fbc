//! Many awards, the newest first, a part at a time: by an index, so that the last part costs what the first does.

use diesel::prelude::*;
use serde::Deserialize;

use super::{AwardError, rows::Award};
use crate::{
    db::{Conn, DbError, on},
    ids::{AwardId, AwardKey, BadgeId, ContactId, IssuerId},
    schema::awards,
};

/// Which awards are asked for; all that are named must hold.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Filter {
    pub(crate) badge: Option<BadgeId>,
    pub(crate) contact: Option<ContactId>,
    pub(crate) state: Option<String>,
}

/// The awards of an organisation behind one of them.
pub(crate) fn list(
    conn: &mut Conn,
    organisation: IssuerId,
    filter: Filter,
    after: Option<AwardId>,
    limit: i64,
) -> Result<Vec<Award>, AwardError> {
    let behind = match after {
        None => None,
        Some(after) => Some(key(conn, organisation, after)?.ok_or(AwardError::NoAward)?),
    };
    macro_rules! query {
        ($c:ident) => {{
            let mut query = awards::table
                .filter(awards::organisation_id.eq(organisation))
                .order(awards::id.desc())
                .limit(limit)
                .select(Award::as_select())
                .into_boxed();
            if let Some(badge) = filter.badge {
                query = query.filter(awards::badge_id.eq(badge));
            }
            if let Some(contact) = filter.contact {
                query = query.filter(awards::contact_id.eq(contact));
            }
            if let Some(state) = filter.state {
                query = query.filter(awards::state.eq(state));
            }
            if let Some(behind) = behind {
                query = query.filter(awards::id.lt(behind));
            }
            query.load($c)
        }};
    }
    Ok(on!(conn, c => query!(c))?)
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
