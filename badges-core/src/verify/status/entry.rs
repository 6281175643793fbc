//! One entry: its list is found, and what the list says is put into words.

use super::{
    bitstring::in_bitstring,
    list::{PATH, reason_of, too_much},
    plain::in_plain_list,
};
use crate::{
    json::{Json, Object},
    status::{Outcome, Purpose, StatusEntry},
    verify::{
        Code,
        judge::{Answer, Judge, Reason},
        work::Within,
    },
};

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
    // A host may have to read it anew each time that it is asked for.
    if !within.work.allows_list(0) {
        return Err(too_much());
    }
    let text = judge.options.documents.document(list).ok_or_else(missing)?;
    if !within.work.allows_list(text.len()) {
        return Err(too_much());
    }
    let outcome = match &entry {
        StatusEntry::RevocationList(_) => in_plain_list(judge, &text, list, credential, issuer)?,
        StatusEntry::Bitstring(entry) => in_bitstring(judge, &text, entry, issuer, within.work)?,
    };
    meaning(judge, outcome)
}

/// What the outcome means for the badge (Bitstring Status List 1.0 §2.2, statusPurpose).
fn meaning(judge: &mut Judge<'_>, outcome: Outcome) -> Answer {
    let Outcome::Set { purpose, value, message } = outcome else { return Ok(()) };
    let said = message.map(|message| format!(": {message}")).unwrap_or_default();
    match purpose {
        Purpose::Revocation => Err(Reason::new(Code::Revoked, PATH, format!("revoked by the issuer{said}"))),
        Purpose::Suspension => {
            Err(Reason::new(Code::Suspended, PATH, format!("suspended by the issuer{said}")))
        }
        // What nobody has defined may well be a kind of revocation.
        Purpose::Other(name) => {
            let message =
                format!("the issuer says {name:?} {value}{said}, which is not a purpose known here");
            Err(Reason::new(Code::StatusUnsupported, PATH, message))
        }
        other => {
            judge.find(Code::StatusMessage, PATH, format!("the issuer says {other} {value}{said}"));
            Ok(())
        }
    }
}
