//! Layers as a PNG of 512 pixels.

use miniz_oxide::deflate::compress_to_vec_zlib;
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
    Some(encode(&pixmap))
}

/// Written small, since badges are kept and sent around: eight bits for each colour and no filter, for flat colours
/// repeat, and differences between neighbours do not (PNG §4.5, §11.2).
fn encode(pixmap: &Pixmap) -> Vec<u8> {
    let (width, height) = (pixmap.width().to_be_bytes(), pixmap.height().to_be_bytes());
    let mut lines = Vec::with_capacity(pixmap.data().len() + 512);
    for line in pixmap.pixels().chunks(pixmap.width() as usize) {
        lines.push(0);
        for colour in line.iter().map(|pixel| pixel.demultiply()) {
            lines.extend([colour.red(), colour.green(), colour.blue(), colour.alpha()]);
        }
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, *b"IHDR", &[&width[..], &height, &[8, 6, 0, 0, 0]].concat());
    chunk(&mut out, *b"IDAT", &compress_to_vec_zlib(&lines, 9));
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    out.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    let checked = out.len();
    out.extend(kind);
    out.extend(content);
    let sum = crc32fast::hash(out.get(checked..).unwrap_or_default());
    out.extend(sum.to_be_bytes());
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
