//! Where the data is, and whether somebody could listen on the way there.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr};

use url::form_urlencoded;

/// Whether PostgreSQL's client library speaks TLS in this program.
const TLS: bool = cfg!(feature = "postgresql-tls");

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A URL of PostgreSQL's client library.
    Postgresql(String),
    /// A file.
    Sqlite(PathBuf),
}

/// Why an address names no database.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("the database is named by postgres://HOST/NAME or by the path of a file, and {0}: is neither")]
    Scheme(String),
    #[error(
        "{0} is another machine, and its URL does not say how the way there is kept safe: add sslmode=verify-full, \
         with sslrootcert=FILE for the authority of its certificate, or sslmode=disable where the network between \
         them is trusted"
    )]
    Unsaid(String),
    #[error(
        "{0} would be reached with TLS, which this program was built without: build it with --features \
         postgresql-tls, or write sslmode=disable into the URL where the network between them is trusted"
    )]
    WithoutTls(String),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Sqlite(PathBuf::from(text)));
        };
        if !matches!(scheme, "postgres" | "postgresql") {
            return Err(AddressError::Scheme(scheme.to_owned()));
        }
        check_way(&Parts::of(rest), TLS)?;
        Ok(Self::Postgresql(text.to_owned()))
    }
}

/// A connection is believed, or somebody said that it need not be.
fn check_way(parts: &Parts<'_>, tls: bool) -> Result<(), AddressError> {
    let mode = parts.parameters().filter(|(name, _)| name == "sslmode").last().map(|(_, mode)| mode);
    let asks = matches!(mode.as_deref(), Some("require" | "verify-ca" | "verify-full"));
    let away = parts.hosts().into_iter().find(|host| !is_here(host));
    match (away, mode.as_deref()) {
        (away, _) if asks && !tls => {
            Err(AddressError::WithoutTls(away.unwrap_or_else(|| "the database".to_owned())))
        }
        (None, _) | (_, Some("disable")) => Ok(()),
        (Some(away), _) if !tls => Err(AddressError::WithoutTls(away)),
        (Some(_), _) if asks => Ok(()),
        // What the client library does by itself falls back to a connection that everybody reads.
        (Some(away), _) => Err(AddressError::Unsaid(away)),
    }
}

/// Whether a host is this machine: by name, by address, or as the folder of a socket.
fn is_here(host: &str) -> bool {
    let host = host.replace("%2F", "/").replace("%2f", "/");
    host.is_empty()
        || host == "localhost"
        || host.starts_with('/') && !host.contains('%')
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// What stands behind the scheme, taken apart as PostgreSQL's client library does, which knows several hosts.
struct Parts<'a> {
    user: Option<&'a str>,
    hosts: &'a str,
    name: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(rest: &'a str) -> Self {
        let (user, rest) = match rest.find(['@', '/']) {
            Some(at) if rest[at..].starts_with('@') => (Some(&rest[..at]), &rest[at + 1..]),
            _ => (None, rest),
        };
        let (hosts, name) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (name, query) = name.split_once('?').map_or((name, None), |(name, query)| (name, Some(query)));
        Self { user, hosts, name, query }
    }

    fn parameters(&self) -> form_urlencoded::Parse<'a> {
        form_urlencoded::parse(self.query.unwrap_or_default().as_bytes())
    }

    /// Every host that may be asked: parameters add to what stands in front, and some take its place.
    fn hosts(&self) -> Vec<String> {
        let named = self.hosts.split(',').map(|host| match host.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or_default().to_owned(),
            None => host.split(':').next().unwrap_or_default().to_owned(),
        });
        let added = self.parameters().filter(|(name, _)| matches!(name.as_ref(), "host" | "hostaddr"));
        let added: Vec<_> =
            added.flat_map(|(_, hosts)| hosts.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
        named.chain(added).collect()
    }
}

impl Address {
    /// The password in a URL, with its percent signs: other users of a machine see what a program is called with.
    pub(crate) fn password(&self) -> Option<&str> {
        let Self::Postgresql(text) = self else { return None };
        let parts = Parts::of(text.split_once("://")?.1);
        let named = parts.user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
        named.or_else(|| parts.query?.split('&').find_map(|parameter| parameter.strip_prefix("password=")))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Address {
    /// Without passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Sqlite(file) => return write!(f, "{}", file.display()),
            Self::Postgresql(text) => text,
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("postgres", ""));
        let Parts { user, hosts, name, query } = Parts::of(rest);
        write!(f, "{scheme}://")?;
        if let Some(user) = user {
            write!(f, "{}@", user.split(':').next().unwrap_or_default())?;
        }
        write!(f, "{hosts}{name}")?;
        let shown = |parameter: &&str| !parameter.split('=').next().unwrap_or_default().contains("password");
        let parameters: Vec<_> = query.into_iter().flat_map(|query| query.split('&')).filter(shown).collect();
        if parameters.is_empty() { Ok(()) } else { write!(f, "?{}", parameters.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(rest: &str, tls: bool) -> Result<(), AddressError> {
        check_way(&Parts::of(rest), tls)
    }

    #[test]
    fn a_database_elsewhere_is_not_reached_in_the_clear_by_accident() {
        let elsewhere = [
            "db.example/badges",
            "badges@db.example:5433/badges",
            "localhost,db.example/badges",
            "/badges?host=db.example",
            "localhost/badges?hostaddr=192.0.2.1",
            "127.0.0.1@db.example/badges",
            "[2001:db8::1]:5432/badges",
        ];
        for rest in elsewhere {
            let with =
                |mode: &str| format!("{rest}{}sslmode={mode}", if rest.contains('?') { "&" } else { "?" });
            assert!(matches!(way(rest, false), Err(AddressError::WithoutTls(_))), "{rest}");
            assert!(matches!(way(rest, true), Err(AddressError::Unsaid(_))), "{rest}");
            assert!(matches!(way(&with("prefer"), true), Err(AddressError::Unsaid(_))), "{rest}");
            assert!(matches!(way(&with("verify-full"), false), Err(AddressError::WithoutTls(_))), "{rest}");
            assert_eq!(
                (way(&with("verify-full"), true), way(&with("disable"), false)),
                (Ok(()), Ok(())),
                "{rest}"
            );
        }
        let here = [
            "/badges?host=/run/postgresql",
            "badges@localhost/badges",
            "%2Frun/badges",
            "[::1]:1,127.0.0.2:2/a",
            "",
        ];
        for rest in here {
            assert_eq!((way(rest, false), way(rest, true)), (Ok(()), Ok(())), "{rest}");
        }
    }

    #[test]
    fn an_address_is_shown_without_its_passwords() {
        let shown = |text: &str| text.parse::<Address>().unwrap().to_string();

        assert!("mysql://db.example/badges".parse::<Address>().is_err());
        assert_eq!(shown("postgres://ada:secret@localhost/badges"), "postgres://ada@localhost/badges");
        assert_eq!(
            "postgres://ada:sec%20ret@/badges".parse::<Address>().unwrap().password(),
            Some("sec%20ret")
        );
        assert_eq!(
            shown(
                "postgres://localhost:1,[::1]:2/badges?password=secret&connect_timeout=5&sslpassword=secret"
            ),
            "postgres://localhost:1,[::1]:2/badges?connect_timeout=5"
        );
    }
}
