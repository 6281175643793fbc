//! Layers as a static SVG: outlines and colours, nothing that acts or loads.

use std::fmt::Write;

use super::{
    layers::{Ink, Layer},
    path::{Path, Point, Step},
};

/// The whole picture.
pub(super) fn write(layers: &[Layer]) -> String {
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\" width=\"512\" height=\"512\">",
    );
    for layer in layers {
        let data = data(&layer.path);
        let colour = format!("#{:06x}", layer.colour);
        let ink = match layer.ink {
            Ink::Full => format!("fill=\"{colour}\""),
            Ink::Soft(width) => {
                format!("fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"{width}\" {ROUND}")
            }
            Ink::Line(width) => format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" {ROUND}"),
            Ink::Stitches(width, length, gap) => format!(
                "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"{length} {gap}\" {ROUND}"
            ),
        };
        out.push_str("<path ");
        out.push_str(&ink);
        out.push_str(" d=\"");
        out.push_str(&data);
        out.push_str("\"/>");
    }
    out + "</svg>"
}

const ROUND: &str = "stroke-linecap=\"round\" stroke-linejoin=\"round\"";

fn data(path: &Path) -> String {
    let mut out = String::new();
    let mut point = |letter: &str, points: &[Point]| {
        out.push_str(letter);
        for (at, (x, y)) in points.iter().enumerate() {
            let gap = if at == 0 { "" } else { " " };
            // Writing into a string cannot fail.
            if write!(out, "{gap}{} {}", tenth(*x), tenth(*y)).is_err() {
                break;
            }
        }
    };
    for step in &path.0 {
        match *step {
            Step::Move(a) => point("M", &[a]),
            Step::Line(a) => point("L", &[a]),
            Step::Curve(a, b, c) => point("C", &[a, b, c]),
            Step::Close => point("Z", &[]),
        }
    }
    out
}

fn tenth(number: f32) -> f32 {
    (number * 10.0).round() / 10.0
}
