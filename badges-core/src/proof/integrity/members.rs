//! The members of a proof, checked before anything is computed (VC Data Integrity §2.1, §4.4).

use super::{IntegrityError, Suite};
use crate::{
    json::{Json, Object},
    key::base58,
    time::Timestamp,
};

/// A proof whose members are as they must be; its signature has not been looked at.
#[derive(Debug)]
pub struct Proof<'d, 'a> {
    /// The proof as it stands in the document.
    pub object: &'d Object<'a>,
    /// The suite that it names.
    pub suite: Suite,
    /// The URL of the key that is said to have made it.
    pub verification_method: &'d str,
    /// Until when it holds, if it says so.
    pub expires: Option<Timestamp>,
    /// The signature.
    pub value: Vec<u8>,
}

impl<'d, 'a> Proof<'d, 'a> {
    /// Checks the members of a proof.
    ///
    /// # Errors
    ///
    /// [`IntegrityError::Unsupported`] for a suite that is not ours, [`IntegrityError::Member`] for a member
    /// that is missing or malformed. The suite comes first: members of a suite that is not ours are not judged.
    pub fn parse(object: &'d Object<'a>) -> Result<Self, IntegrityError> {
        required(object, "type")?;
        if object.has_type("DataIntegrityProof") {
            required(object, "cryptosuite")?;
        }
        let suite = Suite::of(object).map_err(IntegrityError::Unsupported)?;
        if suite == Suite::Ed25519Signature2020 && object.get("cryptosuite").is_some() {
            return Err(IntegrityError::Member {
                member: "cryptosuite",
                problem: "has no place in this type",
            });
        }
        let verification_method = required(object, "verificationMethod")?;
        if required(object, "proofPurpose")? != "assertionMethod" {
            return Err(IntegrityError::Member { member: "proofPurpose", problem: "is not assertionMethod" });
        }
        point(object, "created")?;
        let expires = point(object, "expires")?;
        let value = value(required(object, "proofValue")?)?;
        Ok(Self { object, suite, verification_method, expires, value })
    }
}

fn required<'d>(object: &'d Object<'_>, member: &'static str) -> Result<&'d str, IntegrityError> {
    let problem = |problem| IntegrityError::Member { member, problem };
    let value = object.get(member).ok_or_else(|| problem("is missing"))?;
    value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| problem("is not a text"))
}

fn point(object: &Object<'_>, member: &'static str) -> Result<Option<Timestamp>, IntegrityError> {
    let Some(value) = object.get(member) else { return Ok(None) };
    let parsed = value.as_str().and_then(|text| text.parse().ok());
    parsed.map(Some).ok_or(IntegrityError::Member { member, problem: "is not a time with offset" })
}

/// Both families of suites write the signature in base58btc, 64 or 96 bytes (EdDSA Cryptosuites §3.2.1).
fn value(text: &str) -> Result<Vec<u8>, IntegrityError> {
    let problem = |problem| IntegrityError::Member { member: "proofValue", problem };
    let digits = text.strip_prefix('z').ok_or_else(|| problem("is not in base58btc"))?;
    let signature = base58::decode(digits).ok_or_else(|| problem("is not in base58btc"))?;
    Some(signature)
        .filter(|signature| matches!(signature.len(), 64 | 96))
        .ok_or_else(|| problem("has not the length of a signature"))
}

/// The proofs on which a proof builds, by their ids in `previousProof` (VC Data Integrity §2.1.2).
pub(super) fn previous<'d, 'a>(
    document: &'d Object<'a>,
    proof: &Object<'_>,
) -> Result<Vec<&'d Json<'a>>, IntegrityError> {
    let wanted = proof.get("previousProof").map(Json::one_or_many).unwrap_or_default();
    let all = document.get("proof").map(Json::one_or_many).unwrap_or_default();
    let problem = |problem| IntegrityError::Member { member: "previousProof", problem };
    if wanted.len() > all.len() {
        return Err(problem("names more proofs than there are"));
    }
    if wanted.iter().enumerate().any(|(at, one)| wanted.iter().take(at).any(|before| before == one)) {
        return Err(problem("names a proof twice"));
    }
    wanted
        .iter()
        .map(|wanted| {
            let id = wanted.as_str();
            let id = id.ok_or_else(|| problem("is not the id of a proof or a list of such"))?;
            let named = |one: &&Json<'_>| one.as_object().and_then(|one| one.text("id")) == Some(id);
            let found = all.iter().find(named);
            found.ok_or_else(|| IntegrityError::PreviousProof(id.to_owned()))
        })
        .collect()
}
