//! Capitals, digits and a few marks as lines of even width: ten units high, set along an arc.

use super::path::{Path, Point};

/// Between two letters, in units.
const GAP: f32 = 3.2;
/// What a space takes, in units.
const SPACE: f32 = 3.4;

/// Where the words stand: on the upper half of a ring, or on the lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arc {
    Above,
    Below,
}

/// Words along an arc, and the half of its angle that they take in degrees. None where a letter is missing.
pub(super) fn along(words: &str, arc: Arc, middle: Point, radius: f32, size: f32) -> Option<(Path, f32)> {
    let letters = words.chars().flat_map(folded).map(letter).collect::<Option<Vec<_>>>()?;
    let width: f32 = letters.iter().map(|(width, _)| width + GAP).sum::<f32>() - GAP;
    if letters.is_empty() {
        return None;
    }
    let most = 250_f32.to_radians() * radius;
    let scale = (size / 10.0).min(most / width);
    let mut path = Path::default();
    let mut from = -width / 2.0;
    for (advance, data) in &letters {
        let centre = (from + advance / 2.0) * scale / radius;
        let (sin, cos) = centre.sin_cos();
        let placed = Path::read(data).map(|(x, y)| {
            let (dx, up) = ((x - advance / 2.0) * scale, (10.0 - y) * scale);
            let reach = radius + up;
            match arc {
                Arc::Above => (middle.0 + sin * reach + cos * dx, middle.1 - cos * reach + sin * dx),
                Arc::Below => {
                    let reach = radius + 10.0 * scale - up;
                    (middle.0 + sin * reach + cos * dx, middle.1 + cos * reach - sin * dx)
                }
            }
        });
        path = path.and(placed);
        from += advance + GAP;
    }
    Some((path, (width * scale / radius / 2.0).to_degrees()))
}

/// A letter as a capital without the marks around it.
fn folded(letter: char) -> impl Iterator<Item = char> {
    let base = match letter.to_uppercase().next().unwrap_or(letter) {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => 'A',
        'Ç' | 'Ć' | 'Č' => 'C',
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => 'E',
        'Ì'..='Ï' | 'Ī' | 'İ' => 'I',
        'Ł' => 'L',
        'Ñ' | 'Ń' | 'Ň' => 'N',
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => 'O',
        'Ř' => 'R',
        'Ś' | 'Š' | 'Ş' | 'Ș' => 'S',
        'Ț' | 'Ť' => 'T',
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => 'U',
        'Ý' | 'Ÿ' => 'Y',
        'Ź' | 'Ż' | 'Ž' => 'Z',
        '’' => '\'',
        '–' | '—' => '-',
        other => other,
    };
    // "ß" has two capitals.
    let double = (letter == 'ß').then_some('S');
    std::iter::once(base).chain(double)
}

