//! Whether it lives, and whether it is ready for requests.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tokio::time;

use super::Gate;
use crate::{
    db::{self, Db, DbError},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/healthz", Public over None, show_life, "Whether the process lives"),
    route!(GET "/readyz", Public over None, show_readiness, "Whether requests are wanted here"),
];

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who looks after the service is answered however much there is to do.
pub(super) fn is_health(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// That it answers is the answer.
pub(super) async fn show_life() -> HttpResponse {
    plain("alive\n")
}

/// 200, or 503 with what is missing in words.
pub(super) async fn show_readiness(db: Data<Db>, gate: Data<Gate>) -> Result<HttpResponse, Problem> {
    if gate.is_draining() {
        return Err(unready("draining", "the service is told to stop: ask another server"));
    }
    if db.is_full() {
        return Err(unready("busy", "as many writes wait as may: try again in a second"));
    }
    let asked = db.read(|conn| {
        conn.execute("SELECT 1")?;
        db::schema(conn)
    });
    let schema = match time::timeout(PATIENCE, asked).await {
        Ok(Ok(schema)) => schema,
        Ok(Err(error @ DbError::Unavailable(_))) => return Err(error.into()),
        Ok(Err(error)) => return Err(unready("unavailable", error.to_string())),
        Err(_) => return Err(unready("unavailable", "the database does not answer within 2 seconds")),
    };
    if !schema.pending.is_empty() {
        let missing = schema.pending.join(", ");
        return Err(unready("schema", format!("the database lacks migrations of this program: {missing}")));
    }
    if !schema.unknown.is_empty() {
        let unknown = schema.unknown.join(", ");
        return Err(unready("schema", format!("the database is that of a newer program: {unknown}")));
    }
    Ok(plain("ready\n"))
}

fn unready(code: &'static str, detail: impl Into<String>) -> Problem {
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
    problem.retry_after = Some(1);
    problem
}

fn plain(text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Cache-Control", "no-store"))
        .body(text)
}
