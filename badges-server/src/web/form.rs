//! Forms that keep what was typed and say beside each field what is wrong with it.

mod field;

pub(crate) use field::{Choice, Field};

use askama::Template;

use crate::{
    problem::{FieldError, sentence},
    web::components::escapes_itself,
};

/// The fields of one form, what was typed into them, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    fields: Vec<Field>,
    general: Vec<String>,
}

impl Form {
    /// A form with these fields. `scope` keeps their ids apart from those of other forms in the page.
    pub(crate) fn new(scope: &'static str, fields: impl IntoIterator<Item = Field>) -> Self {
        let fields = fields.into_iter().map(|field| field.within(scope)).collect();
        Self { fields, general: Vec::new() }
    }

    /// Adds a field at the end.
    pub(crate) fn add(&mut self, scope: &'static str, field: Field) {
        self.fields.push(field.within(scope));
    }

    /// Puts in what was typed before: pairs of name and value, as a form is posted.
    ///
    /// A tick that is not among them is taken out, since that is how a form says so.
    pub(crate) fn fill<'a>(&mut self, typed: impl IntoIterator<Item = (&'a str, &'a str)>) {
        for field in &mut self.fields {
            field.clear_tick();
        }
        for (name, value) in typed {
            if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
                field.put(value);
            }
        }
    }

    /// Puts a value into one field.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.put(&value.into());
        }
    }

    /// Says what is wrong with a field, or with the form as a whole where it has no such field.
    pub(crate) fn problem(&mut self, name: &str, message: impl Into<String>) {
        let message = message.into();
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.error = Some(message),
            None => self.general.push(message),
        }
    }

    /// Says what was found wrong, as it is told to programs: each sentence begins with the `subject` of its field, or
    /// is one already.
    pub(crate) fn refused(&mut self, subject: &str, faults: &[FieldError]) {
        for fault in faults {
            let whole = subject.is_empty() || fault.message.starts_with(char::is_uppercase);
            let said = if whole { fault.message.clone() } else { format!("{subject} {}", fault.message) };
            self.problem(&fault.path, sentence(&said));
        }
    }

    /// Says what programs are told of a field, as a sentence: "is missing" wants the field's name in front, "is no date"
    /// what was typed.
    pub(crate) fn fault(&mut self, name: &str, said: &str) {
        let field = self.fields.iter().find(|field| field.name == name);
        let subject =
            field.map(|field| match ["is no ", "is not "].iter().any(|verb| said.starts_with(verb)) {
                true if !field.value.is_empty() => field.value.as_str(),
                _ => field.label(),
            });
        let verb = ["is ", "must ", "has ", "holds "].iter().any(|verb| said.starts_with(verb));
        let message = match subject.filter(|_| verb) {
            Some(subject) => sentence(&format!("“{subject}” {said}")),
            None => sentence(said),
        };
        self.problem(name, message);
    }

    /// Whether it has a field of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// Whether one of these fields is filled in, or something is wrong with it.
    pub(crate) fn is_used(&self, names: &[&str]) -> bool {
        let mut fields = self.fields.iter().filter(|field| names.contains(&field.name.as_str()));
        fields.any(|field| !field.value.is_empty() || field.error.is_some())
    }

    /// Whether something is wrong.
    pub(crate) fn has_problems(&self) -> bool {
        !self.general.is_empty() || self.fields.iter().any(|field| field.error.is_some())
    }

    /// One field by its name; nothing where the form has none of that name.
    pub(crate) fn show(&self, name: &str) -> Shown<'_> {
        Shown { field: self.fields.iter().find(|field| field.name == name) }
    }

    /// What one field holds.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| &field.value)
    }

    /// All fields, in their order.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What is wrong, with links to the fields; empty where nothing is.
    pub(crate) fn summary(&self) -> ErrorSummary<'_> {
        ErrorSummary { forms: vec![self] }
    }
}

/// What is wrong with several forms of one page, such as the rows of a list.
pub(crate) fn summary_of<'a>(forms: impl IntoIterator<Item = &'a Form>) -> ErrorSummary<'a> {
    ErrorSummary { forms: forms.into_iter().collect() }
}

/// Everything that is wrong, on top of the page, each line a link to its field.
#[derive(Template)]
#[template(path = "components/error_summary.html")]
pub(crate) struct ErrorSummary<'a> {
    forms: Vec<&'a Form>,
}

impl ErrorSummary<'_> {
    fn any(&self) -> bool {
        self.forms.iter().any(|form| form.has_problems())
    }
}

/// A field that a template names.
#[derive(Template)]
#[template(source = "{% if let Some(field) = field %}{{ field }}{% endif %}", ext = "html")]
pub(crate) struct Shown<'a> {
    field: Option<&'a Field>,
}

escapes_itself!(ErrorSummary<'_>, Shown<'_>, Field);

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::new("award", [Field::email("email", "Address"), Field::tick("mail", "Send a message").ticked()])
    }

    #[test]
    fn what_was_typed_is_kept_and_the_error_stands_beside_it_and_on_top() {
        let mut form = form();

        form.fill([("email", "ada@example"), ("unknown", "x")]);
        form.problem("email", "Write the whole address, such as ada@example.org.");
        form.problem("", "The badge is archived.");

        let (field, summary) = (form.show("email").to_string(), form.summary().to_string());
        assert!(field.contains("value=\"ada@example\"") && field.contains("aria-invalid=\"true\""));
        assert!(summary.contains("href=\"#award-email\"") && field.contains("id=\"award-email\""));
        assert!(summary.contains("The badge is archived."));
        assert!(!form.show("mail").to_string().contains("checked"));
    }

    #[test]
    fn nothing_wrong_shows_no_summary() {
        assert_eq!(form().summary().to_string().trim(), "");
        assert_eq!(form().show("unknown").to_string(), "");
    }
}
