//! Places in status lists: each server takes a block durably and gives it out; what it loses is never given again.

use std::collections::HashMap;

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::IssuerError;
use crate::{
    clock::Moment,
    db::{Conn, Db, on},
    ids::{IssuerId, StatusListId},
    random,
    schema::status_lists,
};

/// How many entries a list has: enough that an entry is one among many (Bitstring Status List §6.1).
const SIZE: i32 = 131_072;

/// How many places a server takes at first, and at most. Each time it takes twice as many as before: who gives many
/// seldom waits for more, and who is stopped loses no more than were given.
const BLOCKS: (i32, i32) = (64, 4_096);

/// A place in the lists of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusPlace {
    /// The list of revocations.
    pub(crate) list: StatusListId,
    /// The list of suspensions, with the same index.
    pub(crate) suspension: StatusListId,
    pub(crate) index: i32,
}

/// The blocks that this server holds.
#[derive(Debug)]
pub(crate) struct Places {
    blocks: Mutex<HashMap<IssuerId, Block>>,
    /// How many places it takes at first, and at most.
    sizes: (i32, i32),
}

impl Default for Places {
    fn default() -> Self {
        Self { blocks: Mutex::default(), sizes: BLOCKS }
    }
}

#[derive(Clone, Debug)]
struct Block {
    list: StatusListId,
    suspension: StatusListId,
    size: i32,
    seed: Vec<u8>,
    /// How many places were taken with it.
    taken: i32,
    next: i32,
    end: i32,
}

impl Places {
    /// For a run that gives one badge and ends: no place is lost with it.
    pub(crate) fn one_by_one() -> Self {
        Self { sizes: (1, 1), ..Self::default() }
    }

    /// A place that no other award has or will have.
    pub(crate) async fn take(
        &self,
        db: &Db,
        issuer: IssuerId,
        now: Moment,
    ) -> Result<StatusPlace, IssuerError> {
        let mut blocks = self.blocks.lock().await;
        let (first, most) = self.sizes;
        let more = blocks.get(&issuer).map_or(first, |block| most.min(block.taken * 2));
        let block = match blocks.get_mut(&issuer).filter(|block| block.next < block.end) {
            Some(block) => block,
            None => {
                let block = db.write(move |conn, _| reserve(conn, issuer, more, now)).await?;
                blocks.insert(issuer, block);
                blocks.get_mut(&issuer).ok_or(IssuerError::NoNode)?
            }
        };
        let position = block.next;
        block.next += 1;
        Ok(StatusPlace {
            list: block.list,
            suspension: block.suspension,
            index: permuted(&block.seed, block.size, position),
        })
    }
}

type Open = (StatusListId, StatusListId, i32, i32, Vec<u8>);

/// Takes the next block of the newest list, or of a new one where that is half full: the other half hides which
/// entries are in use.
fn reserve(conn: &mut Conn, issuer: IssuerId, block: i32, now: Moment) -> Result<Block, IssuerError> {
    let fits = (status_lists::taken + block).le(status_lists::size / 2);
    let list: Option<StatusListId> = on!(conn, c => {
        status_lists::table
            .filter(status_lists::issuer_id.eq(issuer))
            .filter(fits)
            .select(status_lists::id)
            .order(status_lists::id)
            .first(c)
            .optional()
    })?;
    // Another server may have taken the rest in between: then nothing is found, and a new list is opened.
    let newest: Option<Open> = on!(conn, c => {
        diesel::update(status_lists::table.filter(status_lists::id.nullable().eq(list)).filter(fits))
            .set(status_lists::taken.eq(status_lists::taken + block))
            .returning((
                status_lists::id,
                status_lists::suspension_id,
                status_lists::size,
                status_lists::taken,
                status_lists::seed,
            ))
            .get_result(c)
            .optional()
    })?;
    if let Some((list, suspension, size, taken, seed)) = newest {
        return Ok(Block { list, suspension, size, seed, taken: block, next: taken - block, end: taken });
    }
    let (list, suspension) = (StatusListId::random()?, StatusListId::random()?);
    let mut seed = vec![0; 16];
    random::fill(&mut seed)?;
    on!(conn, c => {
        diesel::insert_into(status_lists::table)
            .values((
                status_lists::id.eq(list),
                status_lists::suspension_id.eq(suspension),
                status_lists::issuer_id.eq(issuer),
                status_lists::size.eq(SIZE),
                status_lists::taken.eq(block),
                status_lists::seed.eq(&seed),
                status_lists::changed_at.eq(now),
                status_lists::created_at.eq(now),
            ))
            .execute(c)
    })?;
    Ok(Block { list, suspension, size: SIZE, seed, taken: block, next: 0, end: block })
}

/// Where a position comes to stand: a permutation by rounds of a keyed hash (a Feistel network), so that an index
/// tells nothing of when its badge was awarded.
fn permuted(seed: &[u8], size: i32, position: i32) -> i32 {
    let size = size.unsigned_abs();
    let half = size.next_power_of_two().trailing_zeros().div_ceil(2);
    let mask = (1_u32 << half) - 1;
    let mut value = position.unsigned_abs();
    // An even number of bits may reach past the list: then go on from there.
    loop {
        let (mut left, mut right) = (value >> half, value & mask);
        for round in 0..6_u8 {
            let mut hash = Sha256::new();
            hash.update(seed);
            hash.update([round]);
            hash.update(right.to_be_bytes());
            let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
            (left, right) = (right, left ^ (u32::from_be_bytes([a, b, c, d]) & mask));
        }
        value = left << half | right;
        if value < size {
            return i32::try_from(value).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_given_once_and_evenly() {
        let mut seen = vec![false; SIZE as usize];
        let mut firsts = [0_u32; 16];

        for position in 0..SIZE {
            let index = permuted(b"sixteen bytes ok", SIZE, position);
            assert!(!std::mem::replace(&mut seen[index as usize], true), "{index} twice");
            if position < SIZE / 8 {
                firsts[(index / (SIZE / 16)) as usize] += 1;
            }
        }

        // Chi-square over 16 classes, 15 degrees of freedom: 37.7 is passed by one in a thousand.
        let expected = f64::from(SIZE / 8) / 16.0;
        let chi: f64 = firsts.iter().map(|&found| (f64::from(found) - expected).powi(2) / expected).sum();
        assert!(chi < 37.7, "{chi}: {firsts:?}");
    }
}
