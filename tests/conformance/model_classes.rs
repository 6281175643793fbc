//! The classes and properties of the Open Badges 3.0 model, by name and cardinality.

use std::collections::{BTreeMap, BTreeSet};

use badges_core::model::{
    Achievement, AchievementSubject, Alignment, Criteria, EndorsementCredential, EndorsementSubject,
    Evidence, IdentityObject, Image, OpenBadgeCredential, Profile,
    achievement::{AchievementType, AlignmentTargetType, Related},
    class::{Class, Required, Vocabulary},
    credential::{CredentialSchema, CredentialStatus, Proof, RefreshService, TermsOfUse},
    profile::{Address, GeoCoordinates, IdentifierEntry, IdentifierType},
    result::{Achieved, ResultDescription, ResultStatus, ResultType, RubricCriterionLevel},
};
use serde_json::Value;

use crate::vectors::Suite;

/// The table of a class, and the form in which the class is its own.
fn table(class: &str) -> Option<(&'static Class, Required)> {
    let (name, form) = match class.strip_suffix("v1p1") {
        Some(name) => (name, Required::Vc11),
        None => (class, Required::Vc20),
    };
    let table = match name {
        "Achievement" => Achievement::class(),
        "AchievementCredential" => OpenBadgeCredential::class(),
        "AchievementSubject" => AchievementSubject::class(),
        "Address" => Address::class(),
        "Alignment" => Alignment::class(),
        "CredentialSchema" => CredentialSchema::class(),
        "CredentialStatus" => CredentialStatus::class(),
        "Criteria" => Criteria::class(),
        "EndorsementCredential" => EndorsementCredential::class(),
        "EndorsementSubject" => EndorsementSubject::class(),
        "Evidence" => Evidence::class(),
        "GeoCoordinates" => GeoCoordinates::class(),
        "IdentifierEntry" => IdentifierEntry::class(),
        "IdentityObject" => IdentityObject::class(),
        "Image" => Image::class(),
        "Profile" => Profile::class(),
        "Proof" => Proof::class(),
        "RefreshService" => RefreshService::class(),
        "Related" => Related::class(),
        "Result" => Achieved::class(),
        "ResultDescription" => ResultDescription::class(),
        "RubricCriterionLevel" => RubricCriterionLevel::class(),
        "TermsOfUse" => TermsOfUse::class(),
        _ => return None,
    };
    Some((table, form))
}

fn vocabulary(class: &str) -> Option<&'static Vocabulary> {
    match class {
        "AchievementType" => Some(AchievementType::vocabulary()),
        "AlignmentTargetType" => Some(AlignmentTargetType::vocabulary()),
        "IdentifierTypeEnum" => Some(IdentifierType::vocabulary()),
        "ResultStatusType" => Some(ResultStatus::vocabulary()),
        "ResultType" => Some(ResultType::vocabulary()),
        _ => None,
    }
}

/// A credential has the properties of the class above it too.
const ABOVE: &[(&str, &str)] = &[
    ("AchievementCredential", "VerifiableCredential"),
    ("AchievementCredentialv1p1", "VerifiableCredentialv1p1"),
    ("EndorsementCredential", "VerifiableCredential"),
    ("EndorsementCredentialv1p1", "VerifiableCredentialv1p1"),
];

#[test]
fn every_class_has_every_property_with_its_cardinality() {
    let Some(mut suite) = Suite::open("model-classes", "1edtech-ob30-spec") else { return };
    let mut classes: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for line in suite.text("model-summary.tsv").lines() {
        let mut columns = line.split('\t');
        let (class, property) = (columns.next().unwrap(), columns.next().unwrap());
        let cardinality = columns.nth(1).unwrap_or_default();
        if class != "CLASS" && property != "  constraint" {
            classes.entry(class.to_owned()).or_default().insert(property.to_owned(), cardinality.to_owned());
        }
    }
    for (class, above) in ABOVE {
        let inherited = classes[*above].clone();
        let own = classes.get_mut(*class).unwrap();
        for (property, cardinality) in inherited {
            own.entry(property).or_insert(cardinality);
        }
    }

    for (class, properties) in classes {
        if ABOVE.iter().any(|(_, above)| *above == class) {
            continue;
        }
        for (property, cardinality) in properties {
            suite.check(&format!("{class}.{property}"), agrees(&class, &property, &cardinality));
        }
    }
    suite.finish();
}

fn agrees(class: &str, name: &str, cardinality: &str) -> Result<(), String> {
    if let Some(vocabulary) = vocabulary(class) {
        return vocabulary.terms.contains(&name).then_some(()).ok_or("no such term".to_owned());
    }
    let (table, form) = table(class).ok_or("no such class")?;
    let (_, property) = table.property(name).ok_or("no such property")?;
    let required = property.required == Required::Always || property.required == form;
    let actual = match (required, property.many, name) {
        (true, false, "type") if cardinality == "1..*" => "1..*",
        (true, false, "@context") => "2..*",
        (true, false, _) => "1",
        (true, true, _) => "1..*",
        (false, true, _) => "0..*",
        (false, false, _) => "0..1",
    };
    (actual == cardinality).then_some(()).ok_or(format!("is {actual}, not {cardinality}"))
}

/// The model leaves out what it includes from elsewhere; the published schema has it.
#[test]
fn the_published_schema_and_the_tables_name_the_same_properties() {
    let Some(mut suite) = Suite::open("model-schema", "1edtech-ob30-spec") else { return };
    let schema = suite.json("schema-published-2026-07-04/ob_v3p0_achievementcredential_schema.json");

    let classes = schema["$defs"].as_object().unwrap().iter().map(|(name, class)| (name.as_str(), class));
    for (name, class) in classes.chain([("AchievementCredential", &schema)]) {
        let Some((table, _)) = table(name) else { continue };
        let in_schema = names(&class["properties"]);
        let in_table: BTreeSet<_> =
            table.properties.iter().map(|property| property.name.to_owned()).collect();
        // Forms of VC Data Model 1.1 have a schema of their own.
        let in_table: BTreeSet<_> =
            in_table.into_iter().filter(|own| own != "issuanceDate" && own != "expirationDate").collect();
        let difference: Vec<_> = in_table.symmetric_difference(&in_schema).collect();
        let closed = class["additionalProperties"] == false;
        let same = difference.is_empty() && closed == table.closed;
        suite.check(name, same.then_some(()).ok_or(format!("{difference:?}, closed {closed}")));
    }
    suite.finish();
}

fn names(properties: &Value) -> BTreeSet<String> {
    properties.as_object().unwrap().keys().cloned().collect()
}
