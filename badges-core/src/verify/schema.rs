//! The schemas that a badge names (OB 3.0 §8.1; VCCS 1.0).

use super::{
    CheckName, Code,
    judge::{Judge, Reason},
};
use crate::{
    json::{Json, Object},
    model::DocumentKind,
};

/// Where 1EdTech publishes the schemas of Open Badges 3.0; the typed model holds what they demand.
const OURS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/";

/// Writes down `schema`: the typed model stands for the schemas of 1EdTech, and another one is a finding.
pub(super) fn check_schema(judge: &mut Judge<'_>, object: &Object<'_>, kind: DocumentKind) {
    let named = object.get("credentialSchema").map(Json::one_or_many).unwrap_or_default();
    if named.is_empty() {
        return judge.skip(CheckName::Schema);
    }
    let foreign = named.iter().enumerate().find(|(_, schema)| {
        let schema = schema.as_object();
        let known = schema.is_some_and(|schema| {
            schema.has_type("1EdTechJsonSchemaValidator2019")
                && schema.text("id").is_some_and(|id| id.starts_with(OURS) && ours(kind))
        });
        !known
    });
    match foreign {
        None => judge.record(CheckName::Schema, Ok(())),
        Some((at, schema)) => {
            let id = schema.as_object().and_then(|schema| schema.text("id")).unwrap_or("without id");
            let message = format!("the schema {id} is not known here and was not applied");
            let path = format!("$.credentialSchema[{at}]");
            judge.note(CheckName::Schema, &Reason::new(Code::SchemaUnknown, path, message));
        }
    }
}

fn ours(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Badge(_) | DocumentKind::Endorsement(_))
}
