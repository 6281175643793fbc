//! The frame around each page: who is signed in, where the page stands, what was just done.

use crate::{
    auth::Access,
    config::Config,
    rights::{Action, Actor, can},
    secret::Secret,
    web::components::Flash,
};

/// What the service calls itself where no organisation speaks.
pub(crate) const SERVICE: &str = "Badges";

/// Everything around the content of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// The page in a few words; stands in the tab and in what others share.
    pub(crate) title: String,
    /// What a shared link says of the page, in one sentence.
    pub(crate) description: String,
    /// The name of this installation.
    pub(crate) service: String,
    /// The picture of a shared link, with scheme and host.
    pub(crate) picture: Option<String>,
    /// The one address of this page, with scheme and host.
    pub(crate) canonical: Option<String>,
    /// Whether search engines may list the page.
    pub(crate) listed: bool,
    /// The name of the person who is signed in.
    pub(crate) person: Option<String>,
    /// What that person may open beside the public pages.
    pub(crate) desk: Vec<Section>,
    /// Whether that person may make badges.
    pub(crate) maker: bool,
    /// Where in the menus this page stands.
    pub(crate) section: Option<Section>,
    /// The hierarchy above this page, from the organisation down.
    pub(crate) crumbs: Vec<Crumb>,
    /// What was just done.
    pub(crate) flash: Option<Flash>,
    /// Proves that a form comes from our page.
    pub(crate) csrf: String,
    /// Makes a second submit of the same form do nothing twice.
    pub(crate) form_key: String,
    /// Whether messages are kept for the operator, because no mail server is set up.
    pub(crate) mail_kept: bool,
    /// Whether this is a demonstration on one machine.
    pub(crate) demonstration: bool,
}

/// One step of the way to a page.
#[derive(Clone, Debug)]
pub(crate) struct Crumb {
    /// Its name.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
}

/// An entry of the menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The public catalogue.
    Badges,
    /// The verifier.
    Verify,
    /// What one holds oneself.
    Mine,
    /// Give a badge.
    Award,
    /// What was given.
    Awards,
    /// Organisations, issuers, programmes and their badges.
    Hierarchy,
    /// People who hold badges.
    Contacts,
    /// People who work here, and their roles.
    People,
    /// Keys that sign.
    Keys,
    /// Messages on their way.
    Outbox,
    /// Who did what.
    Audit,
    /// How this installation is set up.
    Settings,
}

impl Section {
    /// Everything that a desk can hold, in the order of the menu.
    pub(crate) const DESK: [Self; 9] = [
        Self::Award,
        Self::Awards,
        Self::Hierarchy,
        Self::Contacts,
        Self::People,
        Self::Keys,
        Self::Outbox,
        Self::Audit,
        Self::Settings,
    ];

    /// The word in the menu.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Badges => "Badges",
            Self::Verify => "Verify",
            Self::Mine => "My badges",
            Self::Award => "Award a badge",
            Self::Awards => "Awards",
            Self::Hierarchy => "Hierarchy",
            Self::Contacts => "Contacts",
            Self::People => "People and roles",
            Self::Keys => "Keys",
            Self::Outbox => "Outbox",
            Self::Audit => "Audit log",
            Self::Settings => "Settings",
        }
    }

    /// The right without which its page is not offered.
    fn action(self) -> Option<Action> {
        match self {
            Self::Badges | Self::Verify => None,
            Self::Mine => Some(Action::Own),
            Self::Award => Some(Action::Award),
            Self::Awards => Some(Action::ViewAwards),
            Self::Hierarchy | Self::People => Some(Action::ViewHierarchy),
            Self::Contacts => Some(Action::ViewContacts),
            Self::Keys => Some(Action::ManageKeys),
            Self::Outbox => Some(Action::ViewOutbox),
            Self::Audit => Some(Action::ViewAudit),
            Self::Settings => Some(Action::ViewSettings),
        }
    }

    /// Whether somebody finds something there. The log and the settings are of the organisation as a whole.
    fn is_open_to(self, actor: &Actor) -> bool {
        self.action().is_none_or(|action| match self {
            Self::Audit | Self::Settings => can(Some(actor), action, Some(&actor.organisation_place())),
            _ => actor.may_anywhere(action),
        })
    }

    /// Its page.
    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Badges => "/badges",
            Self::Verify => "/verify",
            Self::Mine => "/me",
            Self::Award => "/award",
            Self::Awards => "/awards",
            Self::Hierarchy => "/hierarchy",
            Self::Contacts => "/contacts",
            Self::People => "/people",
            Self::Keys => "/keys",
            Self::Outbox => "/outbox",
            Self::Audit => "/audit",
            Self::Settings => "/settings",
        }
    }
}

