//! Signing in by a link, and `/me`: what is one's own.

use askama::Template;

use crate::web::{
    components::{AwardCard, Empty, Picture, When},
    form::{Field, Form},
    frame::{Frame, Section},
    table::Paging,
};

/// `/sign-in`: an address, no password.
#[derive(Debug, Template)]
#[template(path = "accounts/sign_in.html")]
pub(crate) struct SignIn {
    /// The frame.
    pub(crate) frame: Frame,
    /// The address: [`sign_in_form`].
    pub(crate) form: Form,
    /// Where to go afterwards, within this service.
    pub(crate) next: String,
    /// Other services that may know the person.
    pub(crate) others: Vec<OtherWay>,
}

/// Another service that people sign in with.
#[derive(Clone, Debug)]
pub(crate) struct OtherWay {
    /// Its name.
    pub(crate) name: String,
    /// Where its button posts.
    pub(crate) action: String,
}

/// What is seen for a moment on the way to another service.
#[derive(Debug, Template)]
#[template(path = "accounts/onward.html")]
pub(crate) struct Onward {
    /// The frame.
    pub(crate) frame: Frame,
    /// Its name.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
}

/// The address of somebody who signs in.
pub(crate) fn sign_in_form() -> Form {
    let address =
        Field::email("email", "Your e-mail address").hint("We send a link there; there is no password.");
    Form::new("sign-in", [address.autocomplete("email").required()])
}

/// What is said after an address was given, whether it is known or not.
#[derive(Debug, Template)]
#[template(path = "accounts/link_sent.html")]
pub(crate) struct LinkSent {
    /// The frame.
    pub(crate) frame: Frame,
    /// The address.
    pub(crate) address: String,
    /// How long the link works: "15 minutes".
    pub(crate) works_for: String,
}

/// The page behind a link: a button, so that a program that opens links does nothing with them.
#[derive(Debug, Template)]
#[template(path = "accounts/confirm.html")]
pub(crate) struct Confirm {
    /// The frame.
    pub(crate) frame: Frame,
    /// The badge that it is about.
    pub(crate) picture: Option<Picture>,
    /// What happens: "Sign in as amina@example.org".
    pub(crate) heading: String,
    /// Why there is one more step.
    pub(crate) lead: String,
    /// Where the button posts.
    pub(crate) action: String,
    /// What the button says.
    pub(crate) button: &'static str,
}

/// `/me`: one's badges, and where one is signed in.
#[derive(Debug, Template)]
#[template(path = "accounts/me.html")]
pub(crate) struct Me {
    /// The frame.
    pub(crate) frame: Frame,
    /// One's name.
    pub(crate) name: String,
    /// One's awards.
    pub(crate) awards: Vec<AwardCard>,
    /// The way to further ones.
    pub(crate) paging: Paging,
    /// What one may do here.
    pub(crate) roles: Vec<OwnRole>,
    /// Where one is signed in.
    pub(crate) sessions: Vec<Session>,
    /// The page of one's tokens, for those who may have some.
    pub(crate) tokens: Option<String>,
    /// Other services that one signs in with, or may.
    pub(crate) providers: Vec<OwnProvider>,
}

/// Another service, and whether one signs in with it.
#[derive(Clone, Debug)]
pub(crate) struct OwnProvider {
    /// Its name.
    pub(crate) name: String,
    /// Whether one signs in with it.
    pub(crate) linked: bool,
    /// Where to post to change that.
    pub(crate) action: String,
}

/// A role of one's own.
#[derive(Clone, Debug)]
pub(crate) struct OwnRole {
    /// "Mentor".
    pub(crate) role: String,
    /// The name of the node.
    pub(crate) place: String,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Which browser, in words.
    pub(crate) client: String,
    /// When it was last used.
    pub(crate) seen: When,
    /// Whether it is the one in which the page is read.
    pub(crate) current: bool,
    /// Where to post to end it.
    pub(crate) end: String,
}
