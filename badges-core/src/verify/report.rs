//! What a verification answers.

use std::{error::Error, fmt};

use serde::Serialize;

use super::Code;

/// The answer to "is this badge what it says", the first that applies in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is not a well-formed badge, or it was changed after it was signed.
    Invalid,
    /// It uses something that is known by name only.
    Unsupported,
    /// It cannot be decided with what was supplied.
    Undecided,
    /// It was signed, but nothing shows that the issuer signed it.
    Unbound,
    /// The issuer has revoked it.
    Revoked,
    /// The issuer has suspended it.
    Suspended,
    /// Its validity had ended at the time asked.
    Expired,
    /// Its validity had not begun at the time asked.
    NotYetValid,
    /// Everything asked holds.
    Valid,
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Verdict {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unsupported => "unsupported",
            Self::Undecided => "undecided",
            Self::Unbound => "unbound",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Valid => "valid",
        }
    }

    /// The exit code of the command: 0 believed, 1 not believed, 2 not decided.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Unsupported | Self::Undecided => 2,
            _ => 1,
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckName {
    /// The document is a badge as the specification describes it (OB 3.0 §8.1).
    Structure,
    /// The signature of the proof with this index holds: in a token 0 is the token, from 1 on the proofs in it.
    Proof(usize),
    /// The key is the issuer's.
    Binding,
    /// The host trusts the issuer.
    Trust,
    /// The badge is valid at the time asked.
    Time,
    /// The status entry with this index says neither revoked nor suspended.
    Status(usize),
    /// The badge was given to the recipient asked for.
    Recipient,
    /// The badge fits the schemas that it names.
    Schema,
    /// The embedded endorsement with this index.
    Endorsement(usize),
}

impl fmt::Display for CheckName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Structure => out.write_str("structure"),
            Self::Proof(at) => write!(out, "proof[{at}]"),
            Self::Binding => out.write_str("binding"),
            Self::Trust => out.write_str("trust"),
            Self::Time => out.write_str("time"),
            Self::Status(at) => write!(out, "status[{at}]"),
            Self::Recipient => out.write_str("recipient"),
            Self::Schema => out.write_str("schema"),
            Self::Endorsement(at) => write!(out, "endorsement[{at}]"),
        }
    }
}

impl Serialize for CheckName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It cannot be said with what was supplied.
    Unknown,
    /// Nobody asked, or an earlier answer made it pointless.
    NotAsked,
}

/// One check and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub check: CheckName,
    /// How it came out.
    pub outcome: Outcome,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Where in the document, as a JSON path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Something worth knowing that does not decide by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which kind of thing.
    pub code: Code,
    /// Where in the document, as a JSON path.
    pub path: String,
    /// For people.
    pub message: String,
}

/// How the key is shown to be the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The issuer's DID is the key itself.
    Did,
    /// The issuer's own document lists it.
    ControllerDocument,
    /// The key set at the issuer's address holds it.
    Jwks,
    /// The badge stands where its issuer publishes (Open Badges 2.0).
    Hosted,
    /// The host has pinned it for this issuer.
    Pinned,
}

/// Which specification the document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Open Badges 3.0.
    V3,
    /// Open Badges 2.0.
    V2,
    /// Open Badges 0.5 to 1.1.
    V1,
}

impl Serialize for Generation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::V3 => "3.0",
            Self::V2 => "2.0",
            Self::V1 => "1.x",
        })
    }
}

/// Everything that was looked at, and the verdict that follows from it.
///
/// It is serialised as a line of `badges verify --json` is, without the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one word.
    pub code: Code,
    /// Why, for people.
    pub message: String,
    /// Which specification the document follows, if that could be seen.
    pub generation: Option<Generation>,
    /// How the key is shown to be the issuer's, if it is.
    pub bound: Option<Bound>,
    /// The identifier that the issuer goes by in the document.
    pub issuer: Option<String>,
    /// The name that the document gives its issuer; believe it only where [`Report::bound`] is there.
    pub issuer_name: Option<String>,
    /// The name of the badge.
    pub name: Option<String>,
    /// To whom it was given: identifiers and identities as they stand in the badge, the hashed ones as their
    /// hashes (`specs/verdict.md`, recipient).
    pub recipients: Vec<String>,
    /// Each check, in the order of [`CheckName`].
    pub checks: Vec<Check>,
    /// What else is worth knowing.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict.as_str().replace('_', " ");
        write!(out, "the badge is {verdict}: {} ({})", self.message, self.code)
    }
}

/// The reason why [`verify`](super::verify) gives no badge; it reads as one sentence.
impl Error for Report {}

impl Report {
    /// The report on something that never was looked into, such as a file that cannot be read.
    pub fn unopened(verdict: Verdict, code: Code, message: impl Into<String>) -> Self {
        Self {
            verdict,
            code,
            message: message.into(),
            generation: None,
            bound: None,
            issuer: None,
            issuer_name: None,
            name: None,
            recipients: Vec::new(),
            checks: Vec::new(),
            findings: Vec::new(),
        }
    }
}
