//! What the world is told of a node: a Profile (OB 3.0 §B.1.17). A node that does not say something says what the
//! one above it says.

use serde::Serialize;

use super::tree::Node;
use crate::ids::IssuerId;

/// A Profile as it stands in credentials and at its own address.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Profile {
    pub(crate) id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
}

/// An Image (OB 3.0 §B.1.13).
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Image {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) caption: Option<String>,
}

impl Profile {
    /// Of the last node of a line, which starts at the root. `id` is its DID, or its address.
    pub(crate) fn of(line: &[Node], id: String, base: &str) -> Self {
        let last = line.last();
        let said =
            |member: fn(&Node) -> &Option<String>| line.iter().rev().find_map(|node| member(node).clone());
        Self {
            id,
            kind: ["Profile"],
            name: last.map(|node| node.name.clone()).unwrap_or_default(),
            url: said(|node| &node.url),
            description: said(|node| &node.description),
            email: said(|node| &node.email),
            image: said(|node| &node.image_hash).map(|hash| Image::new(base, &hash, None)),
        }
    }
}

impl Image {
    /// At the address of its content.
    pub(crate) fn new(base: &str, hash: &str, caption: Option<String>) -> Self {
        Self { id: format!("{base}/images/{hash}"), kind: "Image", caption }
    }
}

/// The address of a node, which holds no slug and no place in the tree.
pub(crate) fn address(base: &str, id: IssuerId) -> String {
    format!("{base}/issuers/{id}")
}
