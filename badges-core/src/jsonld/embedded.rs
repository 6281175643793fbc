//! What a credential inside another says stays its own.
//!
//! The graph of a badge merges with those of the endorsements in it. Were an endorser free to say that the
//! achievement is a doctorate, the holder could write that into the achievement itself: the graph, and with it
//! the issuer's signature, would be the same. So an endorsement may only comment on what stands outside of it.

use std::collections::{HashMap, HashSet};

use super::{
    JsonLdError, Rule,
    dataset::{Dataset, Node, Quad},
};

pub(super) const RDF_TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
const ISSUER: &str = "<https://www.w3.org/2018/credentials#issuer>";

/// How the names of a comment end, which stands under several addresses by the version of the context.
const COMMENT: &str = "#endorsementComment>";

/// Types that make nothing of what bears them: what is endorsed, and the address under which the endorsement is
/// had anew, for which 1EdTech's own example takes the badge's id.
const HARMLESS: [&str; 2] = ["#EndorsementSubject>", "#1EdTechCredentialRefresh>"];

/// A credential inside another.
#[derive(Debug)]
pub(super) struct Embedded {
    pub(super) node: Node,
    /// Its first quad, and the first behind it, which links to it.
    pub(super) quads: (usize, usize),
    /// How many embedded credentials are around it.
    pub(super) depth: usize,
    pub(super) path: String,
}

/// Refuses a statement inside an embedded credential about something that is named outside, unless it is a comment.
///
/// `embedded` lists inner ones before those around them. Where the issuer endorses its own badge it may describe
/// itself and repeat what the badge says: both are its own words.
pub(super) fn check(data: &Dataset, outer: Node, embedded: &[Embedded]) -> Result<(), JsonLdError> {
    let quads = data.quads();
    let mut holders: Vec<Option<&Embedded>> = vec![None; quads.len()];
    for one in embedded {
        let own = holders.get_mut(one.quads.0..one.quads.1).unwrap_or_default();
        own.iter_mut().filter(|holder| holder.is_none()).for_each(|holder| *holder = Some(one));
    }
    let links: HashSet<usize> = embedded.iter().map(|one| one.quads.1).collect();
    let placed = || quads.iter().zip(&holders).enumerate().filter(|(_, (quad, _))| quad.graph.is_none());

    let (mut named, mut said) = (HashSet::new(), HashSet::new());
    for (at, (quad, _)) in placed().filter(|(_, (_, holder))| holder.is_none()) {
        let (subject, predicate, object) = parts(data, quad);
        named.extend(subject);
        named.extend(
            object.filter(|object| predicate != RDF_TYPE && object.starts_with('<') && !links.contains(&at)),
        );
        said.insert((subject, predicate, object));
    }
    let issuers: HashMap<_, _> = quads
        .iter()
        .filter(|quad| data.get(quad.predicate) == ISSUER)
        .map(|quad| (key(data, quad.subject), text(data, quad.object)))
        .collect();
    let issuer_of = |node: Node| issuers.get(&key(data, node)).copied().flatten();
    let issuer = issuer_of(outer);
    for (_, (quad, holder)) in placed() {
        let (Some(holder), (Some(subject), predicate, object)) = (holder, parts(data, quad)) else {
            continue;
        };
        if !named.contains(subject) || predicate.ends_with(COMMENT) {
            continue;
        }
        let repeated = object.is_some() && said.contains(&(Some(subject), predicate, object));
        let typed = predicate == RDF_TYPE
            && (object.is_some_and(|kind| HARMLESS.iter().any(|harmless| kind.ends_with(harmless)))
                || repeated && Some(subject) != text(data, outer));
        let own_words = || holder.depth == 0 && issuer.is_some() && issuer_of(holder.node) == issuer;
        if !typed && !((repeated || issuer == Some(subject)) && own_words()) {
            let name = subject.trim_matches(['<', '>']);
            let message = format!("says more about {name:?} than a comment, which belongs to its own place");
            return Err(JsonLdError::ContextRule {
                path: holder.path.clone(),
                rule: Rule::DescribedOnce,
                message,
            });
        }
    }
    Ok(())
}

/// Subject, predicate and object; none for a blank node.
fn parts<'d>(data: &'d Dataset, quad: &Quad) -> (Option<&'d str>, &'d str, Option<&'d str>) {
    (text(data, quad.subject), data.get(quad.predicate), text(data, quad.object))
}

fn text(data: &Dataset, node: Node) -> Option<&str> {
    match node {
        Node::Text(span) => Some(data.get(span)),
        Node::Blank(_) => None,
    }
}

/// What two spans of the same text, or two mentions of the same blank node, have in common.
fn key(data: &Dataset, node: Node) -> (Option<&str>, Option<u32>) {
    match node {
        Node::Text(span) => (Some(data.get(span)), None),
        Node::Blank(number) => (None, Some(number)),
    }
}
