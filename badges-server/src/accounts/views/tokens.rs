//! `/me/tokens`: keys for programs that act for a person.

use askama::Template;

use crate::{
    accounts::tokens,
    clock::Moment,
    rights::{Actor, Scope},
    web::{
        components::When,
        form::{Choice, Field, Form},
        frame::Frame,
    },
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
    /// The last day on which it works.
    pub(crate) until: Option<When>,
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

/// What an actor may hand to a program, and what it means.
pub(crate) fn scope_choices(actor: &Actor) -> Vec<Choice> {
    let handed = Scope::ALL.into_iter().filter(|scope| actor.may_hand(*scope));
    handed
        .map(|scope| {
            let (label, hint) = scope_words(scope);
            Choice::new(scope.name(), label).hint(hint)
        })
        .collect()
}

fn scope_words(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Admin => ("Everything that you may do", "Also roles, keys and the audit log."),
        Scope::AwardsBulk => ("Award many at once", "Lists of recipients, in one request."),
        Scope::AwardsRead => ("Read awards", "Who holds what, and the hierarchy."),
        Scope::AwardsWrite => ("Award badges", "One or a few at a time."),
        Scope::BadgesWrite => ("Make badges", "Drafts, versions and images."),
        Scope::ContactsRead => ("Read contacts", "People and what they hold."),
        Scope::ContactsWrite => ("Change contacts", "Names, addresses and links to other systems."),
    }
}

impl From<tokens::Token> for Token {
    fn from(token: tokens::Token) -> Self {
        let tokens::Token { id, name, scopes, created_at, used_on, expires_at } = token;
        let day = |day: i32| When::at(Moment::from_microseconds(i64::from(day) * 86_400_000_000));
        Self {
            name,
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            made: When::at(created_at),
            used: used_on.map(day),
            until: expires_at.map(When::at),
            revoke: format!("/me/tokens/{id}/end"),
        }
    }
}
