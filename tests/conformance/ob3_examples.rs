//! Open Badges 3.0 documents of others: read, judged by structure, printed again, and compared with the schema
//! files of 1EdTech as oracle.

use std::fs;

use badges_core::{
    json::{Limits, read},
    model::{
        DocumentKind, EndorsementCredential, Form, OpenBadgeCredential, Severity, Violation, check_badge,
        check_endorsement,
        class::{Class, Range, Required},
        kind_of,
    },
};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{sample, vectors::Suite};

fn violations(document: &Value) -> Vec<Violation> {
    let text = document.to_string();
    let limits = Limits { bytes: 1 << 22, ..Limits::default() };
    let tree = match read(text.as_bytes(), &limits) {
        Ok(tree) => tree,
        Err(error) => panic!("{error}"),
    };
    let object = tree.as_object().unwrap();
    let found = match kind_of(object) {
        DocumentKind::Endorsement(_) => check_endorsement(object),
        _ => check_badge(object),
    };
    found.into_iter().filter(|violation| violation.severity > Severity::Notice).collect()
}

/// Reads a document into its type and prints it; printing what was printed must not change it.
fn printed(text: &str, endorsement: bool) -> Result<Value, String> {
    let print = |text: &str| -> Result<String, serde_json::Error> {
        if endorsement {
            serde_json::to_string(&serde_json::from_str::<EndorsementCredential>(text)?)
        } else {
            serde_json::to_string(&serde_json::from_str::<OpenBadgeCredential>(text)?)
        }
    };
    let once = print(text).map_err(|error| error.to_string())?;
    let twice = print(&once).map_err(|error| error.to_string())?;
    if once != twice {
        return Err("printing is not stable".to_owned());
    }
    serde_json::from_str(&once).map_err(|error| error.to_string())
}

fn schema(suite: &Suite, file: &str) -> Validator {
    let schema = suite.json(file);
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

const PUBLISHED: &str = "schema-published-2026-07-04/ob_v3p0_achievementcredential_schema.json";
const ARRAYS: &str = "schema-gh-pages-2024-07-31/ob_v3p0_achievementcredential_schema.json";

#[test]
fn what_is_accepted_prints_as_both_schemas_want_it() {
    let Some(mut suite) = Suite::open("ob3-examples", "1edtech-ob30-spec") else { return };
    let schemas = [schema(&suite, PUBLISHED), schema(&suite, ARRAYS)];
    let mut files = Vec::new();
    for folder in [
        "examples",
        "../1edtech-public-validator/ob30",
        "../interop-digitalbazaar",
        "../dcc-verifier-core",
        "../jff-plugfest/plugfest-2-2022",
        "../jff-plugfest/plugfest-3-2023",
        "../attacks-di",
        "../attacks-jsonld",
    ] {
        for entry in fs::read_dir(suite.folder.join(folder)).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            files.extend(name.ends_with(".json").then(|| format!("{folder}/{name}")));
        }
    }

    for file in files {
        let text = suite.text(&file);
        let Ok(tree) = read(text.as_bytes(), &Limits { bytes: 1 << 22, ..Limits::default() }) else {
            continue;
        };
        let kind = tree.as_object().map(kind_of);
        let Some(DocumentKind::Badge(form) | DocumentKind::Endorsement(form)) = kind else { continue };
        let document: Value = serde_json::from_str(&text).unwrap();
        let refused = violations(&document);
        let mine = file.starts_with("examples/");
        let outcome = match (refused.as_slice(), mine) {
            ([first, ..], true) => Err(first.to_string()),
            ([_, ..], false) => continue,
            ([], _) => printed(&text, matches!(kind, Some(DocumentKind::Endorsement(_)))),
        };
        // The schemas are for badges of VC Data Model 2.0.
        let judged = matches!(kind, Some(DocumentKind::Badge(Form::Vc20)));
        let outcome = outcome.and_then(|printed| {
            let bad = schemas.iter().filter(|_| judged).find_map(|schema| {
                schema
                    .iter_errors(&printed)
                    .next()
                    .map(|error| format!("{} at {}", error, error.instance_path()))
            });
            bad.map_or(Ok(()), Err)
        });
        suite.check(&format!("{file} {form:?}"), outcome);
    }
    suite.finish();
}

