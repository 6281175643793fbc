//! Who may do what: seven roles over nodes of the hierarchy, and the rights that badges give.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, BadgeId, ContactId, IssuerId, TokenId};

/// What an account may be over a node, and over all below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Administrator,
    Designer,
    Mentor,
    Owner,
    Reviewer,
    Steward,
    Viewer,
}

/// Everything that a route may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) enum Action {
    /// Give a badge, to one or to many, or a code to claim it with.
    Award,
    /// Give more at once than a person would.
    AwardInBulk,
    /// Write drafts, publish versions, archive.
    DesignBadges,
    /// Add, rename, move and archive nodes.
    EditHierarchy,
    /// Change what is known of a person.
    EditContacts,
    /// Make, retire and revoke signing keys.
    ManageKeys,
    /// Give and take roles.
    ManageRoles,
    /// Make a link that signs another person in.
    MintLinks,
    /// One's own badges, sessions and tokens.
    Own,
    /// What everybody may see and do.
    Public,
    /// Judge evidence.
    Review,
    /// Revoke, suspend, reinstate, replace.
    Revoke,
    /// The audit log.
    ViewAudit,
    /// Awards and who holds them.
    ViewAwards,
    /// People and all that they hold.
    ViewContacts,
    /// Drafts, settings and roles of nodes.
    ViewHierarchy,
    /// Messages and their fate.
    ViewOutbox,
    /// How the installation is set up.
    ViewSettings,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) account: AccountId,
    pub(crate) contact: ContactId,
    pub(crate) organisation: IssuerId,
    pub(crate) name: String,
    /// The token of the API, if no person at a page asks.
    pub(crate) token: Option<(TokenId, Vec<Scope>)>,
    pub(crate) roles: Vec<Held>,
    pub(crate) grants: Vec<Grant>,
}

/// A role and where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) role: Role,
    /// [`Place::path`] of the node.
    pub(crate) path: String,
}

/// Rights from a badge that the actor validly holds at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Badges of a lower level may be awarded, reviewed and looked at.
    pub(crate) level: i32,
    /// Only those, if there are any.
    pub(crate) only: Vec<Target>,
}

/// What a narrower grant is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Badge(BadgeId),
    /// A node and all below it, by path.
    Node(String),
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) organisation: IssuerId,
    /// The ids from the root down, each with a slash behind it.
    pub(crate) path: String,
    /// The badge that it is, or belongs to, and the badge's level.
    pub(crate) badge: Option<(BadgeId, i32)>,
}

/// What a token of the API was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Admin,
    AwardsBulk,
    AwardsRead,
    AwardsWrite,
    BadgesWrite,
    ContactsRead,
    ContactsWrite,
}

impl Role {
    /// In the order of their weight.
    pub(crate) const ALL: [Self; 7] = [
        Self::Owner,
        Self::Administrator,
        Self::Designer,
        Self::Mentor,
        Self::Reviewer,
        Self::Steward,
        Self::Viewer,
    ];

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Designer => "designer",
            Self::Mentor => "mentor",
            Self::Owner => "owner",
            Self::Reviewer => "reviewer",
            Self::Steward => "steward",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl Scope {
    /// All of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::Admin,
        Self::AwardsBulk,
        Self::AwardsRead,
        Self::AwardsWrite,
        Self::BadgesWrite,
        Self::ContactsRead,
        Self::ContactsWrite,
    ];

    /// As in the database and the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::AwardsBulk => "awards:bulk",
            Self::AwardsRead => "awards:read",
            Self::AwardsWrite => "awards:write",
            Self::BadgesWrite => "badges:write",
            Self::ContactsRead => "contacts:read",
            Self::ContactsWrite => "contacts:write",
        }
    }

    /// The scope of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl Action {
    /// All that a role can give.
    const BY_ROLE: [Self; 16] = [
        Self::Award,
        Self::AwardInBulk,
        Self::DesignBadges,
        Self::EditContacts,
        Self::EditHierarchy,
        Self::ManageKeys,
        Self::ManageRoles,
        Self::MintLinks,
        Self::Review,
        Self::Revoke,
        Self::ViewAudit,
        Self::ViewAwards,
        Self::ViewContacts,
        Self::ViewHierarchy,
        Self::ViewOutbox,
        Self::ViewSettings,
    ];

    /// The roles that may, over the node of the object or one above it.
    pub(crate) fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Designer, Mentor, Owner, Reviewer, Steward, Viewer};
        match self {
            Self::Award => &[Owner, Administrator, Mentor],
            Self::AwardInBulk
            | Self::EditHierarchy
            | Self::ManageRoles
            | Self::Revoke
            | Self::ViewOutbox
            | Self::ViewSettings => &[Owner, Administrator],
            Self::DesignBadges => &[Owner, Administrator, Designer],
            Self::EditContacts => &[Owner, Steward],
            Self::ManageKeys | Self::MintLinks => &[Owner],
            Self::Own | Self::Public => &[],
            Self::Review => &[Owner, Administrator, Reviewer],
            Self::ViewAudit => &[Owner, Administrator, Viewer],
            Self::ViewAwards => &[Owner, Administrator, Mentor, Reviewer, Steward, Viewer],
            Self::ViewContacts => &[Owner, Administrator, Mentor, Reviewer, Steward, Viewer],
            Self::ViewHierarchy => &Role::ALL,
        }
    }

    /// Whether a badge may give it (the table of Webmaker: issue, applications, viewInstances).
    fn comes_with_badges(self) -> bool {
        matches!(self, Self::Award | Self::Review | Self::ViewAwards)
    }

    /// What a token must have been made for.
    pub(crate) fn scope(self) -> Option<Scope> {
        match self {
            Self::Public | Self::Own => None,
            Self::Award => Some(Scope::AwardsWrite),
            Self::AwardInBulk => Some(Scope::AwardsBulk),
            Self::DesignBadges => Some(Scope::BadgesWrite),
            Self::EditContacts => Some(Scope::ContactsWrite),
            Self::ViewAwards | Self::ViewHierarchy => Some(Scope::AwardsRead),
            Self::ViewContacts => Some(Scope::ContactsRead),
            Self::EditHierarchy
            | Self::ManageKeys
            | Self::ManageRoles
            | Self::MintLinks
            | Self::Review
            | Self::Revoke
            | Self::ViewAudit
            | Self::ViewOutbox
            | Self::ViewSettings => Some(Scope::Admin),
        }
    }
}

