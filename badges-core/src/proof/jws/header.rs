//! What a JWS says about itself.

use crate::{
    json::{Json, Limits, Profile, read, shortened},
    key::{Algorithm, KeyError, PublicKey},
};

use super::JwsError;

/// A header that may carry a certificate chain nobody looks at is still no longer than this.
const LIMITS: Limits = Limits { bytes: 16 * 1024, depth: 8, profile: Profile::Signed };

/// The header of a JWS (RFC 7515 §4.1).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Header {
    /// `alg`.
    pub algorithm: Algorithm,
    /// `kid`: where the key is found.
    pub kid: Option<String>,
    /// `jwk`: the key itself, which says nothing about whose it is.
    pub jwk: Option<PublicKey>,
    /// `typ`: what the whole is.
    pub typ: Option<String>,
    /// `cty`: what the payload is.
    pub cty: Option<String>,
    /// The names of all other members, such as `jku` and `x5u`; nothing is done with them.
    pub others: Vec<String>,
}

impl Header {
    pub(super) fn parse(json: &[u8]) -> Result<Self, JwsError> {
        let header = read(json, &LIMITS)?;
        let header = header
            .as_object()
            .ok_or_else(|| JwsError::Header(format!("is {} where an object belongs", header.kind())))?;
        let (mut alg, mut kid, mut jwk, mut typ, mut cty) = (None, None, None, None, None);
        let mut others = Vec::new();
        for (name, value) in header.iter() {
            match name {
                "alg" => alg = Some(text(name, value)?),
                "kid" => kid = Some(text(name, value)?.to_owned()),
                "jwk" => jwk = Some(value),
                "typ" => typ = Some(text(name, value)?.to_owned()),
                "cty" => cty = Some(text(name, value)?.to_owned()),
                "crit" => return Err(JwsError::Critical("crit")),
                "b64" => return Err(JwsError::Critical("b64")),
                other => others.push(shortened(other)),
            }
        }
        let algorithm = algorithm(alg.ok_or_else(|| JwsError::Header("lacks \"alg\"".to_owned()))?)?;
        let jwk = jwk.map(PublicKey::from_jwk).transpose().map_err(|error| match error {
            KeyError::PrivateMember(name) => JwsError::PrivateKeyInJwk(name),
            other => JwsError::Key(other),
        })?;
        Ok(Self { algorithm, kid, jwk, typ, cty, others })
    }
}

fn text<'j>(name: &str, value: &'j Json<'_>) -> Result<&'j str, JwsError> {
    value
        .as_str()
        .ok_or_else(|| JwsError::Header(format!("{name:?} is {} where a text belongs", value.kind())))
}

/// Names are compared letter for letter (RFC 7515 §4.1.1). Registered names of signature algorithms that are
/// not built in are "not supported"; any other name is no algorithm for signatures at all.
fn algorithm(name: &str) -> Result<Algorithm, JwsError> {
    const UNSUPPORTED: [&str; 17] = [
        "ES256K",
        "ES512",
        "Ed448",
        "ESB256",
        "ESB320",
        "ESB384",
        "ESB512",
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
        "PS256",
        "PS384",
        "PS512",
        "RS384",
        "RS512",
        "SLH-DSA-SHA2-128s",
        "SLH-DSA-SHAKE-128s",
    ];
    match Algorithm::from_name(name) {
        Some(algorithm) => Ok(algorithm),
        None if UNSUPPORTED.contains(&name) => Err(JwsError::AlgorithmUnsupported(name.to_owned())),
        None => Err(JwsError::AlgorithmForbidden(shortened(name))),
    }
}
