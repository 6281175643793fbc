//! `/me/tokens`: keys for programs that act for a person.

use askama::Template;

use crate::web::{
    components::{Empty, When},
    form::{Choice, Field, Form},
    frame::Frame,
};

/// One's tokens.
#[derive(Debug, Template)]
#[template(path = "accounts/tokens.html")]
pub(crate) struct Tokens {
    /// The frame.
    pub(crate) frame: Frame,
    /// Makes one: [`token_form`].
    pub(crate) form: Form,
    /// The token that was just made: it is shown once, since only its hash is kept.
    pub(crate) made: Option<String>,
    /// The tokens there are.
    pub(crate) tokens: Vec<Token>,
}

/// One token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// What it is for.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) scopes: Vec<String>,
    /// When it was made.
    pub(crate) made: When,
    /// When it was last used.
    pub(crate) used: Option<When>,
    /// Where to post to end it.
    pub(crate) revoke: String,
}

/// What a token is for and may do. `scopes` are those that the reader may give.
pub(crate) fn token_form(scopes: Vec<Choice>) -> Form {
    let name =
        Field::text("name", "What is it for").hint("The name of the program that will use it.").required();
    let ticks = scopes.into_iter().map(|scope| {
        let field = Field::tick(format!("scope-{}", scope.value), scope.label);
        match scope.hint {
            Some(hint) => field.hint(hint),
            None => field,
        }
    });
    Form::new("token", std::iter::once(name).chain(ticks).chain([Field::date("expires", "Last day")]))
}