impl Actor {
    /// Whether a role here, not a badge, lets the actor do this.
    pub(crate) fn may_by_role(&self, action: Action, place: &Place) -> bool {
        self.organisation == place.organisation
            && self
                .roles
                .iter()
                .any(|held| action.roles().contains(&held.role) && place.path.starts_with(&held.path))
    }

    /// Whether there is any node over which the actor may do this: what decides whether a page offers it.
    pub(crate) fn may_anywhere(&self, action: Action) -> bool {
        self.in_scope(action)
            && (action == Action::Own
                || self.roles.iter().any(|held| action.roles().contains(&held.role))
                || action.comes_with_badges() && !self.grants.is_empty())
    }

    /// The whole of the organisation.
    pub(crate) fn organisation_place(&self) -> Place {
        self.place_at(&format!("{}/", self.organisation))
    }

    /// A node of the actor's organisation by its [`Place::path`].
    pub(crate) fn place_at(&self, path: &str) -> Place {
        Place { organisation: self.organisation, path: path.to_owned(), badge: None }
    }

    /// Who it was, for the audit log: the token, or the account.
    pub(crate) fn name_for_audit(&self) -> String {
        self.token.as_ref().map_or_else(|| self.account.to_string(), |(token, _)| token.to_string())
    }

    /// Whether the actor has every right that comes with a role, and so may give and take it there.
    pub(crate) fn may_pass_on(&self, role: Role, place: &Place) -> bool {
        let rights = Action::BY_ROLE.into_iter().filter(|action| action.roles().contains(&role));
        self.in_scope(Action::ManageRoles) && rights.into_iter().all(|action| self.may_by_role(action, place))
    }

    /// Whether the actor may make a token of this scope: one that lets it do no more than the actor can.
    pub(crate) fn may_hand(&self, scope: Scope) -> bool {
        match &self.token {
            Some((_, own)) => own.contains(&scope) || own.contains(&Scope::Admin),
            None => {
                let needed = Action::BY_ROLE.into_iter().filter(|action| action.scope() == Some(scope));
                needed.into_iter().any(|action| self.may_anywhere(action))
            }
        }
    }

    /// The nodes over which a role lets the actor do this, by path.
    pub(crate) fn reach(&self, action: Action) -> Vec<&str> {
        let held = self.roles.iter().filter(|held| action.roles().contains(&held.role));
        held.map(|held| held.path.as_str()).collect()
    }

    fn may_by_badge(&self, action: Action, place: &Place) -> bool {
        let Some((badge, level)) = place.badge else { return false };
        action.comes_with_badges()
            && self.organisation == place.organisation
            && self.grants.iter().any(|grant| {
                grant.level > level
                    && (grant.only.is_empty()
                        || grant.only.iter().any(|target| match target {
                            Target::Badge(only) => *only == badge,
                            Target::Node(path) => place.path.starts_with(path),
                        }))
            })
    }

    fn in_scope(&self, action: Action) -> bool {
        let Some((_, scopes)) = &self.token else { return true };
        action.scope().is_none_or(|needed| scopes.contains(&needed) || scopes.contains(&Scope::Admin))
    }
}

/// The one decision: whether this actor may do this to what stands there.
pub(crate) fn can(actor: Option<&Actor>, action: Action, place: Option<&Place>) -> bool {
    if action == Action::Public {
        return true;
    }
    let Some(actor) = actor else { return false };
    actor.in_scope(action)
        && match place {
            None => action == Action::Own,
            Some(place) => actor.may_by_role(action, place) || actor.may_by_badge(action, place),
        }
}
