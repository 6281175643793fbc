//! What a contact holds: the newest award first, with what a card says of it.

use diesel::prelude::*;

use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AwardId, AwardKey, ContactId},
    schema::{awards, badge_versions, badges, credentials, issuers, keys},
    web::components::{AwardCard, Picture, Standing, When},
};

/// One award of a contact.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct Held {
    pub(crate) id: AwardId,
    pub(crate) state: String,
    pub(crate) issue_at: Moment,
    pub(crate) expires_at: Option<Moment>,
    pub(crate) badge: String,
    pub(crate) image: Option<String>,
    pub(crate) issuer: String,
    /// Since when the key that signed it is in other hands.
    pub(crate) compromised_at: Option<Moment>,
}

/// Which awards of a contact somebody sees.
#[derive(Clone, Debug)]
pub(crate) enum View {
    /// Their own: what went out to them.
    Own,
    /// Those of badges below these nodes, by path.
    Below(Vec<String>),
    /// All.
    Whole,
}

/// The awards of a contact behind one of them.
pub(crate) fn held(
    conn: &mut Conn,
    contact: ContactId,
    view: &View,
    after: Option<AwardId>,
    limit: i64,
) -> Result<Vec<Held>, DbError> {
    let behind: Option<AwardKey> = match after {
        None => None,
        Some(after) => on!(conn, c => {
            awards::table.filter(awards::public_id.eq(after)).select(awards::id).first(c).optional()
        })?,
    };
    on!(conn, c => {
        let mut query = awards::table
            .inner_join(
                badge_versions::table.on(badge_versions::badge_id
                    .eq(awards::badge_id)
                    .and(badge_versions::number.eq(awards::badge_version))),
            )
            .inner_join(issuers::table.on(issuers::id.eq(awards::signing_id)))
            .left_join(
                credentials::table.on(credentials::award_id.eq(awards::id).and(credentials::format.eq("vc"))),
            )
            .left_join(keys::table.on(keys::id.nullable().eq(credentials::key_id.nullable())))
            .filter(awards::contact_id.eq(contact))
            .order(awards::id.desc())
            .limit(limit)
            .select((
                awards::public_id,
                awards::state,
                awards::issue_at,
                awards::expires_at,
                badge_versions::name,
                badge_versions::image_hash,
                issuers::name,
                keys::compromised_at.nullable(),
            ))
            .into_boxed();
        if let Some(behind) = behind {
            query = query.filter(awards::id.lt(behind));
        }
        match view {
            View::Whole => {}
            View::Own => {
                query = query.filter(awards::state.eq_any(["issued", "suspended", "revoked", "superseded"]));
            }
            View::Below(paths) => {
                let nodes = diesel::alias!(issuers as nodes);
                let mut within = badges::table
                    .inner_join(nodes.on(nodes.field(issuers::id).eq(badges::issuer_id)))
                    .select(badges::id)
                    .into_boxed();
                for path in paths {
                    // A subtree is a range of paths: no character of one comes after the tilde.
                    let end = format!("{path}~");
                    let field = nodes.field(issuers::path);
                    within = within.or_filter(field.ge(path.clone()).and(field.lt(end)));
                }
                query = query.filter(awards::badge_id.eq_any(within));
            }
        }
        query.load(c)
    })
}

impl Held {
    /// As one card among others.
    pub(crate) fn card(self, now: Moment) -> AwardCard {
        let Self { id, state, issue_at, expires_at, badge, image, issuer, compromised_at } = self;
        let picture = image.map(|hash| format!("/images/{hash}")).unwrap_or_default();
        AwardCard {
            href: format!("/awards/{id}"),
            picture: Picture::new(picture, ""),
            badge,
            issuer,
            holder: None,
            awarded: When::at(issue_at),
            standing: Standing::of(&state, expires_at.is_some_and(|end| end <= now))
                .signed(compromised_at.is_some()),
        }
    }
}
