//! What somebody wrote into the editor's form.

use super::{
    Typed,
    fields::{filled, lines, rows, text, ticked},
};
use crate::{
    artwork::Artwork,
    badges::{
        Content,
        content::{Alignment, Criteria, CriteriaGroup, Criterion, ResultDescription, RubricLevel},
        settings::Settings,
        span,
    },
    problem::{Faults, FieldError},
};

/// Why a field of rights stays as it is.
pub(crate) const NOT_YOURS: &str =
    "must stay as it was: only who gives roles over the organisation can change it";

/// What somebody wrote into the form.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) settings: Settings,
    pub(crate) content: Content,
    /// Badges and nodes by their slugs.
    pub(crate) requires: Vec<String>,
    pub(crate) also_in: Vec<String>,
    /// Badges and nodes by the addresses of their pages; none where the form does not ask.
    pub(crate) rights_over: Option<Vec<String>>,
    /// Whether the picture is one that was uploaded.
    pub(crate) own_picture: bool,
    pub(crate) faults: Vec<FieldError>,
}

/// Reads the form.
pub(crate) fn read(typed: &Typed) -> Written {
    let mut faults = Faults::default();
    let own_picture = text(typed, "source") == "file";
    let settings = settings(typed, &mut faults);
    let expires_after = span(typed, "expires_after", &mut faults);
    let artwork = Artwork {
        track: text(typed, "track"),
        level: text(typed, "level"),
        colour: text(typed, "colour"),
        icon: text(typed, "icon"),
        title: text(typed, "short_title").chars().take(60).collect(),
        year: text(typed, "year").chars().take(10).collect(),
    };
    let tags = text(typed, "tags");
    let content = Content {
        name: text(typed, "name"),
        description: text(typed, "consumer_description"),
        earner_description: filled(typed, "earner_description"),
        criteria: Criteria { narrative: text(typed, "criteria"), groups: groups(typed, &mut faults) },
        image_caption: text(typed, "caption"),
        tags: tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        achievement_type: filled(typed, "achievement_type"),
        alignments: rows(typed, "alignment", &["name", "url"]).map(|at| alignment(typed, at)).collect(),
        results: rows(typed, "result", &["name"]).map(|at| result(typed, at)).collect(),
        artwork: (!own_picture).then_some(artwork),
        expires_after: expires_after.filter(|seconds| *seconds > 0),
    };
    let mut addresses = |name: &str| {
        let all: Vec<_> = lines(typed, name).collect();
        faults.entries(name, all.len());
        all
    };
    let slugs = |lines: Vec<String>| lines.iter().map(|line| last(line)).collect();
    Written {
        settings,
        content,
        requires: slugs(addresses("requires")),
        also_in: slugs(addresses("also_in")),
        rights_over: typed.contains_key("rights_over").then(|| addresses("rights_over")),
        own_picture,
        faults: faults.0,
    }
}

fn settings(typed: &Typed, faults: &mut Faults) -> Settings {
    let mut number = |name: &str| match text(typed, name) {
        empty if empty.is_empty() => Some(0),
        number => {
            let number = number.parse().ok();
            if number.is_none() {
                faults.note(name, "number", "must be a whole number, or empty");
            }
            number
        }
    };
    let limit = number("limit");
    // Who does not see the field does not change it.
    let rights_level = if typed.contains_key("rights_level") { number("rights_level") } else { None };
    let undo = span(typed, "undo", faults).unwrap_or(0);
    let issuer = text(typed, "issuer").parse().ok();
    if issuer.is_none() {
        faults.note("issuer", "missing", "is missing: choose a place in the hierarchy");
    }
    Settings {
        issuer,
        slug: filled(typed, "slug"),
        track: Some(text(typed, "track")),
        unique: Some(ticked(typed, "unique")),
        limit,
        undo_seconds: Some(i32::try_from(undo).unwrap_or(i32::MAX)),
        suspendable: Some(ticked(typed, "suspendable")),
        hosted_ob2: Some(ticked(typed, "hosted_ob2")),
        visibility: filled(typed, "visibility"),
        rights_level,
        ..Settings::default()
    }
}

fn groups(typed: &Typed, faults: &mut Faults) -> Vec<CriteriaGroup> {
    let mut groups = Vec::new();
    for at in rows(typed, "group", &["required", "items"]) {
        let name = |part: &str| format!("group-{at}-{part}");
        let criterion = |required| move |description| Criterion { description, required };
        let needed = lines(typed, &name("required")).map(criterion(true));
        let criteria: Vec<_> = needed.chain(lines(typed, &name("items")).map(criterion(false))).collect();
        let needed = match text(typed, &name("needed")) {
            empty if empty.is_empty() => criteria.len(),
            number => number.parse().unwrap_or_else(|_| {
                faults.note(name("needed"), "number", "must be a whole number, or empty");
                criteria.len()
            }),
        };
        groups.push(CriteriaGroup { needed, criteria });
    }
    groups
}

fn alignment(typed: &Typed, at: usize) -> Alignment {
    let name = |part: &str| format!("alignment-{at}-{part}");
    Alignment {
        target_name: text(typed, &name("name")),
        target_url: text(typed, &name("url")),
        target_code: filled(typed, &name("code")),
        target_framework: filled(typed, &name("framework")),
    }
}

fn result(typed: &Typed, at: usize) -> ResultDescription {
    let name = |part: &str| format!("result-{at}-{part}");
    let level = |line: String| match line.split_once(": ") {
        Some((name, text)) => {
            RubricLevel { name: name.trim().to_owned(), description: Some(text.trim().to_owned()) }
        }
        None => RubricLevel { name: line, description: None },
    };
    let levels: Vec<_> = lines(typed, &name("levels")).map(level).collect();
    let kind = match filled(typed, &name("type")) {
        Some(kind) if levels.is_empty() => kind,
        _ if levels.is_empty() => "Result".to_owned(),
        _ => "RubricCriterionLevel".to_owned(),
    };
    ResultDescription {
        name: text(typed, &name("name")),
        result_type: kind,
        allowed_values: lines(typed, &name("values")).collect(),
        levels,
    }
}

/// The last part of an address: what somebody copies from a browser is as good as the slug.
fn last(line: &str) -> String {
    line.trim_end_matches('/').rsplit('/').next().unwrap_or(line).to_owned()
}

fn span(typed: &Typed, name: &str, faults: &mut Faults) -> Option<u32> {
    let text = filled(typed, name)?;
    match span::read(&text) {
        Ok(seconds) => Some(seconds),
        Err(error) => {
            faults.note(name, "span", error.to_string());
            None
        }
    }
}
