//! CSS, in a style sheet or in any attribute that may be read as style: which elements of the file it names.

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// The functions that neither load nor run anything.
const FUNCTIONS: [&str; 52] = [
    "blur",
    "brightness",
    "calc",
    "circle",
    "clamp",
    "color",
    "color-mix",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "ellipse",
    "grayscale",
    "has",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "inset",
    "invert",
    "is",
    "lab",
    "lang",
    "lch",
    "matrix",
    "matrix3d",
    "max",
    "min",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "oklab",
    "oklch",
    "opacity",
    "perspective",
    "polygon",
    "rgb",
    "rgba",
    "rotate",
    "saturate",
    "scale",
    "scalex",
    "scaley",
    "sepia",
    "skewx",
    "skewy",
    "translate",
    "translatex",
    "translatey",
    "var",
    "where",
];

/// The identifiers of all `url(#id)`, or what is found that is not taken.
///
/// Nothing is cut out first, neither comments nor strings: what hides where cannot be told without the whole grammar.
/// The function names and the rules by `@` are those of an allow list, and an escape could spell any of them.
pub(super) fn references(css: &str) -> Result<Vec<&str>, String> {
    let mut named = Vec::new();
    for (at, sign) in css.char_indices() {
        let (before, behind) = (css.get(..at).unwrap_or_default(), css.get(at + 1..).unwrap_or_default());
        match sign {
            '\\' => return Err(format!("\\{}", behind.chars().take(8).collect::<String>())),
            '@' => {
                let rule: String = behind.chars().take_while(|sign| is_of_name(*sign)).collect();
                if !rule.eq_ignore_ascii_case("media") {
                    return Err(format!("@{rule}"));
                }
            }
            '(' => {
                let name = before.rsplit(|sign| !is_of_name(sign)).next().unwrap_or_default();
                let known = name.to_ascii_lowercase();
                if known == "url" {
                    named.push(target(behind)?);
                } else if !name.is_empty() && FUNCTIONS.binary_search(&known.as_str()).is_err() {
                    return Err(format!("{name}()"));
                }
            }
            _ => {}
        }
    }
    Ok(named)
}

/// The identifier in `#id)` or `"#id")`.
fn target(behind: &str) -> Result<&str, String> {
    let whole = || format!("url({}", behind.chars().take(40).collect::<String>());
    let (inside, _) = behind.split_once(')').ok_or_else(whole)?;
    let inside = inside.trim_ascii();
    let bare = ['"', '\'']
        .iter()
        .find_map(|quote| inside.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(inside)
        .trim_ascii();
    let plain = |id: &&str| !id.is_empty() && !id.contains(['"', '\'', '(', '\\']);
    bare.strip_prefix('#').filter(plain).ok_or_else(whole)
}

fn is_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_') || !sign.is_ascii()
}

/// Whether this is a PNG or JPEG in itself.
pub(super) fn is_picture(value: &str) -> bool {
    let Some((kind, text)) = value.trim_ascii().split_once(',') else { return false };
    let text: String = text.split_ascii_whitespace().collect();
    let Ok(bytes) = BASE64_STANDARD.decode(text) else { return false };
    match kind.to_ascii_lowercase().as_str() {
        "data:image/png;base64" => bytes.starts_with(&super::super::png::SIGNATURE),
        "data:image/jpeg;base64" | "data:image/jpg;base64" => bytes.starts_with(b"\xff\xd8\xff"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_stand_in_the_order_in_which_they_are_searched() {
        assert!(FUNCTIONS.is_sorted());
    }

    #[test]
    fn only_what_is_in_the_file_is_named() {
        let check = |css: &str| references(css).map(|named| named.join(" "));

        assert_eq!(check("fill:url(#a);stroke:URL( '#b' );transform:rotate(3)"), Ok("a b".to_owned()));
        assert_eq!(
            check("@media (prefers-color-scheme: dark) { .a:not(.b) { fill: rgb(1 2 3) } }"),
            Ok(String::new())
        );
        for (css, found) in [
            ("@import 'a.css'", "@import"),
            ("@\\69mport 'a.css'", "@"),
            ("fill:u\\72l(http://a.example)", "\\72l(http"),
            ("fill:url(http://a.example/)", "url(http://a.example/)"),
            ("fill:url('#a' url(b))", "url('#a' url(b))"),
            ("fill:url(#a", "url(#a"),
            ("fill:url()", "url()"),
            ("fill:image-set('a.png' 1x)", "image-set()"),
            ("/*'*/fill:src('a')/*'*/", "src()"),
            ("@font-face{src:url(#a)}", "@font-face"),
        ] {
            assert_eq!(check(css), Err(found.to_owned()), "{css}");
        }
    }

    #[test]
    fn a_picture_is_what_it_says() {
        assert!(is_picture("data:image/png;base64,iVBORw0KGgo="));
        assert!(is_picture(" data:image/jpeg;base64,/9j/\n 4AAQ"));
        for other in [
            "data:image/png;base64,PHN2Zz4=",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png,iVBORw0KGgo=",
            "https://a.example/a.png",
            "#a",
        ] {
            assert!(!is_picture(other), "{other}");
        }
    }
}
