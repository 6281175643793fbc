//! What a text holds: a credential or assertion, as it is or in a token.

use badges_core::{
    bake::Generation,
    json::{self, Json, JsonError, Limits, Object},
    model::{DocumentKind, kind_of},
    proof::jws::{Compact, JwsError},
};

/// A credential or assertion in a text, not believed yet.
pub(crate) struct Content<'t> {
    /// The text without the white space around it.
    pub(crate) text: &'t str,
    /// The token, if it is one.
    pub(crate) token: Option<Compact<'t>>,
}

/// Why a text holds nothing that could be shown or baked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TextError {
    /// There is nothing on the way to a signature.
    #[error("it carries no proof: there is nothing to show")]
    NoProof,
    /// Some other document.
    #[error("it is no badge: name one that `badges issue` has written")]
    NotABadge,
    /// What does not look like a token is not JSON either.
    #[error("it is neither JSON ({0}) nor a JWT: name a badge that `badges issue` has written")]
    NotJson(JsonError),
    /// What looks like a token is none.
    #[error("it is neither JSON nor a JWT ({0}): name a badge that `badges issue` has written")]
    NotJwt(JwsError),
    /// Bytes that are no text.
    #[error("it is not UTF-8: name a badge that `badges issue` has written")]
    NotText,
    /// A badge without a proof, which no reader of an image could believe.
    #[error("nobody has signed it: sign with `badges issue` first")]
    Unsigned,
}

impl<'t> Content<'t> {
    /// Takes a text for a token where the verifier does.
    pub(crate) fn of(bytes: &'t [u8]) -> Result<Self, TextError> {
        let text = str::from_utf8(bytes).map_err(|_| TextError::NotText)?.trim_matches(json::WHITE_SPACE);
        let token =
            Compact::is_meant(text).then(|| Compact::parse(text)).transpose().map_err(TextError::NotJwt)?;
        Ok(Self { text, token })
    }

    /// The credential or assertion: the text itself, or what the token carries, in VC Data Model 1.1 under `vc`.
    pub(crate) fn document(&self) -> Result<Object<'_>, TextError> {
        Ok(self.parts()?.0)
    }

    /// The credential or assertion, and what stands around it in the token, if it stands under `vc` there.
    pub(crate) fn parts(&self) -> Result<(Object<'_>, Option<Object<'_>>), TextError> {
        let json = self.token.as_ref().map_or(self.text.as_bytes(), Compact::payload);
        // How large the text may be was decided when it was read.
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let Json::Object(mut outer) = json::read(json, &limits).map_err(TextError::NotJson)? else {
            return Err(TextError::NotABadge);
        };
        // Without a token `vc` is a member like any other, which a proof covers or refutes.
        let around = self.token.is_some() && matches!(outer.get("vc"), Some(Json::Object(_)));
        match around.then(|| outer.remove("vc")).flatten() {
            Some(Json::Object(inner)) => Ok((inner, Some(outer))),
            _ => Ok((outer, None)),
        }
    }

    /// In whose place it is baked; refuses what no reader of the image could believe.
    pub(crate) fn generation(&self) -> Result<Generation, TextError> {
        let document = self.document()?;
        match kind_of(&document) {
            DocumentKind::Badge(_) if self.token.is_none() && document.get("proof").is_none() => {
                Err(TextError::Unsigned)
            }
            DocumentKind::Badge(_) => Ok(Generation::V3),
            DocumentKind::Ob2(..) => Ok(Generation::V2),
            _ => Err(TextError::NotABadge),
        }
    }
}
