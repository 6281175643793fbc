//! Looks through an installation: what is wrong, and what to do. Changes nothing.

use std::{fs, path::Path, process::Command};

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::BigInt};
use serde::Serialize;

use crate::{
    clock::{Clock, Moment},
    config::Config,
    db::{self, Address, Conn, DbError, check_chain, on},
    fixed,
    installation::{check_providers, check_public_url},
    issuers::{IssuerError, Sealer, keys},
    oidc::{Provider, Providers},
    outbox::mailer::{Mailer, MailerError},
};

/// The least space that a disk should have, in kilobytes.
const SPACE: u64 = 1_048_576;

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Health {
    Well,
    /// It works, and should be looked at.
    Unwell,
    Ill,
}

/// What was found in one place.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) check: &'static str,
    pub(crate) health: Health,
    /// What was found, and what to do.
    pub(crate) said: String,
}

fn well(check: &'static str, said: impl Into<String>) -> Finding {
    Finding { check, health: Health::Well, said: said.into() }
}

fn unwell(check: &'static str, said: impl Into<String>) -> Finding {
    Finding { check, health: Health::Unwell, said: said.into() }
}

fn ill(check: &'static str, said: impl Into<String>) -> Finding {
    Finding { check, health: Health::Ill, said: said.into() }
}

/// Everything that can be looked at; what depends on something that is missing is left out.
pub(crate) fn examine(config: &Config, strange: Vec<String>, clock: &Clock) -> Vec<Finding> {
    let mut found = vec![well("settings", format!("they can be read; the service is {}", config.base()))];
    found.extend(strange.into_iter().map(|said| unwell("settings", said)));
    found.push(sealing_key(config));
    found.push(mail(config));
    found.extend(providers(config, clock));
    found.push(disk(&config.data));
    found.push(well("time zone", "times are stored and signed in UTC, whatever the zone of this machine is"));
    match open(config) {
        Ok(mut conn) => inside(&mut conn, config, clock, &mut found),
        Err(finding) => found.push(finding),
    }
    found
}

fn open(config: &Config) -> Result<Conn, Finding> {
    let address = config.address().map_err(|error| ill("database", error.to_string()))?;
    if let Address::Sqlite(file) = &address
        && !file.exists()
    {
        return Err(ill(
            "database",
            format!("there is no {address}: make an installation with `badges init`"),
        ));
    }
    db::connect(&address, true).map_err(|error| ill("database", error.to_string()))
}

fn inside(conn: &mut Conn, config: &Config, clock: &Clock, found: &mut Vec<Finding>) {
    match db::check_pages(conn) {
        Ok(()) => found.push(well("database", "it answers, and its pages fit together")),
        Err(error) => found.push(ill("database", format!("{error}: restore a copy"))),
    }
    let schema = match db::schema(conn) {
        Ok(schema) => schema,
        Err(error) => return found.push(ill("schema", error.to_string())),
    };
    if !schema.unknown.is_empty() {
        let unknown = schema.unknown.join(", ");
        return found.push(ill("schema", format!("a newer program was here ({unknown}): run that one")));
    }
    if schema.is_new {
        return found.push(ill("schema", "the database is empty: make an installation with `badges init`"));
    }
    if schema.pending.is_empty() {
        found.push(well("schema", "it is that of this program"));
    } else {
        let pending = schema.pending.join(", ");
        return found
            .push(unwell("schema", format!("{pending} is missing: `badges migrate`, or start the service")));
    }
    for (check, look) in LOOKS {
        found.push(look(conn, config, clock).unwrap_or_else(|error| ill(check, error.to_string())));
    }
}

type Look = fn(&mut Conn, &Config, &Clock) -> Result<Finding, DbError>;

/// What needs a database with this program's schema.
const LOOKS: [(&str, Look); 7] = [
    ("keys", |conn, config, _| {
        let opened = Sealer::read(&config.key_file).map_err(IssuerError::from);
        Ok(match opened.and_then(|sealer| keys::check_all(conn, &sealer)) {
            Ok(count) => well("keys", format!("the sealing key opens all {count}")),
            Err(error) => ill("keys", error.to_string()),
        })
    }),
    ("audit log", |conn, _, _| match check_chain(conn)? {
        (links, None) => Ok(well("audit log", format!("its {links} links follow each other"))),
        (_, Some(link)) => Ok(ill(
            "audit log",
            format!("it was changed at link {link}: keep this database as evidence, and restore a copy"),
        )),
    }),
    ("status lists", |conn, _, _| status_lists(conn)),
    ("public_url", |conn, config, _| match check_public_url(conn, config) {
        Ok(()) => Ok(well("public_url", format!("{} is what badges were signed for", config.base()))),
        Err(error) => Ok(ill("public_url", error.to_string())),
    }),
    ("sign-in", |conn, config, _| {
        Ok(match Providers::new(config).map(|all| check_providers(conn, &all)) {
            Ok(Err(error)) => ill("sign-in", error.to_string()),
            // What else may be wrong with them was said above.
            _ => well("sign-in", "what the settings of other services name is there"),
        })
    }),
    ("clock", |conn, _, clock| time(conn, clock.now())),
    ("messages", |conn, _, _| messages(conn)),
];