impl Frame {
    /// A page with this title and one sentence about it, before anything is known of its reader.
    pub(crate) fn new(service: &str, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            service: service.to_owned(),
            title: title.into(),
            description: description.into(),
            ..Self::default()
        }
    }

    /// The same for who reads it; `path` is its one address.
    pub(crate) fn of(
        access: &Access,
        config: &Config,
        path: &str,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        let called = |name: &str| if name.is_empty() { "You".to_owned() } else { name.to_owned() };
        let desk = |actor: &Actor| {
            let open = |section: &Section| section.is_open_to(actor);
            Section::DESK.into_iter().filter(open).collect()
        };
        // Without one a second submit is not recognised, and nothing else is amiss.
        let key = |_: &Actor| Secret::new("").map(|key| key.reveal().to_owned()).unwrap_or_default();
        Self {
            person: access.visitor().map(|actor| called(&actor.name)),
            desk: access.visitor().map(desk).unwrap_or_default(),
            maker: access.visitor().is_some_and(|actor| actor.may_anywhere(Action::DesignBadges)),
            flash: access.flash().and_then(Flash::read),
            csrf: access.csrf().unwrap_or_default().to_owned(),
            form_key: access.visitor().map(key).unwrap_or_default(),
            canonical: Some(format!("{}{path}", config.base())),
            mail_kept: config.smtp.keeps(),
            demonstration: config.demo,
            ..Self::new(SERVICE, title, description)
        }
    }

    /// Where in the menus the page stands.
    pub(crate) fn within(mut self, section: Section) -> Self {
        self.section = Some(section);
        self
    }

    /// What leads from no badge to the first one, for who reads the page.
    pub(crate) fn first_step(&self) -> Option<(&'static str, &'static str)> {
        match self.person {
            None => Some(("Sign in to make one", "/sign-in")),
            Some(_) => self.maker.then_some(("Make a badge", "/badges/new")),
        }
    }

    /// Whether something stands on the reader's desk.
    pub(crate) fn has(&self, section: Section) -> bool {
        self.desk.contains(&section)
    }

    pub(crate) fn at(&self, section: &Section) -> bool {
        self.section.as_ref() == Some(section)
    }

    pub(crate) fn style(&self) -> &'static str {
        crate::web::assets::address("site.css")
    }

    pub(crate) fn script(&self) -> &'static str {
        crate::web::assets::address("site.js")
    }

    pub(crate) fn favicon(&self) -> &'static str {
        crate::web::assets::address("favicon.svg")
    }

    /// The hidden inputs that every form carries.
    pub(crate) fn guard(&self) -> Guard<'_> {
        Guard { csrf: &self.csrf, form_key: &self.form_key }
    }
}

/// The hidden inputs of a form: where it comes from, and which submit it is.
#[derive(askama::Template)]
#[template(
    source = r#"<input type="hidden" name="csrf" value="{{ csrf }}"><input type="hidden" name="form_key" value="{{ form_key }}">"#,
    ext = "html"
)]
pub(crate) struct Guard<'a> {
    csrf: &'a str,
    form_key: &'a str,
}

impl askama::filters::HtmlSafe for Guard<'_> {}
