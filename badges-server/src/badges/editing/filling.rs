//! A badge as it stands in the editor's form.

use super::Typed;
use crate::{
    artwork::Artwork,
    badges::{
        Content,
        content::{Alignment, CriteriaGroup, ResultDescription, RubricLevel},
        span,
        versions::Badge,
    },
};

/// The addresses that stand in a form, one a line.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    pub(crate) requires: Vec<String>,
    pub(crate) also_in: Vec<String>,
    pub(crate) rights_over: Vec<String>,
}

/// What stands in the form of a badge as it is.
pub(crate) fn typed(badge: &Badge, content: Content, addresses: &Addresses) -> Typed {
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
