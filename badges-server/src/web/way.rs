//! The way back to a page of ours: what an address says about where to go next, and leads nowhere else.

use url::Url;

/// The longest address that is gone back to.
const LONGEST: usize = 2_000;

/// Whether a text is read as a path by every browser, and as nothing else.
pub(crate) fn is_path(text: &str) -> bool {
    let mut characters = text.chars();
    let begins = characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\'));
    begins && text.chars().all(|c| c.is_ascii_graphic() && c != '\\') && text.len() <= LONGEST
}

/// A path of this service, if that is what it is. Browsers read backslashes as slashes and leave out tabs and line
/// ends, so that none of these may stand in it.
pub(crate) fn own(origin: &str, text: &str) -> Option<String> {
    if !is_path(text) {
        return None;
    }
    let base: Url = origin.parse().ok()?;
    let read = base.join(text).ok()?;
    let same = read.origin() == base.origin() && !read.path().starts_with("//");
    // Those who are signed in are not sent to where they sign in.
    (same && !read.path().starts_with("/sign-")).then(|| text.to_owned())
}

/// A path and what is asked for besides, as part of the address of another page.
pub(crate) fn with(page: &str, name: &str, value: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let and = if page.contains('?') { '&' } else { '?' };
    format!("{page}{and}{name}={value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_back_to() {
        let to = |text: &str| own("https://badges.example.org", text);

        for good in
            ["/", "/me", "/awards?state=issued&after=awd_1", "/contacts/con_1#edit", "/badges?q=a%2Fb"]
        {
            assert_eq!(to(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "me",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r//evil.example",
            "https://evil.example",
            "https:/evil.example",
            "https:evil",
            "javascript:alert(1)",
            "data:text/html,x",
            "/a\\b",
            " /me",
            "/me ",
            "/.//evil.example",
            "/..//evil.example",
            "/%09/../\u{2028}/evil",
            "/\u{0}/evil.example",
            "http://badges.example.org/me",
            "//badges.example.org@evil.example",
            "@evil.example",
            "?next=//evil.example",
            "#//evil.example",
            "/sign-in?next=/me",
            "/sign-out",
            "/\u{ff0f}evil.example",
            "/m\u{e9}",
        ] {
            assert_eq!(to(bad), None, "{bad:?}");
        }
        assert_eq!(to(&format!("/{}", "a".repeat(LONGEST))), None);
    }
}
