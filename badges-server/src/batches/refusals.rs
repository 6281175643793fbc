//! The rows that a batch refused, as a table: what to mend, and send again.

use actix_web::{
    HttpResponse,
    web::{Bytes, Data, Path},
};
use futures_util::{Stream, stream};

use super::list;
use crate::{
    db::Db,
    ids::BatchId,
    problem::Problem,
    routes::{Route, route},
    sheets::{self, Sheet},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/batches/{batch}/refusals.csv", AwardInBulk over Batch, export_refusals, "Rows that were not awarded, for a spreadsheet"),
    route!(GET "/api/v1/batches/{batch}/refusals.csv", AwardInBulk over Batch, export_refusals, "Rows that were not awarded, as CSV", .gives_file("text/csv")),
];

/// How many are read at a time.
const PART: usize = 500;

async fn export_refusals(db: Data<Db>, batch: Path<BatchId>) -> Result<HttpResponse, Problem> {
    let batch = batch.into_inner();
    sheets::answer(&format!("{batch}-refusals.csv"), parts(db, batch)).await
}

/// The columns, then as many rows as are read at a time, in the order of the list.
fn parts(db: Data<Db>, batch: BatchId) -> impl Stream<Item = Result<Bytes, Problem>> {
    let mut head = Sheet::new();
    head.row(["line", "recipient", "reason"]);
    stream::try_unfold((Some(-1), Some(head), db), move |(after, head, db)| async move {
        let Some(after) = after else { return Ok(None) };
        let limit = i64::try_from(PART).unwrap_or(i64::MAX);
        let rows =
            db.read(move |conn| list::refusals(conn, batch, after, limit)).await.map_err(Problem::from)?;
        let mut sheet = head.unwrap_or_else(Sheet::new);
        for row in &rows {
            sheet.row([row.line.to_string().as_str(), &row.recipient, &row.reason]);
        }
        let last = rows.last().filter(|_| rows.len() == PART).map(|row| row.batch_row);
        Ok(Some((sheet.bytes(), (last, None, db))))
    })
}
