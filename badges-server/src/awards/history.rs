//! What happened to an award: from the audit log and the outbox, in sentences.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{glance::minute, rows::Award, views::Step};
use crate::{
    clock::Moment,
    db::{Conn, DbError, on},
    ids::{AccountId, TokenId},
    schema::{accounts, api_tokens, audit, contacts, outbox},
    web::components::Tone,
};

/// The most lines of a history.
const MOST: i64 = 200;

/// Each thing that happened, the newest first.
pub(super) fn history(conn: &mut Conn, award: &Award) -> Result<Vec<Step>, DbError> {
    let rows: Vec<(String, String, Moment)> = on!(conn, c => {
        audit::table
            .filter(audit::object.eq(award.public_id.to_string()))
            .order((audit::sequence.desc(), audit::position.desc()))
            .limit(MOST)
            .select((audit::actor, audit::action, audit::created_at))
            .load(c)
    })?;
    let names = names(conn, rows.iter().map(|(actor, ..)| actor.as_str()))?;
    let who = |actor: &str| match actor {
        "command" => "The command".to_owned(),
        _ => names.get(actor).cloned().unwrap_or_else(|| "Somebody".to_owned()),
    };
    // A message comes of what was done at the same moment, so it stands above.
    let mut steps: Vec<(Moment, String, Tone)> = Vec::new();
    let messages: Vec<(String, Moment, Option<Moment>, Option<String>)> = on!(conn, c => {
        outbox::table
            .filter(outbox::award_id.eq(award.id))
            .order(outbox::id.desc())
            .limit(MOST)
            .select((outbox::state, outbox::created_at, outbox::done_at, outbox::last_error))
            .load(c)
    })?;
    for (state, written, done, _) in messages {
        let (words, tone, at) = match state.as_str() {
            "done" => ("The message was sent.", Tone::Neutral, done.unwrap_or(written)),
            "dead" => ("The message could not be delivered.", Tone::Negative, done.unwrap_or(written)),
            "kept" => ("The message is kept: no mail server is set up.", Tone::Caution, written),
            _ => continue,
        };
        steps.push((at, words.to_owned(), tone));
    }
    steps.extend(rows.into_iter().map(|(actor, action, at)| {
        let (words, tone) = sentence(&action);
        (at, format!("{} {words}", who(&actor)), tone)
    }));
    steps.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    Ok(steps.into_iter().map(|(at, sentence, tone)| Step { at: minute(at), sentence, tone }).collect())
}

fn sentence(action: &str) -> (&'static str, Tone) {
    match action {
        "award" => ("awarded it.", Tone::Neutral),
        "cancel_award" => ("undid it before it went out.", Tone::Neutral),
        "claim" => ("claimed it.", Tone::Positive),
        "correct_award" => ("awarded it to the right address instead.", Tone::Neutral),
        "reinstate_award" => ("reinstated it.", Tone::Positive),
        "resend_award" => ("sent the message again.", Tone::Neutral),
        "revoke_award" => ("revoked it.", Tone::Negative),
        "supersede_award" => ("put another award in its place.", Tone::Neutral),
        "suspend_award" => ("suspended it.", Tone::Caution),
        _ => ("did something else with it.", Tone::Neutral),
    }
}

/// The names of those who stand in the audit log as accounts or tokens.
pub(super) fn names<'a>(
    conn: &mut Conn,
    actors: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, String>, DbError> {
    let (mut known, mut of_tokens): (Vec<AccountId>, Vec<TokenId>) = Default::default();
    for actor in actors {
        known.extend(actor.parse::<AccountId>());
        of_tokens.extend(actor.parse::<TokenId>());
    }
    let tokens: Vec<(TokenId, AccountId)> = on!(conn, c => {
        api_tokens::table
            .filter(api_tokens::id.eq_any(&of_tokens))
            .select((api_tokens::id, api_tokens::account_id))
            .load(c)
    })?;
    known.extend(tokens.iter().map(|(_, account)| *account));
    let people: Vec<(AccountId, Option<String>)> = on!(conn, c => {
        accounts::table
            .inner_join(contacts::table.on(contacts::id.eq(accounts::contact_id)))
            .filter(accounts::id.eq_any(&known))
            .select((accounts::id, contacts::display_name))
            .load(c)
    })?;
    let mut names: HashMap<String, String> = HashMap::new();
    for (account, name) in &people {
        let Some(name) = name.as_ref().filter(|name| !name.is_empty()) else { continue };
        names.insert(account.to_string(), name.clone());
        for (token, _) in tokens.iter().filter(|(_, of)| of == account) {
            names.insert(token.to_string(), format!("A program of {name}"));
        }
    }
    Ok(names)
}
