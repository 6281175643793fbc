//! Roles over nodes: given by those who have the rights in them, and never taken from the last owner.

use diesel::prelude::*;

use super::{AccountError, people};
use crate::{
    clock::Moment,
    contacts::{EmailAddress, identities},
    db::{Conn, DbError, Event, Trail, on},
    ids::{AccountId, IssuerId, MessageId, RoleId},
    outbox::{self, Message, Receiver, State, Template},
    rights::{Action, Actor, Place, Role, can},
    schema::{accounts, contacts, identities as identity_rows, issuers, roles},
};

/// A role that somebody has.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct Held {
    pub(crate) id: RoleId,
    pub(crate) account: AccountId,
    pub(crate) role: String,
    pub(crate) node: IssuerId,
    pub(crate) node_name: String,
    pub(crate) path: String,
    pub(crate) name: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) created_at: Moment,
}

/// What is given to whom.
pub(crate) struct Gift<'a> {
    pub(crate) email: &'a EmailAddress,
    pub(crate) name: Option<&'a str>,
    pub(crate) role: Role,
    /// What is known to be theirs too.
    pub(crate) others: &'a [EmailAddress],
    /// Whether the message about it leaves or is kept.
    pub(crate) state: State,
}

/// Which roles are asked for: those over nodes below some paths, behind one of them.
pub(crate) struct Within {
    pub(crate) organisation: IssuerId,
    pub(crate) paths: Vec<String>,
    pub(crate) after: Option<RoleId>,
}

/// Roles with whose they are and where they hold.
macro_rules! held {
    () => {
        roles::table
            .inner_join(issuers::table.on(issuers::id.eq(roles::issuer_id)))
            .inner_join(accounts::table.on(accounts::id.eq(roles::account_id)))
            .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
            .left_join(
                identity_rows::table.on(identity_rows::contact_id
                    .eq(contacts::id)
                    .and(identity_rows::is_primary)
                    .and(identity_rows::address.is_not_null())),
            )
            .order(roles::id)
            .select((
                roles::id,
                roles::account_id,
                roles::role,
                roles::issuer_id,
                issuers::name,
                issuers::path,
                contacts::display_name,
                identity_rows::address.nullable(),
                roles::created_at,
            ))
    };
}

/// The roles that were given over a node, itself alone.
pub(crate) fn over(conn: &mut Conn, node: IssuerId) -> Result<Vec<Held>, DbError> {
    on!(conn, c => held!().filter(roles::issuer_id.eq(node)).limit(1_000).load(c))
}

/// The roles over nodes below some paths.
pub(crate) fn within(conn: &mut Conn, within: &Within, limit: i64) -> Result<Vec<Held>, DbError> {
    on!(conn, c => {
        let mut nodes = issuers::table.select(issuers::id).into_boxed();
        for path in &within.paths {
            // A subtree is a range of paths: no character of one comes after the tilde.
            nodes = nodes.or_filter(issuers::path.ge(path.clone()).and(issuers::path.lt(format!("{path}~"))));
        }
        let mut query = held!()
            .filter(roles::organisation_id.eq(within.organisation))
            .filter(roles::issuer_id.eq_any(nodes))
            .limit(limit)
            .into_boxed();
        if let Some(after) = within.after {
            query = query.filter(roles::id.gt(after));
        }
        query.load(c)
    })
}

/// The roles of an account, by name, each with the name of its node.
pub(crate) fn of(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, c => {
        roles::table
            .inner_join(issuers::table.on(issuers::id.eq(roles::issuer_id)))
            .filter(roles::account_id.eq(account))
            .order(roles::id)
            .limit(100)
            .select((roles::role, issuers::name))
            .load(c)
    })
}

