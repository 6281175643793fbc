//! The hashes by which blank nodes are told apart (RDFC-1.0 §4.6 to §4.8).

use std::collections::BTreeMap;

use sha2::{Digest, Sha256, Sha384};

use super::{
    super::{
        HashAlgorithm, JsonLdError,
        dataset::{Dataset, Node, Quad},
    },
    lines::{self, Line},
    push_number,
};
use crate::hex;

/// How deep Hash N-Degree Quads may call itself, for the stack's sake.
const DEPTH: u32 = 192;

/// A hash; the shorter kind is filled up with zeros.
pub(super) type Hash = [u8; 48];

/// Issues numbers in the order in which they are asked for (RDFC-1.0 §4.5).
#[derive(Clone, Debug, Default)]
pub(super) struct Issuer {
    order: Vec<u32>,
}

impl Issuer {
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    fn get(&self, blank: u32) -> Option<u32> {
        self.order.iter().position(|own| *own == blank).map(|at| at as u32)
    }

    pub(super) fn issue(&mut self, blank: u32) -> u32 {
        self.get(blank).unwrap_or_else(|| {
            self.order.push(blank);
            self.order.len() as u32 - 1
        })
    }
}

/// What the algorithm knows (RDFC-1.0 §4.3).
pub(super) struct State<'s> {
    data: &'s Dataset,
    algorithm: HashAlgorithm,
    pub(super) steps: u32,
    /// For each blank node where its quads begin in `mentions`, and at last where all end.
    starts: Vec<u32>,
    mentions: Vec<u32>,
    first: Vec<Hash>,
    names: Vec<Option<u32>>,
    count: u32,
    buffer: String,
    sorted: String,
}

