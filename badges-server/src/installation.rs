//! An installation: its database made ready, its sealing key, its first organisation and owner, and what it is fixed to.

mod reseal;
mod upgrade;

use std::{io, path::PathBuf, sync::Arc};

use diesel::prelude::*;

use self::upgrade::prepare;
pub(crate) use self::{reseal::reseal, upgrade::migrate};
use crate::{
    accounts::{AccountError, people, providers, roles, sign_in},
    auth::{
        badge_named,
        tokens::{self, NewToken},
    },
    awards::{
        AwardError,
        desk::{Desk, Gift, Giver},
        rows::Award,
    },
    clock::{Clock, Moment},
    config::{Config, ConfigError},
    contacts::{EmailAddress, identities::EMAIL},
    db::{self, Conn, Db, DbError, Event, Trail, on},
    files::FileError,
    fixed,
    ids::{AccountId, BadgeId, IssuerId},
    issuers::{
        IssuerError, Kind, Node, Sealer, Signers,
        seal::SealError,
        tree::{self, NewNode},
    },
    oidc::Providers,
    random::RandomError,
    rights::{Role, Scope},
    schema::{accounts, identities as identity_rows},
};

/// What a running service is made of.
#[derive(Clone)]
pub(crate) struct Installation {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) db: Db,
    pub(crate) signers: Arc<Signers>,
    pub(crate) desk: Arc<Desk>,
}

/// Why there is no installation to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InstallationError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Award(#[from] AwardError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("this is a demonstration, which never becomes an installation: name another folder as data")]
    Demo,
    #[error("the folder {} cannot be used ({reason}): make it, or name another as data", folder.display())]
    Folder { folder: PathBuf, reason: io::Error },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error("the database has migrations that this program does not know ({0}): run the newer program")]
    Newer(String),
    #[error(
        "oidc.{key}.organisation: there is no organisation {named:?}: write its short name or identifier"
    )]
    NoOrganisation { key: String, named: String },
    #[error("there is no badge {0}: give its short name in addresses, or its identifier")]
    NoBadge(String),
    #[error("nobody here has an account with the address {0}: give one of somebody who signed in before")]
    NoAccount(String),
    #[error("there is no installation here: make one with `badges init`")]
    None,
    #[error(
        "awards were signed for {fixed}, and public_url is {found}: put {fixed} back, or among public_url_aliases"
    )]
    PublicUrl { fixed: String, found: String },
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the keys here were sealed with {sealed_by}, and {} holds {found}: bring back the file of that key, or finish `badges keys reseal` if it was interrupted", file.display())]
    SealedByAnother { sealed_by: String, found: String, file: PathBuf },
}

/// The first organisation of an installation, and who owns it.
pub(crate) struct First {
    pub(crate) organisation: String,
    pub(crate) slug: String,
    pub(crate) owner: EmailAddress,
    pub(crate) owner_name: Option<String>,
}

impl Installation {
    /// Opens what is there, and brings its schema up to this program.
    pub(crate) fn open(config: Config, clock: Clock) -> Result<Self, InstallationError> {
        let address = config.address()?;
        prepare(&config, &address)?;
        let mut conn = db::connect(&address, false)?;
        let sealed_by = fixed::value(&mut conn, fixed::SEALING_KEY)?.ok_or(InstallationError::None)?;
        let sealer = Sealer::read(&config.key_file)?;
        if sealer.id() != sealed_by {
            let (found, file) = (sealer.id().to_owned(), config.key_file.clone());
            return Err(InstallationError::SealedByAnother { sealed_by, found, file });
        }
        let config = if config.demo { moved(&mut conn, config)? } else { config };
        check_public_url(&mut conn, &config)?;
        if fixed::value(&mut conn, fixed::DEMO)?.is_some() && !config.demo {
            return Err(InstallationError::Demo);
        }
        let db = Db::open(&address, config.readers, config.waiting_writes)?;
        let host = config.is_https().then(|| host(&config));
        let signers = Arc::new(Signers::new(sealer, host.as_deref()));
        let desk = Arc::new(Desk::new(
            db.clone(),
            Arc::clone(&signers),
            config.base(),
            config.waiting_writes,
            !config.smtp.keeps(),
        ));
        Ok(Self { config: Arc::new(config), clock, db, signers, desk })
    }

    /// Makes the sealing key and the schema, once.
    pub(crate) fn make(config: &Config, now: Moment) -> Result<(), InstallationError> {
        let address = config.address()?;
        prepare(config, &address)?;
        let mut conn = db::connect(&address, false)?;
        if fixed::value(&mut conn, fixed::SEALING_KEY)?.is_some() {
            return Ok(());
        }
        let sealer = if config.key_file.exists() {
            Sealer::read(&config.key_file)?
        } else {
            Sealer::make(&config.key_file)?
        };
        fixed::set(&mut conn, fixed::SEALING_KEY, sealer.id())?;
        fixed::set(&mut conn, fixed::CREATED_AT, &now.microseconds().to_string())?;
        Ok(())
    }

    /// Whether the organisations are there whose people the providers know.
    pub(crate) fn check_providers(&self, all: &Providers) -> Result<(), InstallationError> {
        if all.all().next().is_none() {
            return Ok(());
        }
        check_providers(&mut db::connect(&self.config.address()?, true)?, all)
    }

    /// Adds an organisation with its key and its owner.
    pub(crate) async fn found(&self, first: First) -> Result<(Node, AccountId), InstallationError> {
        let (signers, now) = (Arc::clone(&self.signers), self.clock.now());
        self.db.write(move |conn, trail| found(conn, trail, &signers, first, now)).await
    }

