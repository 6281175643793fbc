//! A link of a message for the owner to hand on, where no mail arrives.

use super::{
    letter::{self, Composed},
    message::{Stored, one},
};
use crate::{
    clock::Moment,
    db::{Conn, Event, Trail},
    ids::{AwardId, MessageId},
    links,
    problem::Problem,
    rights::Actor,
    secret::Secret,
};

/// A message, and the link that was made for it, if it holds one.
pub(super) struct Minted {
    pub(super) stored: Stored,
    pub(super) award: Option<AwardId>,
    pub(super) letter: Composed,
    pub(super) link: Option<String>,
}

/// The message with a link that acts for its receiver, which is noted: whoever has it can be them.
pub(super) fn mint(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    id: MessageId,
    base: &str,
    now: Moment,
) -> Result<Minted, Problem> {
    let (stored, award) = one(conn, id)?;
    let token = Secret::new("")?;
    let letter = letter::compose(conn, &stored, base, Some(token.reveal()), now)?;
    let target = match &letter {
        Composed::Letter(letter) => letter.target,
        Composed::Void(_) => None,
    };
    if let Some(target) = target {
        links::keep(conn, &token, target, Some(actor.account), now)?;
        trail.note(Event {
            organisation: Some(stored.organisation_id),
            actor: actor.name_for_audit(),
            action: "mint_link",
            object: target.identity.to_string(),
            detail: String::new(),
            at: now,
        });
    }
    let link = target.map(|target| target.purpose.address(base, token.reveal()));
    Ok(Minted { stored, award, letter, link })
}
