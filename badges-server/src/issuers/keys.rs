//! Signing keys: made, sealed, opened, and kept open while they are in use.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use badges_core::{
    jsonld::Contexts,
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
};
use diesel::prelude::*;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{IssuerError, Sealer, seal::SealError};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    fixed,
    ids::{IssuerId, KeyId},
    random,
    schema::keys,
};

/// A key that is ready to sign for a node.
pub(crate) struct Signing {
    pub(crate) key: KeyId,
    pub(crate) signer: LocalSigner,
}

/// Opens the keys of nodes, each once.
pub(crate) struct Signers {
    sealer: Sealer,
    /// `did:web:HOST`, where the world reaches the service by https.
    web: Option<String>,
    open: RwLock<HashMap<KeyId, Arc<Signing>>>,
    /// What was compiled for one signature serves the next.
    pub(crate) contexts: Contexts,
}

impl Signers {
    /// `host` is that of the public address, if it is https; otherwise keys stand for themselves as did:key.
    pub(crate) fn new(sealer: Sealer, host: Option<&str>) -> Self {
        let web = host.map(|host| format!("did:web:{}", host.replace(':', "%3A")));
        Self { sealer, web, open: RwLock::default(), contexts: Contexts::new() }
    }

    /// The DID of a node; none where its keys stand for themselves.
    pub(crate) fn did(&self, issuer: IssuerId) -> Option<String> {
        self.web.as_ref().map(|web| format!("{web}:issuers:{issuer}"))
    }

    /// Who signs, as credentials name them: did:web, or the key itself in a demonstration.
    pub(crate) fn issuer_id(&self, signing: &Signing, issuer: IssuerId) -> String {
        self.did(issuer).unwrap_or_else(|| signing.signer.controller().to_owned())
    }

    /// The key that a node signs with at present.
    pub(crate) fn signing(&self, conn: &mut Conn, issuer: IssuerId) -> Result<Arc<Signing>, IssuerError> {
        let key: Option<KeyId> = on!(conn, c => {
            keys::table
                .filter(keys::issuer_id.eq(issuer))
                .filter(keys::retired_at.is_null())
                .select(keys::id)
                .first(c)
                .optional()
        })?;
        self.open(conn, key.ok_or(IssuerError::NoNode)?)
    }

    /// A key of any age.
    pub(crate) fn open(&self, conn: &mut Conn, key: KeyId) -> Result<Arc<Signing>, IssuerError> {
        if let Some(open) = self.open.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(open));
        }
        let (issuer, sealed, sealed_by): (IssuerId, Vec<u8>, String) = on!(conn, c => {
            keys::table.find(key).select((keys::issuer_id, keys::sealed, keys::sealed_by)).first(c)
        })?;
        let seed = self.sealer.open(key, &sealed_by, &sealed)?;
        let signing = Arc::new(Signing { key, signer: self.signer(issuer, key, &seed)? });
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(open.entry(key).or_insert(signing)))
    }

    /// Makes the first key of a node, or one that takes the place of the present one.
    pub(crate) fn make(&self, conn: &mut Conn, issuer: IssuerId, now: Moment) -> Result<KeyId, IssuerError> {
        // After the keys were sealed anew, a server that still has the old sealing key must not use it.
        if fixed::value(conn, fixed::SEALING_KEY)?.is_some_and(|id| id != self.sealer.id()) {
            return Err(SealError::Resealed.into());
        }
        let id = KeyId::new(now)?;
        let mut seed = Zeroizing::new([0; 32]);
        random::fill(seed.as_mut())?;
        let signer = self.signer(issuer, id, &seed)?;
        on!(conn, c => {
            diesel::update(keys::table.filter(keys::issuer_id.eq(issuer)).filter(keys::retired_at.is_null()))
                .set(keys::retired_at.eq(now))
                .execute(c)
        })?;
        on!(conn, c => {
            diesel::insert_into(keys::table)
                .values((
                    keys::id.eq(id),
                    keys::issuer_id.eq(issuer),
                    keys::public.eq(signer.public_key().to_multikey().unwrap_or_default()),
                    keys::sealed.eq(self.sealer.seal(id, &seed)?),
                    keys::sealed_by.eq(self.sealer.id()),
                    keys::created_at.eq(now),
                ))
                .execute(c)
        })?;
        conn.changed()?;
        Ok(id)
    }

    fn signer(&self, issuer: IssuerId, key: KeyId, seed: &[u8; 32]) -> Result<LocalSigner, IssuerError> {
        let secret = SecretKey::from_seed(KeyKind::Ed25519, seed).map_err(|_| IssuerError::NoNode)?;
        match self.did(issuer) {
            Some(did) => Ok(LocalSigner::new(secret, format!("{did}#{key}"))),
            None => LocalSigner::did_key(secret).map_err(|_| IssuerError::NoNode),
        }
    }
}

