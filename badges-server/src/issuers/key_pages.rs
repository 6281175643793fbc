//! `/keys`, and the keys of one node: made anew, and declared compromised.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Deserialize;

use super::{
    Node, Signers, changes,
    keys::{self, PublishedKey},
    tree,
    views::{IssuerKeys, Key, KeyState, Keys},
};
use crate::{
    auth::Access,
    clock::{Clock, Moment},
    config::Config,
    dates::{self, Edge},
    db::{Conn, Db, DbError, on},
    forms::{Form as Posted, Nothing},
    ids::{IssuerId, KeyId},
    problem::{self, Problem},
    rights::{Action, Actor},
    routes::{Route, route},
    schema::{awards, credentials},
    web::{
        Frame, Section, answer,
        components::{Flash, Link, When},
    },
};

/// What this capability shows to those who look after keys.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/keys", ManageKeys over Scoped, show_all, "The keys of all nodes that sign"),
    route!(GET "/issuers/{issuer}/keys", ManageKeys over Issuer, show_one, "The keys of a node"),
    route!(POST "/issuers/{issuer}/keys", ManageKeys over Issuer, rotate, "Make a new signing key"),
    route!(POST "/issuers/{issuer}/keys/{key}/revoke", ManageKeys over Issuer, revoke, "Declare a key compromised"),
];

/// From when what the key signed cannot be trusted.
#[derive(Debug, Default, Deserialize)]
struct Since {
    #[serde(default)]
    since: String,
}

/// A date that cannot be taken, and the key that it was written for.
struct Wrong {
    key: KeyId,
    typed: String,
    message: String,
}

/// A key, and how many standing awards it signed.
type Counted = (PublishedKey, i64);

async fn show_all(
    request: HttpRequest,
    access: Access,
    (db, config, signers): (Data<Db>, Data<Config>, Data<Signers>),
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let found = db.read(move |conn| all(conn, &actor)).await.map_err(Problem::from)?;
    page(&request, &access, &config, &signers, found, None)
}

async fn show_one(
    request: HttpRequest,
    access: Access,
    (db, config, signers): (Data<Db>, Data<Config>, Data<Signers>),
) -> Result<HttpResponse, Problem> {
    let id = access.node()?;
    let found = db.read(move |conn| one(conn, id)).await.map_err(Problem::from)?;
    page(&request, &access, &config, &signers, found, None)
}

/// A node with its keys.
fn one(conn: &mut Conn, id: IssuerId) -> Result<Vec<(Node, Vec<Counted>)>, DbError> {
    let Some(node) = tree::find(conn, id)? else { return Ok(Vec::new()) };
    let keys = counted(conn, id)?;
    Ok(vec![(node, keys)])
}

/// The nodes that sign and that the actor looks after, each with its keys.
fn all(conn: &mut Conn, actor: &Actor) -> Result<Vec<(Node, Vec<Counted>)>, DbError> {
    let reach = actor.reach(Action::ManageKeys);
    let nodes = tree::list(conn, actor.organisation, None, 5_000)?;
    let mut found = Vec::new();
    for node in nodes.into_iter().filter(|node| node.kind().signs()) {
        if reach.iter().any(|path| node.path.starts_with(path)) {
            let keys = counted(conn, node.id)?;
            found.push((node, keys));
        }
    }
    Ok(found)
}

fn counted(conn: &mut Conn, issuer: IssuerId) -> Result<Vec<Counted>, DbError> {
    let mut counted = Vec::new();
    for key in keys::published(conn, issuer)? {
        // Only for these does it matter, and counting takes as long as there are many.
        let signed = if key.revoked_at.is_some() { standing(conn, key.id)? } else { 0 };
        counted.push((key, signed));
    }
    Ok(counted)
}

/// How many awards that a key signed are still in force.
pub(crate) fn standing(conn: &mut Conn, key: KeyId) -> Result<i64, DbError> {
    on!(conn, c => {
        credentials::table
            .inner_join(awards::table.on(awards::id.eq(credentials::award_id)))
            .filter(credentials::key_id.eq(key))
            .filter(credentials::format.eq("vc"))
            .filter(awards::state.eq("issued"))
            .count()
            .get_result(c)
    })
}

