//! The elements of SVG that only show, and the attributes that hold nothing but words.

/// In the order of their letters. Not here: what acts (`script`, `set`, `animate`…), leads away (`a`), brings other
/// languages in (`foreignObject`), loads (`font-face-uri`, `cursor`), or is drawn at each corner of a path (`marker`).
pub(super) const ELEMENTS: [&str; 53] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
];

/// Whether an attribute is read by people and programs, and never as a style.
pub(super) fn is_free_text(name: &str) -> bool {
    matches!(name, "class" | "id" | "lang" | "name" | "role")
        || name.starts_with("aria-")
        || name.starts_with("data-")
}

#[cfg(test)]
mod tests {
    use super::ELEMENTS;

    #[test]
    fn elements_stand_in_the_order_in_which_they_are_searched() {
        assert!(ELEMENTS.is_sorted());
    }
}