/// Gives a role to whoever has the address, and tells them. Each further address of their record signs in with the role,
/// and whoever looks after contacts can add one: so the giver names them all.
pub(crate) fn give(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    place: &Place,
    node: IssuerId,
    gift: &Gift<'_>,
    now: Moment,
) -> Result<RoleId, AccountError> {
    if !actor.may_pass_on(gift.role, place) {
        return Err(AccountError::Lacking(gift.role.name()));
    }
    let organisation = place.organisation;
    let (account, identity) = people::invite(conn, organisation, gift.email, gift.name, now)?;
    let (id, new) = add(conn, organisation, account, node, gift.role, Some(actor.account), now)?;
    if !new {
        return Ok(id);
    }
    let unnamed = identities::other_addresses(conn, identity)?
        .into_iter()
        .filter(|(subject, _)| !gift.others.iter().any(|named| named.subject() == subject));
    let unnamed: Vec<String> = unnamed.map(|(_, address)| address).collect();
    if !unnamed.is_empty() {
        let sees = can(Some(actor), Action::ViewContacts, Some(&actor.organisation_place()));
        return Err(AccountError::OtherAddresses(if sees { unnamed } else { Vec::new() }));
    }
    let message = Message {
        id: MessageId::new(now)?,
        organisation_id: organisation,
        receiver: Receiver::Mail.name(),
        template: Template::Role.name(),
        identity_id: Some(identity),
        award_id: None,
        claim_code_id: None,
        state: gift.state.name(),
        next_at: now,
        created_at: now,
    };
    outbox::post(conn, &[&message])?;
    trail.note(event(actor, organisation, "give_role", account, gift.role.name(), node, now));
    Ok(id)
}

/// Takes a role away.
pub(crate) fn take(
    conn: &mut Conn,
    trail: &mut Trail,
    actor: &Actor,
    place: &Place,
    node: IssuerId,
    id: RoleId,
    now: Moment,
) -> Result<(), AccountError> {
    let found: Option<(AccountId, String)> = on!(conn, c => {
        roles::table
            .find(id)
            .filter(roles::issuer_id.eq(node))
            .select((roles::account_id, roles::role))
            .first(c)
            .optional()
    })?;
    let (account, role) = found.ok_or(AccountError::Missing)?;
    let role = Role::named(&role).ok_or(AccountError::Missing)?;
    if account != actor.account && !actor.may_pass_on(role, place) {
        return Err(AccountError::Lacking(role.name()));
    }
    let gone = on!(conn, c => diesel::delete(roles::table.find(id)).execute(c))?;
    if gone == 0 {
        return Err(AccountError::Missing);
    }
    if role == Role::Owner && node == place.organisation {
        // The row guards it, whoever else goes at the same time.
        let others = issuers::table.find(node).filter(issuers::owners.gt(1));
        let counted = on!(conn, c => {
            diesel::update(others).set(issuers::owners.eq(issuers::owners - 1)).execute(c)
        })?;
        if counted == 0 {
            return Err(AccountError::LastOwner);
        }
    }
    trail.note(event(actor, place.organisation, "take_role", account, role.name(), node, now));
    Ok(())
}

/// Adds a role; once more is the same. Tells whether it is new.
pub(crate) fn add(
    conn: &mut Conn,
    organisation: IssuerId,
    account: AccountId,
    node: IssuerId,
    role: Role,
    by: Option<AccountId>,
    now: Moment,
) -> Result<(RoleId, bool), AccountError> {
    let row = (
        roles::id.eq(RoleId::new(now)?),
        roles::organisation_id.eq(organisation),
        roles::account_id.eq(account),
        roles::issuer_id.eq(node),
        roles::role.eq(role.name()),
        roles::granted_by.eq(by),
        roles::created_at.eq(now),
    );
    let added = on!(conn, c => {
        diesel::insert_into(roles::table).values(row).on_conflict_do_nothing().execute(c)
    })?;
    if added > 0 && role == Role::Owner && node == organisation {
        on!(conn, c => {
            diesel::update(issuers::table.find(node)).set(issuers::owners.eq(issuers::owners + 1)).execute(c)
        })?;
    }
    let id = on!(conn, c => {
        roles::table
            .filter(roles::account_id.eq(account))
            .filter(roles::issuer_id.eq(node))
            .filter(roles::role.eq(role.name()))
            .select(roles::id)
            .first(c)
    })?;
    Ok((id, added > 0))
}

fn event(
    actor: &Actor,
    organisation: IssuerId,
    action: &'static str,
    account: AccountId,
    role: &str,
    node: IssuerId,
    at: Moment,
) -> Event {
    Event {
        organisation: Some(organisation),
        actor: actor.name_for_audit(),
        action,
        object: account.to_string(),
        detail: format!("{role} {node}"),
        at,
    }
}
