//! Cookies of our pages: who is signed in, where they wanted to go, what was just done.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite},
};
use url::form_urlencoded;

use crate::config::Config;

/// How long a browser stays signed in that nobody uses.
pub(crate) const LASTS: Duration = Duration::from_secs(30 * 86_400);

/// How long somebody may take at a provider that they sign in with.
pub(crate) const AWAY: Duration = Duration::from_secs(15 * 60);

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jar {
    /// What was just done, for the next page to say.
    Flash,
    /// The page that somebody wanted before they signed in.
    Next,
    /// The secret of a sign-in that is on its way to a provider and back.
    Provider,
    /// Who is signed in.
    Session,
}

impl Jar {
    /// Bound to this host by https, and plainly named on the loopback address without.
    pub(crate) fn name(self, config: &Config) -> &'static str {
        match (self, config.is_https()) {
            (Self::Flash, true) => "__Host-flash",
            (Self::Flash, false) => "badges_flash",
            (Self::Next, true) => "__Host-next",
            (Self::Next, false) => "badges_next",
            (Self::Provider, true) => "__Host-provider",
            (Self::Provider, false) => "badges_provider",
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "badges_session",
        }
    }

    /// What a request brought.
    pub(crate) fn of(self, request: &HttpRequest, config: &Config) -> Option<String> {
        let brought = request.cookie(self.name(config))?.value().to_owned();
        (!brought.is_empty()).then_some(brought)
    }

    /// The cookie with this value; an empty one takes it away.
    pub(crate) fn with(self, config: &Config, value: &str) -> Cookie<'static> {
        let lasts = match self {
            _ if value.is_empty() => Duration::ZERO,
            Self::Flash => Duration::from_secs(60),
            Self::Next => Duration::from_secs(3_600),
            Self::Provider => AWAY,
            Self::Session => LASTS,
        };
        let seconds = i64::try_from(lasts.as_secs()).unwrap_or_default();
        // No sign that ends a value, behind which attributes would be read; it is read back as it was.
        let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        Cookie::build(self.name(config), value)
            .path("/")
            .http_only(true)
            .secure(config.is_https())
            .same_site(SameSite::Lax)
            .max_age(actix_web::cookie::time::Duration::seconds(seconds))
            .finish()
    }
}
