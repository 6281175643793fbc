//! SVGs: entities, document types, namespaces, floods, and badges where no reader may look.

use badges_core::bake::{BakeError, Generation};

use crate::cases::{Cases, Seen, case, look};

const V3: &str = "https://purl.imsglobal.org/ob/v3p0";
const V2: &str = "http://openbadges.org";
const BADGE: &str = r#"<openbadges:credential verify="a.b.c"/>"#;

/// An SVG that declares the prefix and has this content.
fn svg(content: &str) -> String {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{V3}">{content}</svg>"#)
}

fn see(text: impl AsRef<str>) -> Seen {
    look(text.as_ref().as_bytes())
}

#[test]
fn nothing_is_expanded_and_nothing_fetched() {
    let mut cases = Cases::new("svg entities");
    let body = |body: &str| svg(&format!("<openbadges:credential>{body}</openbadges:credential>"));

    for (name, doctype) in [
        ("an entity", r#"<!DOCTYPE svg [<!ENTITY a "b">]>"#),
        ("an entity bomb", r#"<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>"#),
        ("a file", r#"<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#),
        ("a parameter entity", r#"<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://a.example/"> %a;]>"#),
        ("an empty subset", "<!DOCTYPE svg []>"),
        ("a default attribute", r#"<!DOCTYPE svg [<!ATTLIST svg onload CDATA "x">]>"#),
        ("a foreign type", r#"<!DOCTYPE svg SYSTEM "http://a.example/svg.dtd">"#),
        ("a type in a file", r#"<!DOCTYPE svg SYSTEM "file:///etc/passwd">"#),
        ("a public foreign type", r#"<!DOCTYPE svg PUBLIC "-//A//DTD SVG 1.1//EN" "http://a.example/">"#),
        (
            "the W3C's type and a subset",
            r#"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY a "b">]>"#,
        ),
        ("a type for HTML", "<!DOCTYPE html>"),
        ("two types", "<!DOCTYPE svg><!DOCTYPE svg>"),
    ] {
        case!(cases, name, see(format!("{doctype}{}", svg(BADGE))), Seen::Bad(BakeError::Doctype));
    }
    case!(cases, "a type inside", see(svg("<!DOCTYPE svg>")), Seen::Bad(BakeError::Doctype));
    let known = r#"<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">"#;
    case!(cases, "the W3C's type alone", see(format!("{known}{}", svg(BADGE))), Seen::Badge(..));
    case!(cases, "an undeclared entity", see(body("&a;")), Seen::Bad(BakeError::Entity { .. }));
    case!(cases, "an entity of HTML", see(body("&nbsp;")), Seen::Bad(BakeError::Entity { .. }));
    let entity = svg(r#"<openbadges:credential verify="&a;"/>"#);
    case!(cases, "an entity in an attribute", see(entity), Seen::Bad(BakeError::Entity { .. }));
    let entity = svg(r#"<text x="&a;"/>"#);
    case!(cases, "an entity elsewhere", see(entity), Seen::Bad(BakeError::Entity { .. }));
    case!(cases, "the entities of XML", see(body("&lt;&amp;&#x27;&apos;&#34;&gt;")),
        Seen::Badge(_, text) if text == "<&''\">");
    for reference in
        ["&#0;", "&#x1;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999999999999999;", "&#;", "&#xg;"]
    {
        case!(
            cases,
            format!("the reference {reference}"),
            see(body(reference)),
            Seen::Bad(BakeError::Xml { .. })
        );
    }
    case!(cases, "a lone ampersand", see(body("a & b")), Seen::Bad(BakeError::Xml { .. }));
    let flood = body(&"&#65;".repeat(300_000));
    case!(cases, "300,000 references", see(flood), Seen::Badge(_, text) if text.len() == 300_000);
    cases.finish();
}

#[test]
fn only_the_badge_elements_of_the_root_count() {
    let mut cases = Cases::new("svg places");

    for (name, content) in [
        ("a comment", format!("<!-- {BADGE} -->")),
        ("a CDATA section", format!("<![CDATA[{BADGE}]]>")),
        ("a processing instruction", format!("<?x {} ?>", BADGE.replace('>', ""))),
        ("escaped text", BADGE.replace('<', "&lt;")),
        ("the title", format!("<title>{BADGE}</title>")),
        ("a script", format!("<script>{BADGE}</script>")),
        ("a script in CDATA", format!("<script><![CDATA[{BADGE}]]></script>")),
        ("a foreignObject", format!("<foreignObject>{BADGE}</foreignObject>")),
        ("an inner svg", format!("<svg>{BADGE}</svg>")),
        ("the metadata", format!("<metadata>{BADGE}</metadata>")),
        ("the definitions", format!("<defs>{BADGE}</defs>")),
        ("an attribute", r#"<text x="openbadges:credential verify='a.b.c'"/>"#.to_owned()),
        ("another element of the namespace", BADGE.replace("credential", "assertion")),
        ("another case", BADGE.replace("credential", "Credential")),
    ] {
        case!(cases, format!("a badge in {name}"), see(svg(&content)), Seen::Nothing);
    }
    let after = format!("{}{BADGE}", svg(""));
    case!(
        cases,
        "a badge after the root",
        see(after),
        Seen::Bad(BakeError::Xml { .. } | BakeError::UndeclaredPrefix { .. })
    );
    let before = format!("{BADGE}{}", svg(""));
    case!(cases, "a badge before the root", see(before), Seen::Bad(BakeError::UndeclaredPrefix { .. }));
    case!(cases, "two badges", see(svg(&BADGE.repeat(2))), Seen::Ambiguous(2));
    case!(cases, "1,000 badges", see(svg(&BADGE.repeat(1000))), Seen::Ambiguous(1000));
    let flood = svg(&BADGE.repeat(20_000));
    case!(cases, "20,000 badges", see(flood), Seen::Bad(BakeError::TooMany { limit: 1000, .. }));
    let both = svg(r#"<openbadges:credential verify="a.b.c">{"id":1}</openbadges:credential>"#);
    case!(cases, "another text in attribute and body", see(both), Seen::Ambiguous(2));
    let inside = svg(&format!("<openbadges:credential>{BADGE}</openbadges:credential>"));
    case!(cases, "a badge in a badge", see(inside), Seen::Bad(BakeError::Xml { .. }));
    let inside = svg("<openbadges:credential>{<b/>}</openbadges:credential>");
    case!(cases, "markup in a badge", see(inside), Seen::Bad(BakeError::Xml { .. }));
    case!(cases, "an empty badge", see(svg("<openbadges:credential/>")), Seen::Badge(_, text) if text.is_empty());
    let blank = svg(r#"<openbadges:credential verify=" "> {} </openbadges:credential>"#);
    case!(cases, "an empty attribute", see(blank), Seen::Badge(_, text) if text == "{}");
    let pieces = svg(
        "<openbadges:credential> <![CDATA[{\"a\":]]><!-- not this -->1<![CDATA[}]]>\n</openbadges:credential>",
    );
    case!(cases, "a text in pieces", see(pieces), Seen::Badge(_, text) if text == "{\"a\":1}");
    cases.finish();
}

#[test]
fn prefixes_mean_what_is_declared() {
    let mut cases = Cases::new("svg namespaces");
    let root = |declarations: &str, content: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" {declarations}>{content}</svg>"#)
    };

    case!(cases, "no declaration", see(root("", BADGE)), Seen::Bad(BakeError::UndeclaredPrefix { prefix }) if prefix == "openbadges");
    let elsewhere = root("", &format!(r#"<g xmlns:openbadges="{V3}"/>{BADGE}"#));
    case!(cases, "a declaration on a sibling", see(elsewhere), Seen::Bad(BakeError::UndeclaredPrefix { .. }));
    case!(
        cases,
        "an undeclared attribute",
        see(root("", r##"<a xlink:href="#"/>"##)),
        Seen::Bad(BakeError::UndeclaredPrefix { .. })
    );
    let foreign = root(r#"xmlns:openbadges="https://a.example/""#, BADGE);
    case!(cases, "a foreign namespace", see(foreign), Seen::Nothing);
    for namespace in [
        "https://purl.imsglobal.org/ob/v3p0/",
        "http://purl.imsglobal.org/ob/v3p0",
        "HTTPS://purl.imsglobal.org/ob/v3p0",
        "https://purl.imsglobal.org/ob/v3p0#",
        " https://purl.imsglobal.org/ob/v3p0",
        "https://openbadges.org",
        "http://openbadges.org/",
    ] {
        let near = root(&format!(r#"xmlns:openbadges="{namespace}""#), BADGE);
        case!(cases, format!("the namespace {namespace:?}"), see(near), Seen::Nothing);
    }
    let old = root(&format!(r#"xmlns:openbadges="{V2}""#), BADGE);
    case!(cases, "3.0 in the namespace of 2.0", see(old), Seen::Nothing);
    let rebound = svg(r#"<openbadges:credential xmlns:openbadges="https://a.example/" verify="a.b.c"/>"#);
    case!(cases, "the prefix rebound on the element", see(rebound), Seen::Nothing);
    let bound = root(
        r#"xmlns:openbadges="https://a.example/""#,
        &BADGE.replace(" verify", &format!(r#" xmlns:openbadges="{V3}" verify"#)),
    );
    case!(cases, "the prefix bound on the element", see(bound), Seen::Badge(Generation::V3, _));
    let late = root("", &format!(r#"<openbadges:credential verify="a.b.c" xmlns:openbadges="{V3}"/>"#));
    case!(cases, "a declaration behind its use", see(late), Seen::Badge(..));
    let default = root("", &format!(r#"<credential xmlns="{V3}" verify="a.b.c"/>"#));
    case!(cases, "the default namespace", see(default), Seen::Badge(..));
    let default = root(&format!(r#"xmlns:x="{V3}""#), r#"<credential x:verify="a.b.c"/>"#);
    case!(cases, "no namespace of the badge", see(default), Seen::Nothing);
    let prefixed = svg(r#"<openbadges:credential openbadges:verify="a.b.c"/>"#);
    case!(cases, "verify in a namespace", see(prefixed), Seen::Badge(_, text) if text.is_empty());
    let escaped =
        root(r#"xmlns:o="https://purl.imsglobal.org/ob/v&#51;p0""#, r#"<o:credential verify="a.b.c"/>"#);
    case!(cases, "an escaped namespace", see(escaped), Seen::Badge(..));
    for declaration in [
        r#"xmlns:a="""#,
        r#"xmlns:xml="https://a.example/""#,
        r#"xmlns:xmlns="https://a.example/""#,
        r#"xmlns:a="http://www.w3.org/2000/xmlns/""#,
        r#"xmlns:a="http://www.w3.org/XML/1998/namespace""#,
        r#"xmlns:="x""#,
    ] {
        case!(
            cases,
            format!("the declaration {declaration}"),
            see(root(declaration, BADGE)),
            Seen::Bad(BakeError::Xml { .. })
        );
    }
    let html = format!(r#"<html xmlns:openbadges="{V3}">{BADGE}</html>"#);
    case!(cases, "another root", see(html), Seen::Bad(BakeError::NotSvg { .. }));
    let other = format!(r#"<svg xmlns="https://a.example/" xmlns:openbadges="{V3}">{BADGE}</svg>"#);
    case!(cases, "svg of another namespace", see(other), Seen::Bad(BakeError::NotSvg { .. }));
    let prefixed =
        format!(r#"<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:openbadges="{V3}">{BADGE}</s:svg>"#);
    case!(cases, "a root with a prefix", see(prefixed), Seen::Badge(..));
    case!(
        cases,
        "a root that is its own end",
        see(r#"<svg xmlns="http://www.w3.org/2000/svg" />"#),
        Seen::Nothing
    );
    cases.finish();
}

#[test]
fn floods_stop_at_the_limits() {
    let mut cases = Cases::new("svg floods");
    let attributes = |count: usize| (0..count).map(|at| format!(r#" a{at}="""#)).collect::<String>();

    let deep = |depth: usize| svg(&format!("{}{}", "<g>".repeat(depth), "</g>".repeat(depth)));
    case!(cases, "255 deep", see(deep(254)), Seen::Nothing);
    case!(cases, "257 deep", see(deep(256)), Seen::Bad(BakeError::TooMany { limit: 256, .. }));
    case!(cases, "500,000 deep", see(svg(&"<g>".repeat(500_000))), Seen::Bad(BakeError::TooMany { .. }));
    case!(cases, "1,000 attributes", see(svg(&format!("<g{}/>", attributes(1000)))), Seen::Nothing);
    case!(
        cases,
        "100,000 attributes",
        see(svg(&format!("<g{}/>", attributes(100_000)))),
        Seen::Bad(BakeError::TooMany { limit: 1000, .. })
    );
    let twice = svg(r#"<openbadges:credential verify="a.b.c" verify="d.e.f"/>"#);
    case!(cases, "an attribute twice", see(twice), Seen::Bad(BakeError::Xml { .. }));
    let twice = svg(&format!(r#"<g{} a7=""/>"#, attributes(900)));
    case!(cases, "an attribute twice among 900", see(twice), Seen::Bad(BakeError::Xml { .. }));
    let declarations: String = (0..100).map(|at| format!(r#" xmlns:a{at}="x""#)).collect();
    case!(
        cases,
        "100 prefixes",
        see(svg(&format!("<g{declarations}/>"))),
        Seen::Bad(BakeError::TooMany { limit: 64, .. })
    );
    let nested: String = (0..100).map(|at| format!(r#"<g xmlns:a{at}="x">"#)).collect();
    case!(
        cases,
        "100 prefixes one in another",
        see(svg(&nested)),
        Seen::Bad(BakeError::TooMany { limit: 64, .. })
    );
    let many = svg(&r#"<g xmlns:a="x" a:b=""/>"#.repeat(100_000));
    case!(cases, "100,000 elements with a prefix each", see(many), Seen::Nothing);
    let worst: String = (0..60).map(|at| format!(r#" xmlns:a{at}="x""#)).collect();
    let worst = svg(&format!("<g{worst}>{}</g>", "<a0:b a0:c=''/>".repeat(200_000)));
    case!(cases, "200,000 prefixes looked up among 60", see(worst), Seen::Nothing);
    case!(
        cases,
        "an attribute of 2 MiB",
        see(svg(&format!(r#"<g a="{}"/>"#, "x".repeat(2 << 20)))),
        Seen::Nothing
    );
    let long = svg(&format!(r#"<openbadges:credential verify="{}"/>"#, "x".repeat(2 << 20)));
    case!(cases, "a badge of 2 MiB in an attribute", see(long), Seen::Bad(BakeError::TextTooLarge { .. }));
    let long = svg(&format!("<openbadges:credential>{}</openbadges:credential>", "x".repeat(2 << 20)));
    case!(cases, "a badge of 2 MiB in a body", see(long), Seen::Bad(BakeError::TextTooLarge { .. }));
    case!(cases, "5 MiB", see(svg(&" ".repeat(5 << 20))), Seen::Bad(BakeError::TooLarge { .. }));
    case!(cases, "a comment of 3 MiB", see(svg(&format!("<!--{}-->", "- ".repeat(3 << 19)))), Seen::Nothing);
    cases.finish();
}

#[test]
fn xml_that_is_none_is_refused() {
    let mut cases = Cases::new("svg syntax");

    for (name, text) in [
        ("an end tag too many", "<svg xmlns='http://www.w3.org/2000/svg'></svg></svg>"),
        ("a wrong end tag", "<svg xmlns='http://www.w3.org/2000/svg'></SVG>"),
        ("an unquoted attribute", "<svg xmlns='http://www.w3.org/2000/svg' a=b/>"),
        ("an attribute without value", "<svg xmlns='http://www.w3.org/2000/svg' a/>"),
        ("< in an attribute", "<svg xmlns='http://www.w3.org/2000/svg' a='<'/>"),
        ("text before the root", "x<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("text behind the root", "<svg xmlns='http://www.w3.org/2000/svg'/>x"),
        ("CDATA behind the root", "<svg xmlns='http://www.w3.org/2000/svg'/><![CDATA[]]>"),
        ("two roots", "<svg xmlns='http://www.w3.org/2000/svg'/><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a late declaration", "<svg xmlns='http://www.w3.org/2000/svg'/><?xml version='1.0'?>"),
        ("XML 1.1", "<?xml version='1.1'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a colon too many", "<svg xmlns='http://www.w3.org/2000/svg'><a:b:c/></svg>"),
        ("a name with a digit first", "<svg xmlns='http://www.w3.org/2000/svg'><1a/></svg>"),
        ("-- in a comment", "<svg xmlns='http://www.w3.org/2000/svg'><!-- -- --></svg>"),
        ("an open comment", "<svg xmlns='http://www.w3.org/2000/svg'><!-- "),
        ("an open CDATA section", "<svg xmlns='http://www.w3.org/2000/svg'><![CDATA[ "),
        ("an open tag", "<svg xmlns='http://www.w3.org/2000/svg' "),
        ("an open quote", "<svg xmlns='http://www.w3.org/2000/svg"),
        ("nothing but a comment", "<!-- svg -->"),
        ("nothing but <", "<"),
        ("a control character", "<svg xmlns='http://www.w3.org/2000/svg'>\u{8}</svg>"),
        ("a form feed", "<svg xmlns='http://www.w3.org/2000/svg'>\u{c}</svg>"),
        ("two byte order marks", "\u{feff}\u{feff}<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ] {
        case!(cases, name, see(text), Seen::Bad(BakeError::Xml { .. } | BakeError::NotAnImage));
    }
    let cut = svg(BADGE);
    case!(cases, "no end of the root", see(&cut[..cut.len() - 6]), Seen::Bad(BakeError::Truncated { .. }));
    case!(cases, "a byte order mark", see(format!("\u{feff}{}", svg(BADGE))), Seen::Badge(..));
    for encoding in ["UTF-16", "ISO-8859-1", "utf-7", "EBCDIC-CP-US"] {
        let text = format!("<?xml version='1.0' encoding='{encoding}'?>{}", svg(BADGE));
        case!(cases, format!("the encoding {encoding}"), see(text), Seen::Bad(BakeError::Encoding { name }) if name == encoding);
    }
    for encoding in ["utf-8", "UTF-8", "us-ascii"] {
        let text = format!("<?xml version='1.0' encoding='{encoding}'?>{}", svg(BADGE));
        case!(cases, format!("the encoding {encoding} is read"), see(text), Seen::Badge(..));
    }
    let utf16: Vec<u8> = svg(BADGE).encode_utf16().flat_map(u16::to_le_bytes).collect();
    case!(cases, "UTF-16 without a mark", look(&utf16), Seen::Bad(BakeError::Encoding { .. }));
    let utf16 =
        [b"\xfe\xff", &svg(BADGE).encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()[..]].concat();
    case!(cases, "UTF-16 with a mark", look(&utf16), Seen::Bad(BakeError::Encoding { .. }));
    let latin = [svg("").as_bytes(), b"<!-- \xe9 -->"].concat();
    case!(cases, "Latin-1", look(&latin), Seen::Bad(BakeError::Utf8));
    let nul = svg("<openbadges:credential>\0</openbadges:credential>");
    case!(cases, "NUL", see(nul), Seen::Bad(BakeError::Encoding { .. }));
    cases.finish();
}