#[test]
fn a_badge_with_every_property_is_accepted_printed_and_read() {
    let Some(mut suite) = Suite::open("ob3-whole", "1edtech-ob30-spec") else { return };
    let whole = sample::whole(OpenBadgeCredential::class());

    let found = violations(&whole);
    suite.check("structure", found.is_empty().then_some(()).ok_or(format!("{found:?}")));
    let printed = printed(&whole.to_string(), false);
    suite.check("printed", (printed.as_ref() == Ok(&whole)).then_some(()).ok_or(format!("{printed:?}")));
    for file in [PUBLISHED, ARRAYS] {
        let errors: Vec<_> =
            schema(&suite, file).iter_errors(&whole).map(|error| error.to_string()).collect();
        suite.check(file, errors.is_empty().then_some(()).ok_or(format!("{errors:?}")));
    }
    suite.finish();
}

/// One fault in a badge that holds every property: each is taken out, and given values of wrong kinds.
#[test]
fn a_single_fault_is_refused_at_its_place() {
    let Some(mut suite) = Suite::open("ob3-faults", "1edtech-ob30-spec") else { return };
    let oracles = [schema(&suite, PUBLISHED), schema(&suite, ARRAYS)];
    let whole = sample::whole(OpenBadgeCredential::class());
    let mut places = Vec::new();
    walk(OpenBadgeCredential::class(), &whole, "", "$", &mut places);

    for place in places {
        let name = format!("{}.{}", place.class, place.property);
        if place.required {
            let mut faulty = whole.clone();
            faulty.pointer_mut(&place.parent).unwrap().as_object_mut().unwrap().remove(&place.property);
            suite.check(&format!("{name} missing"), refused(&faulty, &place.path, &oracles));
        }
        for wrong in [json!(null), json!(7), json!(true), json!({ "odd": 1 }), json!([[]]), json!("odd text")]
        {
            if !place.takes(&wrong) {
                let mut faulty = whole.clone();
                faulty.pointer_mut(&place.parent).unwrap()[&place.property] = wrong.clone();
                suite.check(&format!("{name} = {wrong}"), refused(&faulty, &place.path, &oracles));
            }
        }
    }
    suite.finish();
}

fn refused(faulty: &Value, path: &str, oracles: &[Validator]) -> Result<(), String> {
    let found = violations(faulty);
    if !found.iter().any(|violation| violation.path.starts_with(path)) {
        return Err(format!("not refused at {path}: {found:?}"));
    }
    if oracles.iter().all(|oracle| oracle.is_valid(faulty)) {
        return Err(format!("both schemas take it: {}", found[0]));
    }
    Ok(())
}

struct Place {
    class: &'static str,
    property: String,
    parent: String,
    path: String,
    required: bool,
    range: Range,
}

impl Place {
    /// Whether a value that looks wrong is right here, or no fault of kind.
    fn takes(&self, value: &Value) -> bool {
        match self.range {
            Range::Boolean => value.is_boolean(),
            Range::Number => value.is_number(),
            Range::String | Range::Text | Range::Type => value.is_string(),
            // That a text is no URI is for us to say: the schemas have no such format.
            Range::Uri | Range::ClassOrUri(_) => value.is_string(),
            Range::Any => true,
            _ => false,
        }
    }
}

/// Every property of every class, once.
fn walk(class: &'static Class, value: &Value, pointer: &str, path: &str, places: &mut Vec<Place>) {
    for property in class.properties {
        let Some(inner) = value.get(property.name) else { continue };
        // The dates of VC Data Model 1.1 are in schemas of their own.
        let old = ["issuanceDate", "expirationDate"].contains(&property.name);
        if old || places.iter().any(|own| own.class == class.name && own.property == property.name) {
            continue;
        }
        places.push(Place {
            class: class.name,
            property: property.name.to_owned(),
            parent: pointer.to_owned(),
            path: format!("{path}.{}", property.name).replace(".@context", "[\"@context\"]"),
            required: property.required == Required::Always,
            range: property.range,
        });
        if let Range::Class(next) | Range::ClassOrUri(next) = property.range {
            let (at, index, inner) = match inner.get(0) {
                Some(first) => ("/0", "[0]", first),
                None => ("", "", inner),
            };
            let name = property.name;
            walk(next(), inner, &format!("{pointer}/{name}{at}"), &format!("{path}.{name}{index}"), places);
        }
    }
}
