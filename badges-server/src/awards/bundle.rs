//! Everything that is needed to check an award without us, in one ZIP: the credential, the badge, and a folder of
//! documents as `badges verify --documents` reads it.

use std::io::{Cursor, Write as _};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use badges_core::bake::ImageKind;
use serde_json::{Map, Value};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    AwardError,
    files::{self, Shown},
    page,
    public::visible,
};
use crate::{
    auth::{Access, place_of_badge},
    caching::{self, Freshness},
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, Db},
    ids::{AwardId, StatusListId},
    issuers::{Signers, documents, status::StatusLists},
    problem::Problem,
    routes::{Route, route},
};

/// What this capability answers to the world.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/awards/{award}/badge.zip", Public over None, show_bundle, "An award with all that is needed to check it without us"),
];

const READ_ME: &str = "badge.json is the badge as it was signed; the picture beside it carries the same.\n\
    The folder documents holds what a verifier would fetch, as it was when you took this file.\n\n\
    To check it without the network:\n\n    badges verify badge.json --documents documents\n\n\
    To learn whether it still holds today, verify it online.\n";

async fn show_bundle(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    (signers, lists): (Data<Signers>, Data<StatusLists>),
    award: Path<AwardId>,
) -> Result<HttpResponse, Problem> {
    let (id, now, base) = (award.into_inner(), clock.now(), config.base().to_owned());
    let found = db.read(move |conn| {
        let Some(shown) = files::find(conn, id)? else { return Ok(None) };
        let place = place_of_badge(conn, shown.award.badge_id)?;
        Ok::<_, AwardError>(Some((shown, place)))
    });
    let (shown, place) = found.await?.ok_or_else(Problem::not_found)?;
    visible(&shown, page::knows(&access, &shown.award, place.as_ref()))?;
    let private = shown.award.visibility == "private";
    let bytes = db
        .read(move |conn| {
            let published = published(conn, &signers, &lists, &base, &shown, now)?;
            let picture = files::picture(conn, &shown)?;
            Ok::<_, AwardError>(shown.text.and_then(|text| bundle(&text, picture, published).ok()))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let freshness = if private { Freshness::Private } else { Freshness::Short };
    let mut response = caching::answer(&request, "application/zip", bytes, freshness, &[]);
    let name = header::HeaderValue::from_str(&format!("attachment; filename=\"{id}.zip\""));
    if let Ok(name) = name {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// What a verifier would fetch: addresses and what stands there.
fn published(
    conn: &mut Conn,
    signers: &Signers,
    lists: &StatusLists,
    base: &str,
    shown: &Shown,
    now: Moment,
) -> Result<Vec<(String, String)>, AwardError> {
    let mut published = Vec::new();
    let issuer = shown.award.signing_id;
    if let Some(document) = documents::did_document(conn, signers, base, issuer)? {
        let text = serde_json::to_string(&document).unwrap_or_default();
        published.push((format!("{base}/issuers/{issuer}/did.json"), text));
    }
    let credential: Value =
        shown.text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let entries = credential["credentialStatus"].as_array().cloned().unwrap_or_default();
    for address in entries.iter().filter_map(|entry| entry["statusListCredential"].as_str()) {
        let id: Option<StatusListId> = address.rsplit('/').next().and_then(|id| id.parse().ok());
        let Some(id) = id else { continue };
        if let Some(list) = lists.find(conn, signers, base, id, now)? {
            published.push((address.to_owned(), list.text.clone()));
        }
    }
    Ok(published)
}

fn bundle(
    text: &str,
    picture: Option<(String, Vec<u8>)>,
    published: Vec<(String, String)>,
) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), zip::result::ZipError> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    put("read-me.txt", READ_ME.as_bytes())?;
    put("badge.json", text.as_bytes())?;
    if let Some((_, bytes)) = picture {
        let name = if ImageKind::sniff(&bytes) == Some(ImageKind::Svg) { "badge.svg" } else { "badge.png" };
        put(name, &bytes)?;
    }
    let mut index = Map::new();
    for (at, (address, text)) in published.into_iter().enumerate() {
        let name = format!("{at}.json");
        put(&format!("documents/{name}"), text.as_bytes())?;
        index.insert(address, name.into());
    }
    put("documents/index.json", Value::Object(index).to_string().as_bytes())?;
    Ok(zip.finish()?.into_inner())
}
