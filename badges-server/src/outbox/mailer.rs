//! Letters to a mail server, by SMTP.

use std::{
    error::Error as _,
    io,
    time::{Duration, UNIX_EPOCH},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use url::Url;

use super::{letter::Letter, message::Stored, trouble::in_words};
use crate::{
    config::Smtp,
    files,
    upstream::{self, UpstreamError},
};

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(15);

/// How many connections stay open to it.
pub(crate) const CONNECTIONS: u32 = 8;

/// What refuses us, not the receiver: the password is wrong, or TLS is asked for.
const OUR_FAULT: &[u16] = &[530, 534, 535, 538];

/// Sends letters.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What stands behind the @ of each Message-ID.
    host: String,
}

/// Why there is nothing to send with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailerError {
    #[error(transparent)]
    Authority(#[from] UpstreamError),
    #[error("smtp.from: {0:?} is no sender: write one such as Badges <badges@example.org>")]
    From(String),
    #[error("smtp.password_file: {file} cannot be read ({reason}): name a file that the service may read")]
    Password { file: String, reason: io::Error },
    #[error("smtp.url: the server's certificate cannot be checked here ({0})")]
    Tls(String),
    #[error("smtp.url: the password would leave in the clear: use smtps://, or smtp:// without tls=none")]
    Unencrypted,
    #[error(
        "smtp.url: must be smtps://USER@HOST or smtp://HOST:PORT, with ?tls=required or ?tls=none behind it at most, and \
         what is there is neither"
    )]
    Url,
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It may work later.
    Later(String),
    /// It will not; `bad_address` if the receiver's address is why.
    Never { reason: String, bad_address: bool },
}

impl Mailer {
    /// By the settings; none where no mail server is named.
    pub(crate) fn new(smtp: &Smtp, base: &str) -> Result<Option<Self>, MailerError> {
        if smtp.keeps() {
            return Ok(None);
        }
        let url = Url::parse(&smtp.url).map_err(|_| MailerError::Url)?;
        let server = url.host_str().filter(|host| !host.is_empty()).ok_or(MailerError::Url)?.to_owned();
        let from = smtp.from.parse().map_err(|_| MailerError::From(smtp.from.clone()))?;
        let host = server.trim_start_matches('[').trim_end_matches(']');
        let loopback = matches!(host, "localhost" | "127.0.0.1" | "::1");
        let (port, tls) = tls(&url, host, loopback, &smtp.authority_file)?;
        let encrypted = !matches!(tls, Tls::None);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(ANSWER))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if !smtp.password_file.is_empty() {
            if !encrypted && !loopback {
                return Err(MailerError::Unencrypted);
            }
            let password = files::named(smtp.password_file.as_ref())
                .map_err(|reason| MailerError::Password { file: smtp.password_file.clone(), reason })?;
            let user = percent_decoded(url.username());
            builder = builder.credentials(Credentials::new(user, password.trim_end().to_owned()));
        }
        let named = base.split("://").nth(1).unwrap_or("localhost");
        let host = named.split(':').next().unwrap_or(named).to_owned();
        Ok(Some(Self { transport: builder.build(), from, host }))
    }

    /// Sends one letter; returns when the server has taken it.
    pub(crate) async fn send(&self, message: &Stored, letter: Letter) -> Result<(), Refusal> {
        let mail = self.mail(message, letter)?;
        let Err(refused) = self.transport.send(mail).await else { return Ok(()) };
        let (status, reason) = (refused.status().map(u16::from), in_words(&refused));
        if !refused.is_permanent() || status.is_some_and(|status| OUR_FAULT.contains(&status)) {
            return Err(Refusal::Later(reason));
        }
        let said = refused.source().map(ToString::to_string).unwrap_or_default();
        let bad_address = blames_receiver(status, &said);
        Err(Refusal::Never { reason, bad_address })
    }

    /// Greets the server, with TLS and the password where those are set up, and sends nothing; else says what is wrong.
    pub(crate) async fn check(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the mail server greets, and then does not go on".to_owned()),
            Err(error) => Err(in_words(&error)),
        }
    }

    fn mail(&self, message: &Stored, letter: Letter) -> Result<Message, Refusal> {
        let never = |reason: String| Refusal::Never { reason, bad_address: false };
        let Letter { to, name, text, files, .. } = letter;
        let address: Address = to
            .parse()
            .map_err(|_| Refusal::Never { reason: "no mail address".to_owned(), bad_address: true })?;
        let written = Duration::from_micros(message.created_at.microseconds().try_into().unwrap_or_default());
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let mut body = MultiPart::mixed().multipart(MultiPart::alternative_plain_html(text.plain, text.html));
        for file in files {
            let kind = ContentType::parse(file.media_type).map_err(|error| never(error.to_string()))?;
            body = body.singlepart(Attachment::new(file.name).body(file.bytes, kind));
        }
        // The same for each try, so that a receiver that gets a message twice can tell.
        Message::builder()
            .message_id(Some(format!("<{}@{}>", message.id, self.host)))
            .date(UNIX_EPOCH + written)
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(text.subject)
            // RFC 3834 §5: nobody's absence note answers it.
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(body)
            .map_err(|error| never(error.to_string()))
    }
}

