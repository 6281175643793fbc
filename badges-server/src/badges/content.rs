//! What a badge says: the words, criteria and pictures that a version fixes.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{
    artwork::Artwork,
    problem::{Faults, FieldError},
    texts::{
        self, LINE, PARAGRAPH,
        schema::{Entries, Paragraph, WebAddressDraft, Words},
    },
};

/// What a version of a badge says. Whatever is here stands in each credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BadgeContent)]
pub(crate) struct Content {
    #[schema(value_type = Words)]
    pub(crate) name: String,
    /// What it says to those who look at somebody's badge.
    #[schema(value_type = Paragraph)]
    pub(crate) description: String,
    /// What it says to those who may earn it; on pages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Paragraph>)]
    pub(crate) earner_description: Option<String>,
    pub(crate) criteria: Criteria,
    /// What the image shows, for those who do not see it.
    #[serde(default)]
    #[schema(value_type = Words)]
    pub(crate) image_caption: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<Words>, inline)]
    pub(crate) tags: Vec<String>,
    /// A term of OB 3.0 §B.2.1, such as `Badge`, or one with `ext:` before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Words>)]
    pub(crate) achievement_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<Alignment>, inline)]
    pub(crate) alignments: Vec<Alignment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<ResultDescription>, inline)]
    pub(crate) results: Vec<ResultDescription>,
    /// How the picture is drawn, where none is uploaded; in the picture only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artwork: Option<Artwork>,
    /// How long an award holds, in seconds; for ever without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_after: Option<u32>,
}

/// What somebody does to earn it: words, and groups of which so many must be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Criteria {
    #[serde(default)]
    #[schema(value_type = Paragraph)]
    pub(crate) narrative: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<CriteriaGroup>, inline)]
    pub(crate) groups: Vec<CriteriaGroup>,
}

/// Some criteria of which so many must be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CriteriaGroup {
    /// How many of them, at least one.
    pub(crate) needed: usize,
    #[schema(value_type = Entries<Criterion>, inline)]
    pub(crate) criteria: Vec<Criterion>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Criterion {
    #[schema(value_type = Paragraph)]
    pub(crate) description: String,
    /// Whether it must be among those that are met.
    #[serde(default)]
    pub(crate) required: bool,
}

/// A tie to a framework (OB 3.0 §B.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alignment {
    #[schema(value_type = Words)]
    pub(crate) target_name: String,
    #[schema(value_type = WebAddressDraft)]
    pub(crate) target_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Words>)]
    pub(crate) target_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Words>)]
    pub(crate) target_framework: Option<String>,
}

/// A result that an award may state (OB 3.0 §B.1.21), with the levels of its rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultDescription {
    #[schema(value_type = Words)]
    pub(crate) name: String,
    /// A term of OB 3.0 §B.2.4, such as `RubricCriterionLevel` or `Percent`.
    #[schema(value_type = Words)]
    pub(crate) result_type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<Words>, inline)]
    pub(crate) allowed_values: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Entries<RubricLevel>, inline)]
    pub(crate) levels: Vec<RubricLevel>,
}

/// A level of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RubricLevel {
    #[schema(value_type = Words)]
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Paragraph>)]
    pub(crate) description: Option<String>,
}

