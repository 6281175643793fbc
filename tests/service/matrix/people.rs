//! Everybody who asks: nobody, a person without a role, each role, holders of a badge that gives rights, and tokens.

use serde_json::json;

use super::{
    statement::{Over, Right, Row},
    world::{Spot, World},
};
use crate::{
    accounts::Browser,
    harness::{Service, record},
};

pub(super) const ROLES: [&str; 7] =
    ["owner", "administrator", "designer", "mentor", "reviewer", "steward", "viewer"];
pub(super) const SCOPES: [&str; 7] = [
    "admin",
    "awards:bulk",
    "awards:read",
    "awards:write",
    "badges:write",
    "contacts:read",
    "contacts:write",
];

/// Somebody who asks, and what is true of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) token: String,
    pub(super) cookie: String,
    pub(super) csrf: String,
    /// What the token was made for.
    pub(super) scope: &'static str,
    pub(super) role: Option<&'static str>,
    /// Whether the role is over the whole organisation, not one branch.
    pub(super) everywhere: bool,
    /// Whether a badge gives rights now.
    pub(super) holds: bool,
    /// Where alone, if not everywhere.
    pub(super) narrowed: Option<&'static [Spot]>,
    /// Whether that is over one badge, and not over those beside it.
    pub(super) over_one: bool,
    /// What their browser says of the site that sent their forms, if it was not this one.
    pub(super) led_by: Option<(&'static str, &'static str)>,
    /// Whether they bring nothing that counts.
    pub(super) nobody: bool,
    /// Whether what they bring counts elsewhere only.
    pub(super) crossed: bool,
    /// Whether they differ from others only by the scope of their token.
    pub(super) scoped: bool,
    /// Whether the other organisation is theirs.
    pub(super) foreign: bool,
}

/// What a cell of the matrix must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Allowed,
    Forbidden,
    SignIn,
    Unknown,
}

impl Person {
    /// Somebody with an account, a token and a session.
    pub(super) fn known(service: &Service, name: &str, address: &str, scope: &'static str) -> Self {
        let made = record(&service.command(&["--json", "token", "--for", address, "--scope", scope]));
        let mut browser = Browser::new(service);
        browser.sign_in(address);
        let page = browser.get("/me").text();
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            token: made["token"].as_str().unwrap().to_owned(),
            csrf: csrf.expect("/me has a form").to_owned(),
            cookie: browser.cookie,
            scope,
            ..Self::default()
        }
    }

    /// The decision, from the statement and from nothing that the service says.
    pub(super) fn expected(&self, row: &Row, right: &Right, spot: Spot) -> Expected {
        if self.led_by.is_some() {
            return Expected::Forbidden;
        }
        if row.over == Over::World {
            return Expected::Allowed;
        }
        let hidden = row.over == Over::Private;
        if self.nobody {
            return if hidden { Expected::Unknown } else { Expected::SignIn };
        }
        if right.everybody {
            let own = matches!(spot, Spot::Own) || row.over == Over::Oneself;
            return if own { Expected::Allowed } else { Expected::Unknown };
        }
        let refused = |spot: Spot| {
            let absent = matches!(spot, Spot::Foreign | Spot::Unknown);
            if absent || self.foreign || self.role.is_none() {
                Expected::Unknown
            } else {
                Expected::Forbidden
            }
        };
        if row.stands_under_another() && !self.covers(row, right, Spot::Own) {
            return refused(Spot::Own);
        }
        // A key, a role, a code belongs to what was asked for first, and to nothing else.
        if matches!(row.over, Over::Code | Over::Key | Over::Role) {
            return if spot == Spot::Own { Expected::Allowed } else { Expected::Unknown };
        }
        if self.covers(row, right, spot) {
            return Expected::Allowed;
        }
        if hidden {
            return Expected::Unknown;
        }
        if !row.is_named_by_path() && !self.may_somewhere(row, right) {
            return Expected::Forbidden;
        }
        refused(spot)
    }

    fn may_somewhere(&self, row: &Row, right: &Right) -> bool {
        let in_scope = !row.is_api() || self.scope == "admin" || self.scope == right.scope;
        let by_role = self.role.is_some_and(|role| right.roles.iter().any(|known| known == role));
        in_scope && (by_role || self.holds && right.badges)
    }

    fn covers(&self, row: &Row, right: &Right, spot: Spot) -> bool {
        if !self.may_somewhere(row, right) || self.foreign || matches!(spot, Spot::Foreign | Spot::Unknown) {
            return false;
        }
        if row.over == Over::Anywhere {
            return true;
        }
        if self.role.is_some() {
            return self.everywhere || spot.is_in_branch() && !row.top;
        }
        let of_a_badge =
            matches!(row.over, Over::Award | Over::Badge | Over::Code | Over::Draft | Over::Private);
        let here = self.narrowed.is_none_or(|only| only.contains(&spot));
        of_a_badge && spot != Spot::Peer && here && !(self.over_one && row.over == Over::Draft)
    }
}