fn page(
    request: &HttpRequest,
    access: &Access,
    config: &Config,
    signers: &Signers,
    found: Vec<(Node, Vec<Counted>)>,
    wrong: Option<Wrong>,
) -> Result<HttpResponse, Problem> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let issuers = found.into_iter().map(|(node, keys)| {
        let own = signers.did(node.id);
        let first = keys.first().map(|(key, _)| format!("did:key:{}", key.public)).unwrap_or_default();
        let stem = format!("/issuers/{}/keys", node.slug);
        IssuerKeys {
            issuer: Link::new(&node.name, format!("/issuers/{}", node.slug)),
            rotate: own.is_some().then(|| stem.clone()),
            signs_as: own.unwrap_or(first),
            keys: keys.into_iter().map(|key| shown(&stem, key, wrong.as_ref())).collect(),
        }
    });
    let about = "The keys of those that sign.";
    let frame = Frame::of(access, config, "/keys", "Keys", about).within(Section::Keys);
    answer::page_as(request, access, status, &Keys { frame, issuers: issuers.collect() })
}

fn shown(stem: &str, (key, standing): Counted, wrong: Option<&Wrong>) -> Key {
    let day = |time: Option<&String>| time.and_then(|time| time.parse().ok()).map(When::day);
    let state = match (&key.revoked_at, key.signs) {
        (Some(_), _) => KeyState::Compromised,
        (None, true) => KeyState::Signing,
        (None, false) => KeyState::Retired,
    };
    let epoch = || When::day(badges_core::time::Timestamp::EPOCH);
    Key {
        made: day(key.created_at.as_ref()).unwrap_or_else(epoch),
        since: day(key.compromised_at.as_ref()),
        compromise: format!("{stem}/{}/revoke", key.id),
        wrong: wrong
            .filter(|wrong| wrong.key == key.id)
            .map(|wrong| (wrong.typed.clone(), wrong.message.clone())),
        reissue: (standing > 0).then(|| format!("{stem}/{}/reissue", key.id)),
        standing: u64::try_from(standing).unwrap_or_default(),
        public: key.public,
        state,
    }
}

async fn rotate(
    access: Access,
    (db, clock, config, signers): (Data<Db>, Data<Clock>, Data<Config>, Data<Signers>),
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = (access.node()?, access.actor()?.clone(), clock.now());
    db.write(move |conn, trail| changes::rotate(conn, trail, &signers, id, &actor, now)).await?;
    let said = "A new key signs from now on. The old one stays listed, so that its badges still hold.";
    Ok(answer::done(&config, "/keys", &Flash::done(said)))
}

async fn revoke(
    request: HttpRequest,
    access: Access,
    (db, clock, config, signers): (Data<Db>, Data<Clock>, Data<Config>, Data<Signers>),
    path: Path<(String, KeyId)>,
    posted: Posted<Since>,
) -> Result<HttpResponse, Problem> {
    let (id, key, actor, now) = (access.node()?, path.into_inner().1, access.actor()?.clone(), clock.now());
    let typed = posted.value.since.trim();
    let since = match typed {
        "" => Ok(now),
        day => dates::read(day, Edge::Start)
            .map(Moment::from)
            .map_err(|error| Problem::field("since", "time", error.to_string())),
    };
    let by = signers.clone();
    let done = match since {
        Ok(since) => {
            let revoking =
                db.write(move |conn, trail| changes::revoke(conn, trail, &by, (id, key), since, &actor, now));
            revoking.await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(()) => {
            let said = "The key is declared compromised: everybody refuses what it signed. Award those badges anew \
                        below.";
            Ok(answer::done(&config, "/keys", &Flash::caution(said)))
        }
        Err(problem) if problem.errors.is_empty() => Err(problem),
        Err(problem) => {
            let said =
                problem.errors.iter().map(|fault| problem::sentence(&fault.message)).collect::<Vec<_>>();
            let wrong = Wrong { key, typed: typed.to_owned(), message: said.join(" ") };
            let found = db.read(move |conn| one(conn, id)).await.map_err(Problem::from)?;
            page(&request, &access, &config, &signers, found, Some(wrong))
        }
    }
}
