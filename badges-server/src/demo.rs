//! The demonstration: a small foundation with its hierarchy, badges and invented people, made once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    accounts::{AccountError, people, roles},
    artwork::Artwork,
    awards::{
        AwardError,
        desk::{Gift, Giver, Recipient},
    },
    badges::{
        BadgeError, Content,
        content::{Criteria, CriteriaGroup, Criterion},
        settings::Settings,
        versions::{self, NewBadge},
    },
    clock::{Clock, Moment},
    config::{Config, ConfigError},
    contacts::EmailAddress,
    db::{Conn, DbError},
    fixed,
    ids::{AccountId, BadgeId, IssuerId},
    images::{self, Image},
    installation::{First, Installation, InstallationError},
    issuers::{
        IssuerError, Kind, Signers,
        tree::{self, NewNode},
    },
    rights::Role,
};

#[derive(Deserialize)]
struct Demo {
    organisation: Organisation,
    node: Vec<DemoNode>,
    badge: Vec<DemoBadge>,
    person: Vec<Person>,
    role: Vec<DemoRole>,
}

#[derive(Deserialize)]
struct Organisation {
    name: String,
    slug: String,
    description: String,
    owner: String,
    owner_name: String,
}

#[derive(Clone, Deserialize)]
struct DemoNode {
    parent: String,
    kind: Kind,
    slug: String,
    name: String,
    description: String,
}

#[derive(Clone, Deserialize)]
struct DemoBadge {
    programme: String,
    slug: String,
    name: String,
    track: String,
    #[serde(default)]
    rights_level: i32,
    level: String,
    icon: String,
    caption: String,
    description: String,
    earner_description: Option<String>,
    tags: Vec<String>,
    narrative: String,
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    group: Vec<DemoGroup>,
}

#[derive(Clone, Deserialize)]
struct DemoGroup {
    needed: usize,
    criteria: Vec<String>,
}

