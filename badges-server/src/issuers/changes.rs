//! What is done to the hierarchy and its keys, by pages and programs alike: each with its right over what is named,
//! and its line in the audit log.

use super::{
    IssuerError, Kind, Node, Signers, hosted, keys,
    tree::{self, Change, NewNode},
};
use crate::{
    auth::place_of_issuer,
    clock::Moment,
    contacts::EmailAddress,
    db::{Conn, Event, Trail},
    ids::{IssuerId, KeyId},
    problem::Faults,
    rights::{Action, Actor, can},
    texts::PARAGRAPH,
};

/// Adds a node, with a key where it signs.
pub(crate) fn add(
    conn: &mut Conn,
    trail: &mut Trail,
    signers: &Signers,
    new: NewNode,
    actor: &Actor,
    now: Moment,
) -> Result<Node, IssuerError> {
    check(Some(&new.name), new.description.as_deref(), new.url.as_deref(), new.email.as_deref())?;
    permit(conn, actor, new.parent.ok_or(IssuerError::NoNode)?)?;
    let kind = new.kind;
    let node = tree::add(conn, new, now)?;
    if kind.signs() {
        signers.make(conn, node.id, now)?;
    }
    trail.note(event(&node, actor, "add_issuer", now));
    Ok(node)
}

/// Changes what a node says.
pub(crate) fn change(
    conn: &mut Conn,
    trail: &mut Trail,
    id: IssuerId,
    change: Change,
    actor: &Actor,
    now: Moment,
) -> Result<Node, IssuerError> {
    let (name, description) = (change.name.as_deref(), change.description.as_deref());
    check(name, description, change.url.as_deref(), change.email.as_deref())?;
    let emptied = change.email.as_deref() == Some("");
    let node = tree::change(conn, id, change, now)?;
    if emptied {
        keep_email(conn, &node, "email")?;
    }
    trail.note(event(&node, actor, "change_issuer", now));
    Ok(node)
}

/// Puts a node and all below it under another.
pub(crate) fn relocate(
    conn: &mut Conn,
    trail: &mut Trail,
    id: IssuerId,
    parent: IssuerId,
    actor: &Actor,
    now: Moment,
) -> Result<Node, IssuerError> {
    permit(conn, actor, parent)?;
    let node = tree::move_branch(conn, id, parent)?;
    keep_email(conn, &node, "parent")?;
    trail.note(event(&node, actor, "move_issuer", now));
    Ok(node)
}

/// Makes another key that signs from now on.
pub(crate) fn rotate(
    conn: &mut Conn,
    trail: &mut Trail,
    signers: &Signers,
    id: IssuerId,
    actor: &Actor,
    now: Moment,
) -> Result<(), IssuerError> {
    let node = tree::find(conn, id)?.ok_or(IssuerError::NoNode)?;
    if !node.kind().signs() {
        return Err(IssuerError::Unsigning);
    }
    if signers.did(id).is_none() {
        return Err(IssuerError::OwnName);
    }
    signers.make(conn, id, now)?;
    trail.note(event(&node, actor, "rotate_key", now));
    Ok(())
}

/// Tells the world that a key is in wrong hands.
pub(crate) fn revoke(
    conn: &mut Conn,
    trail: &mut Trail,
    signers: &Signers,
    (id, key): (IssuerId, KeyId),
    since: Moment,
    actor: &Actor,
    now: Moment,
) -> Result<(), IssuerError> {
    let node = tree::find(conn, id)?.ok_or(IssuerError::NoNode)?;
    if since > now {
        let mut faults = Faults::default();
        faults.note("compromised_at", "time", "lies ahead: write since when, or the present time");
        return Err(IssuerError::Fields(faults.0));
    }
    keys::revoke(conn, signers, id, key, since, now)?;
    let event = event(&node, actor, "revoke_key", now);
    trail.note(Event { detail: key.to_string(), ..event });
    Ok(())
}

/// Who puts something under a node must be able to edit there.
fn permit(conn: &mut Conn, actor: &Actor, parent: IssuerId) -> Result<(), IssuerError> {
    let place = place_of_issuer(conn, parent)?.ok_or(IssuerError::NoNode)?;
    if can(Some(actor), Action::EditHierarchy, Some(&place)) { Ok(()) } else { Err(IssuerError::NoNode) }
}

/// What is hosted stays whole: the address that its Profile names is not taken from it.
fn keep_email(conn: &mut Conn, changed: &Node, field: &str) -> Result<(), IssuerError> {
    let Some(node) = hosted::lacking_email(conn, changed)? else { return Ok(()) };
    let mut faults = Faults::default();
    let message = format!(
        "leaves {} without an e-mail address, which its badges need that are given out as hosted Open Badges 2.0: \
         write one for it, or turn that off for them",
        node.name
    );
    faults.note(field, "hosted_ob2", message);
    Err(IssuerError::Fields(faults.0))
}

fn check(
    name: Option<&str>,
    description: Option<&str>,
    url: Option<&str>,
    email: Option<&str>,
) -> Result<(), IssuerError> {
    let mut faults = Faults::default();
    if let Some(name) = name {
        faults.line("name", name);
    }
    faults.at_most("description", description.unwrap_or_default(), PARAGRAPH);
    if let Some(url) = url.filter(|url| !url.is_empty()) {
        faults.address("url", url);
    }
    if let Some(Err(error)) = email.filter(|email| !email.is_empty()).map(str::parse::<EmailAddress>) {
        faults.note("email", "email", error.to_string());
    }
    faults.none_or(IssuerError::Fields)
}

fn event(node: &Node, actor: &Actor, action: &'static str, at: Moment) -> Event {
    let (organisation, object) = (Some(node.organisation_id), node.id.to_string());
    Event { organisation, actor: actor.name_for_audit(), action, object, detail: String::new(), at }
}

/// The kind of a word, where a form names it.
pub(crate) fn kind(word: &str) -> Option<Kind> {
    [Kind::Issuer, Kind::Programme].into_iter().find(|kind| kind.name() == word)
}
