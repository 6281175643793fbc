//! What the tables cannot say: rules between members.

use crate::json::{Json, Object, Path};
use crate::model::{class::Class, ob2};
use crate::time::Timestamp;

use super::{Fault, Severity, vcdm, walk::Walk};

/// The rules of a class beyond its table.
pub(super) fn of_class(walk: &mut Walk, class: &Class, object: &Object<'_>, path: &Path<'_>) {
    if walk.edition.is_some() {
        return ob2::of_class(walk, class, object, path);
    }
    match class.name {
        "AchievementCredential" | "EndorsementCredential" => {
            let (from, until) = (walk.form.from_member(), walk.form.until_member());
            order(walk, object, from, until, path);
        }
        "AchievementSubject" => {
            order(walk, object, "activityStartDate", "activityEndDate", path);
            recipient(walk, object, path);
            results(walk, object, path);
        }
        "Criteria" if object.get("id").is_none() && object.get("narrative").is_none() => {
            walk.refuse(path, Fault::NoCriteria);
        }
        _ => {}
    }
}

/// A member that the table does not name: somebody's own, but never null, which JSON-LD drops from what is
/// signed.
pub(super) fn unnamed(walk: &mut Walk, name: &str, value: &Json<'_>, path: &Path<'_>) {
    if walk.edition.is_some() {
        return ob2::unnamed(walk, name, value, path);
    }
    match (name, value) {
        (_, Json::Null) => walk.refuse(path, Fault::Null),
        ("relatedResource", value) => vcdm::related(walk, value, path),
        _ => {}
    }
}

/// The end must not lie before the beginning; texts that are no times are reported elsewhere.
pub(super) fn order(
    walk: &mut Walk,
    object: &Object<'_>,
    from: &'static str,
    until: &'static str,
    path: &Path<'_>,
) {
    let time = |name: &str| object.text(name).and_then(|text| text.parse::<Timestamp>().ok());
    if let (Some(begins), Some(ends)) = (time(from), time(until))
        && ends < begins
    {
        walk.refuse(&path.member(until), Fault::Backwards(from));
    }
}

/// Either `id` or at least one `identifier` MUST be supplied (OB 3.0 §B.1.3).
fn recipient(walk: &mut Walk, subject: &Object<'_>, path: &Path<'_>) {
    let identifiers = subject.get("identifier").map(Json::one_or_many).unwrap_or_default();
    if subject.get("id").is_none() && identifiers.is_empty() {
        walk.refuse(path, Fault::NoRecipient);
    }
}

/// The linked description must be in the achievement that is asserted, and a result whose description has
/// the type Status needs its status (OB 3.0 §B.1.20).
fn results(walk: &mut Walk, subject: &Object<'_>, path: &Path<'_>) {
    let Some(results) = subject.get("result") else { return };
    let achievement = subject.get("achievement").and_then(Json::as_object);
    let descriptions = achievement.and_then(|own| own.get("resultDescription"));
    let known: std::collections::HashMap<&str, &Object<'_>> = descriptions
        .map(Json::one_or_many)
        .unwrap_or_default()
        .iter()
        .filter_map(Json::as_object)
        .filter_map(|description| Some((description.text("id")?, description)))
        .collect();
    let set = path.member("result");
    for (at, result) in results.one_or_many().iter().enumerate() {
        let path = if results.as_array().is_some() { set.item(at) } else { set };
        let Some((result, link)) =
            result.as_object().and_then(|own| Some((own, own.text("resultDescription")?)))
        else {
            continue;
        };
        match known.get(link) {
            None => walk.note(
                &path.member("resultDescription"),
                Fault::Dangling("result description"),
                Severity::Notice,
            ),
            Some(description) => {
                let status = description.text("resultType") == Some("Status");
                if status && result.get("status").is_none() {
                    walk.refuse(&path.member("status"), Fault::Missing("a result of type Status"));
                }
            }
        }
    }
}

/// A language value object has `@value` and perhaps `@language` and `@direction`, all texts (VC Data Model
/// 2.0 §11.1); a language map has only texts.
pub(super) fn language(walk: &mut Walk, object: &Object<'_>, path: &Path<'_>) {
    let value_object = object.get("@value").is_some();
    for (name, value) in object.iter() {
        let path = path.member(name);
        let known = matches!(name, "@value" | "@language" | "@direction");
        if value_object != known {
            walk.refuse(&path, Fault::Unexpected("a text with a language"));
        } else if value.as_str().is_none() {
            walk.refuse(&path, Fault::Wrong { found: value.kind(), wanted: "a text" });
        }
    }
    if object.is_empty() {
        walk.refuse(path, Fault::Empty);
    }
}
