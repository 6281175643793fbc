//! The rows that a batch refused, as a table: what to mend, and send again.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

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
    let name = format!("{batch}-refusals.csv");
    sheets::answer(&name, &["line", "recipient", "reason"], -1, move |after, sheet| {
        part(db.clone(), batch, after, sheet)
    })
    .await
}

/// As many rows as are read at a time, in the order of the list.
async fn part(
    db: Data<Db>,
    batch: BatchId,
    after: i32,
    mut sheet: Sheet,
) -> Result<(Sheet, Option<i32>), Problem> {
    let limit = i64::try_from(PART).unwrap_or(i64::MAX);
    let rows = db.read(move |conn| list::refusals(conn, batch, after, limit)).await.map_err(Problem::from)?;
    for row in &rows {
        sheet.row([row.line.to_string().as_str(), &row.recipient, &row.reason]);
    }
    let rest = rows.last().filter(|_| rows.len() == PART).map(|row| row.batch_row);
    Ok((sheet, rest))
}
