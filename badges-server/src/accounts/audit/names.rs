//! What the identifiers in the log are called: one query for each kind, however many entries there are.

use std::collections::HashMap;

use diesel::prelude::*;

use super::log::Entry;
use crate::{
    db::{Conn, DbError, on},
    ids::{AccountId, AwardId, BadgeId, ContactId, IdentityId, IssuerId, TokenId},
    schema::{accounts, api_tokens, awards, badge_versions, badges, contacts, identities, issuers},
    web::components::Link,
};

/// Names and pages, by identifier.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, Link>);

impl Names {
    /// Those of a part of the log.
    pub(super) fn of(conn: &mut Conn, entries: &[Entry]) -> Result<Self, DbError> {
        let ids: Vec<&str> =
            entries.iter().flat_map(|entry| [entry.actor.as_str(), entry.object.as_str()]).collect();
        let mut names = Self::default();
        names.people(conn, &ids)?;
        names.addresses(conn, &ids)?;
        names.tokens(conn, &ids)?;
        names.awards(conn, &ids)?;
        names.badges(conn, &ids)?;
        names.nodes(conn, &ids)?;
        Ok(names)
    }

    /// Who did it.
    pub(super) fn actor(&self, id: &str) -> String {
        match id {
            "command" => "The command".to_owned(),
            "service" => "The service".to_owned(),
            _ => self.0.get(id).map_or_else(|| id.to_owned(), |link| link.name.clone()),
        }
    }

    /// To what it was done.
    pub(super) fn object(&self, id: &str) -> Link {
        if let Some(known) = self.0.get(id) {
            return known.clone();
        }
        let page = if id.starts_with("msg_") {
            format!("/outbox/{id}")
        } else {
            crate::web::way::with("/audit", "object", id)
        };
        let name = if id.starts_with("msg_") { "A message".to_owned() } else { id.to_owned() };
        Link::new(name, page)
    }

    fn people(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<AccountId> = parsed(ids);
        let found: Vec<(AccountId, ContactId, Option<String>)> = on!(conn, c => {
            accounts::table
                .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
                .filter(accounts::id.eq_any(&wanted))
                .select((accounts::id, contacts::id, contacts::display_name))
                .load(c)
        })?;
        for (account, contact, name) in found {
            self.add(account, called(name, "Somebody without a name"), format!("/contacts/{contact}"));
        }
        let wanted: Vec<ContactId> = parsed(ids);
        let found: Vec<(ContactId, Option<String>)> = on!(conn, c => {
            contacts::table
                .filter(contacts::id.eq_any(&wanted))
                .select((contacts::id, contacts::display_name))
                .load(c)
        })?;
        for (contact, name) in found {
            self.add(contact, called(name, "Somebody without a name"), format!("/contacts/{contact}"));
        }
        Ok(())
    }

    fn addresses(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<IdentityId> = parsed(ids);
        let found: Vec<(IdentityId, ContactId, Option<String>)> = on!(conn, c => {
            identities::table
                .inner_join(contacts::table.on(contacts::id.eq(identities::contact_id)))
                .filter(identities::id.eq_any(&wanted))
                .select((identities::id, contacts::id, contacts::display_name))
                .load(c)
        })?;
        for (identity, contact, name) in found {
            self.add(identity, called(name, "Somebody without a name"), format!("/contacts/{contact}"));
        }
        Ok(())
    }

    fn tokens(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<TokenId> = parsed(ids);
        let found: Vec<(TokenId, String, ContactId, Option<String>)> = on!(conn, c => {
            api_tokens::table
                .inner_join(accounts::table.on(accounts::id.eq(api_tokens::account_id)))
                .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
                .filter(api_tokens::id.eq_any(&wanted))
                .select((api_tokens::id, api_tokens::name, contacts::id, contacts::display_name))
                .load(c)
        })?;
        for (token, name, contact, owner) in found {
            let owner = called(owner, "Somebody");
            self.add(token, format!("{owner}, by the token “{name}”"), format!("/contacts/{contact}"));
        }
        Ok(())
    }

    fn awards(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<AwardId> = parsed(ids);
        let found: Vec<(AwardId, String, Option<String>)> = on!(conn, c => {
            awards::table
                .inner_join(
                    badge_versions::table.on(badge_versions::badge_id
                        .eq(awards::badge_id)
                        .and(badge_versions::number.eq(awards::badge_version))),
                )
                .inner_join(contacts::table.on(contacts::id.eq(awards::contact_id)))
                .filter(awards::public_id.eq_any(&wanted))
                .select((awards::public_id, badge_versions::name, contacts::display_name))
                .load(c)
        })?;
        for (award, badge, holder) in found {
            let name = match holder.filter(|holder| !holder.is_empty()) {
                Some(holder) => format!("{badge} for {holder}"),
                None => badge,
            };
            self.add(award, name, format!("/awards/{award}"));
        }
        Ok(())
    }

    fn badges(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<BadgeId> = parsed(ids);
        let found: Vec<(BadgeId, String, String)> = on!(conn, c => {
            badges::table
                .inner_join(badge_versions::table.on(badge_versions::badge_id.eq(badges::id)))
                .filter(badges::id.eq_any(&wanted))
                .order(badge_versions::number)
                .select((badges::id, badges::slug, badge_versions::name))
                .load(c)
        })?;
        // The last version gives the name.
        for (badge, slug, name) in found {
            self.add(badge, name, format!("/badges/{slug}"));
        }
        Ok(())
    }

    fn nodes(&mut self, conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
        let wanted: Vec<IssuerId> = parsed(ids);
        let found: Vec<(IssuerId, String, String)> = on!(conn, c => {
            issuers::table
                .filter(issuers::id.eq_any(&wanted))
                .select((issuers::id, issuers::slug, issuers::name))
                .load(c)
        })?;
        for (node, slug, name) in found {
            self.add(node, name, format!("/issuers/{slug}"));
        }
        Ok(())
    }

    fn add(&mut self, id: impl std::fmt::Display, name: String, page: String) {
        self.0.insert(id.to_string(), Link::new(name, page));
    }
}

fn parsed<T: std::str::FromStr>(ids: &[&str]) -> Vec<T> {
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

fn called(name: Option<String>, otherwise: &str) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}
