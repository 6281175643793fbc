//! Markdown that somebody wrote, as HTML that does nothing but say it.

use std::fmt;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd, html};
use url::Url;

use crate::web::components::escapes_itself;

/// A text with paragraphs, lists, emphasis and links.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prose(String);

impl Prose {
    /// Reads Markdown; HTML in it is shown as text, and a picture as what it shows in words.
    pub(crate) fn of(markdown: &str) -> Self {
        // Whether each open link leads anywhere.
        let mut links = Vec::new();
        let events = Parser::new(markdown).filter_map(|event| said(event, &mut links));
        let mut written = String::new();
        html::push_html(&mut written, events);
        Self(written)
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What comes of one part. By name: a part that is not here leaves nothing but its text, so that no markup gets through
/// that is not written here or by the writer for one of these.
fn said<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) | Event::Text(text) => Event::Text(text),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let link = opening(&dest_url);
            links.push(link.is_some());
            Event::InlineHtml(link?.into())
        }
        Event::End(TagEnd::Link) => {
            let leads = links.pop().unwrap_or_default();
            Event::InlineHtml(leads.then_some("</a>")?.into())
        }
        // The page has the headings above.
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Heading {
            level: HeadingLevel::H3,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H3)),
        // Without the language that somebody named.
        Event::Start(Tag::CodeBlock(_)) => Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
        Event::Start(
            Tag::Paragraph | Tag::BlockQuote(None) | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong,
        )
        | Event::End(
            TagEnd::Paragraph
            | TagEnd::BlockQuote(None)
            | TagEnd::CodeBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong,
        )
        | Event::Code(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule => event,
        _ => return None,
    })
}

/// The start of a link to a page or an address of mail; none to anything else.
fn opening(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return None;
    }
    let mut quoted = String::new();
    for sign in url.as_str().chars() {
        match sign {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            sign => quoted.push(sign),
        }
    }
    Some(format!("<a href=\"{quoted}\" rel=\"noopener nofollow ugc\">"))
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

    fn check(markdown: &str, html: &str) {
        assert_eq!(Prose::of(markdown).to_string().trim(), html, "{markdown}");
    }

    #[test]
    fn what_markdown_says_is_kept_and_what_it_would_do_is_not() {
        check("# Do\n\n- *this*", "<h3>Do</h3>\n<ul>\n<li><em>this</em></li>\n</ul>");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("a <img src=x onerror=alert(1)>", "<p>a &lt;img src=x onerror=alert(1)&gt;</p>");
        check("[a](javascript:alert(1))", "<p>a</p>");
        check("![a](https://example.org/x.png)", "<p>a</p>");
        check(
            "[a](https://example.org/)",
            "<p><a href=\"https://example.org/\" rel=\"noopener nofollow ugc\">a</a></p>",
        );
        check("```js\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>");
        check("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>");
    }

    #[test]
    fn nothing_gets_out_of_a_link() {
        for hostile in [
            "[a](JaVaScRiPt:alert(1))",
            "[a](java&#x0a;script:alert(1))",
            "[a](&#106;avascript:alert(1))",
            "[a](<javascript:alert(1)>)",
            "[a](data:text/html,<script>)",
            "[a](vbscript:x)",
            "[a](//a.example)",
            "[a](/award)",
            "[a]: javascript:x\n\n[a]",
            "![a](javascript:x)",
            "[![a](b)](javascript:x)",
            "![a [b](javascript:x)](c)",
        ] {
            let html = Prose::of(hostile).to_string();
            assert!(
                !html.contains("<a") && !html.contains("</a>") && !html.contains("<img"),
                "{hostile}: {html}"
            );
        }
        check("<javascript:x>", "<p>javascript:x</p>");
        check(
            "[a](mailto:\\\"><b>@a.example)",
            "<p><a href=\"mailto:&quot;&gt;&lt;b&gt;@a.example\" rel=\"noopener nofollow ugc\">a</a></p>",
        );
        check(
            "[a](https://a.example/?b=\"c\"&d='e'#<f> \"title\")",
            "<p><a href=\"https://a.example/?b=%22c%22&amp;d=%27e%27#%3Cf%3E\" rel=\"noopener nofollow ugc\">a</a></p>",
        );
    }
}
