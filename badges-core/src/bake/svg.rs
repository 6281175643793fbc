//! An SVG as text: elements are put in and cut out by position, the rest stays byte for byte.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    BakeError, Carrier, Finding, Found, Generation, ImageLimits,
    xml::{self, Element, Image, Space},
};

/// The prefix by the letter of the specification, which some readers look for instead of the namespace.
const PREFIX: &str = "openbadges";

pub(super) fn extract<'a>(image: &'a [u8], limits: &ImageLimits) -> Result<Vec<Found<'a>>, BakeError> {
    let image = xml::scan(image, limits)?;
    let mut finds: Vec<_> = image.elements.into_iter().flat_map(finds_of).collect();
    if image.doctype {
        finds.iter_mut().for_each(|found| found.findings.push(Finding::Doctype));
    }
    Ok(finds)
}

/// What one element gives: of 3.0, attribute and body are two texts that may differ, so both are found; of 2.0,
/// the body beside an attribute is a copy by design.
fn finds_of(element: Element) -> Vec<Found<'static>> {
    let Element { generation, verify, body, first, .. } = element;
    let find = |carrier, text, copy: Option<String>| Found {
        generation,
        carrier,
        text: Cow::Owned(text),
        copy: copy.map(Cow::Owned),
        findings: if first { Vec::new() } else { vec![Finding::NotFirst] },
    };
    match (verify.filter(|verify| !verify.trim().is_empty()), body) {
        (Some(verify), body) if generation == Generation::V2 => {
            vec![find(Carrier::SvgAttribute, verify, body)]
        }
        (Some(verify), Some(body)) if !body.is_empty() => {
            vec![find(Carrier::SvgAttribute, verify, None), find(Carrier::SvgBody, body, None)]
        }
        (Some(verify), _) => vec![find(Carrier::SvgAttribute, verify, None)],
        (None, body) => vec![find(Carrier::SvgBody, body.unwrap_or_default(), None)],
    }
}

pub(super) fn bake(
    image: &[u8],
    text: &str,
    generation: Generation,
    limits: &ImageLimits,
) -> Result<Vec<u8>, BakeError> {
    let Image { text: old, root, elements, .. } = xml::scan(image, limits)?;
    let namespace = xml::namespace(generation);
    let declaration = format!(" xmlns:{PREFIX}=\"{namespace}\"");
    let (on_root, on_element) = match root.openbadges {
        None => (declaration.as_str(), ""),
        Some(bound) if bound == Space::Badge(generation) => ("", ""),
        Some(_) => ("", declaration.as_str()),
    };
    let element = element(text, generation, on_element)?;

    let mut out = Vec::with_capacity(image.len() + element.len() + declaration.len() + 16);
    if image.starts_with(xml::BYTE_ORDER_MARK) {
        out.extend_from_slice(xml::BYTE_ORDER_MARK);
    }
    let mut copy = |from: usize, to: usize, then: &[&str]| {
        out.extend_from_slice(old.as_bytes().get(from..to).unwrap_or_default());
        then.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
    };
    let mut at = root.tag.end;
    if root.empty {
        copy(0, at - 2, &[on_root, ">", &element, "</", root.name, ">"]);
    } else {
        copy(0, at - 1, &[on_root, ">", &element]);
    }
    for replaced in elements.iter().filter(|other| other.generation == generation) {
        copy(at, replaced.span.start, &[]);
        at = replaced.span.end;
    }
    copy(at, old.len(), &[]);
    Ok(out)
}

/// The element as OB 3.0 §5.3.2 and OB 2.0 Baking have it.
fn element(text: &str, generation: Generation, declaration: &str) -> Result<String, BakeError> {
    if let Some(character) = text.chars().find(|character| !xml::is_character(*character)) {
        return Err(BakeError::UnwritableText { character });
    }
    let name = xml::local_name(generation);
    let open = format!("<{PREFIX}:{name}{declaration}");
    if is_jws(text) || (generation == Generation::V2 && is_address(text)) {
        return Ok(format!("{open} verify=\"{}\"/>", attribute(text)));
    }
    // A hosted 2.0 assertion names its own address; other texts have none to name.
    let verify = match generation {
        Generation::V2 => address_of(text).map(|id| format!(" verify=\"{}\"", attribute(&id))),
        _ => None,
    };
    // A CDATA section cannot hold its own end, and a reader would turn a bare CR into LF.
    let body = text.replace("]]>", "]]]]><![CDATA[>").replace('\r', "]]>&#13;<![CDATA[");
    let verify = verify.unwrap_or_default();
    Ok(format!("{open}{verify}><![CDATA[{body}]]></{PREFIX}:{name}>"))
}

fn is_jws(text: &str) -> bool {
    let base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let parts = || text.split('.');
    parts().count() == 3 && parts().all(|part| part.as_bytes().iter().all(base64url))
}

fn is_address(text: &str) -> bool {
    let plain = |character: char| !character.is_whitespace() && !character.is_control();
    (text.starts_with("https://") || text.starts_with("http://")) && text.chars().all(plain)
}

/// The address of a hosted 2.0 assertion, which is its `id`.
pub(super) fn address_of(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    let Identified { id } = serde_json::from_str(assertion).ok()?;
    (is_address(&id) && id.chars().all(xml::is_character)).then_some(id)
}

fn attribute(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}