/// All who ask, made with their tokens and sessions.
pub(super) fn all(world: &World<'_>) -> Vec<Person> {
    let mut people = Vec::new();
    let service = world.service;
    let root = world.place(Spot::Parent).issuer.clone();
    let branch = world.place(Spot::Own).issuer.clone();
    let owner = Person::known(service, "owner everywhere", "owner@example.org", "admin");

    people.push(Person { name: "nobody".to_owned(), nobody: true, ..Person::default() });
    // A token where only a cookie counts, and a cookie where only a token does.
    let name = "who brings the wrong kind of proof".to_owned();
    people.push(Person { name, nobody: true, crossed: true, ..owner.clone() });

    people.extend(ended(world));
    // A browser that another site sends here brings its cookie all the same.
    for led_by in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ] {
        let name = format!("owner led by another site ({}: {})", led_by.0, led_by.1);
        people.push(Person { name, led_by: Some(led_by), ..owner.clone() });
    }

    let stranger = world.member("no-role@example.org", None);
    people.push(Person { name: "a person without a role".to_owned(), ..stranger });

    for role in ROLES {
        let address = format!("{role}-here@example.org");
        world.give(&branch, &address, role);
        let person = Person::known(service, &format!("{role} of a branch"), &address, "admin");
        people.push(Person { role: Some(role), ..person });
    }
    for role in &ROLES[1..] {
        let address = format!("{role}-everywhere@example.org");
        world.give(&root, &address, role);
        let person = Person::known(service, &format!("{role} everywhere"), &address, "admin");
        people.push(Person { role: Some(role), everywhere: true, ..person });
    }
    people.extend(holders(world));
    for scope in SCOPES {
        let made =
            record(&service.command(&["--json", "token", "--for", "owner@example.org", "--scope", scope]));
        let token = made["token"].as_str().unwrap().to_owned();
        let name = format!("owner's token for {scope}");
        people.push(Person {
            name,
            token,
            scope,
            role: Some("owner"),
            everywhere: true,
            scoped: true,
            ..owner.clone()
        });
    }
    people.push(Person { role: Some("owner"), everywhere: true, ..owner });
    let foreign = Person::known(service, "owner of another organisation", "owner@elsewhere.example", "admin");
    people.push(Person { role: Some("owner"), everywhere: true, foreign: true, ..foreign });
    people
}

/// Holders of a badge that gives rights: one whose badge stands, and three whose badge has ended.
fn holders(world: &World<'_>) -> Vec<Person> {
    let granting = &world.place(Spot::Peer).badge;
    let mut people = Vec::new();
    for (name, step) in
        [("valid", None), ("revoked", Some("revoke")), ("suspended", Some("suspend")), ("expired", None)]
    {
        let address = format!("{name}-holder@example.org");
        let person = world.member(&address, None);
        let mut request = json!({"badge": granting, "email": address, "mail": false});
        if name == "expired" {
            request["expires_at"] = json!("2026-06-21T12:30:00Z");
        }
        let made = world.ask("POST", "/api/v1/awards", &request, 201);
        if let Some(step) = step {
            let award = made["awards"][0]["id"].as_str().unwrap();
            world.ask("POST", &format!("/api/v1/awards/{award}/{step}"), &json!({"reason": "A test"}), 200);
        }
        let holds = name == "valid";
        people.push(Person { name: format!("holder of a badge that gives rights, {name}"), holds, ..person });
    }
    people.extend(narrowed(world));
    // What ends at half past twelve has ended.
    world.service.clock.advance(std::time::Duration::from_secs(3_600));
    people
}

/// Holders of badges whose rights are over one badge, or over one branch, and over nothing else.
fn narrowed(world: &World<'_>) -> Vec<Person> {
    let (root, own) = (&world.place(Spot::Parent).issuer, world.place(Spot::Own));
    let mut people = Vec::new();
    for (name, over, only, over_one) in [
        ("one badge", &own.badge, &[Spot::Own][..], true),
        ("one branch", &own.issuer, &[Spot::Own, Spot::Child], false),
    ] {
        let badge = world.draft(root, 2);
        let path = format!("/api/v1/badges/{badge}");
        world.ask("PATCH", &path, &json!({"rights_over": [over]}), 200);
        assert_eq!(world.ask("GET", &path, &json!({}), 200)["rights_over"], json!([over]));
        world.ask("POST", &format!("{path}/publish"), &json!({}), 200);
        let address = format!("{}@example.org", name.replace(' ', "-"));
        let person = world.member(&address, None);
        let request = json!({"badge": badge, "email": address, "mail": false});
        world.ask("POST", "/api/v1/awards", &request, 201);
        let name = format!("holder of a badge that gives rights over {name}");
        people.push(Person { name, holds: true, narrowed: Some(only), over_one, ..person });
    }
    people
}

/// Those whose token and session counted once.
fn ended(world: &World<'_>) -> Vec<Person> {
    let service = world.service;
    let address = "ended@example.org";
    world.give(&world.place(Spot::Parent).issuer, address, "owner");
    let person = Person::known(service, address, address, "admin");
    let mut made = Vec::new();
    for ends in [json!(null), json!("2026-06-21T12:30:00Z")] {
        let request = json!({"name": "a test", "scopes": ["admin"], "expires_at": ends});
        made.push(service.post_as(&person.token, "/api/v1/tokens", &request).expect(201).json());
    }
    let revoked = format!("/api/v1/tokens/{}", made[0]["id"].as_str().unwrap());
    service.send_as(&person.token, "DELETE", &revoked, &json!({})).expect(204);
    let headers = [
        ("Cookie", person.cookie.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let form = format!("csrf={}", person.csrf).into_bytes();
    service.call("POST", "/sign-out", &headers, Some(form)).expect(303);
    let once = |name: &str, made: &serde_json::Value| Person {
        name: name.to_owned(),
        token: made["token"].as_str().unwrap().to_owned(),
        address: String::new(),
        nobody: true,
        ..person.clone()
    };
    vec![
        once("who was signed out, with a revoked token", &made[0]),
        once("who was signed out, with a token of yesterday", &made[1]),
    ]
}
