//! Tables for spreadsheets: CSV (RFC 4180) as it is read from the database, a part at a time, in which no cell is taken
//! for a formula.

use std::future::Future;

use actix_web::{HttpResponse, http::header, web::Bytes};
use futures_util::{StreamExt as _, stream};

use crate::{caching::Freshness, problem::Problem};

/// What some programs take for the beginning of a formula.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A table, or a part of one.
pub(crate) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    fn new() -> Self {
        Self(
            csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .flexible(true)
                .from_writer(Vec::new()),
        )
    }

    /// Adds a row.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            // Writing into memory cannot fail, and rows may have any number of cells.
            self.0.write_field(harmless(cell).as_bytes()).ok();
        }
        self.0.write_record(None::<&[u8]>).ok();
    }

    /// What was written.
    fn bytes(self) -> Bytes {
        self.0.into_inner().map(Bytes::from).unwrap_or_default()
    }
}

/// A quote in front makes a text of it (OWASP ASVS 1.2.10). What is blank before a sign does not hide it, and a tab or
/// the end of a line at the beginning is taken for one itself.
fn harmless(cell: &str) -> String {
    let sign = cell.trim_start().chars().next().is_some_and(|first| FORMULA.contains(&first));
    let quote = if sign || cell.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("{quote}{cell}")
}

/// Answers with a table of this name and these columns that is written while it is sent. `part` adds the rows behind a
/// place, and tells where the table goes on. The first part is read before anything is answered, so that what goes wrong
/// at once is told as such.
pub(crate) async fn answer<S: 'static, F>(
    name: &str,
    columns: &[&str],
    from: S,
    part: impl Fn(S, Sheet) -> F + 'static,
) -> Result<HttpResponse, Problem>
where
    F: Future<Output = Result<(Sheet, Option<S>), Problem>> + 'static,
{
    let mut head = Sheet::new();
    head.row(columns.iter().copied());
    let parts = stream::try_unfold(Some((from, head)), move |rest| {
        let next = rest.map(|(from, sheet)| part(from, sheet));
        async move {
            let Some(next) = next else { return Ok(None) };
            let (sheet, rest) = next.await?;
            Ok::<_, Problem>(Some((sheet.bytes(), rest.map(|from| (from, Sheet::new())))))
        }
    });
    let mut parts = Box::pin(parts);
    let first = parts.next().await.transpose()?;
    let whole = stream::iter(first.map(Ok)).chain(parts);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, Freshness::Private.control()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut sheet = Sheet::new();
        sheet.row([
            "=1+1",
            "+49 30",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =1",
            "a=1",
            "Ada, \"Countess\"",
            "",
        ]);
        sheet.row(["next"]);

        let text =
            "'=1+1,'+49 30,'-2,'@SUM(A1),'\t=1,\"'\r=1\",'  =1,a=1,\"Ada, \"\"Countess\"\"\",\r\nnext\r\n";
        assert_eq!(sheet.bytes(), text);
    }
}
