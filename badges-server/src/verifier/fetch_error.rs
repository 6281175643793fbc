//! Why nothing was fetched, in words for people.

use badges_core::verify::printable;

/// Why nothing was fetched from an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// So much is under way that this had no turn.
    #[error("too much is being fetched at the moment: try again in a minute")]
    Busy,
    /// Characters that readers of addresses disagree about.
    #[error("{0:?} has characters that an address cannot have: only plain addresses are fetched")]
    Characters(String),
    /// User information before the host.
    #[error("{0} carries a user name or a password: only addresses without are fetched")]
    Credentials(String),
    /// Another host would speak for the address.
    #[error("{from} sends on to {to}, and another host cannot speak for it")]
    Elsewhere {
        /// The address that was asked for.
        from: String,
        /// The host that it leads to.
        to: String,
    },
    /// No connection, or none that is secure.
    #[error("no secure connection to {host}: {reason}")]
    Failed {
        /// The host.
        host: String,
        /// What stands in the way.
        reason: String,
    },
    /// More than any address needs.
    #[error("the address is longer than the {0} characters that are read of one")]
    Long(usize),
    /// The host is the number of an address that is not public.
    #[error("{host} is {range}: only public addresses are fetched")]
    NotPublic {
        /// The host as it was written, in its plain form.
        host: String,
        /// What the address is for.
        range: &'static str,
    },
    /// The name of the host leads to an address that is not public; which one is nobody's business.
    #[error("{0} leads into a network that is not public: only public addresses are fetched")]
    NotPublicName(String),
    /// Another port than that of https.
    #[error("{host} is named with port {port}: only port 443 is used")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// One badge asks for more than it is given.
    #[error("{address} was left: a badge is given {documents} documents and {seconds} seconds", documents = super::online::DOCUMENTS)]
    OverBudget {
        /// The address.
        address: String,
        /// How long all documents of one badge may take.
        seconds: u64,
    },
    /// It leads on and on.
    #[error("{0} sends on more than {most} times", most = super::fetcher::REDIRECTS)]
    Redirects(String),
    /// Another scheme than https.
    #[error("{0} is not an https address: only https is fetched")]
    Scheme(String),
    /// The answer took too long.
    #[error("{host} took longer than {seconds} seconds")]
    Slow {
        /// The host.
        host: String,
        /// How long it had.
        seconds: u64,
    },
    /// Anything but the document.
    #[error("{url} gave no document (status {status})")]
    Status {
        /// The address that gave the answer.
        url: String,
        /// The status of HTTP.
        status: u16,
    },
    /// The document is longer than is read.
    #[error("{url} is longer than the {limit} bytes that are read of it")]
    TooLong {
        /// The address.
        url: String,
        /// How much is read.
        limit: usize,
    },
    /// Nobody knows the host.
    #[error("there is no host {0}")]
    Unknown(String),
    /// No address.
    #[error("{text:?} is no address ({reason})")]
    Unreadable {
        /// What was given.
        text: String,
        /// What a reader of addresses says.
        reason: url::ParseError,
    },
}

impl FetchError {
    /// Whether a rule refused the address, whatever stands there.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Characters(_)
            | Self::Credentials(_)
            | Self::Elsewhere { .. }
            | Self::Long(_)
            | Self::NotPublic { .. }
            | Self::NotPublicName(_)
            | Self::Port { .. }
            | Self::Redirects(_)
            | Self::Scheme(_)
            | Self::Unreadable { .. } => true,
            Self::Busy
            | Self::Failed { .. }
            | Self::OverBudget { .. }
            | Self::Slow { .. }
            | Self::Status { .. }
            | Self::TooLong { .. }
            | Self::Unknown(_) => false,
        }
    }
}

/// As much of a stranger's text as a message shows.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let text = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => &format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    };
    printable(text).into_owned()
}
