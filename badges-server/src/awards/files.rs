//! An award as a file: the signed text, a token, or the badge's picture with the text in it.

use std::sync::Arc;

use badges_core::{
    bake::{self, Generation},
    issue::{self, ProofKind},
    json::{Limits, read},
};
use diesel::prelude::*;

use super::{
    AwardError,
    rows::{self, Award},
};
use crate::{
    clock::Moment,
    db::{Conn, Db, on},
    ids::{AwardId, AwardKey, KeyId},
    images,
    issuers::Signers,
    schema::{badge_versions, credentials},
};

/// In which form somebody wants an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The credential with its embedded proof, byte for byte as it was signed.
    Json,
    /// A compact JWS.
    Jwt,
    /// The badge's picture that carries the credential: of the type that it has, or of this one alone.
    Picture(Option<&'static str>),
}

impl Form {
    /// Whether an award whose picture is of this type comes in this form.
    pub(crate) fn fits(self, picture: Option<&str>) -> bool {
        match (self, picture) {
            (Self::Picture(Some(wanted)), Some(there)) => wanted == there,
            _ => true,
        }
    }
}

/// An award as it is shown to the world.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) award: Award,
    /// Nothing where it is not signed yet.
    pub(crate) text: Option<String>,
    /// What signed it.
    pub(crate) key: Option<KeyId>,
}

impl Shown {
    /// Whether everybody who knows its address may have it.
    pub(crate) fn is_open(&self) -> bool {
        let state = self.award.state.as_str();
        self.award.visibility != "private" && !matches!(state, "draft" | "scheduled" | "cancelled")
    }
}

/// The award of an address.
pub(crate) fn find(conn: &mut Conn, id: AwardId) -> Result<Option<Shown>, AwardError> {
    let Some(award) = rows::find(conn, id)? else { return Ok(None) };
    let signed = credential(conn, award.id, "vc")?;
    let (text, key) = signed.map_or((None, None), |(text, key)| (Some(text), Some(key)));
    Ok(Some(Shown { award, text, key }))
}

fn credential(conn: &mut Conn, award: AwardKey, format: &str) -> Result<Option<(String, KeyId)>, AwardError> {
    Ok(on!(conn, c => {
        credentials::table
            .find((award, format))
            .select((credentials::text, credentials::key_id))
            .first(c)
            .optional()
    })?)
}

/// The token of an award: signed when it is asked for first, and kept, so that it never differs.
pub(crate) async fn token(
    db: &Db,
    signers: &Arc<Signers>,
    shown: &Shown,
    now: Moment,
) -> Result<Option<String>, AwardError> {
    let (Some(text), Some(key)) = (shown.text.clone(), shown.key) else { return Ok(None) };
    let award = shown.award.id;
    let kept = db.look(move |conn| credential(conn, award, "jwt")).await?;
    if let Some((token, _)) = kept {
        return Ok(Some(token));
    }
    let signers = Arc::clone(signers);
    let token = db
        .read(move |conn| {
            let json = read(text.as_bytes(), &Limits::default()).map_err(issue::IssueError::from)?;
            let mut credential = json.as_object().cloned().unwrap_or_default();
            credential.remove("proof");
            let signing = signers.open(conn, key)?;
            let created = now.timestamp().unwrap_or(badges_core::time::Timestamp::EPOCH);
            Ok::<_, AwardError>(issue::sign(
                &credential,
                ProofKind::Jwt,
                created,
                &signing.signer,
                &signers.contexts,
            )?)
        })
        .await?;
    db.write(move |conn, _| {
        let row = (
            credentials::award_id.eq(award),
            credentials::format.eq("jwt"),
            credentials::text.eq(&token),
            credentials::key_id.eq(key),
            credentials::signed_at.eq(now),
        );
        on!(conn, c => diesel::insert_into(credentials::table).values(row).on_conflict_do_nothing().execute(c))?;
        // Another server may have been first: then that one's is given out.
        Ok(credential(conn, award, "jwt")?.map(|(token, _)| token))
    })
    .await
}

/// The picture of an award's badge with the credential in it, and its media type.
pub(crate) fn picture(conn: &mut Conn, shown: &Shown) -> Result<Option<(String, Vec<u8>)>, AwardError> {
    let Some(text) = &shown.text else { return Ok(None) };
    let Some((media_type, bytes)) = image(conn, &shown.award)? else { return Ok(None) };
    let baked = bake::bake(&bytes, text, Generation::V3).map_err(AwardError::Bake)?;
    Ok(Some((media_type, baked)))
}

/// The picture of an award's badge as it is, and its media type.
pub(crate) fn image(conn: &mut Conn, award: &Award) -> Result<Option<(String, Vec<u8>)>, AwardError> {
    let hash = hash(conn, award)?;
    Ok(hash.map(|hash| images::find(conn, &hash)).transpose()?.flatten())
}

/// The media type of the picture of an award's badge.
pub(crate) fn image_type(conn: &mut Conn, award: &Award) -> Result<Option<String>, AwardError> {
    let hash = hash(conn, award)?;
    Ok(hash.map(|hash| images::media_type(conn, &hash)).transpose()?.flatten())
}

fn hash(conn: &mut Conn, award: &Award) -> Result<Option<String>, AwardError> {
    let version = (award.badge_id, award.badge_version);
    Ok(on!(conn, c => badge_versions::table.find(version).select(badge_versions::image_hash).first(c))?)
}
