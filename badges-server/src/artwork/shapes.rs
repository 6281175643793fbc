//! The outer shape of a badge, by its track.

use super::path::{Path, Point, Step};

/// The outline of a track's badges.
pub(super) fn outline(track: &str) -> Path {
    match track {
        "teach" => rosette(),
        "build" => hexagon(),
        "organise" => Path::read(SHIELD),
        "learn" => Path::rounded(&[(20.0, 20.0), (492.0, 20.0), (492.0, 492.0), (20.0, 492.0)], 168.0),
        _ => Path::circle((256.0, 256.0), 240.0),
    }
}

/// The middle of what stands in a shape; a shield is heavier above.
pub(super) fn middle(track: &str) -> Point {
    match track {
        "organise" => (256.0, 248.0),
        _ => (256.0, 256.0),
    }
}

const SHIELD: &str = "M256 10C302 36 376 52 446 54C464 54 476 66 476 84V240C476 368 376 458 256 502\
                      C136 458 36 368 36 240V84C36 66 48 54 66 54C136 52 210 36 256 10Z";

fn hexagon() -> Path {
    let corner = |at: u8| {
        let (sin, cos) = (f32::from(at) * 60.0).to_radians().sin_cos();
        (256.0 + sin * 254.0, 256.0 - cos * 254.0)
    };
    Path::rounded(&[0, 1, 2, 3, 4, 5].map(corner), 56.0)
}

/// A circle with twenty scallops.
fn rosette() -> Path {
    let at = |degrees: f32, reach: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        (256.0 + sin * reach, 256.0 - cos * reach)
    };
    let mut steps = vec![Step::Move(at(-9.0, 229.0))];
    for scallop in 0..20u8 {
        let middle = f32::from(scallop) * 18.0;
        steps.push(Step::Curve(at(middle - 7.5, 251.0), at(middle + 7.5, 251.0), at(middle + 9.0, 229.0)));
    }
    steps.push(Step::Close);
    Path(steps)
}
