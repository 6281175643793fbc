//! Signs with a key that another process holds: it never leaves that process, which may also refuse.
//!
//! The holder here is this program once more, started with the argument `hold-key`. A KMS, an HSM or an agent
//! takes its place in the same way: by an implementation of [`Signer`].

use std::{
    env,
    error::Error,
    io::{self, BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

use badges_core::{
    did::{MemoryDocuments, did_key},
    issue::{self, IssueError, ProofKind},
    jsonld::Contexts,
    key::{KeyKind, PublicKey, SecretKey, Signer, SignerError},
    model::{Achievement, Criteria, OpenBadgeCredential, Profile, Recipient},
    time::Timestamp,
    verify::{Options, verify},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("hold-key") {
        return hold_key();
    }
    let now: Timestamp = "2026-11-21T10:00:00Z".parse()?;
    let (contexts, documents) = (Contexts::new(), MemoryDocuments::new());
    let mut holder = Holder::start()?;
    let badge = badge_of(holder.method.split('#').next().unwrap_or_default(), now)?;

    let signed = issue::sign(&badge, ProofKind::Rdfc, now, &holder, &contexts)?;
    println!("signed by process {} under {}", holder.process.id(), holder.method);

    let options = Options::new(now, &contexts, &documents);
    let verified = verify(signed.as_bytes(), &options).map_err(|report| report.message)?;
    println!("verified: {}", verified.report().message);

    match issue::sign(&badge, ProofKind::Rdfc, now, &holder, &contexts) {
        Ok(_) => return Err("the holder signed more than it wanted to".into()),
        Err(error) => println!("asked again: {error}"),
    }
    holder.stop()?;
    match issue::sign(&badge, ProofKind::Rdfc, now, &holder, &contexts) {
        Err(error @ (IssueError::Integrity(_) | IssueError::Signer(_))) => {
            println!("with the holder gone: {error}")
        }
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("somebody signed who was not there".into()),
    }
    Ok(())
}

/// The process that holds the key, seen from outside.
struct Holder {
    key: PublicKey,
    method: String,
    process: Child,
    /// One question at a time; the trait lends the signer out shared.
    talk: Mutex<Option<(ChildStdin, Lines<BufReader<ChildStdout>>)>>,
}

impl Holder {
    fn start() -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(env::current_exe()?);
        let mut process = command.arg("hold-key").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = process.stdin.take().ok_or("the holder does not listen")?;
        let answers = process.stdout.take().ok_or("the holder does not speak")?;
        let mut answers = BufReader::new(answers).lines();
        let key = PublicKey::from_multikey(&answers.next().ok_or("the holder has no key")??)?;
        let did = did_key(&key).ok_or("the key has no did:key")?;
        let fragment = did.trim_start_matches("did:key:");
        let method = format!("{did}#{fragment}");
        Ok(Self { key, method, process, talk: Mutex::new(Some((questions, answers))) })
    }

    fn ask(&self, message: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
        let mut talk = self.talk.lock().map_err(|_| "an earlier question ended in a panic")?;
        let (questions, answers) = talk.as_mut().ok_or("it has gone")?;
        writeln!(questions, "{}", BASE64.encode(message))?;
        let answer = answers.next().ok_or("it has gone")??;
        match answer.split_once(' ') {
            Some(("signature", text)) => Ok(BASE64.decode(text)?),
            Some(("refused", reason)) => Err(reason.into()),
            _ => Err("it gave no answer that makes sense".into()),
        }
    }

    /// Ends the process by hanging up.
    fn stop(&mut self) -> io::Result<()> {
        self.talk.get_mut().map(Option::take).unwrap_or_default();
        self.process.wait().map(drop)
    }
}

impl Signer for Holder {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn verification_method(&self) -> &str {
        &self.method
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.ask(message).map_err(SignerError::Refused)
    }
}

/// The other side: says its public key, signs the first message that it is given, and refuses the next ones.
fn hold_key() -> Result<(), Box<dyn Error>> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let secret = SecretKey::from_seed(KeyKind::Ed25519, &seed)?;
    println!("{}", secret.public_key().to_multikey().ok_or("the key has no Multikey")?);
    for (count, message) in io::stdin().lines().enumerate() {
        let message = BASE64.decode(message?)?;
        match count {
            0 => println!("signature {}", BASE64.encode(secret.sign(&message))),
            _ => println!("refused one signature is allowed until somebody confirms another"),
        }
    }
    Ok(())
}

fn badge_of(issuer: &str, now: Timestamp) -> Result<OpenBadgeCredential, Box<dyn Error>> {
    let mut issuer = Profile::new(issuer.parse()?);
    issuer.name = Some("Radio Club".into());
    let achievement = Achievement::new(
        "https://radio.example/badges/first-contact".parse()?,
        "First contact".into(),
        "Spoke with another continent".into(),
        Criteria::narrative("Log a contact with a station on another continent."),
    );
    let recipient = Recipient::id("https://radio.example/people/hedy".parse()?);
    let id = "urn:uuid:3f6f9f0e-3c55-4f0c-9f0f-6d5f2d7f4c11".parse()?;
    Ok(OpenBadgeCredential::builder(id, issuer, recipient, achievement, now).build()?)
}
