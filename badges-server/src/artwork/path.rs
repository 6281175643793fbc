//! Outlines: lines and curves, moved and turned.

/// One step of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Move(Point),
    Line(Point),
    Curve(Point, Point, Point),
    Close,
}

/// A place in the drawing; y grows downwards.
pub(super) type Point = (f32, f32);

/// How far the handles of a curve stand out so that four of them are a circle.
const CIRCLE: f32 = 0.552_285;

/// An outline.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    /// Reads outline data with the absolute commands `M`, `L`, `H`, `V`, `C` and `Z`; stops at what it does
    /// not know. Only our own constants are read.
    pub(super) fn read(data: &str) -> Self {
        let mut steps = Vec::new();
        let mut at = (0.0, 0.0);
        let mut rest = data;
        while let Some(command) = rest.chars().next() {
            rest = rest.get(1..).unwrap_or_default();
            let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (numbers, next) = rest.split_at(end);
            rest = next;
            let numbers: Vec<f32> =
                numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            match (command, numbers.as_slice()) {
                ('M', [x, y]) => steps.push(Step::Move((*x, *y))),
                ('L', [x, y]) => steps.push(Step::Line((*x, *y))),
                ('H', [x]) => steps.push(Step::Line((*x, at.1))),
                ('V', [y]) => steps.push(Step::Line((at.0, *y))),
                ('C', [a, b, c, d, x, y]) => steps.push(Step::Curve((*a, *b), (*c, *d), (*x, *y))),
                ('Z', []) => steps.push(Step::Close),
                _ => break,
            }
            at = match steps.last() {
                Some(Step::Move(to) | Step::Line(to) | Step::Curve(_, _, to)) => *to,
                _ => at,
            };
        }
        Self(steps)
    }

    /// A circle.
    pub(super) fn circle((x, y): Point, r: f32) -> Self {
        let k = r * CIRCLE;
        Self(vec![
            Step::Move((x, y - r)),
            Step::Curve((x + k, y - r), (x + r, y - k), (x + r, y)),
            Step::Curve((x + r, y + k), (x + k, y + r), (x, y + r)),
            Step::Curve((x - k, y + r), (x - r, y + k), (x - r, y)),
            Step::Curve((x - r, y - k), (x - k, y - r), (x, y - r)),
            Step::Close,
        ])
    }

    /// A closed outline with straight sides and round corners.
    pub(super) fn rounded(corners: &[Point], radius: f32) -> Self {
        let mut steps = Vec::new();
        let all = corners.len();
        for (at, corner) in corners.iter().enumerate() {
            let near = |other: usize| {
                let (x, y) = corners.get(other % all).copied().unwrap_or(*corner);
                let (dx, dy) = (x - corner.0, y - corner.1);
                let part = (radius / dx.hypot(dy).max(1.0)).min(0.5);
                (corner.0 + dx * part, corner.1 + dy * part)
            };
            let (from, to) = (near(at + all - 1), near(at + 1));
            steps.push(if at == 0 { Step::Move(from) } else { Step::Line(from) });
            let handle = |(x, y): Point| (x + (corner.0 - x) * 0.6, y + (corner.1 - y) * 0.6);
            steps.push(Step::Curve(handle(from), handle(to), to));
        }
        steps.push(Step::Close);
        Self(steps)
    }

    /// A star with five points, upright.
    pub(super) fn star((x, y): Point, r: f32) -> Self {
        let corner = |at: u8| {
            let reach = if at.is_multiple_of(2) { r } else { r * 0.45 };
            let (sin, cos) = (f32::from(at) * 36.0).to_radians().sin_cos();
            (x + sin * reach, y - cos * reach)
        };
        let mut steps: Vec<_> = (0..10).map(|at| Step::Line(corner(at))).collect();
        if let Some(first) = steps.first_mut() {
            *first = Step::Move(corner(0));
        }
        steps.push(Step::Close);
        Self(steps)
    }

    /// Each point put elsewhere.
    pub(super) fn map(&self, to: impl Fn(Point) -> Point) -> Self {
        let steps = self.0.iter().map(|step| match *step {
            Step::Move(a) => Step::Move(to(a)),
            Step::Line(a) => Step::Line(to(a)),
            Step::Curve(a, b, c) => Step::Curve(to(a), to(b), to(c)),
            Step::Close => Step::Close,
        });
        Self(steps.collect())
    }

    /// Made larger or smaller around a point.
    pub(super) fn scaled(&self, around: Point, by: f32) -> Self {
        self.map(|(x, y)| (around.0 + (x - around.0) * by, around.1 + (y - around.1) * by))
    }

    /// With another outline behind it.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}
