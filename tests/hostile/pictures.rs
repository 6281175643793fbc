//! SVGs of strangers that others are to look at: what acts, moves, loads or floods is refused by name.

use badges_core::bake::{BakeError, Extent, ImageLimits, InertError, inert};

use crate::{
    cases::{Cases, case, refused},
    vectors::Suite,
};

const XLINK: &str = "http://www.w3.org/1999/xlink";

fn look(svg: impl AsRef<str>) -> Result<Extent, InertError> {
    inert(svg.as_ref().as_bytes(), &ImageLimits::default())
}

fn around(content: &str) -> Result<Extent, InertError> {
    look(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="{XLINK}" viewBox="0 0 9 9">{content}</svg>"#
    ))
}

#[test]
fn nothing_that_acts_is_taken() {
    let mut cases = Cases::new("pictures that act");

    for element in [
        "<script>alert(1)</script>",
        "<script href='data:,alert(1)'/>",
        "<SCRIPT/>",
        "<marker id='m'><path d='M0 0'/></marker>",
        "<foreignObject/>",
        "<foreignobject/>",
        "<iframe/>",
        "<a href='#b'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<animateMotion/>",
        "<set attributeName='onload' to='alert(1)'/>",
        "<handler/>",
        "<listener/>",
        "<font-face-uri/>",
        "<cursor/>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
        "<desc><script/></desc>",
        "<metadata><script/></metadata>",
        "<style>a{}<path/></style>",
    ] {
        case!(cases, element, around(element), Err(InertError::Element { .. }));
    }
    for event in ["onload", "onclick", "ONLOAD", "onbegin", "onfoo"] {
        let picture = around(&format!("<path {event}='alert(1)'/>"));
        case!(cases, event, picture, Err(InertError::Event { .. }));
    }
    for foreign in [
        "<script xmlns='http://www.w3.org/1999/xhtml'/>",
        "<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='x' onerror='alert(1)'/>",
        "<metadata><h:script xmlns:h='http://www.w3.org/1999/xhtml'/></metadata>",
        "<math xmlns='http://www.w3.org/1998/Math/MathML'/>",
        "<listener xmlns='http://www.w3.org/2001/xml-events'/>",
        "<path xmlns=''/>",
        "<path xmlns:e='http://www.w3.org/2001/xml-events' e:event='click'/>",
    ] {
        case!(cases, foreign, around(foreign), Err(InertError::Namespace { .. }));
    }
    refused!(cases, "a style sheet by instruction", look("<?xml-stylesheet href='a.css'?><svg/>"),
        InertError::Instruction { target } if target == "xml-stylesheet");
    let declared = "<?xml version=\"1.0\" x=\"<!DOCTYPE svg <script>\"?>";
    let plain = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
    refused!(cases, "tags in the declaration", look(format!("{declared}{plain}")),
        InertError::Instruction { target } if target == "xml");
    let ordinary = "<?xml version='1.0' encoding=\"UTF-8\" standalone='no' ?>\n";
    case!(cases, "an ordinary declaration", look(format!("{ordinary}{plain}")), Ok(extent) if extent.width > 0.0);
    let typed = "<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
    refused!(cases, "a document type", look(typed), InertError::Doctype);
    let entity = around("<text>&a;</text>");
    refused!(cases, "an entity", entity, InertError::Unreadable(BakeError::Entity { .. }));
    refused!(cases, "a tag left open", around("<g>"), InertError::Unreadable(_));
    refused!(cases, "no namespace", look("<svg width='1' height='1'/>"), InertError::Namespace { .. });
    cases.finish();
}

#[test]
fn nothing_outside_of_the_file_is_named() {
    let mut cases = Cases::new("pictures that load");

    for reference in [
        "<use href='http://a.example/#b'/>",
        "<use xlink:href='other.svg#b'/>",
        "<use href='data:image/svg+xml,x#b'/>",
        "<use href=''/>",
        "<image href='https://a.example/a.png'/>",
        "<image href='//a.example/a.png'/>",
        "<image href='#b'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zz4='/>",
        "<image href='data:image/png;base64,PHN2Zz4='/>",
        "<image href='data:image/gif;base64,R0lGODlh'/>",
        "<image href='&#104;ttps://a.example/'/>",
        "<feImage href='https://a.example/a.png'/>",
        "<linearGradient href='a.svg#b'/>",
        "<textPath xlink:href='javascript:alert(1)'/>",
        "<g xml:base='https://a.example/'/>",
    ] {
        case!(cases, reference, around(reference), Err(InertError::Reference { .. }));
    }
    for style in [
        "<path fill='url(http://a.example/#b)'/>",
        "<path fill='URL(  \"http://a.example/\" )'/>",
        "<path fill='u\\72l(http://a.example/)'/>",
        "<path fill='&#117;rl(http://a.example/)'/>",
        "<path filter='url(a.svg#b)'/>",
        "<path cursor='url(data:image/png;base64,iVBORw0KGgo=), auto'/>",
        "<path style='background:image-set(\"http://a.example/\" 1x)'/>",
        "<path style='width:expression(alert(1))'/>",
        "<style>@import 'http://a.example/a.css';</style>",
        "<style>@\\69mport 'http://a.example/a.css';</style>",
        "<style><![CDATA[ @import url(#a) ]]></style>",
        "<style>&#64;import 'a.css';</style>",
        "<style>@font-face{font-family:a;src:url(http://a.example/)}</style>",
        "<style>/*</style><style>*/a{fill:url(//a.example)}</style>",
        "<style>a{fill:u<!-- -->rl(//a.example)}</style>",
        "<style>a{-moz-binding:url(http://a.example/#b)}</style>",
    ] {
        case!(cases, style, around(style), Err(InertError::Style { .. }));
    }
    cases.finish();
}

