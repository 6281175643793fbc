//! What lies over what: band, stitches, field, rays, rings, icon, letters.

use super::{
    Artwork,
    colours::{GOLD, Palette, WHITE, palette},
    icons::{Part, parts},
    letters::{Arc, along},
    path::{Path, Point, Step},
    shapes::{middle, outline},
};

/// One shape or line in one colour.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) path: Path,
    pub(super) colour: u32,
    pub(super) ink: Ink,
}

/// How an outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ink {
    /// Filled.
    Full,
    /// Filled, with a line around it that rounds its corners.
    Soft(f32),
    /// A line.
    Line(f32),
    /// A line of stitches: width, length, gap.
    Stitches(f32, f32, f32),
}

/// The field in the middle.
const FIELD: f32 = 148.0;
/// The foot of the letters along the edge.
const LETTERS: f32 = 173.0;
/// Their height.
const SIZE: f32 = 27.0;
/// How much of a title is drawn.
const LONGEST: usize = 34;

/// Everything, from the back to the front.
pub(super) fn layers(art: &Artwork) -> Vec<Layer> {
    let colours = palette(&art.colour, &art.track);
    let middle = middle(&art.track);
    let outline = outline(&art.track);
    let level: u8 = art.level.parse().unwrap_or(0).min(3);
    let mut all = vec![
        layer(outline.clone(), colours.tint, Ink::Full),
        layer(outline.scaled((256.0, 256.0), 0.972), colours.deep, Ink::Full),
        layer(outline.scaled((256.0, 256.0), 0.925), colours.tint, Ink::Stitches(3.6, 11.0, 9.0)),
        layer(Path::circle(middle, FIELD), colours.mid, Ink::Full),
        layer(rays(middle), colours.ray, Ink::Full),
    ];
    all.extend(rings(level, middle, colours));
    all.extend(icon(&art.icon, middle, colours));
    all.extend(words(art, level, middle, colours));
    all
}

fn layer(path: Path, colour: u32, ink: Ink) -> Layer {
    Layer { path, colour, ink }
}

/// Every other of twenty-four rays.
fn rays((x, y): Point) -> Path {
    let at = |degrees: f32, reach: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        (x + sin * reach, y - cos * reach)
    };
    let ray = |number: u8| {
        let from = f32::from(number) * 30.0;
        // The two handles make the outer side a part of the circle.
        let handle = FIELD * 1.0023;
        let curve = Step::Curve(at(from + 5.0, handle), at(from + 10.0, handle), at(from + 15.0, FIELD));
        [Step::Move((x, y)), Step::Line(at(from, FIELD)), curve, Step::Close]
    };
    Path((0..12).flat_map(ray).collect())
}

fn rings(level: u8, middle: Point, colours: Palette) -> Vec<Layer> {
    let ring = |radius, colour, width| layer(Path::circle(middle, radius), colour, Ink::Line(width));
    match level {
        0 => vec![ring(FIELD, colours.tint, 4.0)],
        1 => vec![ring(FIELD, colours.tint, 9.0)],
        2 => vec![ring(FIELD + 2.0, colours.tint, 9.0), ring(FIELD - 12.0, colours.tint, 3.5)],
        _ => vec![ring(FIELD + 1.0, GOLD, 13.0), ring(FIELD - 14.0, GOLD, 3.5)],
    }
}

fn icon(name: &str, middle: Point, colours: Palette) -> Vec<Layer> {
    let scale = 8.0;
    let place =
        |path: Path| path.map(|(x, y)| (middle.0 + (x - 12.0) * scale, middle.1 + (y - 12.0) * scale));
    let parts = parts(name).into_iter().map(|part| match part {
        Part::Full(path) => layer(place(path), WHITE, Ink::Soft(0.9 * scale)),
        Part::Line(path, width) => layer(place(path), WHITE, Ink::Line(width * scale)),
        Part::Cut(path) => layer(place(path), colours.mid, Ink::Full),
        Part::CutLine(path, width) => layer(place(path), colours.mid, Ink::Line(width * scale)),
    });
    parts.collect()
}

fn words(art: &Artwork, level: u8, middle: Point, colours: Palette) -> Vec<Layer> {
    let title: String = art.title.trim().chars().take(LONGEST).collect();
    let year: String = art.year.trim().chars().take(9).collect();
    let above = along(&title, Arc::Above, middle, LETTERS, SIZE);
    let below = along(&year, Arc::Below, middle, LETTERS, SIZE);
    let from = above.as_ref().map_or(90.0, |(_, half)| *half);
    let to = 180.0 - below.as_ref().map_or(0.0, |(_, half)| *half);
    let colour = if level == 3 { GOLD } else { colours.tint };
    let star = |degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let reach = LETTERS + SIZE / 2.0;
        Path::star((middle.0 + sin * reach, middle.1 - cos * reach), 13.0)
    };
    // Stars stand on both sides, in the middle between the words above and the year below.
    let mut stars = Path::default();
    for number in 0..level {
        let degrees = (from + to) / 2.0 + (f32::from(number) - f32::from(level - 1) / 2.0) * 11.0;
        stars = stars.and(star(degrees)).and(star(-degrees));
    }
    let mut all = vec![layer(stars, colour, Ink::Soft(2.0))];
    let written = [above, below].into_iter().flatten();
    all.extend(written.map(|(path, _)| layer(path, colours.tint, Ink::Line(5.4))));
    all.retain(|layer| !layer.path.0.is_empty());
    all
}
