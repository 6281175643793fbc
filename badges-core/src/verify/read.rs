//! From a text to the judge of what it holds: every document comes in here, those within others too.

use super::{
    CheckName, Code, Options, Report, credential, hosted,
    judge::{Judge, Reason},
    signed,
    structure::kind_reason,
    token::jws_reason,
    work::Within,
};
use crate::{
    json::{Json, JsonError, Object, WHITE_SPACE, read},
    model::{DocumentKind, kind_of},
    proof::jws::Compact,
};

/// Judges what a text holds, or what stands at the address that it is.
pub(super) fn judge_text(text: &str, options: &Options<'_>, within: Within<'_>) -> Report {
    let text = text.trim_matches(WHITE_SPACE);
    if is_address(text) {
        return hosted::judge_address(text, options.documents.document(text).as_deref(), options);
    }
    let judged = || -> Result<Report, Box<Report>> {
        let token = token_in(text, options)?;
        let object = object_in(text, token.as_ref(), options)?;
        Ok(judge_read(token.as_ref(), &object, options, within))
    };
    judged().unwrap_or_else(|refused| *refused)
}

/// The token, if the text is one and not JSON.
pub(super) fn token_in<'t>(text: &'t str, options: &Options<'_>) -> Result<Option<Compact<'t>>, Box<Report>> {
    if !Compact::is_meant(text) {
        return Ok(None);
    }
    // Base64 makes four bytes of three, and a header takes its place too.
    let limit = (options.bounds.json.bytes / 3).saturating_mul(4).saturating_add(16 * 1024);
    if text.len() > limit {
        return Err(Box::new(refuse_json(options, &JsonError::TooLong(options.bounds.json.bytes))));
    }
    let prose = || text.contains(char::is_whitespace) && !text.starts_with("ey");
    let refused = |error| match prose() {
        true => refuse(options, Code::Malformed, NEITHER.to_owned()),
        false => Judge::new(options).refuse(CheckName::Proof(0), jws_reason(&error)),
    };
    Compact::parse(text).map(Some).map_err(|error| Box::new(refused(error)))
}

/// The object in the payload of the token, or in the text itself.
pub(super) fn object_in<'t>(
    text: &'t str,
    token: Option<&'t Compact<'_>>,
    options: &Options<'_>,
) -> Result<Object<'t>, Box<Report>> {
    let json = token.map_or(text.as_bytes(), Compact::payload);
    let refused = match read(json, &options.bounds.json) {
        Ok(Json::Object(object)) => return Ok(object),
        Ok(other) => {
            let found = other.kind();
            let message = match token {
                Some(_) => format!("the payload must be an object, and is {found}"),
                None => format!("a badge is an object, and this is {found}"),
            };
            refuse(options, Code::Malformed, message)
        }
        Err(JsonError::Syntax(_)) if token.is_none() && !text.starts_with('{') => {
            refuse(options, Code::Malformed, NEITHER.to_owned())
        }
        Err(error) => refuse_json(options, &error),
    };
    Err(Box::new(refused))
}

/// Judges what [`token_in`] and [`object_in`] have read.
pub(super) fn judge_read(
    token: Option<&Compact<'_>>,
    object: &Object<'_>,
    options: &Options<'_>,
    within: Within<'_>,
) -> Report {
    let Some(token) = token else { return judge_object(object, options, within) };
    match kind_of(object) {
        DocumentKind::Ob2(..) if object.get("vc").is_none() => {
            signed::judge_assertion(token, object, options)
        }
        _ => credential::judge_token(token, object, options, within),
    }
}

pub(super) fn judge_object(object: &Object<'_>, options: &Options<'_>, within: Within<'_>) -> Report {
    if object.get("signature").or(object.get("signatures")).is_some() && object.get("payload").is_some() {
        return refuse(
            options,
            Code::Malformed,
            "a JWS in its JSON form: only the compact form is read".to_owned(),
        );
    }
    let kind = kind_of(object);
    if let Some(reason) = kind_reason(kind) {
        return Judge::new(options).refuse(CheckName::Structure, reason);
    }
    match kind {
        DocumentKind::Ob2(..) => hosted::judge_assertion(object, None, options),
        _ => credential::judge_embedded(object, kind, options, within),
    }
}

pub(super) fn refuse(options: &Options<'_>, code: Code, message: String) -> Report {
    Judge::new(options).refuse(CheckName::Structure, Reason::new(code, "", message))
}

fn refuse_json(options: &Options<'_>, error: &JsonError) -> Report {
    let code = match error {
        JsonError::TooLong(_) => Code::TooLarge,
        JsonError::TooDeep(_) => Code::TooComplex,
        _ => Code::Malformed,
    };
    refuse(options, code, error.to_string())
}

/// What is said of a table, a template or a letter, where the words of a parser would tell nothing.
const NEITHER: &str = "it is neither JSON, nor a token of three parts, nor a picture";

pub(super) fn is_address(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web && !text.contains(char::is_whitespace)
}