/// Whether a refusal is about the receiver's address, and not about us or what we may send.
fn blames_receiver(status: Option<u16>, said: &str) -> bool {
    // RFC 3463 §3.2: 5.1.x is about addresses, 5.1.7 and 5.1.8 about the sender's.
    match said.split_whitespace().next().and_then(|code| code.strip_prefix("5.")) {
        Some(code) => code.starts_with("1.") && !matches!(code, "1.7" | "1.8"),
        None => matches!(status, Some(550 | 551 | 553)),
    }
}

/// The port of a scheme, and how the connection is guarded.
fn tls(url: &Url, host: &str, loopback: bool, authority: &str) -> Result<(u16, Tls), MailerError> {
    let broken = |error: lettre::transport::smtp::Error| MailerError::Tls(error.to_string());
    let checked = || {
        let mut builder = TlsParameters::builder(host.to_owned());
        for one in upstream::authorities("smtp.authority_file", authority)? {
            builder = builder.add_root_certificate(Certificate::from_der(one.to_vec()).map_err(broken)?);
        }
        builder.build().map_err(broken)
    };
    let plain = match url.query() {
        None => loopback,
        Some("tls=none") => true,
        Some("tls=required") => false,
        Some(_) => return Err(MailerError::Url),
    };
    match url.scheme() {
        "smtps" => Ok((465, Tls::Wrapper(checked()?))),
        "smtp" if plain => Ok((25, Tls::None)),
        "smtp" => Ok((587, Tls::Required(checked()?))),
        _ => Err(MailerError::Url),
    }
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let pair = format!("u={text}").replace('+', "%2B");
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, user)| user.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, from: &str) -> Result<bool, String> {
        let (url, from) = (url.to_owned(), from.to_owned());
        let smtp = Smtp { url, password_file: String::new(), authority_file: String::new(), from };
        Mailer::new(&smtp, "https://badges.example").map(|mailer| mailer.is_some()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_server_that_refuses_us_says_nothing_of_the_receiver() {
        for (status, said, blamed) in [
            (550, "5.1.1 no such user", true),
            (550, "no such user", true),
            (550, "5.7.1 relaying denied", false),
            (553, "5.1.8 bad sender", false),
            (552, "5.3.4 too large", false),
            (554, "no", false),
        ] {
            assert_eq!(blames_receiver(Some(status), said), blamed, "{status} {said}");
        }
    }

    #[test]
    fn settings_that_lead_nowhere_say_which() {
        // The pool of connections belongs to a runtime.
        let system = actix_web::rt::System::new();
        let check = |url: &str, from: &str| system.block_on(async { check(url, from) });
        let from = "Badges <badges@example.org>";

        assert_eq!(check("", from), Ok(false));
        assert_eq!(check("smtp://localhost:2525", from), Ok(true));
        assert_eq!(check("smtps://ada%40example.org@mail.example", from), Ok(true));
        assert_eq!(check("smtp://localhost?tls=required", from), Ok(true));
        assert!(
            check("smtp://mail.example?tls=maybe", from).is_err_and(|error| error.starts_with("smtp.url"))
        );
        assert!(check("http://mail.example", from).is_err_and(|error| error.starts_with("smtp.url")));
        assert!(check("smtp://mail.example", "nobody").is_err_and(|error| error.starts_with("smtp.from")));
        assert_eq!(percent_decoded("ada%40example.org+x"), "ada@example.org+x");
    }
}