    /// Holds messages back, or lets them leave.
    pub(crate) async fn pause(&self, paused: bool) -> Result<(), InstallationError> {
        let now = self.clock.now();
        self.db
            .write(move |conn, trail| {
                fixed::change(conn, fixed::COURIER, if paused { fixed::PAUSED } else { "on" })?;
                trail.note(Event {
                    organisation: None,
                    actor: "command".to_owned(),
                    action: if paused { "pause_messages" } else { "resume_messages" },
                    object: String::new(),
                    detail: String::new(),
                    at: now,
                });
                Ok(())
            })
            .await
    }

    /// The badge of a short name, also an earlier one, or of an identifier.
    pub(crate) async fn badge(&self, named: String) -> Result<BadgeId, InstallationError> {
        self.db.read(move |conn| badge_named(conn, &named)?.ok_or(InstallationError::NoBadge(named))).await
    }

    /// Awards in the name of whoever may run the command here.
    pub(crate) async fn award(&self, gift: Gift) -> Result<Award, InstallationError> {
        let giver = Giver { account: None, contact: None, named: "command".to_owned(), quota: None };
        let desk = Arc::new(self.desk.for_one());
        let mut done = desk.give(gift, giver, None, self.clock.now()).await?;
        Ok(done.awards.pop().ok_or(DbError::Busy)?)
    }

    /// Makes a link that signs somebody in, for the operator to hand over.
    pub(crate) async fn sign_in_link(&self, email: EmailAddress) -> Result<String, InstallationError> {
        let (now, base) = (self.clock.now(), self.config.base().to_owned());
        self.db.write(move |conn, trail| Ok(sign_in::mint(conn, trail, &email, &base, now)?)).await
    }

    /// Makes a token of the API for an account, which is named by a proved address.
    pub(crate) async fn add_token(
        &self,
        email: EmailAddress,
        name: String,
        scopes: Vec<Scope>,
    ) -> Result<NewToken, InstallationError> {
        let now = self.clock.now();
        let called = email.as_given().to_owned();
        self.db
            .write(move |conn, trail| {
                let account: Option<(AccountId, IssuerId)> = on!(conn, c => {
                    accounts::table
                        .inner_join(identity_rows::table.on(identity_rows::contact_id.eq(accounts::contact_id)))
                        .filter(identity_rows::source.eq(EMAIL))
                        .filter(identity_rows::subject.eq(email.subject()))
                        .select((accounts::id, accounts::organisation_id))
                        .first(c)
                        .optional()
                })?;
                let (account, organisation) = account.ok_or(InstallationError::NoAccount(called))?;
                let made = tokens::make::<InstallationError>(conn, account, &name, &scopes, None, now)?;
                trail.note(Event {
                    organisation: Some(organisation),
                    actor: "command".to_owned(),
                    action: "add_token",
                    object: made.id.to_string(),
                    detail: String::new(),
                    at: now,
                });
                Ok(made)
            })
            .await
    }
}

fn found(
    conn: &mut Conn,
    trail: &mut Trail,
    signers: &Signers,
    first: First,
    now: Moment,
) -> Result<(Node, AccountId), InstallationError> {
    let new = NewNode {
        parent: None,
        kind: Kind::Organisation,
        slug: first.slug,
        name: first.organisation,
        description: None,
        url: None,
        email: None,
    };
    let node = tree::add(conn, new, now)?;
    signers.make(conn, node.id, now)?;
    let (account, identity) = people::invite(conn, node.id, &first.owner, first.owner_name.as_deref(), now)?;
    // Who installs the service vouches for the address.
    people::prove(conn, identity, now)?;
    roles::add(conn, node.id, account, node.id, Role::Owner, None, now)?;
    trail.note(Event {
        organisation: Some(node.id),
        actor: "command".to_owned(),
        action: "found",
        object: node.id.to_string(),
        detail: String::new(),
        at: now,
    });
    Ok((node, account))
}

/// Whether the organisations are there whose people the providers know.
pub(crate) fn check_providers(conn: &mut Conn, all: &Providers) -> Result<(), InstallationError> {
    for provider in all.all() {
        if let Some(named) = &provider.organisation
            && providers::organisations(conn, Some(named))?.is_empty()
        {
            return Err(InstallationError::NoOrganisation {
                key: provider.key.clone(),
                named: named.clone(),
            });
        }
    }
    Ok(())
}

/// A demonstration begins on another port of its machine where the one before is taken.
fn moved(conn: &mut Conn, mut config: Config) -> Result<Config, DbError> {
    let before = fixed::value(conn, fixed::PUBLIC_URL)?.and_then(|before| before.parse().ok());
    config.public_url_aliases.extend(before);
    Ok(config)
}

/// What is signed names this address: another one would break every badge.
pub(crate) fn check_public_url(conn: &mut Conn, config: &Config) -> Result<(), InstallationError> {
    let Some(fixed) = fixed::value(conn, fixed::PUBLIC_URL)? else { return Ok(()) };
    let alias = |url: &url::Url| url.as_str().trim_end_matches('/') == fixed;
    if fixed == config.base() || config.public_url_aliases.iter().any(alias) {
        return Ok(());
    }
    Err(InstallationError::PublicUrl { fixed, found: config.base().to_owned() })
}

fn host(config: &Config) -> String {
    let host = config.public_url.host_str().unwrap_or_default();
    match config.public_url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
