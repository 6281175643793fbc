//! Status lists as the world sees them: the bits of all awards that were revoked, signed once for each change.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use badges_core::{
    issue::{self, ProofKind},
    status::{Bitstring, EntrySize, ListDraft, Purpose},
};
use diesel::prelude::*;

use super::{IssuerError, Signers};
use crate::{
    clock::Moment,
    db::{Conn, on},
    ids::{IssuerId, StatusListId},
    schema::{awards, status_lists},
};

/// For how long a copy of a list may be kept, in milliseconds; `Freshness::StatusList` says the same in seconds.
const TTL: u64 = 300_000;

/// How many signed lists are kept in memory: 3 KB each, and 20 at the most when half of all are revoked.
const KEPT: usize = 256;

/// A list as it was signed, and which version of its bits that was.
pub(crate) struct SignedList {
    pub(crate) version: i32,
    pub(crate) text: String,
}

/// Signed lists, each until the next change.
#[derive(Default)]
pub(crate) struct StatusLists(RwLock<HashMap<StatusListId, Arc<SignedList>>>);

type Row = (StatusListId, IssuerId, i32, i32, Moment);

impl StatusLists {
    /// The list at an address, signed anew only if an award was revoked or reinstated since.
    pub(crate) fn find(
        &self,
        conn: &mut Conn,
        signers: &Signers,
        base: &str,
        id: StatusListId,
        now: Moment,
    ) -> Result<Option<Arc<SignedList>>, IssuerError> {
        let row: Option<Row> = on!(conn, c => {
            status_lists::table
                .filter(status_lists::id.eq(id).or(status_lists::suspension_id.eq(id)))
                .select((
                    status_lists::id,
                    status_lists::issuer_id,
                    status_lists::size,
                    status_lists::version,
                    status_lists::changed_at,
                ))
                .first(c)
                .optional()
        })?;
        let Some((list, issuer, size, version, changed_at)) = row else { return Ok(None) };
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).map(Arc::clone);
        if let Some(kept) = kept.filter(|kept| kept.version == version) {
            return Ok(Some(kept));
        }
        let (purpose, state) =
            if id == list { (Purpose::Revocation, "revoked") } else { (Purpose::Suspension, "suspended") };
        let revoked: Vec<Option<i32>> = on!(conn, c => {
            awards::table
                .filter(awards::list_id.eq(list))
                .filter(awards::state.eq(state))
                .select(awards::list_index)
                .load(c)
        })?;
        let bits = bits(size, &revoked)?;
        let signing = signers.signing(conn, issuer)?;
        let draft = ListDraft {
            id: format!("{base}/status/{id}"),
            issuer: signers.issuer_id(&signing, issuer),
            purposes: vec![purpose],
            valid_from: changed_at.timestamp(),
            valid_until: None,
            ttl: Some(TTL),
        };
        let credential = draft.credential(&bits).map_err(|error| IssuerError::List(error.to_string()))?;
        let created = now.timestamp().ok_or_else(|| IssuerError::List("the clock is wrong".to_owned()))?;
        let text = issue::sign(&credential, ProofKind::Rdfc, created, &signing.signer, &signers.contexts)
            .map_err(|error| IssuerError::List(error.to_string()))?;
        let signed = Arc::new(SignedList { version, text });
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(id, Arc::clone(&signed));
        Ok(Some(signed))
    }
}

fn bits(size: i32, revoked: &[Option<i32>]) -> Result<Bitstring, IssuerError> {
    let wrong = |error: badges_core::status::StatusError| IssuerError::List(error.to_string());
    let one = EntrySize::new(1).ok_or_else(|| IssuerError::List("no entry of one bit".to_owned()))?;
    let mut bits = Bitstring::new(usize::try_from(size).unwrap_or_default(), one).map_err(wrong)?;
    for index in revoked.iter().flatten() {
        bits.set(u64::try_from(*index).unwrap_or_default(), one, 1).map_err(wrong)?;
    }
    Ok(bits)
}
