//! The newest awards of some badges, or by somebody: from one to the next older by an index of each badge, so that it
//! takes as many steps as there are badges, however many awards the organisation has.

use diesel::prelude::*;

use super::Sought;
use crate::{
    awards::rows::Award,
    db::{Conn, DbError, Sql, on},
    ids::{AccountId, AwardKey, BadgeId, IssuerId},
    schema::{Key, awards},
};

/// Whose awards: those of these badges, and what somebody gave.
pub(super) struct Whose<'a> {
    pub(super) organisation: IssuerId,
    pub(super) badges: &'a [BadgeId],
    pub(super) own: AccountId,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Key)]
    id: AwardKey,
}

/// The newest behind one. Of what else is sought only what most awards meet is looked at.
pub(super) fn newest(
    conn: &mut Conn,
    whose: &Whose<'_>,
    sought: &Sought,
    behind: Option<AwardKey>,
    limit: i64,
) -> Result<Vec<Award>, DbError> {
    let keys = keys(conn, whose, sought, behind, limit)?;
    let rows = awards::table.filter(awards::id.eq_any(keys)).order(awards::id.desc());
    on!(conn, c => rows.select(Award::as_select()).load(c))
}

fn keys(
    conn: &mut Conn,
    whose: &Whose<'_>,
    sought: &Sought,
    behind: Option<AwardKey>,
    limit: i64,
) -> Result<Vec<AwardKey>, DbError> {
    let mut sql = Sql::new(conn, "WITH RECURSIVE scope AS MATERIALIZED (SELECT id FROM badges WHERE ");
    for (at, badge) in whose.badges.iter().enumerate() {
        sql.add(if at == 0 { "id IN (" } else { ", " }).key(*badge);
    }
    sql.add(if whose.badges.is_empty() { "1 = 0" } else { ")" });
    sql.add("), found (id) AS (SELECT ").key(behind.unwrap_or(AwardKey::LAST));
    sql.add(" UNION ALL SELECT (SELECT older.id FROM (SELECT (SELECT a.id FROM awards a");
    sql.add(" WHERE a.organisation_id = ").key(whose.organisation);
    sql.add(" AND a.badge_id = s.id AND a.id < found.id");
    ordinary(&mut sql, sought);
    sql.add(" ORDER BY a.id DESC LIMIT 1) AS id FROM scope s UNION ALL SELECT (SELECT a.id FROM awards a");
    sql.add(" WHERE a.organisation_id = ").key(whose.organisation);
    sql.add(" AND a.awarded_by = ").key(whose.own).add(" AND a.id < found.id");
    ordinary(&mut sql, sought);
    sql.add(" ORDER BY a.id DESC LIMIT 1)) AS older ORDER BY older.id DESC NULLS LAST LIMIT 1)");
    sql.add(" FROM found WHERE found.id IS NOT NULL) SELECT id FROM found WHERE id IS NOT NULL LIMIT ");
    // The first is the one behind which we begin.
    sql.number(limit).add(" OFFSET 1");
    Ok(sql.load::<Row>(conn)?.into_iter().map(|row| row.id).collect())
}

fn ordinary(sql: &mut Sql, sought: &Sought) {
    if let Some(state) = &sought.state {
        sql.add(" AND a.state = ").text(state);
    }
    if let Some((false, now)) = sought.expired {
        sql.add(" AND (a.expires_at IS NULL OR a.expires_at > ").number(now.microseconds()).add(")");
    }
}
