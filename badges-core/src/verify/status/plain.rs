//! Lists without a signature that name what was revoked: that of 1EdTech (VCRL 1.0), and that of Open Badges 2.0.

use url::Url;

use super::list::{limits, malformed, may_publish, not_bound, other_id, reason_of};
use crate::{
    did::document_url,
    json::{Object, read},
    status::{Outcome, Revocation, RevocationList, RevokedAssertions},
    verify::{
        Code, Options,
        judge::{Answer, Judge, Reason},
        trust::issuer_of,
    },
};

/// The list of 1EdTech carries no proof (VCRL 1.0): it is trusted because the signed badge names its address, as
/// far as it says that it is the issuer's.
pub(super) fn in_plain_list(
    judge: &mut Judge<'_>,
    text: &[u8],
    url: &str,
    credential: &Object<'_>,
    issuer: &str,
) -> Answer<Outcome> {
    let json =
        read(text, &limits(judge.options, false)).map_err(|error| malformed(url, &error.to_string()))?;
    let object = json.as_object().ok_or_else(|| malformed(url, "must be an object"))?;
    let list = RevocationList::read(object).map_err(|error| reason_of(&error))?;
    other_id(judge, object, url);
    let found = list.find(credential.text("id").unwrap_or_default());
    let publisher = issuer_of(object);
    let spoken_for = match publisher {
        // Whoever it is, a badge that it names is not taken for a good one.
        "" => found.is_some() || in_scope(url, issuer),
        publisher => may_publish(judge.options, issuer, publisher),
    };
    if !spoken_for {
        return Err(not_bound(url, publisher));
    }
    Ok(Revocation::outcome(found.as_ref()))
}

/// Whether a list that names no issuer stands where the badge's issuer publishes: on the origin of its own
/// document.
fn in_scope(url: &str, issuer: &str) -> bool {
    let origin = |url: &str| Some(Url::parse(url).ok()?.origin());
    document_url(issuer).ok().and_then(|own| origin(&own)).is_some_and(|own| Some(own) == origin(url))
}

/// Looks an assertion of Open Badges 2.0 up in the revocation list of its issuer.
pub(in crate::verify) fn look_up_assertion(
    options: &Options<'_>,
    url: &str,
    assertion: &Object<'_>,
) -> Answer {
    let missing =
        || Reason::new(Code::StatusMissing, "", format!("the revocation list {url} was not supplied"));
    let text = options.documents.document(url).ok_or_else(missing)?;
    let json = read(&text, &limits(options, false)).map_err(|error| malformed(url, &error.to_string()))?;
    let object = json.as_object().ok_or_else(|| malformed(url, "must be an object"))?;
    let list = RevokedAssertions::read(object).map_err(|error| reason_of(&error))?;
    match list.find(assertion.text("id"), assertion.text("uid")) {
        None => Ok(()),
        Some(found) => {
            let why = found.reason.unwrap_or("the issuer gives no reason");
            Err(Reason::new(Code::Revoked, "", format!("revoked: {why}")))
        }
    }
}
