//! The pages of the hierarchy: one issuer or programme, the editor of the tree, the keys.

use askama::Template;

use crate::{
    images,
    web::{
        components::{BadgeCard, Empty, Link, Picture, Pill, Tone, Tree, When},
        form::{Choice, ErrorSummary, Field, Form, summary_of},
        frame::Frame,
    },
};

/// `/issuers/{slug}`: an organisation, issuer or programme, and what it awards.
#[derive(Debug, Template)]
#[template(path = "issuers/issuer.html")]
pub(crate) struct IssuerPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Its name.
    pub(crate) name: String,
    /// "Organisation", "Issuer", "Programme".
    pub(crate) kind: String,
    /// What it does.
    pub(crate) description: Option<String>,
    /// Its sign.
    pub(crate) picture: Option<Picture>,
    /// Its own place on the web.
    pub(crate) site: Option<Link>,
    /// By which name its badges are signed, such as its DID.
    pub(crate) signs_as: Option<String>,
    /// What stands under it.
    pub(crate) programmes: Vec<Link>,
    /// What it awards.
    pub(crate) badges: Vec<BadgeCard>,
    /// Where it is edited, for those who may.
    pub(crate) edit: Option<String>,
    /// Whether it is kept for the record only.
    pub(crate) archived: bool,
}

/// `/hierarchy`: the tree, and beside it the node that is being worked on.
#[derive(Debug, Template)]
#[template(path = "issuers/hierarchy.html")]
pub(crate) struct Hierarchy {
    /// The frame.
    pub(crate) frame: Frame,
    /// Everything that the reader may see; each node leads to this page with itself chosen.
    pub(crate) tree: Tree,
    /// The node that is being worked on.
    pub(crate) chosen: Option<ChosenNode>,
}

/// The node that is being worked on.
#[derive(Debug)]
pub(crate) struct ChosenNode {
    /// Its name.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
    /// The stem of the addresses to which the forms post: `/hierarchy/iss_…`.
    pub(crate) action: String,
    /// Its name and words: [`node_form`].
    pub(crate) edit: Form,
    /// Its sign: its own, or that of a node above.
    pub(crate) picture: Option<Picture>,
    /// The hash of a picture that was uploaded while something else was wrong.
    pub(crate) kept: Option<String>,
    /// Something new under it: [`child_form`].
    pub(crate) add: Form,
    /// Where else it can stand: [`move_form`]; none for an organisation.
    pub(crate) relocate: Option<Form>,
    /// Where a badge is made under it.
    pub(crate) new_badge: Option<String>,
    /// Its keys.
    pub(crate) keys: Option<String>,
    /// Whether it is kept for the record only.
    pub(crate) archived: bool,
    /// Whether it or something above it is, so that nothing new comes under it.
    pub(crate) closed: bool,
}

impl ChosenNode {
    fn summary(&self) -> ErrorSummary<'_> {
        summary_of([&self.edit, &self.add].into_iter().chain(&self.relocate))
    }
}

/// Name, address, words and sign of a node. `inherited` is what stands for description, site and address where the
/// node says nothing itself: who says it, and what. `own_picture` tells whether it has a sign of its own.
pub(crate) fn node_form(inherited: [Option<(String, String)>; 3], own_picture: bool) -> Form {
    let [description, url, email] = inherited.map(|from| match from {
        Some((who, what)) => {
            let short: String = what.chars().take(120).collect();
            format!("Empty takes what {who} says: {short}")
        }
        None => "Nothing above says it either.".to_owned(),
    });
    let mut form = Form::new(
        "node",
        [
            Field::text("name", "Name").required(),
            Field::text("slug", "Address")
                .hint("The last part of its page. Old addresses keep working.")
                .required(),
            Field::lines("description", "What it does", 3).hint(description),
            Field::url("url", "Its own site").hint(url),
            Field::email("email", "Address for questions").hint(email),
            Field::file("image", "Picture", images::FILES).hint(
                "Its sign: PNG or SVG, square, up to 1 MB. Without one it shows that of what stands above it.",
            ),
        ],
    );
    if own_picture {
        form.add("node", Field::tick("no_image", "Take its own picture away"));
    }
    form
}

/// Something new under a node.
pub(crate) fn child_form() -> Form {
    let kinds = vec![
        Choice::new("programme", "Programme")
            .hint("Groups badges; its badges are signed by the issuer above."),
        Choice::new("issuer", "Issuer").hint("Signs with a key and a name of its own."),
    ];
    Form::new(
        "child",
        [
            Field::text("name", "Name").required(),
            Field::one_of("kind", "What is it", kinds).holding("programme"),
        ],
    )
}

/// Where else a node can stand, as id and name.
pub(crate) fn move_form(places: Vec<Choice>) -> Form {
    Form::new("move", [Field::list("parent", "Move it under", places).required()])
}

/// `/keys`: the keys of those that sign.
#[derive(Debug, Template)]
#[template(path = "issuers/keys.html")]
pub(crate) struct Keys {
    /// The frame.
    pub(crate) frame: Frame,
    /// Each issuer and its keys.
    pub(crate) issuers: Vec<IssuerKeys>,
}

/// One issuer and its keys, newest first.
#[derive(Clone, Debug)]
pub(crate) struct IssuerKeys {
    /// Its name and page.
    pub(crate) issuer: Link,
    /// By which name it signs.
    pub(crate) signs_as: String,
    /// Where to post to make a new key; none where keys stand for themselves.
    pub(crate) rotate: Option<String>,
    /// Its keys.
    pub(crate) keys: Vec<Key>,
}

/// One key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// Its public part.
    pub(crate) public: String,
    /// When it was made.
    pub(crate) made: When,
    /// How it stands.
    pub(crate) state: KeyState,
    /// From when on it is not to be trusted.
    pub(crate) since: Option<When>,
    /// Where to post that it fell into other hands.
    pub(crate) compromise: String,
    /// A date that was typed there, and what is wrong with it.
    pub(crate) wrong: Option<(String, String)>,
    /// How many awards that it signed still stand.
    pub(crate) standing: u64,
    /// Where to post to award those anew.
    pub(crate) reissue: Option<String>,
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyState {
    /// It signs.
    Signing,
    /// It signs no more; what it signed holds.
    Retired,
    /// It fell into other hands; others refuse what it signed.
    Compromised,
}

impl KeyState {
    fn pill(self) -> Pill {
        match self {
            Self::Signing => Pill::new(Tone::Positive, "Signs"),
            Self::Retired => Pill::new(Tone::Neutral, "Retired"),
            Self::Compromised => Pill::new(Tone::Negative, "Compromised"),
        }
    }
}
