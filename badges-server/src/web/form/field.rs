//! One field: its label, what helps to fill it in, what was typed, what is wrong with it.

use askama::Template;

/// One field of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "components/field.html")]
pub(crate) struct Field {
    /// As it is posted.
    pub(crate) name: String,
    /// What was typed, or the value of what was chosen.
    pub(crate) value: String,
    /// What is wrong with it.
    pub(crate) error: Option<String>,
    id: String,
    label: String,
    hint: Option<String>,
    kind: Kind,
    required: bool,
    autocomplete: Option<&'static str>,
    mirror: bool,
    unmarked: bool,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// One line, with the type of its input.
    Line(&'static str),
    /// Several lines.
    Lines(u8),
    /// A list that opens.
    List(Vec<Choice>),
    /// One of few, all seen.
    OneOf(Vec<Choice>),
    /// Yes or no.
    Tick(bool),
    /// A file of these kinds.
    File(&'static str),
}

/// One answer of several.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// As it is posted.
    pub(crate) value: String,
    /// As it is read.
    pub(crate) label: String,
    /// What it means.
    pub(crate) hint: Option<String>,
}

impl Choice {
    /// An answer and how it is read.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// With what it means.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        let name = name.into();
        Self {
            id: name.clone(),
            name,
            label: label.into(),
            kind,
            value: String::new(),
            error: None,
            hint: None,
            required: false,
            autocomplete: None,
            mirror: false,
            unmarked: false,
        }
    }

    /// A line of text.
    pub(crate) fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("text"))
    }

    /// An e-mail address.
    pub(crate) fn email(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("email"))
    }

    /// An address on the web.
    pub(crate) fn url(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("url"))
    }

    /// A whole number.
    pub(crate) fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("number"))
    }

    /// A day.
    pub(crate) fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("date"))
    }

    /// Words to look for.
    pub(crate) fn search(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Line("search"))
    }

    /// Several lines of text.
    pub(crate) fn lines(name: impl Into<String>, label: impl Into<String>, rows: u8) -> Self {
        Self::new(name, label, Kind::Lines(rows))
    }

    /// One of several, in a list that opens.
    pub(crate) fn list(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::List(choices))
    }

    /// One of few, all seen.
    pub(crate) fn one_of(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::OneOf(choices))
    }

    /// Yes or no; posted as `yes`.
    pub(crate) fn tick(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Tick(false))
    }

    /// A file of these kinds, as an input accepts them.
    pub(crate) fn file(name: impl Into<String>, label: impl Into<String>, kinds: &'static str) -> Self {
        Self::new(name, label, Kind::File(kinds))
    }

    /// With a sentence that helps to fill it in.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// It may not stay empty.
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What a browser may fill in by itself.
    pub(crate) fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// It may stay empty, and nobody needs to be told: one of several, or a filter.
    pub(crate) fn unmarked(mut self) -> Self {
        self.unmarked = true;
        self
    }

    /// The script shows what is typed elsewhere in the page, under the field's name.
    pub(crate) fn mirrored(mut self) -> Self {
        self.mirror = true;
        self
    }

    /// With this value.
    pub(crate) fn holding(mut self, value: impl Into<String>) -> Self {
        self.put(&value.into());
        self
    }

    /// Yes.
    pub(crate) fn ticked(mut self) -> Self {
        self.put("yes");
        self
    }

    pub(super) fn within(mut self, scope: &str) -> Self {
        self.id = format!("{scope}-{}", self.name);
        self
    }

    pub(super) fn put(&mut self, value: &str) {
        match &mut self.kind {
            Kind::Tick(yes) => *yes = value == "yes",
            // A browser does not let a page choose a file.
            Kind::File(_) => {}
            _ => value.clone_into(&mut self.value),
        }
    }

    pub(super) fn clear_tick(&mut self) {
        if let Kind::Tick(yes) = &mut self.kind {
            *yes = false;
        }
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether it says that it may stay empty; a list always holds something.
    fn marked(&self) -> bool {
        !self.required && !self.unmarked && !matches!(self.kind, Kind::List(_))
    }

    /// Short answers have short boxes.
    fn short(&self) -> bool {
        matches!(self.kind, Kind::Line("number" | "date"))
    }

    /// The ids of what describes it, for those who hear the page.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<_> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}
