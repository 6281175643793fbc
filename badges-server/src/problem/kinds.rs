//! Every code of a problem with what it means and what to do: the one table, which `/docs/problems` and
//! specs/problems.md show.

/// One kind of problem.
pub(crate) struct Kind {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) meaning: &'static str,
    pub(crate) remedy: &'static str,
}

const fn kind(code: &'static str, status: u16, meaning: &'static str, remedy: &'static str) -> Kind {
    Kind { code, status, meaning, remedy }
}

/// All of them.
pub(crate) const KINDS: &[Kind] = &[
    kind(
        "address_taken",
        409,
        "Another contact has this address already.",
        "Open that contact, or write another address.",
    ),
    kind(
        "already_held",
        409,
        "The badge is held once, and this person has it.",
        "Look at the award that they have; revoke it first if it was wrong. Whoever claims has it in My badges.",
    ),
    kind("archived", 409, "The badge or node is archived.", "Take it out of the archive, or choose another."),
    kind("body", 400, "The request did not arrive whole.", "Send it again."),
    kind(
        "busy",
        503,
        "More is asked at once than the service takes.",
        "Try again after the seconds in Retry-After. Nothing was done.",
    ),
    kind("claimed", 409, "The award was taken by its holder already.", "Revoke it, and award anew."),
    kind(
        "code_ended",
        410,
        "The code gives no badge: it is closed, used up, over, or was never there.",
        "Ask whoever showed it for another.",
    ),
    kind(
        "cookie",
        400,
        "A cookie cannot be set.",
        "Try again; if it stays, tell the people who run the service.",
    ),
    kind("csrf", 403, "The form is from an older page.", "Load the page again and repeat what you did."),
    kind(
        "dead_link",
        410,
        "The link was used, is too old, or is not whole.",
        "Ask for a new one on the sign-in page.",
    ),
    kind(
        "exists",
        409,
        "This is there already.",
        "Look at what is there; choose another name if you meant something else.",
    ),
    kind(
        "forbidden",
        403,
        "You have no right to do this.",
        "Ask an owner or administrator of the organisation.",
    ),
    kind(
        "foreign_origin",
        403,
        "The form was sent from another site.",
        "Open the page here and send it again.",
    ),
    kind("form", 400, "The form cannot be read.", "Send the one of the page."),
    kind(
        "full",
        507,
        "The disk under the database is full.",
        "Tell the people who run the service. What was awarded is safe.",
    ),
    kind("idempotency_key", 400, "The Idempotency-Key cannot be used.", "Send 1 to 255 characters of ASCII."),
    kind(
        "idempotency_key_in_use",
        409,
        "The same request with this Idempotency-Key is being done by another server.",
        "Send it again after the seconds in Retry-After.",
    ),
    kind(
        "idempotency_key_refused",
        422,
        "What is answered here holds a secret, and is not kept for an Idempotency-Key.",
        "Leave the header out.",
    ),
    kind(
        "idempotency_key_reused",
        422,
        "The Idempotency-Key came with another request before.",
        "Take a new key for each new request.",
    ),
    kind(
        "internal",
        500,
        "Something is wrong with the service.",
        "It was noted. If it stays, tell the people who run it.",
    ),
    kind(
        "invalid",
        422,
        "Some fields cannot be taken as they are.",
        "Look at errors: each names a field, what was found and what to do.",
    ),
    kind(
        "json",
        400,
        "The request is no JSON, or can be read in two ways.",
        "Mend it at the place that detail names.",
    ),
    kind(
        "key_holds",
        409,
        "The key is not compromised, so that what it signed holds.",
        "Revoke the key first if it is in wrong hands.",
    ),
    kind("lacking", 403, "Nobody gives or takes a right that they lack.", "Ask somebody who has it."),
    kind(
        "last_owner",
        409,
        "An organisation needs an owner, and this is the last one.",
        "Make somebody else an owner first.",
    ),
    kind(
        "limit_reached",
        409,
        "The badge was awarded as often as its limit allows.",
        "Raise the limit, or choose another badge. Whoever claims asks whoever showed them the link.",
    ),
    kind(
        "link_taken",
        409,
        "Another contact has this identifier in the other system.",
        "Remove it there first.",
    ),
    kind("list", 400, "The list of recipients cannot be read.", "Send CSV with a heading, as detail says."),
    kind(
        "media_type",
        415,
        "The content type is not the one that is read here.",
        "Send the one that detail names.",
    ),
    kind(
        "method_not_allowed",
        405,
        "The address is there, and takes other methods.",
        "Take one of those in Allow.",
    ),
    kind("no_address", 409, "The contact has no address that mail could go to.", "Add an address first."),
    kind("no_draft", 409, "The badge has no draft.", "Make one by changing its content."),
    kind(
        "no_mail_server",
        409,
        "No mail server is set up, so that messages are kept.",
        "Set smtp.url, or hand the message on by hand.",
    ),
    kind(
        "not_acceptable",
        406,
        "The picture of the badge is of another kind than the one asked for.",
        "Ask for the kind that detail names.",
    ),
    kind("not_discarded", 409, "The message has left, or was called back before.", "Nothing is left to do."),
    kind(
        "not_found",
        404,
        "There is nothing here that you may see.",
        "Look at the address; ask for the right if you know that it exists.",
    ),
    kind(
        "not_retried",
        409,
        "Only a message that failed or was kept is sent again.",
        "Wait, or look at its state.",
    ),
    kind(
        "on_its_way",
        409,
        "The message is being delivered at this moment.",
        "Wait a minute, then look again.",
    ),
    kind(
        "own_name",
        409,
        "Keys stand for themselves here (did:key): another key would be another issuer.",
        "Set a public_url with https first.",
    ),
    kind(
        "picture",
        409,
        "The picture of the badge cannot carry a credential.",
        "Give the badge a PNG or SVG picture.",
    ),
    kind(
        "prerequisite",
        409,
        "The person lacks a badge that comes first.",
        "Award that one first. Whoever claims earns it first.",
    ),
    kind(
        "query",
        400,
        "The query of the address cannot be read.",
        "Look at the names and values behind the question mark.",
    ),
    kind("revoked", 410, "The issuer revoked this badge.", "Ask the issuer; its page says when and why."),
    kind(
        "sealed",
        500,
        "A signing key cannot be opened.",
        "The operator must put the right key-encryption key in its place.",
    ),
    kind("self_award", 403, "Nobody awards a badge to themselves.", "Ask somebody else who may award it."),
    kind("stale", 412, "Somebody changed this since you read it.", "Load it again and repeat your change."),
    kind(
        "state",
        409,
        "This cannot be done to something in its state.",
        "Load it again and look at its state.",
    ),
    kind("too_large", 413, "The request is larger than the service takes.", "Send less at once."),
    kind(
        "too_many",
        429,
        "That was too often, or more than the quota of a day.",
        "Try again after the seconds in Retry-After.",
    ),
    kind("too_many_tokens", 409, "You have as many tokens as anybody may have.", "End one that is not used."),
    kind(
        "too_slow",
        408,
        "The request arrived too slowly.",
        "Send it again over a better connection, or less at once.",
    ),
    kind(
        "unauthorised",
        401,
        "Nobody is signed in, or the token does not work.",
        "Sign in, or send Authorization: Bearer with a token.",
    ),
    kind(
        "unavailable",
        503,
        "Something that the service needs does not answer.",
        "Try again after the seconds in Retry-After. Nothing was done.",
    ),
    kind("unpublished", 409, "The badge has no published version.", "Publish it first."),
    kind(
        "unsigning",
        409,
        "This node has no signing keys of its own.",
        "Choose an organisation or an issuer.",
    ),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_code_stands_in_the_specification() {
        let text = include_str!("../../../specs/problems.md");
        let written: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();

        let own = |kind: &Kind| {
            format!("| `{}` | {} | {} | {} |", kind.code, kind.status, kind.meaning, kind.remedy)
        };
        assert_eq!(written, KINDS.iter().map(own).collect::<Vec<_>>());
        assert!(KINDS.is_sorted_by_key(|kind| kind.code));
    }

    #[test]
    fn every_code_that_is_answered_is_explained() {
        let known: BTreeSet<&str> = KINDS.iter().map(|kind| kind.code).collect();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut unknown = BTreeSet::new();

        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).unwrap();
                    unknown.extend(codes(&text).into_iter().filter(|code| !known.contains(code.as_str())));
                }
            }
        }

        assert!(unknown.is_empty(), "add these to KINDS and to specs/problems.md: {unknown:?}");
    }

    /// The codes behind the calls that make a problem.
    fn codes(text: &str) -> Vec<String> {
        let text: String = text.split_whitespace().collect();
        let calls =
            ["Self::conflict(\"", "Problem::conflict(\"", "Self::bad_request(\"", "Problem::bad_request(\""];
        let mut found: Vec<&str> = calls.iter().flat_map(|call| text.split(call).skip(1)).collect();
        for call in ["Self::new(StatusCode::", "Problem::new(StatusCode::"] {
            let calls = text.split(call).skip(1).filter_map(|rest| rest.split_once(",\""));
            let named = |status: &str| status.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            found.extend(calls.filter(|(status, _)| named(status)).map(|(_, rest)| rest));
        }
        found.into_iter().filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    }
}
