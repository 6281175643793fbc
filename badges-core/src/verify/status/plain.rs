//! Lists without a signature that name what was revoked: that of 1EdTech (VCRL 1.0), and that of Open Badges 2.0.

use super::list::{limits, malformed, may_publish, not_bound, other_id, reason_of};
use crate::{
    json::{Object, read},
    status::{Outcome, Revocation, RevocationList, RevokedAssertions},
    verify::{
        Code, Options,
        judge::{Answer, Judge, Reason},
        trust::issuer_of,
    },
};

/// The list of 1EdTech carries no proof: it is trusted as far as the address it comes from
/// (VCRL 1.0), and must name the badge's issuer.
pub(super) fn in_plain_list(
    judge: &mut Judge<'_>,
    text: &[u8],
    url: &str,
    credential: &Object<'_>,
    issuer: &str,
) -> Answer<Outcome> {
    let json = read(text, &limits(judge.options)).map_err(|error| malformed(url, &error.to_string()))?;
    let object = json.as_object().ok_or_else(|| malformed(url, "must be an object"))?;
    let list = RevocationList::read(object).map_err(|error| reason_of(&error))?;
    other_id(judge, object, url);
    let publisher = issuer_of(object);
    if !publisher.is_empty() && !may_publish(judge.options, issuer, publisher) {
        return Err(not_bound(url, publisher));
    }
    let id = credential.text("id").unwrap_or_default();
    Ok(Revocation::outcome(list.find(id).as_ref()))
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
    let json = read(&text, &limits(options)).map_err(|error| malformed(url, &error.to_string()))?;
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