fn letter(letter: char) -> Option<(f32, &'static str)> {
    Some(match letter {
        ' ' => (SPACE, ""),
        'A' => (7.4, "M0 10L3.7 0L7.4 10M1.3 6.6H6.1"),
        'B' => (6.2, "M0 0V10H3.2C7.2 10 7.2 4.8 3.2 4.8H0M3.2 4.8C6.5 4.8 6.5 0 3 0H0"),
        'C' => (7.0, "M7 1.9C4.6 -1.1 0 -0.2 0 5C0 10.2 4.6 11.1 7 8.1"),
        'D' => (6.8, "M0 0V10H2.6C8.2 10 8.2 0 2.6 0Z"),
        'E' => (5.4, "M5.4 0H0V10H5.4M0 5H4.6"),
        'F' => (5.2, "M5.2 0H0V10M0 5H4.4"),
        'G' => (7.3, "M6.9 1.8C4.5 -1.1 0 -0.2 0 5C0 11.2 7.3 11.6 7.3 5.6H4.2"),
        'H' => (6.6, "M0 0V10M6.6 0V10M0 5H6.6"),
        'I' => (0.2, "M0.1 0V10"),
        'J' => (4.4, "M4.4 0V7C4.4 11 0 11 0 7.6"),
        'K' => (6.2, "M0 0V10M6 0L0 6.2M2.3 4L6.2 10"),
        'L' => (5.0, "M0 0V10H5"),
        'M' => (8.2, "M0 10V0L4.1 6.8L8.2 0V10"),
        'N' => (6.9, "M0 10V0L6.9 10V0"),
        'O' => (8.0, "M4 0C-1.33 0 -1.33 10 4 10C9.33 10 9.33 0 4 0Z"),
        'P' => (5.8, "M0 10V0H3C6.8 0 6.8 5.4 3 5.4H0"),
        'Q' => (8.0, "M4 0C-1.33 0 -1.33 10 4 10C9.33 10 9.33 0 4 0ZM5 7.2L7.8 10.4"),
        'R' => (6.2, "M0 10V0H3C6.8 0 6.8 5.2 3 5.2H0M3 5.2L6.2 10"),
        'S' => (5.8, "M5.5 1.6C4.1 -0.7 0.3 -0.5 0.3 2.5C0.3 6 5.8 4 5.8 7.4C5.8 10.7 1.3 10.9 0 8.2"),
        'T' => (6.6, "M0 0H6.6M3.3 0V10"),
        'U' => (6.6, "M0 0V6.4C0 11.2 6.6 11.2 6.6 6.4V0"),
        'V' => (7.2, "M0 0L3.6 10L7.2 0"),
        'W' => (10.4, "M0 0L2.7 10L5.2 2L7.7 10L10.4 0"),
        'X' => (6.8, "M0 0L6.8 10M6.8 0L0 10"),
        'Y' => (7.0, "M0 0L3.5 5L7 0M3.5 5V10"),
        'Z' => (6.2, "M0 0H6.2L0 10H6.2"),
        '0' => (6.2, "M3.1 0C-1.03 0 -1.03 10 3.1 10C7.23 10 7.23 0 3.1 0Z"),
        '1' => (2.4, "M0 2L2.4 0V10"),
        '2' => (5.6, "M0.2 2.6C0.6 -1 5.4 -0.8 5.4 2.7C5.4 5 2 6.6 0 10H5.6"),
        '3' => (5.5, "M0.3 0H5.2L2.5 4C6.7 4 6.7 10 2.6 10C1.2 10 0.4 9.4 0 8.4"),
        '4' => (6.4, "M4.8 10V0L0 7H6.4"),
        '5' => (5.6, "M5 0H1L0.5 4.4C4 2.6 5.6 4.8 5.6 6.8C5.6 10.8 1 11 0 8.4"),
        '6' => (5.8, "M4.6 0C1.6 2.4 0 5 0 7C0 11 5.8 11 5.8 7C5.8 3.4 1.4 3 0.3 5.8"),
        '7' => (5.6, "M0 0H5.6L2 10"),
        '8' => (
            5.8,
            "M2.9 4.6C-0.5 4.6 -0.5 0 2.9 0C6.3 0 6.3 4.6 2.9 4.6C-1 4.6 -1 10 2.9 10C6.8 10 6.8 4.6 2.9 4.6Z",
        ),
        '9' => (5.8, "M1.2 10C4.2 7.6 5.8 5 5.8 3C5.8 -1 0 -1 0 3C0 6.6 4.4 7 5.5 4.2"),
        '&' => (7.2, "M7.2 10L1.6 2.8C0.4 -0.4 5.2 -1 4.6 2.2C4.2 4.4 0 4.6 0 7.4C0 11 5.8 10.6 6.4 6"),
        '-' => (3.2, "M0 5.4H3.2"),
        '+' => (5.0, "M0 5.2H5M2.5 2.7V7.7"),
        '.' => (0.2, "M0.1 9.8V10"),
        ':' => (0.2, "M0.1 3.4V3.6M0.1 9.8V10"),
        '\'' => (0.2, "M0.1 0V2.2"),
        '/' => (4.4, "M0 10L4.4 0"),
        _ => return None,
    })
}
