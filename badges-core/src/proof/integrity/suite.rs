//! The suites that are verified, by the names in their specifications.

use crate::{json::Object, key::KeyKind};

/// How a document is transformed, hashed and signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// `ecdsa-jcs-2019` (ECDSA Cryptosuites §3.4).
    EcdsaJcs2019,
    /// `ecdsa-rdfc-2019` (ECDSA Cryptosuites §3.2).
    EcdsaRdfc2019,
    /// The type `Ed25519Signature2020`, still in circulation.
    Ed25519Signature2020,
    /// `eddsa-2022`, the name of `eddsa-rdfc-2022` before its Recommendation.
    Eddsa2022,
    /// `eddsa-jcs-2022` (EdDSA Cryptosuites §3.3).
    EddsaJcs2022,
    /// `eddsa-rdfc-2022` (EdDSA Cryptosuites §3.2).
    EddsaRdfc2022,
}

impl Suite {
    /// The suite that a proof names.
    ///
    /// # Errors
    ///
    /// The name itself, if it is none of ours.
    pub fn of(proof: &Object<'_>) -> Result<Self, String> {
        let kind = proof.text("type").unwrap_or_default();
        let name = match (kind, proof.text("cryptosuite")) {
            ("Ed25519Signature2020", _) => return Ok(Self::Ed25519Signature2020),
            ("DataIntegrityProof", Some(name)) => name,
            (other, _) => other,
        };
        match name {
            "ecdsa-jcs-2019" => Ok(Self::EcdsaJcs2019),
            "ecdsa-rdfc-2019" => Ok(Self::EcdsaRdfc2019),
            "eddsa-2022" => Ok(Self::Eddsa2022),
            "eddsa-jcs-2022" => Ok(Self::EddsaJcs2022),
            "eddsa-rdfc-2022" => Ok(Self::EddsaRdfc2022),
            other => Err(other.to_owned()),
        }
    }

    /// The `type` of its proofs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            _ => "DataIntegrityProof",
        }
    }

    /// The `cryptosuite` of its proofs, where they have one.
    pub fn cryptosuite(self) -> Option<&'static str> {
        match self {
            Self::Ed25519Signature2020 => None,
            other => Some(other.name()),
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::Eddsa2022 => "eddsa-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
        }
    }

    /// Whether it signs the JSON as such (JCS) and not the dataset that JSON-LD makes of it.
    pub fn signs_json(self) -> bool {
        matches!(self, Self::EcdsaJcs2019 | Self::EddsaJcs2022)
    }

    /// Whether the specifications advise against making new proofs of it.
    pub fn is_outdated(self) -> bool {
        matches!(self, Self::Ed25519Signature2020 | Self::Eddsa2022)
    }

    /// Whether it uses keys of this kind.
    pub fn uses(self, kind: KeyKind) -> bool {
        match self {
            Self::EcdsaJcs2019 | Self::EcdsaRdfc2019 => matches!(kind, KeyKind::P256 | KeyKind::P384),
            _ => kind == KeyKind::Ed25519,
        }
    }
}
