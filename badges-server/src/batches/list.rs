//! Batches and the rows that they refused, a part at a time.

use diesel::prelude::*;

use super::progress::{Batch, Refusal};
use crate::{
    db::{Conn, DbError, on},
    ids::{BadgeId, BatchId, IssuerId},
    schema::{batch_refusals, batches},
};

/// The batches of an organisation, or of some of its badges, behind one of them; the newest first.
pub(super) fn list(
    conn: &mut Conn,
    organisation: IssuerId,
    badges: Option<&[BadgeId]>,
    after: Option<BatchId>,
    limit: i64,
) -> Result<Vec<Batch>, DbError> {
    macro_rules! query {
        ($c:ident) => {{
            let mut query = batches::table
                .filter(batches::organisation_id.eq(organisation))
                .order(batches::id.desc())
                .limit(limit)
                .select(Batch::as_select())
                .into_boxed();
            if let Some(badges) = badges {
                query = query.filter(batches::badge_id.eq_any(badges));
            }
            if let Some(after) = after {
                query = query.filter(batches::id.lt(after));
            }
            query.load($c)
        }};
    }
    on!(conn, c => query!(c))
}

/// The rows that a batch refused, behind one of them.
pub(super) fn refusals(
    conn: &mut Conn,
    batch: BatchId,
    after: i32,
    limit: i64,
) -> Result<Vec<Refusal>, DbError> {
    on!(conn, c => {
        batch_refusals::table
            .filter(batch_refusals::batch_id.eq(batch))
            .filter(batch_refusals::batch_row.gt(after))
            .order(batch_refusals::batch_row)
            .limit(limit)
            .load(c)
    })
}
