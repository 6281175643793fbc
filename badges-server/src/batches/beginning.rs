//! A list that was looked through is begun, by a page or by a program.

use super::{BatchError, progress, taking};
use crate::{
    auth::Access,
    awards::{
        desk::Desk,
        routes::{giver, may_award},
    },
    clock::Moment,
    config::Config,
    ids::BatchId,
    problem::Problem,
};

/// Begins it; gives its state where somebody began it, or threw it away, before.
pub(super) async fn begin(
    access: &Access,
    desk: &Desk,
    config: &Config,
    id: BatchId,
    now: Moment,
) -> Result<Option<String>, Problem> {
    let giver = giver(access.actor()?, config);
    let found = desk.db.read(move |conn| progress::find(conn, id)).await.map_err(Problem::from)?;
    let batch = found.ok_or_else(Problem::not_found)?;
    if batch.state != "receiving" {
        return Ok(Some(batch.state));
    }
    if batch.total == 0 {
        return Err(Problem::conflict("state", "the list is still coming in: wait until it is whole"));
    }
    // Whether the badge can be awarded at all is told before the first row, not by each.
    may_award(access, desk, batch.badge_id).await?;
    match taking::begin(&desk.db, batch, giver, None, now).await {
        Ok(_) => Ok(None),
        // Both came at once.
        Err(BatchError::Begun(state)) => Ok(Some(state)),
        Err(error) => Err(error.into()),
    }
}
