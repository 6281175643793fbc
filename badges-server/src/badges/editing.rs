//! Between the editor's form and what a badge says: both ways, and which field a fault belongs beside.

use std::collections::BTreeMap;

use super::{
    Content,
    content::{Alignment, Criteria, CriteriaGroup, Criterion, ResultDescription, RubricLevel},
    public::views::{alignment_form, badge_form, criteria_form, result_form},
    settings::Settings,
    span,
    versions::Badge,
};
use crate::{
    artwork::Artwork,
    problem::{Faults, FieldError},
    texts::ENTRIES,
    web::form::{Choice, Form},
};

/// The fields of the form by name.
pub(super) type Typed = BTreeMap<String, String>;

/// Why a field of rights stays as it is.
pub(super) const NOT_YOURS: &str =
    "must stay as it was: only who gives roles over the organisation can change it";

/// What somebody wrote into the form.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) settings: Settings,
    pub(super) content: Content,
    /// Badges and nodes by their slugs.
    pub(super) requires: Vec<String>,
    pub(super) also_in: Vec<String>,
    /// Badges and nodes by the addresses of their pages; none where the form does not ask.
    pub(super) rights_over: Option<Vec<String>>,
    /// Whether the picture is one that was uploaded.
    pub(super) own_picture: bool,
    pub(super) faults: Vec<FieldError>,
}

/// All forms of the editor.
pub(super) struct Forms {
    pub(super) badge: Form,
    pub(super) criteria: Vec<Form>,
    pub(super) alignments: Vec<Form>,
    pub(super) results: Vec<Form>,
}

/// Reads the form.
pub(super) fn read(typed: &Typed) -> Written {
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

/// The addresses that stand in a form, one a line.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    pub(super) requires: Vec<String>,
    pub(super) also_in: Vec<String>,
    pub(super) rights_over: Vec<String>,
}

/// What stands in the form of a badge as it is.
pub(super) fn typed(badge: &Badge, content: Content, addresses: &Addresses) -> Typed {
    let mut typed = Typed::new();
    let mut put = |name: &str, value: String| {
        typed.insert(name.to_owned(), value);
    };
    let tick = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    put("slug", badge.slug.clone());
    put("issuer", badge.issuer_id.to_string());
    put("track", badge.track.clone().unwrap_or_default());
    put("unique", tick(badge.held_once));
    put("limit", badge.award_limit.map(|limit| limit.to_string()).unwrap_or_default());
    let undo = u32::try_from(badge.undo_seconds).unwrap_or(0);
    put("undo", if undo > 0 { span::write(undo) } else { String::new() });
    put("rights_level", if badge.rights_level > 0 { badge.rights_level.to_string() } else { String::new() });
    put("suspendable", tick(badge.suspendable));
    put("hosted_ob2", tick(badge.hosted_ob2));
    put("visibility", badge.visibility.clone());
    let Addresses { requires, also_in, rights_over } = addresses;
    for (name, lines) in [("requires", requires), ("also_in", also_in), ("rights_over", rights_over)] {
        put(name, lines.join("\n"));
    }
    put("name", content.name);
    put("consumer_description", content.description);
    put("earner_description", content.earner_description.unwrap_or_default());
    put("achievement_type", content.achievement_type.unwrap_or_default());
    put("criteria", content.criteria.narrative);
    put("tags", content.tags.join(", "));
    put("caption", content.image_caption);
    put("expires_after", content.expires_after.map(span::write).unwrap_or_default());
    put("source", if content.artwork.is_some() { "drawn" } else { "file" }.to_owned());
    let Artwork { track: _, level, colour, icon, title, year } = content.artwork.unwrap_or_default();
    for (name, value) in
        [("level", level), ("colour", colour), ("icon", icon), ("short_title", title), ("year", year)]
    {
        put(name, value);
    }
    put_rows(&mut typed, content.criteria.groups, content.alignments, content.results);
    typed
}

fn put_rows(
    typed: &mut Typed,
    groups: Vec<CriteriaGroup>,
    alignments: Vec<Alignment>,
    results: Vec<ResultDescription>,
) {
    let mut put = |name: &str, value: String| {
        typed.insert(name.to_owned(), value);
    };
    for (at, group) in (1..).zip(groups) {
        let all = group.needed >= group.criteria.len();
        let of = |required: bool| {
            let those = group.criteria.iter().filter(|one| one.required == required);
            those.map(|one| one.description.as_str()).collect::<Vec<_>>().join("\n")
        };
        put(&format!("group-{at}-required"), of(true));
        put(&format!("group-{at}-items"), of(false));
        put(&format!("group-{at}-needed"), if all { String::new() } else { group.needed.to_string() });
    }
    for (at, one) in (1..).zip(alignments) {
        put(&format!("alignment-{at}-name"), one.target_name);
        put(&format!("alignment-{at}-url"), one.target_url);
        put(&format!("alignment-{at}-code"), one.target_code.unwrap_or_default());
        put(&format!("alignment-{at}-framework"), one.target_framework.unwrap_or_default());
    }
    for (at, one) in (1..).zip(results) {
        let level = |level: RubricLevel| match level.description {
            Some(text) => format!("{}: {text}", level.name),
            None => level.name,
        };
        put(&format!("result-{at}-name"), one.name);
        put(&format!("result-{at}-type"), one.result_type);
        put(&format!("result-{at}-values"), one.allowed_values.join("\n"));
        put(&format!("result-{at}-levels"), one.levels.into_iter().map(level).collect::<Vec<_>>().join("\n"));
    }
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

/// The numbers of the rows of a kind in which something stands.
fn rows<'t>(typed: &'t Typed, kind: &'t str, parts: &'t [&'t str]) -> impl Iterator<Item = usize> + 't {
    (1..=ENTRIES)
        .filter(move |at| parts.iter().any(|part| !text(typed, &format!("{kind}-{at}-{part}")).is_empty()))
}

fn text(typed: &Typed, name: &str) -> String {
    typed.get(name).map(|value| value.trim().replace("\r\n", "\n")).unwrap_or_default()
}

fn filled(typed: &Typed, name: &str) -> Option<String> {
    Some(text(typed, name)).filter(|text| !text.is_empty())
}

fn ticked(typed: &Typed, name: &str) -> bool {
    typed.get(name).is_some_and(|value| value == "yes")
}

fn lines(typed: &Typed, name: &str) -> impl Iterator<Item = String> + use<> {
    let all: Vec<_> = text(typed, name)
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    all.into_iter()
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

#[cfg(test)]
mod tests {
    use super::*;

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
