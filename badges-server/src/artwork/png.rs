//! Layers as a PNG of 512 pixels.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use super::{
    layers::{Ink, Layer},
    path::{Path, Step},
};

/// The whole picture; none only where memory runs out.
pub(super) fn draw(layers: &[Layer]) -> Option<Vec<u8>> {
    let mut pixmap = Pixmap::new(512, 512)?;
    for layer in layers {
        let Some(path) = outline(&layer.path) else { continue };
        let [_, red, green, blue] = layer.colour.to_be_bytes();
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(Color::from_rgba8(red, green, blue, 255));
        if matches!(layer.ink, Ink::Full | Ink::Soft(_)) {
            pixmap.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
        let (width, dash) = match layer.ink {
            Ink::Full => continue,
            Ink::Soft(width) | Ink::Line(width) => (width, None),
            Ink::Stitches(width, length, gap) => (width, StrokeDash::new(vec![length, gap], 0.0)),
        };
        let stroke =
            Stroke { width, dash, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }
    encode(&pixmap)
}

/// Written small, since badges are kept and sent around.
fn encode(pixmap: &Pixmap) -> Option<Vec<u8>> {
    let colours = pixmap.pixels().iter().map(|pixel| pixel.demultiply());
    let bytes: Vec<u8> = colours.flat_map(|c| [c.red(), c.green(), c.blue(), c.alpha()]).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    // Flat colours repeat; differences between neighbours do not.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().ok()?.write_image_data(&bytes).ok()?;
    Some(out)
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    for step in &path.0 {
        match *step {
            Step::Move((x, y)) => builder.move_to(x, y),
            Step::Line((x, y)) => builder.line_to(x, y),
            Step::Curve(a, b, c) => builder.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1),
            Step::Close => builder.close(),
        }
    }
    builder.finish()
}
