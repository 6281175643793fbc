//! Whether the issuer has revoked or suspended the badge (OB 3.0 §8.2; Bitstring Status List 1.0 §3.2).

use super::{
    CheckName, Code,
    judge::{Judge, Reason},
    work::Within,
};
use crate::json::{Json, Object};

/// More entries than any issuer has a use for.
const MOST: usize = 16;

/// Writes down `status[n]` for every entry of the credential. `within` says what is around it.
pub(super) fn check_status(judge: &mut Judge<'_>, object: &Object<'_>, issuer: &str, within: Within<'_>) {
    let entries = object.get("credentialStatus").filter(|entries| **entries != Json::Null);
    let entries = entries.map(Json::one_or_many).unwrap_or_default();
    if entries.len() > MOST {
        let message = format!("{} status entries, and at most {MOST} are read", entries.len());
        let reason = Reason::new(Code::TooComplex, "$.credentialStatus", message);
        return judge.record(CheckName::Status(0), Err(reason));
    }
    for (at, entry) in entries.iter().enumerate() {
        let answer = lists::look_up(judge, entry, object, issuer, within);
        judge.record(CheckName::Status(at), answer);
    }
}

pub(super) use lists::look_up_assertion;

#[cfg(not(feature = "status"))]
mod lists {
    use super::{Code, Judge, Reason, Within};
    use crate::{
        json::{Json, Object},
        verify::{Options, judge::Answer},
    };

    pub(super) fn look_up(_: &mut Judge<'_>, _: &Json<'_>, _: &Object<'_>, _: &str, _: Within<'_>) -> Answer {
        Err(without("$.credentialStatus"))
    }

    pub(in crate::verify) fn look_up_assertion(_: &Options<'_>, _: &str, _: &Object<'_>) -> Answer {
        Err(without(""))
    }

    fn without(path: &str) -> Reason {
        Reason::new(Code::StatusUnsupported, path, "this program was built without the feature status")
    }
}

#[cfg(feature = "status")]
mod lists {
    use super::{Code, Judge, Reason, Within};
    use crate::{
        json::{Json, Limits, Object, read},
        proof::jws::Compact,
        status::{
            BitstringEntry, EntryFinding, EntrySize, Outcome, Purpose, RevocationList, RevokedAssertions,
            StatusEntry, StatusError, StatusList,
        },
        verify::{Options, Verdict, judge::Answer, judge_text, trust::issuer_of, work::Work},
    };

    const PATH: &str = "$.credentialStatus";

