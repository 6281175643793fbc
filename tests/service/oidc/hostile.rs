//! A provider that says whatever a test wants: what a good one never does.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use badges_core::{
    key::{KeyKind, LocalSigner, SecretKey, Signer as _},
    proof::jws::{HeaderToWrite, sign},
};
use serde_json::{Value, json};

use crate::{harness::Service, wire};

/// A provider on a port of its own, which asks nobody for a password.
pub(super) struct Hostile {
    pub(super) issuer: String,
    plan: Arc<Mutex<Plan>>,
}

/// What it answers.
pub(super) struct Plan {
    /// Its settings.
    pub(super) metadata: Value,
    /// Its public keys.
    pub(super) keys: Value,
    /// What its tokens say.
    pub(super) claims: Value,
    /// The key that signs them, and what the header calls it.
    pub(super) signer: LocalSigner,
    pub(super) kid: Option<&'static str>,
    /// A token instead of a signed one.
    pub(super) token: Option<String>,
    pub(super) userinfo: Value,
    /// How its answers are spoilt.
    pub(super) spoilt: Spoilt,
    /// What it was asked for.
    pub(super) asked: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoilt {
    No,
    Huge,
    Slow,
    Status,
}

/// The access token of every answer.
pub(super) const ACCESS: &str = "an access token";

/// A key of this kind.
pub(super) fn key(kind: KeyKind, seed: u8) -> LocalSigner {
    LocalSigner::did_key(SecretKey::from_seed(kind, &[seed; 32]).unwrap()).unwrap()
}

/// A public key under a name.
pub(super) fn public(key: &LocalSigner, kid: &str) -> Value {
    let mut jwk = serde_json::to_value(key.public_key().to_jwk()).unwrap();
    jwk["kid"] = json!(kid);
    jwk
}

impl Hostile {
    /// One that behaves, until a test changes that.
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let signer = key(KeyKind::P256, 1);
        let plan = Plan {
            metadata: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/auth?tenant=1"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
                "userinfo_endpoint": format!("{issuer}/userinfo"),
                "id_token_signing_alg_values_supported": ["ES256"],
            }),
            keys: json!({"keys": [{"kty": "oct", "k": "AAAA", "kid": "1"}, public(&signer, "1")]}),
            claims: json!({}),
            signer,
            kid: Some("1"),
            token: None,
            userinfo: json!({}),
            spoilt: Spoilt::No,
            asked: Vec::new(),
        };
        let plan = Arc::new(Mutex::new(plan));
        let shared = Arc::clone(&plan);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let plan = Arc::clone(&shared);
                thread::spawn(move || answer(stream, &plan));
            }
        });
        Self { issuer, plan }
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(&mut self.plan.lock().unwrap())
    }

    /// What a good token of this moment says of somebody.
    pub(super) fn claims(&self, service: &Service, nonce: &str, subject: &str) -> Value {
        let now = service.clock.now().microseconds() / 1_000_000;
        json!({
            "iss": self.issuer, "sub": subject, "aud": "badges", "exp": now + 300, "iat": now, "nonce": nonce,
        })
    }

    /// How often something was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.change(|plan| plan.asked.iter().filter(|asked| *asked == path).count())
    }
}

fn answer(mut stream: TcpStream, plan: &Mutex<Plan>) {
    let Some((head, _)) = wire::request(&mut stream) else { return };
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let (body, spoilt) = {
        let mut plan = plan.lock().unwrap();
        plan.asked.push(path.clone());
        let body = match path.as_str() {
            "/.well-known/openid-configuration" => plan.metadata.clone(),
            "/keys" => plan.keys.clone(),
            "/token" => json!({"id_token": plan.id_token(), "access_token": ACCESS, "token_type": "Bearer"}),
            "/userinfo" => plan.userinfo.clone(),
            other => panic!("{other}"),
        };
        (body.to_string(), plan.spoilt)
    };
    let (status, body) = match spoilt {
        Spoilt::No => ("200 OK", body),
        Spoilt::Huge => ("200 OK", format!("{body}{}", " ".repeat(1 << 20))),
        Spoilt::Slow => {
            thread::sleep(Duration::from_secs(8));
            ("200 OK", body)
        }
        Spoilt::Status => ("500 Internal Server Error", body),
    };
    let head = "Content-Type: application/json\r\nConnection: close";
    let answer = format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    // Who hears too much hangs up.
    stream.write_all(answer.as_bytes()).ok();
}

impl Plan {
    fn id_token(&self) -> String {
        let signed = || {
            let header = HeaderToWrite { kid: self.kid, typ: Some("JWT"), ..HeaderToWrite::default() };
            sign(self.claims.to_string().as_bytes(), &header, &self.signer).unwrap()
        };
        self.token.clone().unwrap_or_else(signed)
    }
}
