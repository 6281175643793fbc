//! What this installation publishes, for its own verifier: found in the database, never over the network.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::web::Data;
use badges_core::verify::Trust;
use diesel::prelude::*;

use super::{Fetcher, Own, Verifier};
use crate::{
    awards::{assertion, files},
    badges::{hosted as class, versions},
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, Db, DbError, on},
    ids::IssuerId,
    issuers::{Signers, documents, hosted as issuer, status::StatusLists},
    problem::Problem,
    schema::keys,
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

/// How long it is known who our issuers are.
const KNOWN: Duration = Duration::from_secs(60);

/// The issuers of this installation, whom its own verifier knows.
pub(crate) struct Owners {
    pub(crate) db: Db,
    pub(crate) config: Arc<Config>,
    pub(crate) signers: Arc<Signers>,
    known: Mutex<Option<(Moment, Trust)>>,
}

impl Owners {
    pub(crate) fn new(db: Db, config: Arc<Config>, signers: Arc<Signers>) -> Self {
        Self { db, config, signers, known: Mutex::new(None) }
    }

    /// All of them, by the names that their badges carry.
    pub(super) async fn trust(&self, now: Moment) -> Result<Trust, DbError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, trust)) = known.filter(|(since, _)| now < since.plus(KNOWN) && *since <= now) {
            return Ok(trust);
        }
        let (signers, base) = (Arc::clone(&self.signers), self.config.base().to_owned());
        let trust = self.db.read(move |conn| trust(conn, &signers, &base)).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, trust.clone()));
        Ok(trust)
    }
}

fn trust(conn: &mut Conn, signers: &Signers, base: &str) -> Result<Trust, DbError> {
    let keys: Vec<(IssuerId, String)> =
        on!(conn, c => keys::table.select((keys::issuer_id, keys::public)).limit(10_000).load(c))?;
    let names = keys.into_iter().flat_map(|(issuer, public)| {
        let did = signers.did(issuer).unwrap_or_else(|| format!("did:key:{public}"));
        [did, format!("{base}/issuers/{issuer}"), issuer::address(base, issuer)]
    });
    let names: BTreeSet<String> = names.collect();
    let issuers: Vec<_> = names.into_iter().map(|id| serde_json::json!({"id": id})).collect();
    let list = serde_json::json!({"issuers": issuers}).to_string();
    Ok(Trust::parse(list.as_bytes()).unwrap_or_default())
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
                ["profile.json"] => issuer::profile(conn, base, issuer)?
                    .and_then(|profile| bytes(serde_json::to_vec(&profile))),
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
        ["badges", badge, "versions", number, "class.json"] => match (badge.parse(), number.parse()) {
            (Ok(badge), Ok(number)) => {
                class::class(conn, base, badge, number)?.and_then(|class| bytes(serde_json::to_vec(&class)))
            }
            _ => None,
        },
        ["awards", award, "assertion.json"] => {
            let Ok(award) = award.parse() else { return Ok(None) };
            match files::find(conn, award)?.filter(files::Shown::is_open) {
                Some(shown) => assertion::hosted(conn, base, &shown)?,
                None => None,
            }
            .map(|hosted| hosted.into_text().into_bytes())
        }
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
