//! Whether a changed badge is believed, and if so, whether it says what the good one says.

use badges_core::{
    bake::{self, Generation, ImageKind, ImageLimits, Selection, choose, extract},
    json::{Limits, canonical, read},
    jsonld::Contexts,
    verify::{Options, Policy, verify},
};

use crate::{
    actors::AT,
    good::{Good, Kind},
    named,
};

/// How the badge is handed over.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Plain,
    Png,
    Svg,
}

pub struct Judge<'g> {
    good: &'g Good,
    form: Form,
    contexts: Contexts,
    /// What the good badge says.
    meaning: String,
    pub tried: usize,
    pub unchanged: usize,
}

impl<'g> Judge<'g> {
    /// Begins with a good badge, which both policies must believe.
    pub fn new(good: &'g Good, form: Form) -> Self {
        let mut judge =
            Self { good, form, contexts: Contexts::new(), meaning: String::new(), tried: 0, unchanged: 0 };
        let original = judge.original();
        let strict = judge.believed(&original, Policy::Strict);
        assert_eq!(strict, judge.believed(&original, Policy::Lenient));
        judge.meaning = strict.unwrap_or_else(|| panic!("{}: not believed", named(good, form)));
        judge
    }

    /// The good badge in its form.
    pub fn original(&self) -> Vec<u8> {
        let generation = if self.good.kind == Kind::Ob2 { Generation::V2 } else { Generation::V3 };
        match self.form {
            Form::Plain => self.good.text.clone().into_bytes(),
            Form::Png => bake::bake(&png(), &self.good.text, generation).unwrap(),
            Form::Svg => {
                let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>"#;
                bake::bake(svg, &self.good.text, generation).unwrap()
            }
        }
    }

    /// The changed badge may be believed only if it says what the good one says.
    pub fn must_not_mislead(&mut self, changed: &[u8], what: impl FnOnce() -> String) {
        self.tried += 1;
        // Lenient believes whatever strict believes; on the smallest badge that is tried too.
        let lenient = self.believed(changed, Policy::Lenient);
        if self.good.name == "minimal" || lenient.is_some() {
            let strict = self.believed(changed, Policy::Strict);
            assert!(strict.is_none() || strict == lenient, "{}: strict alone", named(self.good, self.form));
        }
        let Some(meaning) = lenient else { return };
        assert_eq!(meaning, self.meaning, "{}: {}", named(self.good, self.form), what());
        self.unchanged += 1;
    }

    /// The changed badge may not be believed at all.
    pub fn must_be_refused(&mut self, changed: &[u8], what: impl FnOnce() -> String) {
        self.tried += 1;
        let believed = [Policy::Strict, Policy::Lenient].map(|policy| self.believed(changed, policy));
        assert_eq!(believed, [None, None], "{}: {}", named(self.good, self.form), what());
    }

    /// What was judged, in its canonical form, if it was found valid.
    fn believed(&self, bytes: &[u8], policy: Policy) -> Option<String> {
        let selection = if policy == Policy::Lenient { Selection::Lenient } else { Selection::Strict };
        let found;
        let text = match ImageKind::sniff(bytes) {
            None => bytes,
            Some(_) => {
                found = choose(extract(bytes, &ImageLimits::default()).ok()?, selection).ok()?;
                found.document().as_bytes()
            }
        };
        let options =
            Options { policy, ..Options::new(AT.parse().unwrap(), &self.contexts, &self.good.documents) };
        let verified = verify(text, &options).ok()?;
        let document = verified.subject().document();
        Some(canonical(&read(document.as_bytes(), &Limits::default()).unwrap()))
    }
}

/// A picture of one pixel.
fn png() -> Vec<u8> {
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    let pixel = [0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1];
    for (kind, data) in
        [(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]), (b"IDAT", &pixel), (b"IEND", &[])]
    {
        let checked = [kind, data].concat();
        image.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        image.extend(&checked);
        image.extend(crc32fast::hash(&checked).to_be_bytes());
    }
    image
}
