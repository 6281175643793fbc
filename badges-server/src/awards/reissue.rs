//! What a compromised key signed, awarded anew with the present one.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use diesel::prelude::*;
use serde::Serialize;

use super::{
    AwardError,
    desk::{Desk, Giver},
    mending::Replacement,
};
use crate::{
    auth::Access,
    clock::{Clock, Moment},
    config::Config,
    db::{Conn, DbError, on},
    forms::{Form as Posted, Nothing},
    ids::{AwardId, IssuerId, KeyId},
    issuers::key_pages,
    problem::Problem,
    rights::Actor,
    routes::{Route, route},
    schema::{awards, credentials, keys},
    web::{answer, components::Flash},
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/api/v1/issuers/{issuer}/keys/{key}/awards", ManageKeys over Issuer, count_awards, "How many standing awards a key signed", .gives::<Reissued>(200).refuses(&[409])),
    route!(POST "/api/v1/issuers/{issuer}/keys/{key}/reissue", ManageKeys over Issuer, reissue_awards, "Award anew what a compromised key signed, so many at a time", .gives::<Reissued>(200)),
    route!(POST "/issuers/{issuer}/keys/{key}/reissue", ManageKeys over Issuer, reissue_from_page, "Award anew what a compromised key signed"),
];

/// How many awards one request replaces.
const AT_ONCE: i64 = 200;

/// How far it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Reissue)]
struct Reissued {
    reissued: u64,
    /// Those that cannot be awarded as they are, such as to whoever asks.
    refused: u64,
    left: i64,
}

async fn count_awards(
    access: Access,
    desk: Data<Desk>,
    path: Path<(String, KeyId)>,
) -> Result<HttpResponse, Problem> {
    let (issuer, key) = (access.node()?, path.into_inner().1);
    let left = desk.db.read(move |conn| {
        own(conn, issuer, key)?;
        Ok::<_, Problem>(key_pages::standing(conn, key)?)
    });
    let left = left.await?;
    Ok(HttpResponse::Ok().json(Reissued { reissued: 0, refused: 0, left }))
}

async fn reissue_awards(
    access: Access,
    (desk, clock): (Data<Desk>, Data<Clock>),
    path: Path<(String, KeyId)>,
) -> Result<HttpResponse, Problem> {
    let (issuer, key) = (access.node()?, path.into_inner().1);
    let done = reissue(&desk.into_inner(), issuer, key, access.actor()?, clock.now()).await?;
    Ok(HttpResponse::Ok().json(done))
}

async fn reissue_from_page(
    access: Access,
    (desk, clock, config): (Data<Desk>, Data<Clock>, Data<Config>),
    path: Path<(String, KeyId)>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (issuer, key) = (access.node()?, path.into_inner().1);
    let Reissued { reissued, left, .. } =
        reissue(&desk.into_inner(), issuer, key, access.actor()?, clock.now()).await?;
    let said = match left {
        0 => format!("{reissued} awards were signed anew; none is left."),
        left => format!("{reissued} awards were signed anew; {left} are left."),
    };
    Ok(answer::done(&config, "/keys", &Flash::done(said)))
}

async fn reissue(
    desk: &Arc<Desk>,
    issuer: IssuerId,
    key: KeyId,
    actor: &Actor,
    now: Moment,
) -> Result<Reissued, Problem> {
    let ids: Vec<AwardId> = desk
        .db
        .read(move |conn| {
            own(conn, issuer, key)?;
            Ok::<_, Problem>(signed(conn, key)?)
        })
        .await?;
    let (mut reissued, mut refused) = (0, 0);
    for id in ids {
        let giver = Giver {
            account: Some(actor.account),
            contact: Some(actor.contact),
            named: actor.name_for_audit(),
            quota: None,
        };
        let reason = "The key that signed it fell into other hands.".to_owned();
        let replacement = Replacement { reason, ..Replacement::default() };
        match desk.replace(id, replacement, giver, None, now).await {
            Ok(_) => reissued += 1,
            Err(AwardError::Database(error)) => return Err(error.into()),
            Err(_) => refused += 1,
        }
    }
    let left = desk.db.read(move |conn| key_pages::standing(conn, key)).await.map_err(Problem::from)?;
    Ok(Reissued { reissued, refused, left })
}

/// Only a key of this node, and only one that is compromised: what others signed holds.
fn own(conn: &mut Conn, issuer: IssuerId, key: KeyId) -> Result<(), Problem> {
    let revoked: Option<Option<Moment>> = on!(conn, c => {
        keys::table
            .filter(keys::id.eq(key))
            .filter(keys::issuer_id.eq(issuer))
            .select(keys::revoked_at)
            .first(c)
            .optional()
    })?;
    match revoked {
        None => Err(Problem::not_found()),
        Some(None) => {
            let detail =
                "the key is not compromised: what it signed holds, and nothing needs to be awarded anew";
            Err(Problem::conflict("key_holds", detail))
        }
        Some(Some(_)) => Ok(()),
    }
}

fn signed(conn: &mut Conn, key: KeyId) -> Result<Vec<AwardId>, DbError> {
    on!(conn, c => {
        credentials::table
            .inner_join(awards::table.on(awards::id.eq(credentials::award_id)))
            .filter(credentials::key_id.eq(key))
            .filter(credentials::format.eq("vc"))
            .filter(awards::state.eq("issued"))
            .order(credentials::award_id)
            .limit(AT_ONCE)
            .select(awards::public_id)
            .load(c)
    })
}
