//! Our own small set of icons, 24 units square: full shapes, lines, and what is cut out of them.

use super::{Named, named, path::Path};

/// Icons to choose from.
pub(crate) const ICONS: &[Named] = &[
    named("star", "Star"),
    named("book", "Book"),
    named("bulb", "Light bulb"),
    named("camera", "Camera"),
    named("code", "Code"),
    named("flag", "Flag"),
    named("globe", "Globe"),
    named("hands", "Raised hand"),
    named("heart", "Heart"),
    named("key", "Key"),
    named("lock", "Lock"),
    named("map", "Map"),
    named("megaphone", "Megaphone"),
    named("music", "Music"),
    named("people", "People"),
    named("rocket", "Rocket"),
    named("shield", "Shield"),
    named("speech", "Speech"),
    named("tools", "Hammer"),
    named("trophy", "Trophy"),
];

/// A part of an icon.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A full shape.
    Full(Path),
    /// A line of this width.
    Line(Path, f32),
    /// A shape that is cut out.
    Cut(Path),
    /// A line of this width that is cut out.
    CutLine(Path, f32),
}

/// The parts of an icon; the star, where the name is not known.
#[expect(clippy::too_many_lines, reason = "a table of drawings")]
pub(super) fn parts(name: &str) -> Vec<Part> {
    let full = |data| Part::Full(Path::read(data));
    let line = |data, width| Part::Line(Path::read(data), width);
    let dot = |x, y, r| Part::Full(Path::circle((x, y), r));
    let hole = |x, y, r| Part::Cut(Path::circle((x, y), r));
    match name {
        "book" => vec![
            full("M3 5.6C6 4.4 9 4.8 11.2 6.4V19.2C9 17.7 6 17.4 3 18.6Z"),
            full("M21 5.6C18 4.4 15 4.8 12.8 6.4V19.2C15 17.7 18 17.4 21 18.6Z"),
        ],
        "bulb" => vec![
            full(
                "M12 3C7.6 3 5.6 6 5.6 9C5.6 12 7.8 13 8.8 16H15.2C16.2 13 18.4 12 18.4 9C18.4 6 16.4 3 12 3Z",
            ),
            line("M9.6 18.6H14.4M10.8 21H13.2", 1.7),
        ],
        "camera" => vec![
            full("M3.4 8H7.4L9.2 5.4H14.8L16.6 8H20.6V18.6H3.4Z"),
            hole(12.0, 13.0, 3.9),
            dot(12.0, 13.0, 1.8),
        ],
        "code" => vec![line("M8 7L3 12L8 17M16 7L21 12L16 17M13.7 5L10.3 19", 2.5)],
        "flag" => vec![
            line("M6 3.5V21", 2.4),
            full("M7.4 4.8C10.4 3.2 13 6.6 19 4.8L17.2 9.2L19 13.6C13 15.4 10.4 12 7.4 13.6Z"),
        ],
        "globe" => vec![
            Part::Line(Path::circle((12.0, 12.0), 8.8), 2.1),
            line("M12 3.2C7.2 7.6 7.2 16.4 12 20.8C16.8 16.4 16.8 7.6 12 3.2ZM3.4 12H20.6", 1.9),
        ],
        "hands" => vec![
            line("M8 12V6.2M10.9 11V4M13.8 11V4.6M16.6 12V7.2", 2.5),
            full(
                "M7.2 11.4H17.4V15C17.4 18.8 15 21 12.2 21C9.8 21 8.2 19.8 7 17.4L4.6 13.6C4.2 12.6 5.2 12 6 12.8L7.2 14Z",
            ),
        ],
        "heart" => vec![full(
            "M12 20.2C4.6 15 3 11.6 3.5 8.7C4.2 4.6 9.6 3.8 12 7.8C14.4 3.8 19.8 4.6 20.5 8.7C21 11.6 19.4 15 12 20.2Z",
        )],
        "key" => vec![
            Part::Line(Path::circle((7.6, 12.0), 3.9), 2.6),
            line("M11.6 12H21M17.2 12V15.8M20.6 12V14.6", 2.6),
        ],
        "lock" => vec![
            line("M8 11V8.2C8 2.9 16 2.9 16 8.2V11", 2.4),
            full("M6 11H18V19.6H6Z"),
            hole(12.0, 14.4, 1.6),
            Part::CutLine(Path::read("M12 15V17.2"), 1.6),
        ],
        "map" => vec![full(
            "M3.4 6.2L8.2 4.4V17.8L3.4 19.6ZM9.9 4.4L14.1 6.2V19.6L9.9 17.8ZM15.8 6.2L20.6 4.4V17.8L15.8 19.6Z",
        )],
        "megaphone" => vec![
            full("M3.6 9.6V14.2H6.8L15.8 18.8V5L6.8 9.6Z"),
            full("M7.4 15.6L8.6 20.4H11L9.8 16.8Z"),
            line("M18.8 9C20.4 10.6 20.4 13.2 18.8 14.8", 1.9),
        ],
        "music" => vec![
            dot(7.4, 17.6, 2.9),
            dot(16.8, 15.8, 2.9),
            line("M9.6 17.6V7.6M19 15.8V5.8", 1.9),
            full("M9.4 6L19.2 4V6.8L9.4 8.8Z"),
        ],
        "people" => vec![
            dot(12.0, 7.8, 3.4),
            full("M5.8 19.8C5.8 11.8 18.2 11.8 18.2 19.8Z"),
            dot(4.9, 10.2, 2.0),
            dot(19.1, 10.2, 2.0),
        ],
        "rocket" => vec![
            full("M12 2.6C15.8 5.6 16.8 10.2 15.8 15H8.2C7.2 10.2 8.2 5.6 12 2.6Z"),
            full("M7.4 11.2L4.6 14.8V18L7.8 16.4ZM16.6 11.2L19.4 14.8V18L16.2 16.4Z"),
            full("M10.4 17.2H13.6L12 21.2Z"),
            hole(12.0, 9.2, 2.0),
        ],
        "shield" => vec![
            full("M12 3L19.2 5.6V11.4C19.2 16 16.2 19.4 12 21.2C7.8 19.4 4.8 16 4.8 11.4V5.6Z"),
            Part::CutLine(Path::read("M8.4 11.8L11 14.4L15.8 9.2"), 2.2),
        ],
        "speech" => vec![
            full("M3.6 5.4H20.4V16.2H12.4L7.6 20.2V16.2H3.6Z"),
            hole(8.0, 10.8, 1.35),
            hole(12.0, 10.8, 1.35),
            hole(16.0, 10.8, 1.35),
        ],
        "tools" => vec![line("M11.6 10V20.6", 3.0), full("M4.8 4.6H15.8L19.6 8.2V9.6H4.8Z")],
        "trophy" => vec![
            full("M7.2 3.8H16.8V9.2C16.8 14.8 7.2 14.8 7.2 9.2Z"),
            line("M7 5.6H4C4 9.2 5.4 10.4 7.4 10.8M17 5.6H20C20 9.2 18.6 10.4 16.6 10.8", 1.7),
            full("M11.2 13H12.8V17.8H15.6V20H8.4V17.8H11.2Z"),
        ],
        _ => vec![Part::Full(Path::star((12.0, 12.8), 9.6))],
    }
}
