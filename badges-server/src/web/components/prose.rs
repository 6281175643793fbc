//! Markdown that somebody wrote, as HTML that does nothing but say it.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::LazyLock,
};

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};

use crate::web::components::escapes_itself;

/// A text with paragraphs, lists, emphasis and links.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prose(String);

/// The second barrier: what no text of ours needs does not come through, whatever the first lets by.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "em",
            "h3",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "ul",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener nofollow ugc"));
    cleaner
});

impl Prose {
    /// Reads Markdown; HTML in it is shown as text.
    pub(crate) fn of(markdown: &str) -> Self {
        let events = Parser::new(markdown).map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            // The page has the headings above.
            Event::Start(Tag::Heading { id, classes, attrs, .. }) => {
                Event::Start(Tag::Heading { level: HeadingLevel::H3, id, classes, attrs })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H3)),
            event => event,
        });
        let mut written = String::new();
        html::push_html(&mut written, events);
        Self(CLEANER.clean(&written).to_string())
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

escapes_itself!(Prose);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_says_is_kept_and_what_it_would_do_is_not() {
        let check = |markdown: &str, html: &str| assert_eq!(Prose::of(markdown).to_string().trim(), html);

        check("# Do\n\n- *this*", "<h3>Do</h3>\n<ul>\n<li><em>this</em></li>\n</ul>");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("a <img src=x onerror=alert(1)>", "<p>a &lt;img src=x onerror=alert(1)&gt;</p>");
        check("[a](javascript:alert(1))", "<p><a rel=\"noopener nofollow ugc\">a</a></p>");
        check("![a](https://example.org/x.png)", "<p></p>");
        check(
            "[a](https://example.org/)",
            "<p><a href=\"https://example.org/\" rel=\"noopener nofollow ugc\">a</a></p>",
        );
    }
}