#[test]
fn no_picture_draws_more_than_it_shows_in_its_file() {
    let mut cases = Cases::new("pictures that flood");
    let bomb = |element: &str, own: &str| -> String {
        (1..8)
            .map(|level| {
                let parts = own.replace('%', &(level - 1).to_string()).repeat(10);
                format!("<{element} id='a{level}'>{parts}</{element}>")
            })
            .collect()
    };

    for (name, content) in [
        ("uses of uses", bomb("g", "<use href='#a%'/>")),
        ("patterns of patterns", bomb("pattern", "<path fill='url(#a%)'/>")),
        ("masks of masks", bomb("mask", "<path style='mask:url(\"#a%\")'/>")),
    ] {
        let drawn = around(&format!("<g id='a0'/>{content}<use href='#a7'/>"));
        refused!(cases, name, drawn, InertError::Crowd { .. });
    }
    for (name, content) in [
        ("a group of itself", "<g id='a'><use href='#a'/></g>"),
        ("two of each other", "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>"),
        ("a pattern of itself", "<pattern id='a'><path fill='url(#a)'/></pattern>"),
    ] {
        refused!(cases, name, around(content), InertError::Circle { id } if id == "a" || id == "b");
    }
    let chain: String =
        (0..20_000).map(|at| format!("<g id='a{at}'><use href='#a{}'/></g>", at + 1)).collect();
    refused!(cases, "a long chain", around(&chain), InertError::Crowd { .. });
    cases.finish();
}

#[test]
fn what_drawing_programs_write_is_taken() {
    let mut cases = Cases::new("pictures as they are");
    let taken = "<title>Mentor (gold)</title><metadata xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
        <rdf:RDF rdf:resource='http://a.example/'/></metadata>\
        <style>.a{fill:url(#b)} @media (prefers-color-scheme: dark){.a:not(.c){fill:rgb(1 2 3)}}</style>\
        <defs><linearGradient id='b'><stop offset='0' stop-color='#fff'/></linearGradient>\
        <linearGradient id='c' xlink:href='#b' gradientTransform='matrix(1 0 0 1 0 0) rotate(4)'/></defs>\
        <path class='a' d='M0 0h9' data-name='Layer(1)' aria-label='one(two)' style='fill:url(&quot;#c&quot;)'/>\
        <image xlink:href='data:image/png;base64,iVBORw0K&#10; Ggo=' width='9' height='9'/><use href='#b'/>";

    case!(cases, "a drawing", around(taken), Ok(Extent { width, height }) if (*width, *height) == (9.0, 9.0));
    for (size, expected) in [
        ("width='512' height='256'", Some((512.0, 256.0))),
        ("width='2in' height='72pt' viewBox='0 0 1 1'", Some((192.0, 96.0))),
        ("width='100%' height='100%' viewBox='0,0,7,8'", Some((7.0, 8.0))),
        ("width='100%' height='100%'", None),
        ("width='0' height='1'", None),
        ("width='-1' height='1'", None),
        ("width='1e400' height='1'", None),
        ("width='NaN' height='inf'", None),
        ("viewBox='0 0 9'", None),
        ("viewBox='0 0 1000000 1'", None),
        ("", None),
    ] {
        let drawn = look(format!("<svg xmlns='http://www.w3.org/2000/svg' {size}/>"));
        case!(cases, size, drawn.clone().ok().map(|one| (one.width, one.height)), found if *found == expected);
    }
    cases.finish();
}

#[test]
fn attacks_of_others_are_refused() {
    let Some(suite) = Suite::open("svg-attack", "badinput/svg-attack") else { return };
    let mut cases = Cases::new("pictures of others");

    for entry in std::fs::read_dir(&suite.folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with(".svg") {
            let bytes = suite.read(&name);
            cases.run(&name, || inert(&bytes, &ImageLimits::default()), Result::is_err);
        }
    }
    cases.finish();
}
