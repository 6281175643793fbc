//! A badge comes under another issuer, by itself or with a branch: from then on its awards are signed by that one, so it
//! gets a version that says so.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use diesel::prelude::*;

use super::{BadgeError, Content, changes, versions};
use crate::{
    auth::{Access, place_of_issuer},
    body::Json,
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, Db, Trail, on},
    forms::Form as Posted,
    idempotency::Answer,
    ids::{BadgeId, IssuerId},
    issuers::{
        self, IssuerError, Node,
        pages::{Elsewhere, settle},
        routes::{IssuerResponse, MoveRequest},
        tree,
    },
    problem::Problem,
    rights::Actor,
    routes::{Route, route},
    schema::{badge_versions, badges, issuers as nodes},
};

/// Where branches are moved, badges and all.
pub(crate) const ROUTES: &[Route] = &[
    route!(POST "/api/v1/issuers/{issuer}/move", EditHierarchy over Issuer, move_issuer, "Move a branch", .json::<MoveRequest>().gives::<IssuerResponse>(200).repeats()),
    route!(POST "/hierarchy/{issuer}/move", EditHierarchy over Issuer, move_node, "Move a branch"),
];

async fn move_issuer(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    issuer: Path<IssuerId>,
    request: Json<MoveRequest>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, parent) = (access.actor()?.clone(), clock.now(), request.value.parent);
    access.permit_found(db.read(move |conn| place_of_issuer(conn, parent)).await.map_err(Problem::from)?)?;
    let (id, base) = (issuer.into_inner(), config.base().to_owned());
    let done = request.once.write(&db, now, move |conn, trail| {
        let (node, _) = relocate(conn, trail, &base, id, parent, &actor, now)?;
        Ok::<_, BadgeError>(Answer::json(200, &IssuerResponse::from(node)))
    });
    done.await
}

async fn move_node(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    posted: Posted<Elsewhere>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = (access.node()?, access.actor()?.clone(), clock.now());
    let parent: Option<IssuerId> = posted.value.parent.as_ref().and_then(|parent| parent.parse().ok());
    if let Some(parent) = parent {
        access
            .permit_found(db.read(move |conn| place_of_issuer(conn, parent)).await.map_err(Problem::from)?)?;
    }
    let base = config.base().to_owned();
    let done: Result<_, BadgeError> = db
        .write(move |conn, trail| {
            let parent = parent.ok_or(IssuerError::NoNode)?;
            if tree::find(conn, id)?.is_some_and(|node| node.parent_id == Some(parent)) {
                return Ok(None);
            }
            relocate(conn, trail, &base, id, parent, &actor, now).map(|(_, anew)| Some(anew))
        })
        .await;
    let said = |anew| match anew {
        None => "It stands there already: nothing was moved.".to_owned(),
        Some(0) => "It is moved, with all under it. No address has changed.".to_owned(),
        Some(1) => {
            "It is moved, with all under it. No address has changed. One badge got a new version, which the \
                    issuer above it signs from now on."
                .to_owned()
        }
        Some(many) => format!(
            "It is moved, with all under it. No address has changed. {many} badges got a new version, which the issuer \
             above them signs from now on."
        ),
    };
    let done = done.map(|anew| (id, said(anew))).map_err(Problem::from);
    settle(&request, &access, &db, &config, "move", posted.typed().collect(), done).await
}

/// Puts a node and all below it under another; tells how many badges got a new version.
fn relocate(
    conn: &mut Conn,
    trail: &mut Trail,
    base: &str,
    id: IssuerId,
    parent: IssuerId,
    actor: &Actor,
    now: Moment,
) -> Result<(Node, usize), BadgeError> {
    let node = issuers::changes::relocate(conn, trail, id, parent, actor, now)?;
    let below: Vec<BadgeId> = on!(conn, c => {
        badges::table
            .inner_join(nodes::table.on(nodes::id.eq(badges::issuer_id)))
            .filter(nodes::path.ge(&node.path))
            .filter(nodes::path.lt(tree::end_of(&node.path)))
            .filter(badges::newest.is_not_null())
            .filter(badges::archived_at.is_null())
            .order(badges::id)
            .select(badges::id)
            .load(c)
    })?;
    let mut anew = 0;
    for badge in below {
        anew += usize::from(follow(conn, trail, base, badge, actor, now)?);
    }
    Ok((node, anew))
}

/// Publishes what a badge says once more if another issuer signs it now; a draft stays the draft of the version after
/// that. Tells whether it did.
pub(super) fn follow(
    conn: &mut Conn,
    trail: &mut Trail,
    base: &str,
    id: BadgeId,
    actor: &Actor,
    now: Moment,
) -> Result<bool, BadgeError> {
    type Said = (IssuerId, Option<IssuerId>, String, Option<String>);
    let newest: Option<Said> = on!(conn, c => {
        badges::table
            .inner_join(badge_versions::table.on(
                badge_versions::badge_id.eq(badges::id).and(badge_versions::number.nullable().eq(badges::newest)),
            ))
            .filter(badges::id.eq(id))
            .filter(badges::archived_at.is_null())
            .select((badges::issuer_id, badge_versions::signing_id, badge_versions::content, badge_versions::image_hash))
            .first(c)
            .optional()
    })?;
    let Some((node, signed_by, text, image)) = newest else { return Ok(false) };
    let node = tree::find(conn, node)?.ok_or(IssuerError::NoNode)?;
    let line = tree::line(conn, &node.path)?;
    if tree::signing(&line).map(|node| node.id) == signed_by {
        return Ok(false);
    }
    let read = |text: &str| -> Content { serde_json::from_str(text).unwrap_or_default() };
    let draft = versions::take_draft(conn, id)?;
    versions::draft(conn, id, &read(&text), image.as_deref(), Some(actor.account), now)?;
    changes::publish(conn, trail, base, id, actor, now)?;
    if let Some((text, image, by)) = draft {
        versions::draft(conn, id, &read(&text), image.as_deref(), by, now)?;
    }
    Ok(true)
}
