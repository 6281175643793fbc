//! A set of named cases; each must be answered as expected, and soon.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    time::{Duration, Instant},
};

use crate::vectors::say;

pub struct Cases {
    set: &'static str,
    ran: BTreeSet<String>,
    failures: Vec<String>,
}

impl Cases {
    pub fn new(set: &'static str) -> Self {
        Self { set, ran: BTreeSet::new(), failures: Vec::new() }
    }

    /// Runs one case; the answer is compared by the caller's pattern.
    #[expect(clippy::disallowed_methods, reason = "a case that takes long is a failure")]
    pub fn run<T: Debug>(&mut self, case: &str, answer: impl FnOnce() -> T, good: impl FnOnce(&T) -> bool) {
        assert!(self.ran.insert(case.to_owned()), "{}: {case} ran twice", self.set);
        let started = Instant::now();
        let answer = answer();
        let took = started.elapsed();
        if !good(&answer) {
            let answer: String = format!("{answer:?}").chars().take(300).collect();
            self.failures.push(format!("{case}: {answer}"));
        }
        if took > Duration::from_secs(2) {
            self.failures.push(format!("{case}: took {took:?}"));
        }
    }

    /// Prints how many cases ran, and fails if one was answered otherwise than it must.
    pub fn finish(self) {
        say(&format!("vectors: hostile {}: {} ran", self.set, self.ran.len()));
        assert!(self.failures.is_empty(), "{}\n{}", self.set, self.failures.join("\n"));
    }
}

/// `case!(cases, "name", expression, pattern)`: the value of the expression must match the pattern.
macro_rules! case {
    ($cases:expr, $name:expr, $answer:expr, $pattern:pat $(if $guard:expr)?) => {
        $cases.run($name.as_ref(), || $answer, |answer| matches!(answer, $pattern $(if $guard)?))
    };
}
pub(crate) use case;

/// `refused!(cases, "name", expression, pattern)`: the value must be an error that matches the pattern.
macro_rules! refused {
    ($cases:expr, $name:expr, $answer:expr, $pattern:pat $(if $guard:expr)?) => {
        $crate::cases::case!($cases, $name, $answer, Err($pattern) $(if $guard)?)
    };
}
pub(crate) use refused;

/// What a strict reader sees in an image.
#[derive(Debug, PartialEq)]
pub enum Seen {
    Ambiguous(usize),
    Badge(Generation, String),
    Bad(BakeError),
    Compressed,
    Nothing,
}

use badges_core::bake::{BakeError, ChoiceError, Generation, ImageLimits, Selection, bake, choose, extract};

/// Reads an image strictly; and bakes into it, which must succeed where reading does, and give the text back.
pub fn look(image: &[u8]) -> Seen {
    const TEXT: &str = "eyJ.a.b";
    let seen = match extract(image, &ImageLimits::default()).map(|finds| choose(finds, Selection::Strict)) {
        Ok(Ok(found)) => Seen::Badge(found.generation, found.text.into_owned()),
        Ok(Err(ChoiceError::Ambiguous { count, .. })) => Seen::Ambiguous(count),
        Ok(Err(ChoiceError::Compressed)) => Seen::Compressed,
        Ok(Err(ChoiceError::Nothing)) => Seen::Nothing,
        Err(error) => Seen::Bad(error),
    };
    match (bake(image, TEXT, Generation::V3), &seen) {
        (Ok(baked), _) => {
            let finds = extract(&baked, &ImageLimits::default()).unwrap();
            let found = choose(finds, Selection::Strict).unwrap();
            assert_eq!((found.generation, found.text.as_ref()), (Generation::V3, TEXT));
        }
        (Err(BakeError::TooMany { .. } | BakeError::TooLarge { .. } | BakeError::TextTooLarge { .. }), _)
        | (Err(_), Seen::Bad(_)) => {}
        (Err(error), seen) => panic!("{seen:?}, but baking fails: {error}"),
    }
    seen
}
