//! Who asks, and whether they may: the guard before every handler.

mod actor;
mod cookies;
mod guard;
mod place;
pub(crate) mod tokens;
mod uses;

use std::{future, rc::Rc};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};

pub(crate) use self::{
    actor::{Credentials, Visitors, actor, holds_rights, visitors},
    cookies::{AWAY, Jar, LASTS},
    guard::{Above, mount, nowhere},
    place::{badge_named, issuer_named, of_badge as place_of_badge, of_issuer as place_of_issuer, place},
    uses::Uses,
};
use crate::{
    ids::{BadgeId, IssuerId},
    problem::Problem,
    rights::{Action, Actor, Place, can},
};

/// What the guard found: who asks, for what. A handler that takes it cannot be reached around the guard.
#[derive(Clone, Debug)]
pub(crate) struct Access(Rc<Granted>);

#[derive(Debug)]
struct Granted {
    actor: Option<Actor>,
    action: Action,
    place: Option<Place>,
    csrf: Option<String>,
    flash: Option<String>,
}

impl Access {
    /// Who asks, where the action is not everybody's.
    pub(crate) fn actor(&self) -> Result<&Actor, Problem> {
        self.0.actor.as_ref().ok_or_else(Problem::unauthorised)
    }

    /// Who asks, if anybody is signed in.
    pub(crate) fn visitor(&self) -> Option<&Actor> {
        self.0.actor.as_ref()
    }

    /// Where the object of the path stands.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The badge of the path, named by its slug or its identifier.
    pub(crate) fn badge(&self) -> Result<BadgeId, Problem> {
        self.place().and_then(|place| place.badge).map(|(badge, _)| badge).ok_or_else(Problem::not_found)
    }

    /// The node of the path, named by its slug or its identifier.
    pub(crate) fn node(&self) -> Result<IssuerId, Problem> {
        let last = self.place().and_then(|place| place.path.trim_end_matches('/').rsplit('/').next());
        last.and_then(|id| id.parse().ok()).ok_or_else(Problem::not_found)
    }

    /// Asks for the right of this route over something that the request names.
    pub(crate) fn permit(&self, place: &Place) -> Result<(), Problem> {
        self.permit_also(self.0.action, place)
    }

    /// As [`Self::permit`] over what was looked for: what is not there is refused like what is another's.
    pub(crate) fn permit_found(&self, place: Option<Place>) -> Result<Place, Problem> {
        let place = place.ok_or_else(Problem::not_found)?;
        self.permit(&place)?;
        Ok(place)
    }

    /// Asks for another right as well.
    pub(crate) fn permit_also(&self, action: Action, place: &Place) -> Result<(), Problem> {
        if can(self.visitor(), action, Some(place)) { Ok(()) } else { Err(denied(self.visitor(), place)) }
    }

    /// What forms must bring back.
    pub(crate) fn csrf(&self) -> Option<&str> {
        self.0.csrf.as_deref()
    }

    /// What was just done, as the page before wrote it into a cookie.
    pub(crate) fn flash(&self) -> Option<&str> {
        self.0.flash.as_deref()
    }
}

/// Members of the organisation learn that they lack a right; others do not learn that there is anything.
fn denied(actor: Option<&Actor>, place: &Place) -> Problem {
    match actor {
        None => Problem::unauthorised(),
        Some(actor) if actor.organisation == place.organisation && !actor.roles.is_empty() => {
            Problem::forbidden()
        }
        Some(_) => Problem::not_found(),
    }
}

impl FromRequest for Access {
    type Error = Problem;
    type Future = future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        future::ready(request.extensions().get::<Self>().cloned().ok_or_else(Problem::unauthorised))
    }
}
