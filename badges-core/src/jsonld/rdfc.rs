//! RDF Dataset Canonicalization (RDFC-1.0), with a limit to the work.

mod degree;
mod lines;

use std::cmp::Ordering;

use super::{
    Budget, HashAlgorithm, JsonLdError,
    dataset::{Dataset, Node, Quad, Span},
};
use degree::{Hash, Issuer, State};

/// The Canonicalization Algorithm (RDFC-1.0 §4.4.3).
pub(super) fn canonical(
    data: &Dataset,
    algorithm: HashAlgorithm,
    budget: &Budget,
) -> Result<String, JsonLdError> {
    Ok(serialize(data, &labels(data, algorithm, budget)?))
}

/// The number that each blank node has in the canonical form; none for one that no quad mentions.
pub(super) fn labels(
    data: &Dataset,
    algorithm: HashAlgorithm,
    budget: &Budget,
) -> Result<Vec<Option<u32>>, JsonLdError> {
    if data.blanks() <= 1 {
        // Alone it is the first, whatever its hash: so it is with most proofs.
        return Ok(vec![Some(0); data.blanks() as usize]);
    }
    let mut state = State::new(data, algorithm, budget.steps.get(), distinct(data));
    let labels = number(data, &mut state);
    // Who ran out of steps has none left, although the last one was not taken.
    budget.steps.set(if labels.is_ok() { state.steps } else { 0 });
    labels
}

fn number(data: &Dataset, state: &mut State<'_>) -> Result<Vec<Option<u32>>, JsonLdError> {
    // Step 3: the hash of each blank node's own quads.
    let mut order: Vec<(Hash, u32)> = Vec::with_capacity(data.blanks() as usize);
    for blank in 0..data.blanks() {
        if let Some(hash) = state.hash_first_degree(blank) {
            order.push((hash, blank));
        }
    }
    order.sort_unstable();
    // Step 4: who is alone with a hash is known by it.
    let groups: Vec<&[(Hash, u32)]> = order.chunk_by(|left, right| left.0 == right.0).collect();
    for group in &groups {
        if let [(_, blank)] = group {
            state.name(*blank);
        }
    }
    // Step 5: the others are told apart by what surrounds them.
    for group in groups.iter().filter(|group| group.len() > 1) {
        let mut paths: Vec<(Hash, Issuer)> = Vec::with_capacity(group.len());
        for (_, blank) in *group {
            if state.named(*blank).is_none() {
                let mut issuer = Issuer::default();
                issuer.issue(*blank);
                paths.push(state.hash_n_degree(*blank, issuer, 0)?);
            }
        }
        paths.sort_by_key(|(hash, _)| *hash);
        for blank in paths.iter().flat_map(|(_, issuer)| issuer.order()) {
            state.name(*blank);
        }
    }
    Ok((0..data.blanks()).map(|blank| state.named(blank)).collect())
}

/// The lines in code point order, each once (RDFC-1.0 §5).
pub(super) fn serialize(data: &Dataset, labels: &[Option<u32>]) -> String {
    let mut text = String::with_capacity(data.length() + 64);
    let mut ends: Vec<(u32, u32)> = Vec::with_capacity(data.quads().len());
    let mut name = |out: &mut String, blank: u32| {
        out.push_str("_:c14n");
        push_number(out, labels.get(blank as usize).copied().flatten().unwrap_or(u32::MAX));
    };
    for quad in data.quads() {
        let start = text.len() as u32;
        data.push_line(&mut text, quad, &mut name);
        ends.push((start, text.len() as u32));
    }
    lines::sort(text.as_bytes(), &mut ends);
    let line = |(start, end): (u32, u32)| text.get(start as usize..end as usize).unwrap_or_default();
    ends.dedup_by(|left, right| line(*left) == line(*right));
    let mut sorted = String::with_capacity(text.len());
    for at in ends {
        sorted.push_str(line(at));
    }
    sorted
}

/// The quads that mention blank nodes, each once: a dataset is a set.
fn distinct(data: &Dataset) -> Vec<u32> {
    let blank = |node: Node| matches!(node, Node::Blank(_));
    let mentions = |quad: &Quad| blank(quad.subject) || blank(quad.object) || quad.graph.is_some_and(blank);
    let quads = data.quads();
    let mut all: Vec<u32> =
        (0u32..).zip(quads).filter(|(_, quad)| mentions(quad)).map(|(at, _)| at).collect();
    let order = |left: &u32, right: &u32| match (quads.get(*left as usize), quads.get(*right as usize)) {
        (Some(left), Some(right)) => compare(data, left, right),
        _ => Ordering::Equal,
    };
    all.sort_unstable_by(order);
    all.dedup_by(|left, right| order(left, right) == Ordering::Equal);
    all
}

fn compare(data: &Dataset, left: &Quad, right: &Quad) -> Ordering {
    let span = |left: Span, right: Span| {
        if left == right { Ordering::Equal } else { data.get(left).cmp(data.get(right)) }
    };
    let node = |left: Node, right: Node| match (left, right) {
        (Node::Blank(left), Node::Blank(right)) => left.cmp(&right),
        (Node::Text(left), Node::Text(right)) => span(left, right),
        (Node::Blank(_), Node::Text(_)) => Ordering::Less,
        (Node::Text(_), Node::Blank(_)) => Ordering::Greater,
    };
    let graph = match (left.graph, right.graph) {
        (Some(left), Some(right)) => node(left, right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    };
    node(left.subject, right.subject)
        .then_with(|| node(left.object, right.object))
        .then_with(|| span(left.predicate, right.predicate))
        .then(graph)
}

fn push_number(out: &mut String, number: u32) {
    if let Some(rest) = number.checked_div(10).filter(|rest| *rest > 0) {
        push_number(out, rest);
    }
    out.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}
