//! The list of settings: name, default, and what it is for. `badges serve --settings` and specs/settings.md show it.

use super::bounds::Takes;

/// One setting.
pub(crate) struct Setting {
    /// Its place in the file: `smtp.url`.
    pub(crate) name: &'static str,
    /// As it would be written in the file.
    pub(crate) default: &'static str,
    /// What it may be, beside being of the kind of its default.
    pub(crate) takes: Takes,
    pub(crate) about: &'static str,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { name, default, takes: Takes::Anything, about }
}

const fn number(
    name: &'static str,
    default: &'static str,
    (least, most): (i64, i64),
    about: &'static str,
) -> Setting {
    Setting { name, default, takes: Takes::Number(least, most), about }
}

const fn word(
    name: &'static str,
    default: &'static str,
    known: &'static [&'static str],
    about: &'static str,
) -> Setting {
    Setting { name, default, takes: Takes::Word(known), about }
}

/// The levels that a log has, and its forms.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
const FORMATS: [&str; 2] = ["text", "json"];

const DAY: i64 = 86_400;
const GIB: i64 = 1 << 30;

/// All of them.
pub(crate) const SETTINGS: &[Setting] = &[
    setting("listen", "\"127.0.0.1:8080\"", "the address that the service listens on"),
    setting(
        "administration",
        "\"127.0.0.1:8081\"",
        "the address of /ops/metrics, for this machine alone; empty: none",
    ),
    setting(
        "public_url",
        "\"http://127.0.0.1:8080\"",
        "the address under which the world reaches the service; the first award fixes it",
    ),
    setting("public_url_aliases", "[]", "earlier public addresses that still lead here"),
    setting("data", "\"badges-data\"", "the folder of the SQLite file and of backups"),
    setting(
        "database",
        "\"\"",
        "postgres://USER@HOST/NAME, or the path of an SQLite file; empty: badges.db in the data folder",
    ),
    setting(
        "key_file",
        "\"badges-key/seal.key\"",
        "the file, outside the data folder, with the key that seals the signing keys",
    ),
    setting(
        "smtp.url",
        "\"\"",
        "smtps://USER@HOST or smtp://HOST:PORT; smtp:// asks for STARTTLS but on this machine, where ?tls=required does; \
         empty: mails are kept and shown on the outbox page",
    ),
    setting("smtp.password_file", "\"\"", "the file that holds the password of the mail server"),
    setting(
        "smtp.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the mail \
         server's certificate may come from",
    ),
    setting("smtp.from", "\"Badges <badges@localhost>\"", "whom mail comes from"),
    setting("trusted_proxies", "[]", "addresses of proxies whose X-Forwarded-For counts"),
    number("workers", "2", (1, 1_024), "how many threads serve"),
    number("readers", "4", (1, 1_024), "how many connections read the database"),
    number("waiting_writes", "1024", (1, 1_000_000), "how many writes wait before further ones get 503"),
    number("requests", "1024", (1, 1_000_000), "how many requests are under way before further ones get 503"),
    number("patience", "20", (1, DAY), "how many seconds a client may take to send a request"),
    number(
        "drain",
        "0",
        (0, DAY),
        "how many seconds /readyz says no before a service that is told to stop stops listening: as long as the \
         load balancer takes to notice",
    ),
    number(
        "keep_messages",
        "90",
        (0, 36_500),
        "how many days messages are kept after they were delivered or called back",
    ),
    number(
        "body_limit",
        "1048576",
        (1_024, GIB),
        "the largest request in bytes, but for the list of a bulk award",
    ),
    setting(
        "awards_batches",
        "true",
        "whether this server awards what lies in batches: a fleet may leave it to some of its servers",
    ),
    number("bulk_limit", "268435456", (1_024, 64 * GIB), "the longest list of a bulk award in bytes"),
    number("quotas.awards_mentor", "200", (0, i32::MAX as i64), "awards of a mentor in a day"),
    number(
        "quotas.awards_administrator",
        "5000",
        (0, i32::MAX as i64),
        "awards of an owner or administrator in a day",
    ),
    number(
        "quotas.awards_bulk",
        "10000000",
        (0, i32::MAX as i64),
        "awards in a day of a token with awards:bulk, and of the command",
    ),
    number(
        "quotas.mails_address",
        "20",
        (0, i32::MAX as i64),
        "mails to one address in a day, but for links that somebody waits for; what is more leaves on the next day",
    ),
    number(
        "quotas.mails_organisation",
        "100000",
        (0, i32::MAX as i64),
        "mails of an organisation in a day, but for links that somebody waits for; what is more leaves on the next day",
    ),
    number(
        "quotas.sign_in_links",
        "5",
        (1, 10_000),
        "how often a link may be asked for with one address: so often at once, and so often in each hour after that",
    ),
    word("log.level", "\"info\"", &LEVELS, "what is logged: this level and those before it"),
    word("log.format", "\"text\"", &FORMATS, "how it is written"),
    setting(
        "traces.endpoint",
        "\"\"",
        "the address of an OpenTelemetry collector that takes OTLP over HTTP in JSON, such as http://127.0.0.1:4318; \
         empty: no traces are sent",
    ),
    setting(
        "traces.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the \
         collector's certificate may come from",
    ),
    Setting {
        takes: Takes::Share,
        ..setting(
            "traces.ratio",
            "1.0",
            "the share of requests that are traced, where no trusted proxy has decided",
        )
    },
    setting("traces.service", "\"badges\"", "the name of this service in traces"),
    setting(
        "oidc.providers",
        "[]",
        "short names of the OIDC providers that people may sign in with, in the order of their buttons",
    ),
];

/// What is set for each of `oidc.providers`; NAME is its short name.
pub(crate) const OF_PROVIDER: &[Setting] = &[
    setting(
        "oidc.NAME.issuer",
        "\"\"",
        "the address of the provider, letter for letter as it writes it itself",
    ),
    setting("oidc.NAME.name", "\"\"", "what the provider is called on pages; empty: its short name"),
    setting("oidc.NAME.client_id", "\"\"", "the identifier of this service at the provider"),
    setting(
        "oidc.NAME.client_secret",
        "\"\"",
        "the secret of this service at the provider; it belongs into the environment rather than into a file of \
         settings",
    ),
    setting(
        "oidc.NAME.client_secret_file",
        "\"\"",
        "the file that holds the secret instead; neither: the provider asks for none",
    ),
    setting(
        "oidc.NAME.authority_file",
        "\"\"",
        "the file with certificates (PEM) of authorities of one's own, beside those that browsers know, which the \
         provider's certificate may come from",
    ),
    setting(
        "oidc.NAME.trusted",
        "false",
        "whether an address that the provider calls verified counts as proved",
    ),
    setting(
        "oidc.NAME.organisation",
        "\"\"",
        "the organisation whose people the provider knows, by short name or identifier; empty: all of them",
    ),
];

impl Setting {
    /// The variable of the environment that goes before the file.
    pub(crate) fn variable(&self) -> String {
        variable(self.name)
    }

    /// Its place in the file where it is set for one of several.
    pub(crate) fn of(&self, short_name: &str) -> String {
        self.name.replace("NAME", short_name)
    }
}

pub(super) fn variable(name: &str) -> String {
    format!("BADGES_{}", name.replace(['.', '-'], "_").to_uppercase())
}
