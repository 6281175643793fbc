//! Between the editor's form and what a badge says: both ways, and which field a fault belongs beside.

mod fields;
mod filling;
mod reading;

use std::collections::BTreeMap;

use self::fields::rows;
pub(super) use self::{
    filling::{Addresses, typed},
    reading::{NOT_YOURS, Written, read},
};
use super::public::views::{alignment_form, badge_form, criteria_form, result_form};
use crate::{
    problem::FieldError,
    texts::ENTRIES,
    web::form::{Choice, Form},
};

/// The fields of the form by name.
pub(super) type Typed = BTreeMap<String, String>;

/// All forms of the editor.
pub(super) struct Forms {
    pub(super) badge: Form,
    pub(super) criteria: Vec<Form>,
    pub(super) alignments: Vec<Form>,
    pub(super) results: Vec<Form>,
}

/// The forms with what was typed; `more` asks for one more row of a kind.
pub(super) fn forms(places: Vec<Choice>, typed: &Typed, more: &str) -> Forms {
    let pairs = || typed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let filled = |mut form: Form| {
        form.fill(pairs());
        form
    };
    let many = |kind: &str, least: usize, make: fn(usize) -> Form| {
        let last = (1..=ENTRIES).rev().find(|at| {
            let prefix = format!("{kind}-{at}-");
            typed.keys().any(|name| name.starts_with(&prefix))
        });
        let count = last.unwrap_or(0).max(least) + usize::from(more == kind);
        (1..=count.min(ENTRIES)).map(|at| filled(make(at))).collect()
    };
    Forms {
        badge: filled(badge_form(places)),
        criteria: many("group", 1, criteria_form),
        alignments: many("alignment", 0, alignment_form),
        results: many("result", 0, result_form),
    }
}

impl Forms {
    /// Puts what is wrong beside its field.
    pub(super) fn faults(&mut self, typed: &Typed, faults: &[FieldError]) {
        for fault in faults {
            let name = field(typed, &fault.path);
            let rows = self.criteria.iter_mut().chain(&mut self.alignments).chain(&mut self.results);
            match rows.into_iter().find(|form| form.has(&name)) {
                Some(form) => form.fault(&name, &fault.message),
                None => self.badge.fault(&name, &fault.message),
            }
        }
    }
}

/// The name of the field that a path of the API means. Empty rows of the form are none of the API's.
fn field(typed: &Typed, path: &str) -> String {
    let (head, rest) = path.split_once('[').unwrap_or((path, ""));
    let index: usize = rest.split(']').next().and_then(|index| index.parse().ok()).unwrap_or(0);
    let row = |kind: &str, parts: &[&str]| rows(typed, kind, parts).nth(index).unwrap_or(1);
    let member = rest.split("].").nth(1).unwrap_or_default();
    match head {
        "description" => "consumer_description".to_owned(),
        "image_caption" => "caption".to_owned(),
        "undo_seconds" => "undo".to_owned(),
        "criteria.narrative" => "criteria".to_owned(),
        "criteria.groups" => {
            let part = if member == "needed" { "needed" } else { "items" };
            format!("group-{}-{part}", row("group", &["required", "items"]))
        }
        "alignments" => {
            let part = if member == "target_url" { "url" } else { "name" };
            format!("alignment-{}-{part}", row("alignment", &["name", "url"]))
        }
        "results" => format!("result-{}-name", row("result", &["name"])),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        artwork::Artwork,
        badges::{
            Content,
            content::{Alignment, Criteria, CriteriaGroup, Criterion, ResultDescription, RubricLevel},
            versions::Badge,
        },
    };

    #[test]
    fn what_a_badge_says_survives_the_form() {
        let content = Content {
            name: "Mentor".to_owned(),
            criteria: Criteria {
                narrative: "Teach.".to_owned(),
                groups: vec![CriteriaGroup {
                    needed: 2,
                    criteria: ["Host", "Share", "Write"]
                        .map(|word| Criterion { description: word.to_owned(), required: word == "Host" })
                        .into(),
                }],
            },
            tags: vec!["web".to_owned(), "teach".to_owned()],
            alignments: vec![Alignment {
                target_name: "Web literacy".to_owned(),
                target_url: "https://example.org/map".to_owned(),
                target_code: None,
                target_framework: Some("Map".to_owned()),
            }],
            results: vec![ResultDescription {
                name: "Depth".to_owned(),
                result_type: "RubricCriterionLevel".to_owned(),
                allowed_values: Vec::new(),
                levels: vec![RubricLevel { name: "One".to_owned(), description: Some("begins".to_owned()) }],
            }],
            artwork: Some(Artwork { level: "2".to_owned(), ..Artwork::default() }),
            expires_after: Some(63_072_000),
            ..Content::default()
        };

        let addresses = Addresses { requires: vec!["host".to_owned()], ..Addresses::default() };
        let form = typed(&sample(), content.clone(), &addresses);
        let written = read(&form);

        assert_eq!(written.content, content);
        assert_eq!(written.requires, ["host"]);
        assert!(written.faults.is_empty(), "{:?}", written.faults);
    }

    #[test]
    fn a_fault_finds_its_field_over_rows_that_are_empty() {
        let mut form = Typed::new();
        form.insert("group-3-items".to_owned(), "Host".to_owned());
        form.insert("alignment-2-name".to_owned(), "Map".to_owned());

        assert_eq!(field(&form, "criteria.groups[0].needed"), "group-3-needed");
        assert_eq!(field(&form, "criteria.groups[0].criteria[0].description"), "group-3-items");
        assert_eq!(field(&form, "alignments[0].target_url"), "alignment-2-url");
        assert_eq!(field(&form, "requires[4]"), "requires");
    }

    fn sample() -> Badge {
        let issuer = "iss_00000000000000000000000000".parse().unwrap();
        Badge {
            id: "bdg_00000000000000000000000000".parse().unwrap(),
            organisation_id: issuer,
            issuer_id: issuer,
            slug: "mentor".to_owned(),
            track: None,
            newest: None,
            held_once: true,
            award_limit: None,
            awarded: 0,
            undo_seconds: 600,
            suspendable: true,
            hosted_ob2: false,
            visibility: "link".to_owned(),
            rights_level: 0,
            position: 0,
            archived_at: None,
            created_at: crate::clock::Moment::default(),
            version: 1,
        }
    }
}
