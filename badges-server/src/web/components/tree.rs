//! The hierarchy as people see it: organisation, issuer, programme, badge.

use askama::Template;

use crate::web::components::{Picture, escapes_itself};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// The root.
    Organisation,
    /// Signs with a key of its own.
    Issuer,
    /// Groups badges.
    Programme,
    /// What is awarded.
    Badge,
}

impl NodeKind {
    fn word(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation",
            Self::Issuer => "Issuer",
            Self::Programme => "Programme",
            Self::Badge => "Badge",
        }
    }
}

/// One node and all under it.
#[derive(Clone, Debug, Template)]
#[template(path = "components/tree_node.html")]
pub(crate) struct Node {
    /// Its page, or where it is edited.
    pub(crate) href: String,
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: NodeKind,
    /// The picture of a badge.
    pub(crate) picture: Option<Picture>,
    /// A word at its end: "Draft", "12 awarded".
    pub(crate) note: Option<String>,
    /// Whether it is kept for the record only.
    pub(crate) archived: bool,
    /// Whether the page is about this node.
    pub(crate) current: bool,
    /// What stands under it.
    pub(crate) children: Vec<Self>,
}

impl Node {
    /// A node without anything under it.
    pub(crate) fn new(kind: NodeKind, name: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            name: name.into(),
            kind,
            picture: None,
            note: None,
            archived: false,
            current: false,
            children: Vec::new(),
        }
    }

    /// With these under it.
    pub(crate) fn with(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }
}

/// Whole trees beside each other.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<ul class="tree">{% for node in roots %}{{ node }}{% endfor %}</ul>"#, ext = "html")]
pub(crate) struct Tree {
    /// The organisations.
    pub(crate) roots: Vec<Node>,
}

escapes_itself!(Node, Tree);
