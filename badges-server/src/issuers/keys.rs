//! Signing keys: made, sealed, opened, and kept open while they are in use.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use badges_core::key::{KeyKind, LocalSigner, SecretKey, Signer as _};
use diesel::prelude::*;
use zeroize::Zeroizing;

use super::{IssuerError, Sealer};
use crate::{
    clock::Moment,
    db::{Conn, on},
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
}

impl Signers {
    /// `host` is that of the public address, if it is https; otherwise keys stand for themselves as did:key.
    pub(crate) fn new(sealer: Sealer, host: Option<&str>) -> Self {
        let web = host.map(|host| format!("did:web:{}", host.replace(':', "%3A")));
        Self { sealer, web, open: RwLock::default() }
    }

    /// What seals the keys.
    pub(crate) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The DID of a node; none where its keys stand for themselves.
    pub(crate) fn did(&self, issuer: IssuerId) -> Option<String> {
        self.web.as_ref().map(|web| format!("{web}:issuers:{issuer}"))
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

impl fmt::Debug for Signers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signers({:?})", self.web)
    }
}
