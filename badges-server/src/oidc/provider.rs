//! One provider: what is remembered of it, where people are sent, and what it says once they are back.

use std::{fmt, sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::{
    OidcError, Trip,
    metadata::{self, Metadata, Shown},
    token::{self, Claims, Expected},
};
use crate::{
    clock::Clock,
    contacts::EmailAddress,
    upstream::{Answer, Upstream},
};

/// How long what a provider says of itself is believed.
const FRESH: Duration = Duration::from_secs(3_600);
/// How soon its keys are read again where a token names one that is not among them.
const KEYS_AGAIN: Duration = Duration::from_secs(60);
/// How soon it is asked again after it did not answer.
const AGAIN: Duration = Duration::from_secs(10);
/// How many exchanges with one provider may be under way.
pub(super) const ROOM: usize = 32;

const KEYS: &str = "the provider's set of keys";
const TOKENS: &str = "the provider's answer to the code";
const USERINFO: &str = "what the provider says of the person (userinfo)";

/// A service that vouches for who somebody is.
pub(crate) struct Provider {
    /// The short name, which stands in addresses.
    pub(crate) key: String,
    /// What it is called on pages.
    pub(crate) name: String,
    /// Its name for itself, which its people are known by here.
    pub(crate) issuer: String,
    /// Whether an address that it calls verified counts as proved.
    pub(crate) trusted: bool,
    /// The organisation whose people it knows, by short name or identifier.
    pub(crate) organisation: Option<String>,
    pub(super) client_id: String,
    pub(super) client_secret: Option<Zeroizing<String>>,
    pub(super) redirect: String,
    pub(super) upstream: Upstream,
    pub(super) memory: Mutex<Memory>,
    pub(super) room: Semaphore,
}

/// What a provider said of itself, each with when that was by the steady clock.
#[derive(Debug, Default)]
pub(super) struct Memory {
    metadata: Option<(Duration, Arc<Metadata>)>,
    keys: Option<(Duration, Arc<Vec<u8>>)>,
    failed: Option<(Duration, OidcError)>,
}

/// Who came back, as the provider knows them.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) subject: String,
    /// The address, where a provider that we trust says that it is proved.
    pub(crate) proved: Option<EmailAddress>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Userinfo {
    sub: String,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    email_verified: Value,
}

impl fmt::Debug for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Provider").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Provider {
    /// Where somebody is sent to say who they are.
    pub(crate) async fn begin(&self, trip: &Trip<'_>, clock: &Clock) -> Result<Url, OidcError> {
        let _room = self.enter()?;
        let mut url = self.metadata(clock.steady()).await?.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("scope", "openid email")
            .append_pair("state", &trip.state())
            .append_pair("nonce", &trip.nonce())
            .append_pair("code_challenge", &trip.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Whether an answer that says whose it is comes from here (RFC 9207 §2.4). The answer of another provider, whom
    /// somebody brought in between, must not be taken for this one's.
    pub(crate) async fn check_answer(&self, issuer: Option<&str>, clock: &Clock) -> Result<(), OidcError> {
        let promised = self.metadata(clock.steady()).await?.authorization_response_iss_parameter_supported;
        let own = issuer.map_or(!promised, |issuer| issuer == self.issuer);
        if own { Ok(()) } else { Err(OidcError::Elsewhere) }
    }

    /// Who it is, for the code that they brought back.
    pub(crate) async fn finish(
        &self,
        trip: &Trip<'_>,
        code: &str,
        clock: &Clock,
    ) -> Result<Person, OidcError> {
        let _room = self.enter()?;
        let metadata = self.metadata(clock.steady()).await?;
        let Tokens { id_token, access_token } = self.exchange(&metadata, trip, code).await?;
        let nonce = trip.nonce();
        let expected = Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce: &nonce,
            access_token: access_token.as_deref(),
            now: clock.now(),
        };
        let keys = self.keys(&metadata, clock.steady(), FRESH).await?;
        let claims = match token::read(&id_token, &keys, &expected) {
            // The provider may have changed its keys since, or mended what stood in their place.
            Err(error) if error.is_of_keys() => {
                let keys = self.keys(&metadata, clock.steady(), KEYS_AGAIN).await?;
                token::read(&id_token, &keys, &expected)?
            }
            read => read?,
        };
        self.person(&metadata, claims, access_token.as_deref()).await
    }

    /// That it answers as it should; for the operator.
    pub(crate) async fn examine(&self, clock: &Clock) -> Result<(), OidcError> {
        let metadata = self.metadata(clock.steady()).await?;
        self.keys(&metadata, clock.steady(), FRESH).await.map(drop)
    }

    fn enter(&self) -> Result<SemaphorePermit<'_>, OidcError> {
        self.room.try_acquire().map_err(|_| OidcError::Busy)
    }

    async fn exchange(&self, metadata: &Metadata, trip: &Trip<'_>, code: &str) -> Result<Tokens, OidcError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("code_verifier", &trip.verifier());
        let mut header = None;
        match (&self.client_secret, metadata.shows_secret()) {
            (None, _) => {
                form.append_pair("client_id", &self.client_id);
            }
            (Some(secret), Some(Shown::Post)) => {
                form.append_pair("client_id", &self.client_id).append_pair("client_secret", secret);
            }
            (Some(secret), Some(Shown::Basic)) => {
                // RFC 6749 §2.3.1: each is encoded like a field of a form first.
                let encoded =
                    |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                header = Some((encoded(&self.client_id), encoded(secret)));
            }
            (Some(_), None) => {
                let reason = "it takes a secret neither in the header nor in the form".to_owned();
                return Err(OidcError::Document { what: metadata::SETTINGS, reason });
            }
        }
        let answer = self.upstream.send_form(&metadata.token_endpoint, form.finish(), header).await;
        let answer = had(TOKENS, answer)?;
        match answer.status {
            200 => metadata::read(TOKENS, &answer.body),
            400..500 => Err(OidcError::Refused(refusal(&answer.body))),
            status => Err(OidcError::Unreachable { what: TOKENS, reason: format!("status {status}") }),
        }
    }

    /// What counts of what the provider says. Some say the address beside the token only (Core §5.3).
    async fn person(
        &self,
        metadata: &Metadata,
        claims: Claims,
        access_token: Option<&str>,
    ) -> Result<Person, OidcError> {
        let Claims { sub, mut email, mut email_verified, .. } = claims;
        if !self.trusted {
            return Ok(Person { subject: sub, proved: None });
        }
        if let (Value::Null, Some(url), Some(token)) = (&email, &metadata.userinfo_endpoint, access_token) {
            let answer = accepted(USERINFO, self.upstream.get(url, Some(token)).await)?;
            let said: Userinfo = metadata::read(USERINFO, &answer)?;
            // Core §5.3.2: or somebody else's address would be taken for theirs.
            if said.sub != sub {
                let reason = "it is about another person".to_owned();
                return Err(OidcError::Document { what: USERINFO, reason });
            }
            (email, email_verified) = (said.email, said.email_verified);
        }
        let address = email.as_str().filter(|_| email_verified == Value::Bool(true));
        Ok(Person { subject: sub, proved: address.and_then(|address| address.parse().ok()) })
    }

    async fn metadata(&self, now: Duration) -> Result<Arc<Metadata>, OidcError> {
        let mut memory = self.memory.lock().await;
        if let Some(known) = fresh(&memory.metadata, now, FRESH) {
            return Ok(known);
        }
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let fault = |_| OidcError::Unreachable { what: metadata::SETTINGS, reason: address.clone() };
        let url: Url = address.parse().map_err(fault)?;
        let body = self.document(&mut memory, metadata::SETTINGS, &url, now).await?;
        let read = Metadata::read(&self.issuer, &body).map(Arc::new);
        match &read {
            Ok(metadata) => memory.metadata = Some((now, Arc::clone(metadata))),
            Err(error) => memory.failed = Some((now, error.clone())),
        }
        read
    }

    /// Its keys, read again if that is longer ago.
    async fn keys(
        &self,
        metadata: &Metadata,
        now: Duration,
        longest: Duration,
    ) -> Result<Arc<Vec<u8>>, OidcError> {
        let mut memory = self.memory.lock().await;
        if let Some(known) = fresh(&memory.keys, now, longest) {
            return Ok(known);
        }
        let keys = Arc::new(self.document(&mut memory, KEYS, &metadata.jwks_uri, now).await?);
        memory.keys = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    /// Asks, unless the provider did not answer just now: those who wait for it do not wait one after the other.
    async fn document(
        &self,
        memory: &mut Memory,
        what: &'static str,
        url: &Url,
        now: Duration,
    ) -> Result<Vec<u8>, OidcError> {
        if let Some((since, error)) = &memory.failed
            && now.saturating_sub(*since) < AGAIN
        {
            return Err(error.clone());
        }
        let answer = accepted(what, self.upstream.get(url, None).await);
        memory.failed = answer.as_ref().err().map(|error| (now, error.clone()));
        answer
    }
}

fn fresh<T>(known: &Option<(Duration, Arc<T>)>, now: Duration, longest: Duration) -> Option<Arc<T>> {
    let (since, known) = known.as_ref()?;
    (now.saturating_sub(*since) < longest).then(|| Arc::clone(known))
}

fn had<E: fmt::Display>(what: &'static str, answer: Result<Answer, E>) -> Result<Answer, OidcError> {
    answer.map_err(|error| OidcError::Unreachable { what, reason: error.to_string() })
}

fn accepted<E: fmt::Display>(what: &'static str, answer: Result<Answer, E>) -> Result<Vec<u8>, OidcError> {
    let Answer { status, body } = had(what, answer)?;
    if status == 200 {
        return Ok(body);
    }
    Err(OidcError::Unreachable { what, reason: format!("status {status}") })
}

/// The code of a refusal (RFC 6749 §5.2); what is no such code is not repeated.
fn refusal(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    let said = serde_json::from_slice::<Said>(body).map(|said| said.error).unwrap_or_default();
    let plain = said.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain && (1..=40).contains(&said.len()) { said } else { "without a reason".to_owned() }
}
