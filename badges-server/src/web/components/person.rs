//! A person in a line: initials, name, and a word beside it.

use askama::Template;

use crate::web::components::escapes_itself;

/// Who it is; never an address where a name will do.
#[derive(Clone, Debug, Template)]
#[template(path = "components/person_chip.html")]
pub(crate) struct PersonChip {
    /// The name, or the address where no name is known.
    pub(crate) name: String,
    /// Their page.
    pub(crate) href: Option<String>,
    /// A word beside the name.
    pub(crate) detail: Option<String>,
}

impl PersonChip {
    /// A person with this name.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), href: None, detail: None }
    }

    /// With a page.
    pub(crate) fn at(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// With a word beside the name.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn initials(&self) -> String {
        let mut words = self.name.split_whitespace().filter_map(|word| {
            let first = word.chars().next().filter(|first| first.is_alphanumeric())?;
            Some(first.to_uppercase().to_string())
        });
        let first = words.next().unwrap_or_default();
        first + &words.next_back().unwrap_or_default()
    }
}

escapes_itself!(PersonChip);
