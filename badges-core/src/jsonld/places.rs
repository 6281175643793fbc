//! What is said about a credential, its status, its issuer and its subject is said in one place.
//!
//! A graph merges all objects of one id. So `validUntil` could be moved from the credential into another
//! object that bears the credential's id, and the signature would still hold, while whoever reads the JSON
//! finds a badge that never ends. Elsewhere such an object may only name the thing, comment on it as an
//! endorsement does, or repeat what its own place says.

use super::{JsonLdError, Rule, error::broken};
use crate::json::{Json, Object, Path};

/// What an object in another place may hold of its own.
const HARMLESS: [&str; 3] = ["id", "type", "endorsementComment"];

#[derive(Debug, Default)]
pub(super) struct Places<'d> {
    /// By id; the object of the credential itself comes first among equals, then those of the issuer.
    own: Vec<(&'d str, Place, &'d Object<'d>)>,
    /// Issuer and subjects of the credential that is being walked inside a collection of them, such as a
    /// learner's record: each credential in it describes the learner for itself.
    collected: Vec<&'d Object<'d>>,
    /// Comparisons left.
    pub(super) steps: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Credential,
    Issuer,
    Subject,
    Status,
}

impl<'d> Places<'d> {
    /// No places yet, and as many comparisons left.
    pub(super) fn none(steps: usize) -> Self {
        Self { own: Vec::new(), collected: Vec::new(), steps }
    }

    /// The places of a credential, or of whatever else has none but its own.
    pub(super) fn of(credential: &'d Object<'d>, steps: usize) -> Self {
        let mut own = Vec::new();
        if let Some(id) = credential.text("id") {
            own.push((id, Place::Credential, credential));
        }
        let places = [
            ("issuer", Place::Issuer),
            ("credentialSubject", Place::Subject),
            ("credentialStatus", Place::Status),
        ];
        for (name, place) in places {
            let items = credential.get(name).map(Json::one_or_many).unwrap_or_default();
            for object in items.iter().filter_map(Json::as_object) {
                own.extend(object.text("id").map(|id| (id, place, object)));
            }
        }
        own.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
        Self { own, collected: Vec::new(), steps }
    }

    /// Goes into a credential of a collection; gives what to come back to.
    pub(super) fn collect(&mut self, credential: &'d Object<'d>) -> Vec<&'d Object<'d>> {
        let items = ["issuer", "credentialSubject"].into_iter().filter_map(|name| credential.get(name));
        let objects = items.flat_map(Json::one_or_many).filter_map(Json::as_object);
        std::mem::replace(&mut self.collected, objects.collect())
    }

    /// Comes back from a credential of a collection.
    pub(super) fn leave(&mut self, before: Vec<&'d Object<'d>>) {
        self.collected = before;
    }

    /// Checks an object that bears an id; `merges` says that it stands in the graph of the credential.
    pub(super) fn check(
        &mut self,
        object: &Object<'_>,
        id: &str,
        merges: bool,
        path: &Path<'_>,
    ) -> Result<(), JsonLdError> {
        let at = self.own.partition_point(|(own, ..)| *own < id);
        let same = |(own, ..): &&(&str, Place, &Object<'_>)| *own == id;
        let Some((_, first, place)) = self.own.get(at).filter(same).copied().filter(|_| merges) else {
            return Ok(());
        };
        if std::ptr::eq(place, object) {
            return Ok(());
        }
        // Who awards a badge to himself is described as issuer and as subject.
        let own = self.own.iter().skip(at).take_while(|(own, ..)| *own == id).take(3);
        let himself = own.into_iter().any(|(_, second, place)| {
            std::ptr::eq::<Object<'_>>(*place, object) && *second == Place::Subject && first == Place::Issuer
        });
        let collected = matches!(first, Place::Issuer | Place::Subject)
            && self.collected.iter().any(|own| std::ptr::eq::<Object<'_>>(*own, object));
        if himself || collected {
            return Ok(());
        }
        let endorsed = first == Place::Issuer;
        let described = place.iter().any(|(name, _)| !HARMLESS.contains(&name));
        for (name, value) in object.iter() {
            let harmless = HARMLESS.contains(&name) || endorsed && (!described || name == "endorsement");
            if harmless || name == "@context" {
                continue;
            }
            self.steps = self.steps.checked_sub(place.len()).ok_or(JsonLdError::TooComplex)?;
            if !place.get(name).map_or(Ok(false), |own| self.equal(own, value))? {
                let message = format!("says about {id:?} what belongs to its own place");
                return Err(broken(&path.member(name), Rule::DescribedOnce, &message));
            }
        }
        Ok(())
    }

    /// Whether two values say the same, whatever the order of members.
    fn equal(&mut self, left: &Json<'_>, right: &Json<'_>) -> Result<bool, JsonLdError> {
        self.steps = self.steps.checked_sub(1).ok_or(JsonLdError::TooComplex)?;
        match (left, right) {
            (Json::Array(left), Json::Array(right)) if left.len() == right.len() => {
                for (left, right) in left.iter().zip(right) {
                    if !self.equal(left, right)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Json::Object(left), Json::Object(right)) if left.len() == right.len() => {
                for (name, value) in left.iter() {
                    self.steps = self.steps.checked_sub(right.len()).ok_or(JsonLdError::TooComplex)?;
                    let Some(other) = right.get(name) else { return Ok(false) };
                    if !self.equal(value, other)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Json::Array(_) | Json::Object(_), _) => Ok(false),
            (left, right) => Ok(left == right),
        }
    }
}
