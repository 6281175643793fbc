//! What this installation publishes, for its own verifier: found in the database, never over the network.

use std::sync::Arc;

use actix_web::web::Data;

use super::{Fetcher, Own, Verifier};
use crate::{
    awards::files,
    badges::versions,
    clock::Clock,
    config::Config,
    db::{Conn, Db},
    issuers::{Signers, documents, status::StatusLists},
    problem::Problem,
};

/// The verifier of an installation.
pub(crate) fn verifier(
    fetcher: Fetcher,
    db: Db,
    config: Arc<Config>,
    clock: Clock,
    signers: Arc<Signers>,
    lists: Data<StatusLists>,
) -> Verifier {
    let bases: Vec<String> = std::iter::once(&config.public_url)
        .chain(&config.public_url_aliases)
        .map(|url| url.as_str().trim_end_matches('/').to_owned())
        .collect();
    Verifier::new(Arc::new(fetcher), move |address| {
        let Some(path) = bases.iter().find_map(|base| within(base, address)) else { return Own::Foreign };
        let base = config.base();
        let found = db.read_here(|conn| document(conn, &signers, &lists, &clock, base, path));
        found.ok().flatten().map_or(Own::Nothing, Own::Document)
    })
}

/// The path of an address of ours.
fn within<'a>(base: &str, address: &'a str) -> Option<&'a str> {
    let path = address.strip_prefix(base)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    (path.is_empty() || path.starts_with('/')).then_some(path)
}

fn document(
    conn: &mut Conn,
    signers: &Signers,
    lists: &StatusLists,
    clock: &Clock,
    base: &str,
    path: &str,
) -> Result<Option<Vec<u8>>, Problem> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let bytes = |written: serde_json::Result<Vec<u8>>| written.ok();
    Ok(match parts.as_slice() {
        [".well-known", "jwks.json"] => bytes(serde_json::to_vec(&documents::key_set(conn, signers, None)?)),
        ["issuers", issuer, rest @ ..] => {
            let Ok(issuer) = issuer.parse() else { return Ok(None) };
            match rest {
                [] => documents::profile(conn, signers, base, issuer)?
                    .and_then(|profile| bytes(serde_json::to_vec(&profile))),
                ["did.json"] => documents::did_document(conn, signers, base, issuer)?
                    .and_then(|document| bytes(serde_json::to_vec(&document))),
                ["jwks.json"] => bytes(serde_json::to_vec(&documents::key_set(conn, signers, Some(issuer))?)),
                _ => None,
            }
        }
        ["status", list] => {
            let Ok(list) = list.parse() else { return Ok(None) };
            let signed = lists.find(conn, signers, base, list, clock.now())?;
            signed.map(|signed| signed.text.clone().into_bytes())
        }
        ["badges", badge, "versions", number] => match (badge.parse(), number.parse()) {
            (Ok(badge), Ok(number)) => {
                versions::achievement(conn, badge, Some(number))?.map(String::into_bytes)
            }
            _ => None,
        },
        ["awards", award] | ["awards", award, "credential.json"] => {
            let Ok(award) = award.parse() else { return Ok(None) };
            let shown = files::find(conn, award)?;
            shown.filter(files::Shown::is_open).and_then(|shown| shown.text).map(String::into_bytes)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn an_address_is_ours_only_below_our_own() {
        let base = "https://badges.example.org";

        assert_eq!(within(base, "https://badges.example.org/awards/a#x"), Some("/awards/a"));
        assert_eq!(within(base, "https://badges.example.org.evil.example/awards/a"), None);
        assert_eq!(within(base, "https://badges.example.org@evil.example/"), None);
    }
}
