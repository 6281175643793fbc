//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::OidcError;
use crate::{texts::shortened, upstream};

/// What the document is called in errors.
pub(super) const SETTINGS: &str = "the provider's /.well-known/openid-configuration";

/// The part of it that signing in needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether the answer says whose it is (RFC 9207 §3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
}

/// How this service shows to the provider who it is (OpenID Connect Core 1.0 §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Basic,
    Post,
}

/// Algorithms of tokens that we verify.
const ALGORITHMS: [&str; 5] = ["RS256", "ES256", "ES384", "EdDSA", "Ed25519"];

impl Metadata {
    /// Reads what was found under the address of an issuer.
    pub(super) fn read(issuer: &str, body: &[u8]) -> Result<Self, OidcError> {
        let metadata: Self = read(SETTINGS, body)?;
        let fault = |reason: String| Err(OidcError::Document { what: SETTINGS, reason });
        // Discovery §4.3: letter for letter, or one provider could speak for another.
        if metadata.issuer != issuer {
            return fault(format!(
                "it is that of {:?}: write this into the settings",
                shortened(&metadata.issuer)
            ));
        }
        let addresses = [
            Some(&metadata.authorization_endpoint),
            Some(&metadata.token_endpoint),
            Some(&metadata.jwks_uri),
            metadata.userinfo_endpoint.as_ref(),
        ];
        // Who speaks over https does not send secrets and codes to services of this machine that do not.
        let plain = issuer.starts_with("http:");
        let good = |url: &&Url| upstream::may_be_asked(url) && (plain || url.scheme() == "https");
        if let Some(wrong) = addresses.into_iter().flatten().find(|url| !good(url)) {
            return fault(format!("{} is no https address", shortened(wrong.as_str())));
        }
        let known = |name: &String| ALGORITHMS.contains(&name.as_str());
        if !metadata.id_token_signing_alg_values_supported.iter().any(known) {
            let ours = ALGORITHMS.join(", ");
            return fault(format!("it signs with none of {ours} (id_token_signing_alg_values_supported)"));
        }
        Ok(metadata)
    }

    /// How a secret is shown; none where the provider takes it in no way that we know.
    pub(super) fn shows_secret(&self) -> Option<Shown> {
        let Some(methods) = &self.token_endpoint_auth_methods_supported else { return Some(Shown::Basic) };
        let takes = |name: &str| methods.iter().any(|method| method == name);
        if takes("client_secret_basic") {
            return Some(Shown::Basic);
        }
        takes("client_secret_post").then_some(Shown::Post)
    }
}

/// Reads JSON. What was found in it is not repeated: it may be about a person.
pub(super) fn read<T: DeserializeOwned>(what: &'static str, body: &[u8]) -> Result<T, OidcError> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let reason = format!("it is not as it should be at line {line}, column {column}");
        OidcError::Document { what, reason }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://login.example.org";

    fn document() -> serde_json::Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://login.example.org/auth",
            "token_endpoint": "https://login.example.org/token",
            "jwks_uri": "https://keys.example.org/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        })
    }

    #[test]
    fn a_provider_speaks_for_itself_and_over_https() {
        let read = |document: &serde_json::Value| Metadata::read(ISSUER, document.to_string().as_bytes());
        let but = |name: &str, value: serde_json::Value| {
            let mut document = document();
            document[name] = value;
            read(&document).map(drop).map_err(|error| error.to_string())
        };

        assert!(read(&document()).is_ok());
        assert!(but("issuer", json!("https://login.example.org/")).is_err_and(|e| e.contains("write this")));
        assert!(but("issuer", json!("https://evil.example")).is_err());
        assert!(but("token_endpoint", json!("http://login.example.org/token")).is_err());
        assert!(but("jwks_uri", json!("http://169.254.169.254/")).is_err());
        assert!(but("token_endpoint", json!("http://127.0.0.1:9100/token")).is_err());
        assert!(but("issuer", json!("x".repeat(200_000))).is_err_and(|error| error.len() < 1_000));
        assert!(but("authorization_endpoint", json!("javascript:alert(1)")).is_err());
        assert!(but("id_token_signing_alg_values_supported", json!(["HS256", "none"])).is_err());
        assert!(but("jwks_uri", json!(7)).is_err_and(|error| error.contains("line 1")));
    }

    #[test]
    fn a_secret_is_shown_as_the_provider_takes_it() {
        let check = |methods: serde_json::Value, shown| {
            let mut document = document();
            document["token_endpoint_auth_methods_supported"] = methods;
            let metadata = Metadata::read(ISSUER, document.to_string().as_bytes()).unwrap();
            assert_eq!(metadata.shows_secret(), shown);
        };

        check(json!(null), Some(Shown::Basic));
        check(json!(["client_secret_post", "client_secret_basic"]), Some(Shown::Basic));
        check(json!(["client_secret_post"]), Some(Shown::Post));
        check(json!(["private_key_jwt"]), None);
    }
}