impl Content {
    /// All that keeps it from being published.
    pub(crate) fn faults(&self) -> Vec<FieldError> {
        let mut faults = Faults::default();
        faults.line("name", &self.name);
        faults.paragraph("description", &self.description);
        faults.line("image_caption", &self.image_caption);
        if texts::is_blank(&self.criteria.narrative) && self.criteria.groups.is_empty() {
            faults.note(
                "criteria.narrative",
                "missing",
                "is missing: say what somebody does to earn the badge",
            );
        }
        if let Some(Artwork { track, level, colour, icon, title, year }) = &self.artwork {
            for (field, text) in [
                ("track", track),
                ("level", level),
                ("colour", colour),
                ("icon", icon),
                ("title", title),
                ("year", year),
            ] {
                faults.at_most(&format!("artwork.{field}"), text, LINE);
            }
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        faults.at_most("earner_description", &text(&self.earner_description), PARAGRAPH);
        faults.at_most("criteria.narrative", &self.criteria.narrative, PARAGRAPH);
        faults.at_most("achievement_type", &text(&self.achievement_type), LINE);
        for (path, many) in [
            ("tags", self.tags.len()),
            ("criteria.groups", self.criteria.groups.len()),
            ("alignments", self.alignments.len()),
            ("results", self.results.len()),
        ] {
            faults.entries(path, many);
        }
        for (at, tag) in self.tags.iter().enumerate() {
            faults.at_most(&format!("tags[{at}]"), tag, LINE);
        }
        for (at, group) in self.criteria.groups.iter().enumerate() {
            faults.group(at, group);
        }
        for (at, alignment) in self.alignments.iter().enumerate() {
            let path = |field: &str| format!("alignments[{at}].{field}");
            faults.line(&path("target_name"), &alignment.target_name);
            faults.address(&path("target_url"), &alignment.target_url);
            faults.at_most(&path("target_code"), &text(&alignment.target_code), LINE);
            faults.at_most(&path("target_framework"), &text(&alignment.target_framework), LINE);
        }
        for (at, result) in self.results.iter().enumerate() {
            faults.result(&format!("results[{at}]"), result);
        }
        if self.expires_after == Some(0) {
            faults.note(
                "expires_after",
                "zero",
                "is 0: say how many seconds an award holds, or leave it out",
            );
        }
        faults.0
    }

    /// What is too much of it also for a draft, which may lack anything.
    pub(crate) fn excess(&self) -> Vec<FieldError> {
        let of_size = |fault: &FieldError| matches!(fault.code, "too_long" | "too_many");
        self.faults().into_iter().filter(of_size).collect()
    }

    /// The criteria in Markdown, as credentials carry them.
    pub(crate) fn criteria_narrative(&self) -> String {
        let mut text = self.criteria.narrative.trim().to_owned();
        for group in &self.criteria.groups {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let all = group.needed >= group.criteria.len();
            let head = if all { "All of:".to_owned() } else { format!("At least {} of:", group.needed) };
            text.push_str(&head);
            text.push('\n');
            for criterion in &group.criteria {
                let mark = if criterion.required && !all { " (required)" } else { "" };
                // Writing to a String cannot fail.
                write!(text, "\n- {}{mark}", criterion.description.trim()).ok();
            }
        }
        text
    }
}

impl Faults {
    fn result(&mut self, path: &str, result: &ResultDescription) {
        self.line(&format!("{path}.name"), &result.name);
        self.at_most(&format!("{path}.result_type"), &result.result_type, LINE);
        self.entries(&format!("{path}.allowed_values"), result.allowed_values.len());
        self.entries(&format!("{path}.levels"), result.levels.len());
        for (at, value) in result.allowed_values.iter().enumerate() {
            self.at_most(&format!("{path}.allowed_values[{at}]"), value, LINE);
        }
        for (at, level) in result.levels.iter().enumerate() {
            self.at_most(&format!("{path}.levels[{at}].name"), &level.name, LINE);
            let about = level.description.as_deref().unwrap_or_default();
            self.at_most(&format!("{path}.levels[{at}].description"), about, PARAGRAPH);
        }
    }

    fn group(&mut self, at: usize, group: &CriteriaGroup) {
        let path = format!("criteria.groups[{at}]");
        let required = group.criteria.iter().filter(|criterion| criterion.required).count();
        if group.criteria.is_empty() {
            self.note(format!("{path}.criteria"), "count", "must hold 1 to 50 criteria: add some");
        }
        self.entries(&format!("{path}.criteria"), group.criteria.len());
        if group.needed == 0 || group.needed > group.criteria.len() || group.needed < required {
            let message = "must be between 1, or the number of required criteria, and the number of criteria";
            self.note(format!("{path}.needed"), "range", message);
        }
        for (index, criterion) in group.criteria.iter().enumerate() {
            self.paragraph(&format!("{path}.criteria[{index}].description"), &criterion.description);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentor() -> Content {
        let criterion =
            |text: &str| Criterion { description: text.to_owned(), required: text.starts_with("Host") };
        Content {
            name: "Webmaker Mentor".to_owned(),
            description: "Helps others to make the web.".to_owned(),
            criteria: Criteria {
                narrative: "Teach the web.".to_owned(),
                groups: vec![CriteriaGroup {
                    needed: 2,
                    criteria: vec![criterion("Host an event"), criterion("Make a kit"), criterion("Share")],
                }],
            },
            image_caption: "A star above two hands".to_owned(),
            ..Content::default()
        }
    }

    #[test]
    fn groups_are_told_in_words() {
        assert_eq!(mentor().faults(), []);
        assert_eq!(
            mentor().criteria_narrative(),
            "Teach the web.\n\nAt least 2 of:\n\n- Host an event (required)\n- Make a kit\n- Share"
        );
    }

    #[test]
    fn every_fault_names_its_field() {
        let mut content = mentor();
        content.name.clear();
        content.image_caption.clear();
        content.criteria.groups[0].needed = 4;

        let paths: Vec<_> = content.faults().into_iter().map(|fault| fault.path).collect();

        assert_eq!(paths, ["name", "image_caption", "criteria.groups[0].needed"]);
    }
}
