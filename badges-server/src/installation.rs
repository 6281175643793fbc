//! An installation: its database made ready, its sealing key, its first organisation and owner, and what it is fixed to.

use std::{fs, io, path::PathBuf, sync::Arc};

use diesel::prelude::*;

use crate::{
    auth::tokens::{self, NewToken},
    awards::desk::Desk,
    clock::{Clock, Moment},
    config::{Config, ConfigError},
    contacts::{
        EmailAddress,
        identities::{self, EMAIL},
    },
    db::{self, Address, Conn, Db, DbError, Event, Trail, on},
    fixed,
    ids::{AccountId, IssuerId, RoleId},
    issuers::{
        IssuerError, Kind, Node, Sealer, Signers,
        seal::SealError,
        tree::{self, NewNode},
    },
    random::RandomError,
    rights::{Role, Scope},
    schema::{accounts, identities as identity_rows, issuers, roles},
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
    Config(#[from] ConfigError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("this is a demonstration, which never becomes an installation: name another folder as data")]
    Demo,
    #[error("the folder {} cannot be used ({reason}): make it, or name another as data", folder.display())]
    Folder { folder: PathBuf, reason: io::Error },
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error("the database has migrations that this program does not know ({0}): run the newer program")]
    Newer(String),
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
    #[error("the keys here were sealed with {sealed_by}, and {} holds {found}: bring back the file of that key", file.display())]
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
            !config.smtp.url.is_empty(),
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

    /// Adds an organisation with its key and its owner.
    pub(crate) async fn found(&self, first: First) -> Result<(Node, AccountId), InstallationError> {
        let (signers, now) = (Arc::clone(&self.signers), self.clock.now());
        self.db.write(move |conn, trail| found(conn, trail, &signers, first, now)).await
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
    let account = add_account(conn, node.id, &first.owner, first.owner_name.as_deref(), now)?;
    add_role(conn, node.id, account, node.id, Role::Owner, now)?;
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

/// The account of a person, made with a proved address if there is none.
pub(crate) fn add_account(
    conn: &mut Conn,
    organisation: IssuerId,
    email: &EmailAddress,
    name: Option<&str>,
    now: Moment,
) -> Result<AccountId, InstallationError> {
    let mut person = identities::find_or_make::<InstallationError>(
        conn,
        organisation,
        EMAIL,
        email.subject(),
        Some(email.as_given()),
        name,
        now,
    )?;
    identities::add(conn, &mut [&mut person])?;
    let contact = person.identity.contact_id;
    on!(conn, c => {
        diesel::update(identity_rows::table.find(person.identity.id))
            .set(identity_rows::verified_at.eq(now))
            .execute(c)
    })?;
    let known: Option<AccountId> = on!(conn, c => {
        accounts::table.filter(accounts::contact_id.eq(contact)).select(accounts::id).first(c).optional()
    })?;
    if let Some(account) = known {
        return Ok(account);
    }
    let account = AccountId::new(now)?;
    let row = (
        accounts::id.eq(account),
        accounts::organisation_id.eq(organisation),
        accounts::contact_id.eq(contact),
        accounts::created_at.eq(now),
    );
    on!(conn, c => diesel::insert_into(accounts::table).values(row).execute(c))?;
    Ok(account)
}

/// Gives a role over a node; once more is the same.
pub(crate) fn add_role(
    conn: &mut Conn,
    organisation: IssuerId,
    account: AccountId,
    node: IssuerId,
    role: Role,
    now: Moment,
) -> Result<(), InstallationError> {
    let row = (
        roles::id.eq(RoleId::new(now)?),
        roles::organisation_id.eq(organisation),
        roles::account_id.eq(account),
        roles::issuer_id.eq(node),
        roles::role.eq(role.name()),
        roles::created_at.eq(now),
    );
    let added = on!(conn, c => {
        diesel::insert_into(roles::table).values(row).on_conflict_do_nothing().execute(c)
    })?;
    if role == Role::Owner && node == organisation {
        let more = i32::try_from(added).unwrap_or_default();
        on!(conn, c => {
            diesel::update(issuers::table.find(node)).set(issuers::owners.eq(issuers::owners + more)).execute(c)
        })?;
    }
    Ok(())
}

/// Makes the folder and brings the schema up; a copy is made first where there is data.
fn prepare(config: &Config, address: &Address) -> Result<(), InstallationError> {
    let folder = |folder: &PathBuf, reason| InstallationError::Folder { folder: folder.clone(), reason };
    if let Address::Sqlite(file) = address {
        let parent = file.parent().map_or_else(|| config.data.clone(), PathBuf::from);
        if !parent.as_os_str().is_empty() {
            fs::create_dir_all(&parent).map_err(|reason| folder(&parent, reason))?;
        }
    }
    let mut conn = db::connect(address, false)?;
    let schema = db::schema(&mut conn)?;
    if !schema.unknown.is_empty() {
        return Err(InstallationError::Newer(schema.unknown.join(", ")));
    }
    let Some(next) = schema.pending.first() else { return Ok(()) };
    if let (Address::Sqlite(file), false) = (address, schema.is_new) {
        let copy = file.with_extension(format!("before-{next}.db"));
        conn.execute(&format!("VACUUM INTO '{}'", copy.to_string_lossy().replace('\'', "''")))?;
    }
    Ok(db::migrate(&mut conn)?)
}

/// What is signed names this address: another one would break every badge.
fn check_public_url(conn: &mut Conn, config: &Config) -> Result<(), InstallationError> {
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