    /// Looks one entry up in its list.
    pub(super) fn look_up(
        judge: &mut Judge<'_>,
        entry: &Json<'_>,
        credential: &Object<'_>,
        issuer: &str,
        within: Within<'_>,
    ) -> Answer {
        let entry = StatusEntry::parse(entry).map_err(|error| reason_of(&error))?;
        let list = entry.list();
        // A list is the last word: one that had a status of its own could lead in a circle.
        if within.depth > judge.options.bounds.nesting {
            return Err(Reason::new(
                Code::StatusUnsupported,
                PATH,
                "the status of a status list is not looked up",
            ));
        }
        let missing =
            || Reason::new(Code::StatusMissing, PATH, format!("the status list {list} was not supplied"));
        let text = judge.options.documents.document(list).ok_or_else(missing)?;
        let outcome = match &entry {
            StatusEntry::RevocationList(_) => in_plain_list(judge, &text, list, credential, issuer)?,
            StatusEntry::Bitstring(entry) => in_bitstring(judge, &text, entry, issuer, within.work)?,
        };
        meaning(judge, outcome)
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

    /// What the outcome means for the badge (Bitstring Status List 1.0 §2.2, statusPurpose).
    fn meaning(judge: &mut Judge<'_>, outcome: Outcome) -> Answer {
        let Outcome::Set { purpose, value, message } = outcome else { return Ok(()) };
        let said = message.map(|message| format!(": {message}")).unwrap_or_default();
        match purpose {
            Purpose::Revocation => {
                Err(Reason::new(Code::Revoked, PATH, format!("revoked by the issuer{said}")))
            }
            Purpose::Suspension => {
                Err(Reason::new(Code::Suspended, PATH, format!("suspended by the issuer{said}")))
            }
            other => {
                judge.find(Code::StatusMessage, PATH, format!("the issuer says {other} {value}{said}"));
                Ok(())
            }
        }
    }

    /// The list of 1EdTech carries no proof: it is trusted as far as the address it comes from
    /// (VCRL 1.0), and must name the badge's issuer.
    fn in_plain_list(
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
        Ok(crate::status::Revocation::outcome(list.find(id).as_ref()))
    }

    fn in_bitstring(
        judge: &mut Judge<'_>,
        text: &[u8],
        entry: &BitstringEntry,
        issuer: &str,
        work: &Work,
    ) -> Answer<Outcome> {
        if entry.findings.contains(&EntryFinding::NumericIndex) {
            let message = "statusListIndex is a number and must be a text";
            if !judge.options.lenient() {
                return Err(Reason::new(Code::StatusMalformed, PATH, message));
            }
            judge.find(Code::IndexNumber, PATH, message);
        }
        let url = &entry.list;
        let text = std::str::from_utf8(text).map_err(|_| malformed(url, "is not UTF-8"))?.trim();
        if !work.allows_list(text.len()) {
            return Err(too_much());
        }
        let relied_on = proven(judge.options, text, url)?;
        let payload;
        let json = match text.starts_with('{') {
            true => read(text.as_bytes(), &limits(judge.options)),
            false => {
                payload = Compact::parse(text).map_err(|error| malformed(url, &error.to_string()))?;
                read(payload.payload(), &limits(judge.options))
            }
        };
        let json = json.map_err(|error| malformed(url, &error.to_string()))?;
        let object = json.as_object().ok_or_else(|| malformed(url, "must be an object"))?;
        // Only a token carries its credential in `vc`; elsewhere the proof is that of what stands around it.
        let inner = object.get("vc").and_then(Json::as_object).filter(|_| !text.starts_with('{'));
        let object = inner.unwrap_or(object);
        other_id(judge, object, url);
        let list = StatusList::read(object).map_err(|error| reason_of(&error))?;
        list.check_entry(entry).map_err(|error| reason_of(&error))?;
        list.check_time(judge.options.at).map_err(|error| {
            Reason::new(Code::StatusExpired, PATH, format!("the status list {url}: {error}"))
        })?;
        let bits = list.expand(judge.options.bounds.status_list).map_err(|error| reason_of(&error))?;
        if !work.allows_list(bits.entries(EntrySize::ONE) / 8) {
            return Err(too_much());
        }
        let outcome = match entry.outcome(&bits) {
            // Too short to keep a holder private, and a set bit there still says what it says.
            Err(error @ StatusError::Length { .. }) => match entry.outcome_at_any_length(&bits) {
                Ok(set @ Outcome::Set { .. }) => set,
                _ => return Err(reason_of(&error)),
            },
            other => other.map_err(|error| reason_of(&error))?,
        };
        // A set bit in a list that nobody answers for is still a warning; a clear one says nothing.
        let publisher = issuer_of(object);
        match relied_on && may_publish(judge.options, issuer, publisher) || outcome != Outcome::Clear {
            true => Ok(outcome),
            false => Err(not_bound(url, publisher)),
        }
    }

    /// Whether the list's own proof holds and is its issuer's; an error where it does not hold.
    fn proven(options: &Options<'_>, text: &str, url: &str) -> Answer<bool> {
        let mut own = Options { recipient: None, trust: options.trust, require_trust: false, ..*options };
        own.bounds.json = limits(options);
        let work = Work::default();
        let report = judge_text(text, &own, Within { depth: options.bounds.nesting + 1, work: &work });
        let reason = |code, what: &str| {
            Err(Reason::new(code, PATH, format!("the status list {url} {what}: {}", report.message)))
        };
        match report.verdict {
            Verdict::Valid => Ok(true),
            Verdict::Unbound => Ok(false),
            Verdict::Expired | Verdict::NotYetValid => {
                reason(Code::StatusExpired, "is not valid at this time")
            }
            Verdict::Unsupported => reason(Code::StatusUnsupported, "cannot be checked"),
            Verdict::Undecided => reason(Code::StatusNotBound, "cannot be checked"),
            _ => reason(Code::StatusMalformed, "does not hold"),
        }
    }

    /// A list is long where it holds a million bits, so it may be longer than a badge.
    fn limits(options: &Options<'_>) -> Limits {
        Limits {
            bytes: (options.bounds.status_list / 3)
                .saturating_mul(4)
                .saturating_add(options.bounds.json.bytes),
            ..options.bounds.json
        }
    }

    fn may_publish(options: &Options<'_>, issuer: &str, publisher: &str) -> bool {
        publisher == issuer || options.trust.is_some_and(|trust| trust.lets_publish(issuer, publisher))
    }

    fn other_id(judge: &mut Judge<'_>, list: &Object<'_>, url: &str) {
        if let Some(id) = list.text("id").filter(|id| *id != url) {
            judge.find(Code::StatusOtherId, PATH, format!("the status list {url} calls itself {id}"));
        }
    }

    fn not_bound(url: &str, publisher: &str) -> Reason {
        let message =
            format!("nothing shows that {publisher} may speak for the issuer in the status list {url}");
        Reason::new(Code::StatusNotBound, PATH, message)
    }

    fn too_much() -> Reason {
        Reason::new(Code::TooComplex, PATH, "more status lists than any honest badge needs")
    }

    fn malformed(url: &str, why: &str) -> Reason {
        Reason::new(Code::StatusMalformed, PATH, format!("the status list {url}: {why}"))
    }

    fn reason_of(error: &StatusError) -> Reason {
        let code = match error {
            StatusError::Unsupported { .. } => Code::StatusUnsupported,
            StatusError::Retrieval { .. } => Code::StatusMissing,
            _ => Code::StatusMalformed,
        };
        Reason::new(code, PATH, error.to_string())
    }
}
