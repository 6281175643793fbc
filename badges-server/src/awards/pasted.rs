//! Recipients as people type or paste them: one a line, with or without a name.

use super::request::RecipientRequest;

/// The recipients of a text. Known are `ada@example.org`, `Ada <ada@example.org>`, and name and address in either
/// order with a comma, a semicolon or a tab between.
pub(super) fn read(text: &str) -> Vec<RecipientRequest> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(one).collect()
}

fn one(line: &str) -> RecipientRequest {
    let (name, email) = match line.strip_suffix('>').and_then(|line| line.rsplit_once('<')) {
        Some((name, email)) => (name, email),
        None => match line.split_once(['\t', ';', ',']) {
            Some((email, name)) if email.contains('@') => (name, email),
            Some((name, email)) => (name, email),
            None => ("", line),
        },
    };
    let name = name.trim().trim_matches('"').trim();
    RecipientRequest {
        email: Some(email.trim().to_owned()),
        name: (!name.is_empty()).then(|| name.to_owned()),
        ..RecipientRequest::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        let text = "ada@example.org\n\n Grace Hopper <grace@example.org>\nLeo, leo@example.org\r\n\
                    mei@example.org\tMei-Ling Chen\n\"Holm, Søren\" <soren@example.org>\nnobody";

        let read: Vec<_> =
            read(text).into_iter().map(|one| (one.name.unwrap_or_default(), one.email.unwrap())).collect();

        let expected = [
            ("", "ada@example.org"),
            ("Grace Hopper", "grace@example.org"),
            ("Leo", "leo@example.org"),
            ("Mei-Ling Chen", "mei@example.org"),
            ("Holm, Søren", "soren@example.org"),
            ("", "nobody"),
        ];
        assert_eq!(read, expected.map(|(name, email)| (name.to_owned(), email.to_owned())));
    }
}