fn sealing_key(config: &Config) -> Finding {
    let file = &config.key_file;
    let within = |folder: &Path| {
        let (file, folder) = (fs::canonicalize(file).ok(), fs::canonicalize(folder).ok());
        file.zip(folder).is_some_and(|(file, folder)| file.starts_with(folder))
    };
    match Sealer::read(file) {
        Err(error) => ill("sealing key", error.to_string()),
        Ok(_) if within(&config.data) => unwell(
            "sealing key",
            format!(
                "{} lies in the data folder: who copies that has both; move it elsewhere",
                file.display()
            ),
        ),
        Ok(sealer) => well("sealing key", format!("{} can be read by its owner alone", sealer.id())),
    }
}

/// Whether mail can be sent as the settings say; nobody is asked.
pub(crate) fn check_mail(config: &Config) -> Result<(), MailerError> {
    actix_web::rt::System::new().block_on(async { Mailer::new(&config.smtp, config.base()) }).map(drop)
}

fn mail(config: &Config) -> Finding {
    // The connections of a mailer belong to a runtime.
    actix_web::rt::System::new().block_on(async {
        match Mailer::new(&config.smtp, config.base()) {
            Ok(None) => {
                unwell("mail", "no mail server is set up: messages are kept and shown to the operator")
            }
            Ok(Some(mailer)) => match mailer.check().await {
                Ok(()) => well("mail", "the mail server takes messages"),
                Err(said) => ill("mail", said),
            },
            Err(error) => ill("mail", error.to_string()),
        }
    })
}

/// Each is asked: what it says of itself must fit the settings.
fn providers(config: &Config, clock: &Clock) -> Vec<Finding> {
    let all = match Providers::new(config) {
        Ok(all) => all,
        Err(error) => return vec![ill("sign-in", error.to_string())],
    };
    let look = |provider: &Provider| {
        let examined = actix_web::rt::System::new().block_on(provider.examine(clock));
        match examined {
            Ok(()) => well("sign-in", format!("{} answers as it should", provider.name)),
            Err(error) => unwell("sign-in", format!("{}: {error}", provider.name)),
        }
    };
    all.all().map(look).collect()
}

/// There is no way to ask but the program that every system has.
fn disk(folder: &Path) -> Finding {
    let asked = Command::new("df").arg("-Pk").arg(folder).output();
    let text = asked.map(|done| String::from_utf8_lossy(&done.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free {
        None => unwell("disk", format!("the space under {} is not known", folder.display())),
        Some(free) if free < SPACE => {
            unwell("disk", format!("{} MB are free under {}: make room", free / 1_024, folder.display()))
        }
        Some(free) => well("disk", format!("{} MB are free under {}", free / 1_024, folder.display())),
    }
}

/// Every award has a place in a list of who signed it.
fn status_lists(conn: &mut Conn) -> Result<Finding, DbError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        lists: i64,
        #[diesel(sql_type = BigInt)]
        astray: i64,
    }
    let found: Counted = on!(conn, c => {
        sql_query(
            "SELECT (SELECT count(*) FROM status_lists) AS lists, (SELECT count(*) FROM awards \
             JOIN status_lists ON status_lists.id = awards.list_id \
             WHERE status_lists.issuer_id <> awards.signing_id OR awards.list_index < 0 \
             OR awards.list_index >= status_lists.size) AS astray",
        )
        .get_result(c)
    })?;
    match found.astray {
        0 => Ok(well(
            "status lists",
            format!("there are {}, and every award has its place in them", found.lists),
        )),
        astray => Ok(ill("status lists", format!("{astray} awards have a place in none: restore a copy"))),
    }
}

/// What was written last was not written later than now.
fn time(conn: &mut Conn, now: Moment) -> Result<Finding, DbError> {
    use diesel::prelude::*;

    use crate::schema::audit_links;
    let last: Option<Moment> = on!(conn, c => {
        audit_links::table
            .select(audit_links::created_at)
            .order(audit_links::sequence.desc())
            .first(c)
            .optional()
    })?;
    let said = now.timestamp().map(|now| now.to_string());
    match (said, last) {
        (None, _) => Ok(ill("clock", "it does not stand between 1970 and 9999: set it")),
        (Some(said), Some(last)) if last > now => {
            Ok(ill("clock", format!("it says {said}, and the audit log ends later than that: set it")))
        }
        (Some(said), _) => Ok(well("clock", format!("it says {said}"))),
    }
}

fn messages(conn: &mut Conn) -> Result<Finding, DbError> {
    match fixed::value(conn, fixed::COURIER)?.as_deref() {
        Some(fixed::PAUSED) => {
            Ok(unwell("messages", "they are held back: `badges messages resume` lets them leave"))
        }
        _ => Ok(well("messages", "they leave as they come")),
    }
}