/// Opens every key that there is; tells how many there are.
pub(crate) fn check_all(conn: &mut Conn, sealer: &Sealer) -> Result<usize, IssuerError> {
    let sealed = all(conn)?;
    for (key, sealed_by, sealed) in &sealed {
        sealer.open(*key, sealed_by, sealed)?;
    }
    Ok(sealed.len())
}

/// Seals every key anew; those that the new sealing key has sealed already stay. Tells how many there are.
pub(crate) fn reseal(conn: &mut Conn, old: &Sealer, new: &Sealer) -> Result<usize, IssuerError> {
    let sealed = all(conn)?;
    for (key, sealed_by, sealed) in sealed.iter().filter(|(_, sealed_by, _)| sealed_by != new.id()) {
        let seed = old.open(*key, sealed_by, sealed)?;
        let row = (keys::sealed.eq(new.seal(*key, &seed)?), keys::sealed_by.eq(new.id()));
        on!(conn, c => diesel::update(keys::table.find(*key)).set(row).execute(c))?;
    }
    Ok(sealed.len())
}

/// There are as many as organisations and issuers, and rotations: a few.
fn all(conn: &mut Conn) -> Result<Vec<(KeyId, String, Vec<u8>)>, DbError> {
    on!(conn, c => {
        keys::table.order(keys::id).select((keys::id, keys::sealed_by, keys::sealed)).load(c)
    })
}

/// A key as it is told: never its secret part.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Key)]
pub(crate) struct PublishedKey {
    pub(crate) id: KeyId,
    /// A Multikey (CID 1.0 §2.2.2).
    pub(crate) public: String,
    /// Whether new awards are signed with it.
    pub(crate) signs: bool,
    pub(crate) created_at: Option<String>,
    pub(crate) retired_at: Option<String>,
    pub(crate) compromised_at: Option<String>,
    pub(crate) revoked_at: Option<String>,
}

/// All keys that a node has had, the newest first.
pub(crate) fn published(conn: &mut Conn, issuer: IssuerId) -> Result<Vec<PublishedKey>, DbError> {
    type Row = (KeyId, String, Moment, Option<Moment>, Option<Moment>, Option<Moment>);
    let rows: Vec<Row> = on!(conn, c => {
        keys::table
            .filter(keys::issuer_id.eq(issuer))
            .order(keys::id.desc())
            .select((
                keys::id,
                keys::public,
                keys::created_at,
                keys::retired_at,
                keys::compromised_at,
                keys::revoked_at,
            ))
            .load(c)
    })?;
    let time = |moment: Moment| moment.timestamp().map(|time| time.to_string());
    let key = |(id, public, created, retired, compromised, revoked): Row| PublishedKey {
        id,
        public,
        signs: retired.is_none(),
        created_at: time(created),
        retired_at: retired.and_then(time),
        compromised_at: compromised.and_then(time),
        revoked_at: revoked.and_then(time),
    };
    Ok(rows.into_iter().map(key).collect())
}

/// Tells the world that a key is in wrong hands, and makes another if it was the one in use.
pub(crate) fn revoke(
    conn: &mut Conn,
    signers: &Signers,
    issuer: IssuerId,
    key: KeyId,
    since: Moment,
    now: Moment,
) -> Result<(), IssuerError> {
    let own = || keys::table.filter(keys::id.eq(key)).filter(keys::issuer_id.eq(issuer));
    let signs: Option<Option<Moment>> = on!(conn, c => own().select(keys::retired_at).first(c).optional())?;
    let retired = signs.ok_or(IssuerError::NoKey)?;
    on!(conn, c => {
        diesel::update(own())
            .set((keys::compromised_at.eq(since), keys::revoked_at.eq(now)))
            .execute(c)
    })?;
    if retired.is_none() {
        signers.make(conn, issuer, now)?;
    }
    conn.changed().map_err(IssuerError::from)
}

impl fmt::Debug for Signers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signers({:?})", self.web)
    }
}