#[derive(Deserialize)]
struct Person {
    name: String,
    email: String,
    badges: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct DemoRole {
    name: String,
    email: String,
    node: String,
    role: Role,
}

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Award(#[from] AwardError),
    #[error(transparent)]
    Badge(#[from] BadgeError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("the demonstration names {0}, which it does not have")]
    Data(String),
    #[error(transparent)]
    Installation(#[from] InstallationError),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
}

/// The settings of a demonstration: all in one folder, on this machine alone.
pub(crate) fn config() -> Result<Config, ConfigError> {
    Config::read(None, |name| match name {
        "BADGES_DATA" => Some("badges-demo".to_owned()),
        "BADGES_KEY_FILE" => Some("badges-demo/seal.key".to_owned()),
        "BADGES_LISTEN" | "BADGES_LOG_LEVEL" => std::env::var(name).ok(),
        // Links that are printed lead to where it listens.
        "BADGES_PUBLIC_URL" => std::env::var(name).ok().or_else(|| {
            let listen = std::env::var("BADGES_LISTEN").ok().filter(|listen| !listen.ends_with(":0"));
            listen.map(|listen| format!("http://{listen}"))
        }),
        // One port is enough to ask for on a newcomer's machine.
        "BADGES_ADMINISTRATION" => Some(std::env::var(name).unwrap_or_default()),
        _ => None,
    })
    .map(|config| Config { demo: true, ..config })
}

/// Somebody as whom a visitor may look around.
#[derive(Debug, Serialize)]
pub(crate) struct Guest {
    /// The name, and what this person does here.
    pub(crate) who: String,
    /// Signs in, once.
    pub(crate) link: String,
}

/// Makes a demonstration where there is none, and links to look around as its owner, as a mentor and as a learner.
pub(crate) fn make(config: &Config) -> Result<Vec<Guest>, DemoError> {
    let clock = Clock::system();
    Installation::make(config, clock.now())?;
    let installation = Installation::open(config.clone(), clock)?;
    let Demo { organisation, person, role, .. } = read()?;
    let owner = (format!("{}, who owns it", organisation.owner_name), organisation.owner);
    let mentor =
        role.into_iter().take(1).map(|role| (format!("{}, a {}", role.name, role.role.name()), role.email));
    let learner =
        person.into_iter().take(1).map(|person| (format!("{}, a learner", person.name), person.email));
    actix_web::rt::System::new().block_on(async {
        fill(&installation).await?;
        let mut guests = Vec::new();
        for (who, email) in [owner].into_iter().chain(mentor).chain(learner) {
            let link = installation.sign_in_link(address(&email)?).await?;
            guests.push(Guest { who, link });
        }
        Ok(guests)
    })
}

/// Fills an installation that is empty; one that is filled stays as it is.
async fn fill(installation: &Installation) -> Result<(), DemoError> {
    if installation.db.read(|conn| fixed::value(conn, fixed::DEMO)).await?.is_some() {
        return Ok(());
    }
    let Demo { organisation, node, badge, person, role } = read()?;
    let first = First {
        organisation: organisation.name,
        slug: organisation.slug.clone(),
        owner: address(&organisation.owner)?,
        owner_name: Some(organisation.owner_name),
    };
    let (root, owner) = installation.found(first).await?;
    let (now, base) = (installation.clock.now(), installation.config.base().to_owned());
    let (signers, description) = (installation.signers.clone(), organisation.description);
    let roots = HashMap::from([(organisation.slug, root.id)]);
    let badges = installation
        .db
        .write(move |conn, _| {
            let change = tree::Change { description: Some(description), ..tree::Change::default() };
            tree::change(conn, root.id, change, now)?;
            let nodes = add_nodes(conn, &signers, node, roots, now)?;
            let badges = add_badges(conn, &base, badge, &nodes, owner, now)?;
            for DemoRole { name, email, node, role } in role {
                let node = find(&nodes, &node)?;
                let (account, identity) = people::invite(conn, root.id, &address(&email)?, Some(&name), now)?;
                people::prove(conn, identity, now)?;
                roles::add(conn, root.id, account, node, role, None, now)?;
            }
            fixed::set(conn, fixed::DEMO, "yes")?;
            Ok::<_, DemoError>(badges)
        })
        .await?;
    for person in person {
        for slug in &person.badges {
            let gift = Gift {
                badge: find(&badges, slug)?,
                recipients: vec![Recipient {
                    email: Some(address(&person.email)?),
                    did: None,
                    name: Some(person.name.clone()),
                    external_id: None,
                }],
                evidence: Vec::new(),
                note: None,
                expires_at: None,
                visibility: Some("public".to_owned()),
                mail: false,
                replaces: None,
                code: None,
            };
            let giver = Giver { account: Some(owner), contact: None, named: owner.to_string(), quota: None };
            installation.desk.give(gift, giver, None, now).await?;
        }
    }
    Ok(())
}

fn add_nodes(
    conn: &mut Conn,
    signers: &Signers,
    nodes: Vec<DemoNode>,
    mut known: HashMap<String, IssuerId>,
    now: Moment,
) -> Result<HashMap<String, IssuerId>, DemoError> {
    for DemoNode { parent, kind, slug, name, description } in nodes {
        let (parent, description) = (Some(find(&known, &parent)?), Some(description));
        let new = NewNode { parent, kind, slug: slug.clone(), name, description, url: None, email: None };
        let node = tree::add(conn, new, now)?;
        if kind.signs() {
            signers.make(conn, node.id, now)?;
        }
        known.insert(slug, node.id);
    }
    Ok(known)
}

fn add_badges(
    conn: &mut Conn,
    base: &str,
    badges: Vec<DemoBadge>,
    nodes: &HashMap<String, IssuerId>,
    owner: AccountId,
    now: Moment,
) -> Result<HashMap<String, BadgeId>, DemoError> {
    let mut known: HashMap<String, BadgeId> = HashMap::new();
    // A badge stands behind those that it requires.
    for badge in badges {
        let requires = badge.requires.iter().map(|slug| find(&known, slug)).collect::<Result<_, _>>()?;
        let image = Image::read(&badge.picture()?).map_err(BadgeError::from)?;
        let new = NewBadge {
            issuer: find(nodes, &badge.programme)?,
            slug: badge.slug.clone(),
            settings: Settings {
                track: Some(badge.track.clone()),
                rights_level: Some(badge.rights_level),
                visibility: Some("public".to_owned()),
                requires: Some(requires),
                ..Settings::default()
            },
            content: badge.content(),
            image: Some(images::add(conn, &image, now)?),
        };
        let added = versions::add(conn, new, Some(owner), &|_| true, now)?;
        versions::publish(conn, base, added.id, now)?;
        known.insert(badge.slug, added.id);
    }
    Ok(known)
}

impl DemoBadge {
    fn picture(&self) -> Result<Vec<u8>, DemoError> {
        let artwork = Artwork {
            track: self.track.clone(),
            level: self.level.clone(),
            icon: self.icon.clone(),
            title: self.name.clone(),
            ..Artwork::default()
        };
        artwork.png().ok_or_else(|| DemoError::Data(format!("the picture of {}", self.name)))
    }

    fn content(&self) -> Content {
        let group = |group: &DemoGroup| CriteriaGroup {
            needed: group.needed,
            criteria: group
                .criteria
                .iter()
                .map(|description| Criterion { description: description.clone(), required: false })
                .collect(),
        };
        Content {
            name: self.name.clone(),
            description: self.description.clone(),
            earner_description: self.earner_description.clone(),
            criteria: Criteria {
                narrative: self.narrative.clone(),
                groups: self.group.iter().map(group).collect(),
            },
            image_caption: self.caption.clone(),
            tags: self.tags.clone(),
            achievement_type: Some("Badge".to_owned()),
            ..Content::default()
        }
    }
}

fn read() -> Result<Demo, DemoError> {
    toml::from_str(include_str!("../demo.toml")).map_err(|error| DemoError::Data(error.message().to_owned()))
}

fn find<T: Copy>(known: &HashMap<String, T>, slug: &str) -> Result<T, DemoError> {
    known.get(slug).copied().ok_or_else(|| DemoError::Data(slug.to_owned()))
}

fn address(text: &str) -> Result<EmailAddress, DemoError> {
    text.parse().map_err(|_| DemoError::Data(text.to_owned()))
}
