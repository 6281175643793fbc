//! Signing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    json::{Json, Object, canonical_members},
    key::{Signer, SignerError, signature},
};

/// What the header of a new JWS says beside `alg`, which the signer's key decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderToWrite<'h> {
    /// `kid`: where the key is found.
    pub kid: Option<&'h str>,
    /// Whether `jwk` is written: the signer's public key.
    pub jwk: bool,
    /// `typ`: what the whole is.
    pub typ: Option<&'h str>,
    /// `cty`: what the payload is.
    pub cty: Option<&'h str>,
}

/// Signs a payload as a compact JWS.
///
/// # Errors
///
/// [`SignerError`] if the signer refuses, or gives something that cannot be a signature of its key.
pub fn sign(payload: &[u8], header: &HeaderToWrite<'_>, signer: &dyn Signer) -> Result<String, SignerError> {
    let mut text = String::with_capacity(512 + payload.len().div_ceil(3) * 4);
    URL_SAFE_NO_PAD.encode_string(written(header, signer), &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let signature = signature(signer, text.as_bytes())?;
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(text)
}

fn written(header: &HeaderToWrite<'_>, signer: &dyn Signer) -> String {
    let key = signer.public_key();
    let mut object = Object::new();
    object.set("alg", Json::String(key.algorithm().as_str().into()));
    if header.jwk {
        object.set("jwk", Json::Object(key.to_jwk()));
    }
    for (name, value) in [("kid", header.kid), ("typ", header.typ), ("cty", header.cty)] {
        if let Some(value) = value {
            object.set(name, Json::String(value.into()));
        }
    }
    canonical_members(object.iter())
}

#[cfg(test)]
mod tests {
    use crate::{
        json::{Limits, read},
        key::{LocalSigner, SecretKey},
        proof::jws::{HeaderToWrite, sign},
    };

    #[test]
    fn the_token_of_rfc_8037_appendix_a_4_is_ours() {
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let secret = SecretKey::from_jwk(&read(jwk.as_bytes(), &Limits::default()).unwrap()).unwrap();
        let signer = LocalSigner::did_key(secret).unwrap();

        let token = sign(b"Example of Ed25519 signing", &HeaderToWrite::default(), &signer).unwrap();

        assert_eq!(
            token,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6d\
             WbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }
}
