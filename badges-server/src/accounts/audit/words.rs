//! What each action of the audit log means: the one table, which specs/audit.md shows too.

use crate::{problem::sentence, web::form::Choice};

/// A word of the log and what it says, behind a name: "gave a role".
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("add_badge", "added a badge"),
    ("add_claim_code", "made a claim code"),
    ("add_issuer", "added a node to the hierarchy"),
    ("add_token", "made a token with the command"),
    ("award", "awarded a badge"),
    ("begin_batch", "began to award a list"),
    ("cancel_award", "undid an award before it was signed"),
    ("cancel_batch", "cancelled a list"),
    ("change_badge", "changed the settings of a badge"),
    ("change_contact", "changed a contact"),
    ("change_issuer", "changed a node of the hierarchy"),
    ("claim", "took an award into their account"),
    ("close_claim_code", "closed a claim code"),
    ("correct_award", "awarded to the right address instead"),
    ("discard_message", "called a message back"),
    ("draft_badge", "wrote the draft of a badge"),
    ("end_batch", "ended a list"),
    ("end_token", "ended a token"),
    ("found", "founded the organisation"),
    ("give_role", "gave a role"),
    ("issue_award", "signed an award that was due"),
    ("link_provider", "began signing in with another service"),
    ("make_token", "made a token"),
    ("mint_link", "made a link that signs another person in"),
    ("move_issuer", "moved a branch of the hierarchy"),
    ("open_claim_code", "opened a claim code again"),
    ("pause_messages", "held all messages back"),
    ("publish_badge", "published a version of a badge"),
    ("reinstate_award", "reinstated an award"),
    ("reseal_keys", "sealed the signing keys anew"),
    ("resend_award", "told the holder of an award once more"),
    ("resume_messages", "let messages go out again"),
    ("retry_message", "sent a message again"),
    ("revoke_award", "revoked an award"),
    ("revoke_key", "revoked a signing key"),
    ("rotate_key", "made a new signing key"),
    ("sign_in", "signed in"),
    ("supersede_award", "put a new award in the place of one"),
    ("suspend_award", "suspended an award"),
    ("take_role", "took a role away"),
    ("unlink_provider", "stopped signing in with another service"),
];

/// The meaning of a word; the word itself where a later program wrote it.
pub(super) fn meaning(action: &str) -> String {
    let known = ACTIONS.iter().find(|(word, _)| *word == action);
    known.map_or_else(|| action.replace('_', " "), |(_, meaning)| (*meaning).to_owned())
}

/// What a list of the log is narrowed to: everything, or one of all meanings in their order.
pub(super) fn choices() -> Vec<Choice> {
    let mut actions = ACTIONS.to_vec();
    actions.sort_by_key(|(_, meaning)| *meaning);
    let choice = |(word, meaning): (&str, &str)| Choice::new(word, sentence(meaning).trim_end_matches('.'));
    std::iter::once(Choice::new("", "Everything")).chain(actions.into_iter().map(choice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_stands_in_the_specification() {
        let text = include_str!("../../../../specs/audit.md");
        let written: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();

        let own: Vec<_> = ACTIONS.iter().map(|(word, meaning)| format!("| `{word}` | {meaning} |")).collect();

        assert_eq!(written, own);
        assert_eq!(meaning("merge_contacts"), "merge contacts");
    }
}
