//! What each action of the audit log means: the one table, which specs/audit.md shows too.

/// A word of the log and what it says, behind a name: "gave a role".
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("add_badge", "added a badge"),
    ("add_issuer", "added a node to the hierarchy"),
    ("add_token", "made a token with the command"),
    ("award", "awarded a badge"),
    ("change_badge", "changed the settings of a badge"),
    ("change_contact", "changed a contact"),
    ("change_issuer", "changed a node of the hierarchy"),
    ("claim", "took an award into their account"),
    ("discard_message", "called a message back"),
    ("end_token", "ended a token"),
    ("found", "founded the organisation"),
    ("give_role", "gave a role"),
    ("make_token", "made a token"),
    ("mint_link", "made a link that signs another person in"),
    ("move_issuer", "moved a branch of the hierarchy"),
    ("publish_badge", "published a version of a badge"),
    ("reinstate", "reinstated an award"),
    ("retry_message", "sent a message again"),
    ("revoke", "withdrew an award"),
    ("revoke_key", "revoked a signing key"),
    ("rotate_key", "made a new signing key"),
    ("sign_in", "signed in"),
    ("suspend", "suspended an award"),
    ("take_role", "took a role away"),
];

/// The meaning of a word; the word itself where a later program wrote it.
pub(super) fn meaning(action: &str) -> String {
    let known = ACTIONS.iter().find(|(word, _)| *word == action);
    known.map_or_else(|| action.replace('_', " "), |(_, meaning)| (*meaning).to_owned())
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