impl<'s> State<'s> {
    /// `quads` are those that mention blank nodes, each once.
    pub(super) fn new(data: &'s Dataset, algorithm: HashAlgorithm, steps: u32, quads: Vec<u32>) -> Self {
        let count = data.blanks() as usize;
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(quads.len() * 2);
        for at in quads {
            let quad = data.quads().get(at as usize);
            let nodes = quad.map(|quad| [Some(quad.subject), Some(quad.object), quad.graph]);
            for node in nodes.into_iter().flatten().flatten() {
                if let Node::Blank(blank) = node {
                    pairs.push((blank, at));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = Vec::with_capacity(count + 1);
        let mut end = 0;
        for blank in 0..=data.blanks() {
            end += pairs.get(end..).unwrap_or_default().iter().take_while(|(own, _)| *own < blank).count();
            starts.push(end as u32);
        }
        let mentions = pairs.into_iter().map(|(_, at)| at).collect();
        let (first, names) = (vec![[0; 48]; count], vec![None; count]);
        Self {
            data,
            algorithm,
            steps,
            starts,
            mentions,
            first,
            names,
            count: 0,
            buffer: String::new(),
            sorted: String::new(),
        }
    }

    pub(super) fn named(&self, blank: u32) -> Option<u32> {
        self.names.get(blank as usize).copied().flatten()
    }

    pub(super) fn name(&mut self, blank: u32) {
        if let Some(name @ None) = self.names.get_mut(blank as usize) {
            *name = Some(self.count);
            self.count += 1;
        }
    }

    fn quads(&self, blank: u32) -> impl Iterator<Item = &'s Quad> + use<'s, '_> {
        let at = |at: u32| self.starts.get(at as usize).map_or(0, |start| *start as usize);
        let own = self.mentions.get(at(blank)..at(blank + 1)).unwrap_or_default();
        let data = self.data;
        own.iter().filter_map(move |at| data.quads().get(*at as usize))
    }

    /// Hash First Degree Quads (RDFC-1.0 §4.6); none for a blank node without quads.
    pub(super) fn hash_first_degree(&mut self, blank: u32) -> Option<Hash> {
        let mut text = std::mem::take(&mut self.buffer);
        text.clear();
        let mut ends: Vec<Line> = Vec::with_capacity(8);
        for quad in self.quads(blank) {
            let start = text.len() as u32;
            let mut name =
                |out: &mut String, own: u32| out.push_str(if own == blank { "_:a" } else { "_:z" });
            self.data.push_line(&mut text, quad, &mut name);
            ends.push((start, text.len() as u32));
        }
        lines::sort(text.as_bytes(), &mut ends);
        // One long piece is hashed sooner than many short ones.
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        for (start, end) in &ends {
            sorted.push_str(text.get(*start as usize..*end as usize).unwrap_or_default());
        }
        let hash = (!ends.is_empty()).then(|| self.digest(&sorted));
        self.sorted = sorted;
        if let (Some(hash), Some(own)) = (hash, self.first.get_mut(blank as usize)) {
            *own = hash;
        }
        self.buffer = text;
        hash
    }

    /// Hash Related Blank Node (RDFC-1.0 §4.7).
    fn hash_related(&self, related: u32, quad: &Quad, issuer: &Issuer, position: &str) -> Hash {
        let mut text = String::with_capacity(192);
        text.push_str(position);
        if position != "g" {
            text.push_str(self.data.get(quad.predicate));
        }
        if !self.push_identifier(&mut text, related, issuer) {
            self.push_hex(&mut text, self.first.get(related as usize).unwrap_or(&[0; 48]));
        }
        self.digest(&text)
    }

    /// Appends the identifier of a blank node, if it has one; says whether it has.
    fn push_identifier(&self, out: &mut String, blank: u32, issuer: &Issuer) -> bool {
        let (prefix, number) = match (self.named(blank), issuer.get(blank)) {
            (Some(number), _) => ("_:c14n", number),
            (None, Some(number)) => ("_:b", number),
            (None, None) => return false,
        };
        out.push_str(prefix);
        push_number(out, number);
        true
    }

    /// Hash N-Degree Quads (RDFC-1.0 §4.8).
    pub(super) fn hash_n_degree(
        &mut self,
        blank: u32,
        mut issuer: Issuer,
        depth: u32,
    ) -> Result<(Hash, Issuer), JsonLdError> {
        if depth > DEPTH {
            return Err(JsonLdError::TooComplex);
        }
        // Step 3. A node related by several quads stands in the list several times, as in the reference
        // implementations; the specification's words leave it open.
        let mut groups: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
        let mut work = 0;
        for quad in self.quads(blank) {
            let nodes = [(Some(quad.subject), "s"), (Some(quad.object), "o"), (quad.graph, "g")];
            for (node, position) in nodes {
                if let Some(Node::Blank(related)) = node
                    && related != blank
                {
                    // Enough is checked below; this keeps a single crowded node from doing it all first.
                    work += 1 + issuer.order.len() as u32 / 64;
                    if work > self.steps {
                        return Err(JsonLdError::TooComplex);
                    }
                    let hash = self.hash_related(related, quad, &issuer, position);
                    groups.entry(hash).or_default().push(related);
                }
            }
        }
        self.spend(work + 1)?;
        let mut text = String::new();
        for (hash, mut related) in groups {
            self.push_hex(&mut text, &hash);
            let (path, chosen) = self.shortest_path(&mut related, &issuer, depth)?;
            text.push_str(&path);
            issuer = chosen;
        }
        Ok((self.digest(&text), issuer))
    }

    /// Steps 5.2 to 5.6: the least path among all orders of the related nodes.
    fn shortest_path(
        &mut self,
        related: &mut [u32],
        issuer: &Issuer,
        depth: u32,
    ) -> Result<(String, Issuer), JsonLdError> {
        related.sort_unstable();
        let mut chosen: Option<(String, Issuer)> = None;
        loop {
            self.spend((1 + related.len() as u32) * (1 + issuer.order.len() as u32 / 64))?;
            let found = self.path(related, issuer, depth, chosen.as_ref().map(|(path, _)| path.as_str()))?;
            if found.is_some() {
                chosen = found;
            }
            if !next_order(related) {
                return Ok(chosen.unwrap_or_default());
            }
        }
    }

    /// The path for one order; none if it is not less than `least`.
    fn path(
        &mut self,
        order: &[u32],
        issuer: &Issuer,
        depth: u32,
        least: Option<&str>,
    ) -> Result<Option<(String, Issuer)>, JsonLdError> {
        let beaten = |path: &str| least.is_some_and(|least| path.len() >= least.len() && path > least);
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut further = Vec::new();
        for related in order {
            if self.named(*related).is_none() && issuer.get(*related).is_none() {
                further.push(*related);
                issuer.issue(*related);
            }
            self.push_identifier(&mut path, *related, &issuer);
            if beaten(&path) {
                return Ok(None);
            }
        }
        for related in further {
            let (hash, found) = self.hash_n_degree(related, issuer.clone(), depth + 1)?;
            self.push_identifier(&mut path, related, &issuer);
            path.push('<');
            self.push_hex(&mut path, &hash);
            path.push('>');
            issuer = found;
            if beaten(&path) {
                return Ok(None);
            }
        }
        Ok(least.is_none_or(|least| path.as_str() < least).then_some((path, issuer)))
    }

    fn spend(&mut self, steps: u32) -> Result<(), JsonLdError> {
        self.steps = self.steps.checked_sub(steps).ok_or(JsonLdError::TooComplex)?;
        Ok(())
    }

    fn digest(&self, text: &str) -> Hash {
        let mut hash = [0; 48];
        match self.algorithm {
            HashAlgorithm::Sha256 => {
                hash.iter_mut().zip(Sha256::digest(text)).for_each(|(own, byte)| *own = byte);
            }
            HashAlgorithm::Sha384 => {
                hash.iter_mut().zip(Sha384::digest(text)).for_each(|(own, byte)| *own = byte);
            }
        }
        hash
    }

    fn push_hex(&self, out: &mut String, hash: &Hash) {
        let length = match self.algorithm {
            HashAlgorithm::Sha256 => 32,
            HashAlgorithm::Sha384 => 48,
        };
        hex::push(out, hash.get(..length).unwrap_or_default());
    }
}

/// Goes on to the next order of the items, the last being the falling one; says whether there was one.
fn next_order(items: &mut [u32]) -> bool {
    let Some(turn) = items.windows(2).rposition(|pair| matches!(pair, [left, right] if left < right)) else {
        return false;
    };
    let Some((head, tail)) = items.split_at_mut_checked(turn + 1) else { return false };
    let Some(pivot) = head.last_mut() else { return false };
    if let Some(swap) = tail.iter_mut().rev().find(|item| **item > *pivot) {
        std::mem::swap(pivot, swap);
    }
    tail.reverse();
    true
}
