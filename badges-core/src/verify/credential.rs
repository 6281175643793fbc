//! One credential judged from structure to endorsements (OB 3.0 §8), however it is secured.

use super::{
    CheckName, Code, Generation, Options, Report,
    endorsements::check_endorsements,
    judge::{Answer, Judge, Reason},
    proofs::{check_enclosed, check_proofs},
    recipient::check_recipient,
    schema::check_schema,
    status::check_status,
    structure::{check_structure, kind_reason},
    token::{TokenTimes, check_claims, check_token, check_type, credential_of, without_claims},
    trust::{check_trust, issuer_of},
    work::Within,
};
use crate::{
    json::{Json, Object},
    model::{DocumentKind, kind_of},
    proof::jws::Compact,
    time::Timestamp,
};

/// Judges a credential that carries its proofs. `within` says what is around it.
pub(super) fn judge_embedded(
    object: &Object<'_>,
    kind: DocumentKind,
    options: &Options<'_>,
    within: Within<'_>,
) -> Report {
    let mut judge = Judge::new(options);
    describe(&mut judge, object);
    check_structure(&mut judge, object, kind);
    check_proofs(&mut judge, object, issuer_of(object), within.work);
    conclude(judge, object, kind, TokenTimes::default(), within)
}

/// Judges a credential that stands in a token.
pub(super) fn judge_token(
    token: &Compact<'_>,
    payload: &Object<'_>,
    options: &Options<'_>,
    within: Within<'_>,
) -> Report {
    let mut judge = Judge::new(options);
    if let Err(reason) = check_type(&mut judge, token.header()) {
        return judge.refuse(CheckName::Structure, reason);
    }
    let credential = match credential_of(&mut judge, payload) {
        Ok(credential) => credential,
        Err(reason) => return judge.refuse(CheckName::Structure, reason),
    };
    let kind = kind_of(credential);
    if let Some(reason) = kind_reason(kind) {
        return judge.refuse(CheckName::Structure, reason);
    }
    describe(&mut judge, credential);
    check_structure(&mut judge, credential, kind);
    check_token(&mut judge, token, issuer_of(credential), within.work);
    if credential.get("proof").is_some_and(|proof| *proof != Json::Null) {
        let at_top = payload.get("vc").is_none();
        let secured = if at_top { &without_claims(credential) } else { credential };
        check_enclosed(&mut judge, secured, issuer_of(credential), within.work);
    }
    let required = !matches!(kind, DocumentKind::StatusList(_));
    let times = check_claims(&mut judge, payload, credential, required).unwrap_or_else(|reason| {
        judge.record(CheckName::Structure, Err(reason));
        TokenTimes::default()
    });
    conclude(judge, credential, kind, times, within)
}

/// What does not depend on how the credential is secured.
fn conclude(
    mut judge: Judge<'_>,
    object: &Object<'_>,
    kind: DocumentKind,
    times: TokenTimes,
    within: Within<'_>,
) -> Report {
    let issuer = issuer_of(object);
    check_trust(&mut judge, issuer);
    let period = Period::of(object, &times);
    judge.record(CheckName::Time, period.holds_at(judge.options.at));
    check_status(&mut judge, object, issuer, within);
    check_recipient(&mut judge, object);
    check_schema(&mut judge, object, kind);
    check_endorsements(&mut judge, object, within);
    judge.finish()
}

/// Fills the report with what the document says of itself.
fn describe(judge: &mut Judge<'_>, object: &Object<'_>) {
    judge.generation(Generation::V3);
    let text = |text: Option<&str>| text.map(str::to_owned);
    let report = &mut judge.report;
    report.issuer = text(Some(issuer_of(object)).filter(|issuer| !issuer.is_empty()));
    let issuer = object.get("issuer").and_then(Json::as_object);
    report.issuer_name = text(issuer.and_then(|issuer| issuer.text("name")));
    let subjects = object.get("credentialSubject").map(Json::one_or_many).unwrap_or_default();
    let subjects = || subjects.iter().filter_map(Json::as_object);
    let achievement = subjects().find_map(|subject| subject.get("achievement")?.as_object()?.text("name"));
    report.name = text(achievement.or(object.text("name")));
    for subject in subjects() {
        report.recipients.extend(subject.text("id").map(str::to_owned));
        let identities = subject.get("identifier").map(Json::one_or_many).unwrap_or_default();
        let texts = identities.iter().filter_map(|one| one.as_object()?.text("identityHash"));
        report.recipients.extend(texts.map(str::to_owned));
    }
}

/// The time in which a credential is valid: the narrowest that any of its members says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Period {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Period {
    pub(super) fn of(object: &Object<'_>, times: &TokenTimes) -> Self {
        let points = |names: [&str; 2]| {
            let own = names.map(|name| object.text(name).and_then(|text| text.parse::<Timestamp>().ok()));
            own.into_iter().flatten()
        };
        Self {
            from: points(["validFrom", "issuanceDate"]).chain(times.not_before).max(),
            until: points(["validUntil", "expirationDate"]).chain(times.expires).min(),
        }
    }

    /// Both ends belong to the period (OB 3.0 §8.3; VC Data Model 2.0 §4.9).
    pub(super) fn holds_at(self, at: Timestamp) -> Answer {
        if let Some(from) = self.from.filter(|from| at < *from) {
            return Err(Reason::new(Code::NotYetValid, "$.validFrom", format!("not valid before {from}")));
        }
        if let Some(until) = self.until.filter(|until| at > *until) {
            return Err(Reason::new(Code::Expired, "$.validUntil", format!("no longer valid since {until}")));
        }
        Ok(())
    }
}
