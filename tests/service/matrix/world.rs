//! Two organisations, a small tree in one of them, and in every place of it one of each thing that can be asked about.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
};

use serde_json::{Value, json};

use super::{
    people::Person,
    statement::{Over, Row},
};
use crate::harness::{Service, record};

/// Where a thing stands, seen from the branch over which roles are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    Child,
    Foreign,
    Own,
    Parent,
    /// In the branch, of the same level as the badge that gives rights.
    Peer,
    Sibling,
    /// Nowhere.
    Unknown,
}

/// One of each thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) issuer: String,
    pub(super) badge: String,
    award: String,
    batch: String,
    code: String,
    private: String,
    draft: String,
    contact: String,
    message: String,
    key: String,
    role: String,
    token: String,
    session: String,
}

pub(super) struct World<'a> {
    pub(super) service: &'a Service,
    pub(super) owner: String,
    places: HashMap<Spot, Place>,
    pub(super) image: String,
    words: BTreeMap<&'static str, String>,
    number: Cell<u32>,
    pub(super) browsers: RefCell<HashMap<String, u32>>,
}

impl Spot {
    pub(super) const ALL: [Self; 7] =
        [Self::Own, Self::Child, Self::Parent, Self::Sibling, Self::Peer, Self::Foreign, Self::Unknown];

    pub(super) fn is_in_branch(self) -> bool {
        matches!(self, Self::Own | Self::Child | Self::Peer)
    }
}

impl<'a> World<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        let elsewhere =
            ["--json", "init", "--organisation", "Elsewhere", "--owner", "owner@elsewhere.example"];
        let foreign = record(&service.command(&elsewhere))["organisation"].as_str().unwrap().to_owned();
        let token = ["--json", "token", "--for", "owner@elsewhere.example", "--scope", "admin"];
        let stranger = record(&service.command(&token))["token"].as_str().unwrap().to_owned();
        let mut world = Self {
            service,
            owner: service.owner(),
            places: HashMap::new(),
            image: String::new(),
            words: BTreeMap::new(),
            number: Cell::new(0),
            browsers: RefCell::default(),
        };
        world.image = world.picture(&stranger);
        world.image = world.picture(&world.owner);
        let root = service.organisation.clone();
        world.reachable(&root);
        let own = world.node(&root);
        let child = world.node(&own);
        let sibling = world.node(&root);
        for (spot, node) in
            [(Spot::Parent, root), (Spot::Own, own), (Spot::Child, child), (Spot::Sibling, sibling)]
        {
            let place = world.furnished(&node, 0);
            world.places.insert(spot, place);
        }
        let peer = world.furnished(&world.places[&Spot::Own].issuer, 2);
        world.places.insert(Spot::Peer, peer);
        world.owner = stranger;
        world.reachable(&foreign);
        let abroad = world.furnished(&foreign, 0);
        world.owner = service.owner();
        world.places.insert(Spot::Unknown, abroad.but_unknown());
        world.places.insert(Spot::Foreign, abroad);
        for (spot, address) in
            [(Spot::Foreign, "owner@elsewhere.example"), (Spot::Sibling, "other@example.org")]
        {
            world.of_another(spot, address);
        }
        world.words = world.standing();
        world
    }

    pub(super) fn place(&self, spot: Spot) -> &Place {
        &self.places[&spot]
    }

    /// What the owner of the organisation asks for, and gets.
    #[track_caller]
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let answer = self.service.send_as(&self.owner, method, path, body).expect(status);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// A word that nothing here is called yet.
    pub(super) fn unique(&self) -> String {
        self.number.set(self.number.get() + 1);
        format!("word-{}", self.number.get())
    }

    /// Gives a role.
    pub(super) fn give(&self, node: &str, address: &str, role: &str) -> String {
        let made = self.ask(
            "POST",
            &format!("/api/v1/issuers/{node}/roles"),
            &json!({"email": address, "role": role}),
            201,
        );
        text(&made["id"])
    }

    /// Somebody with an account in the organisation who has no role.
    pub(super) fn member(&self, address: &str, scope: Option<&'static str>) -> Person {
        let root = &self.place(Spot::Parent).issuer;
        let role = self.give(root, address, "viewer");
        self.ask("DELETE", &format!("/api/v1/issuers/{root}/roles/{role}"), &json!({}), 204);
        Person::known(self.service, address, address, scope.unwrap_or("admin"))
    }

    /// What the words in braces stand for, in one cell.
    pub(super) fn values(
        &self,
        row: &Row,
        spot: Spot,
        person: &Person,
        fresh: bool,
    ) -> BTreeMap<&'static str, String> {
        let mut values = self.words.clone();
        let here = |over: &[Over]| self.place(if over.contains(&row.over) { spot } else { Spot::Own });
        values.insert("home", self.place(Spot::Own).issuer.clone());
        values.insert("node", here(&[Over::Node]).issuer.clone());
        values.insert("issuer", here(&[Over::Badge, Over::Issuer]).issuer.clone());
        values.insert("badge", here(&[Over::Badge]).badge.clone());
        values.insert("award", here(&[Over::Award]).award.clone());
        values.insert("batch", here(&[Over::Batch]).batch.clone());
        values.insert("code", here(&[Over::Badge, Over::Code]).code.clone());
        values.insert("private", here(&[Over::Private]).private.clone());
        values.insert("contact", here(&[Over::Contact]).contact.clone());
        values.insert("draft", here(&[Over::Draft]).draft.clone());
        values.insert("message", here(&[Over::Message]).message.clone());
        values.insert("key", here(&[Over::Issuer, Over::Key]).key.clone());
        values.insert("role", here(&[Over::Issuer, Over::Role]).role.clone());
        values.insert("token", here(&[Over::Token]).token.clone());
        values.insert("session", here(&[Over::Session]).session.clone());
        values.insert("slug", self.unique());
        values.insert("address", format!("{}@example.org", self.unique()));
        values.insert("scope", if person.scope.is_empty() { "admin" } else { person.scope }.to_owned());
        if let Some(kind) = row.fresh.as_deref().filter(|_| fresh) {
            let over =
                matches!(row.over, Over::Issuer | Over::Badge | Over::Award | Over::Batch | Over::Message);
            let at = if over { spot } else { Spot::Own };
            values.extend(self.fresh(kind, self.place(at), person));
        }
        values
    }

    /// New things, which the call uses up.
    fn fresh(&self, kind: &str, place: &Place, person: &Person) -> BTreeMap<&'static str, String> {
        let made = match kind {
            "issuer" => vec![("issuer", self.node(&place.issuer))],
            "badge" => vec![("badge", self.draft(&place.issuer, 0))],
            "award" => vec![("award", self.award(&place.badge, "link"))],
            "scheduled" => {
                let address = format!("{}@example.org", self.unique());
                let request =
                    json!({"badge": place.badge, "email": address, "issue_at": "2100-01-01T00:00:00Z"});
                vec![("award", text(&self.ask("POST", "/api/v1/awards", &request, 201)["awards"][0]["id"]))]
            }
            "batch" => vec![("batch", self.batch(&place.badge))],
            "code" => vec![("code", self.code(&place.badge))],
            "compromised" => {
                let (node, key) = self.compromised(&place.issuer);
                vec![("issuer", node), ("key", key)]
            }
            "suspended" => {
                let award = self.award(&place.badge, "link");
                let path = format!("/api/v1/awards/{award}/suspend");
                self.ask("POST", &path, &json!({"reason": "A test"}), 200);
                vec![("award", award)]
            }
            "message" => vec![("message", self.message_of(&self.award(&place.badge, "link")))],
            "key" => {
                let node = self.node(&place.issuer);
                vec![("key", self.key(&node)), ("issuer", node)]
            }
            "role" => {
                vec![("role", self.give(&place.issuer, &format!("{}@example.org", self.unique()), "viewer"))]
            }
            "token" => vec![("token", self.token(&person.token, person.scope))],
            "session" => vec![("session", self.session(person).0)],
            "turn" => {
                self.service.clock.advance(std::time::Duration::from_secs(360));
                Vec::new()
            }
            "browser" if person.address.is_empty() => Vec::new(),
            "browser" => {
                let (_, browser) = self.session(person);
                vec![("cookie", browser.cookie.clone()), ("csrf", csrf(&browser.get("/me").text()))]
            }
            unknown => {
                panic!("the test cannot make a fresh {unknown}: add it to tests/service/matrix/world.rs")
            }
        };
        made.into_iter().collect()
    }

    /// Everything by which things outside a branch, or of another organisation, would be recognised.
    pub(super) fn ids(&self, spot: Spot) -> Vec<&str> {
        let Place {
            issuer,
            badge,
            award,
            batch,
            code,
            private,
            draft,
            contact,
            message,
            key,
            role,
            token,
            session,
        } = self.place(spot);
        [issuer, badge, award, batch, code, private, draft, contact, message, key, role, token, session]
            .into_iter()
            .map(String::as_str)
            .filter(|id| !id.is_empty())
            .collect()
    }

    fn furnished(&self, node: &str, level: u32) -> Place {
        let badge = self.draft(node, level);
        self.ask("POST", &format!("/api/v1/badges/{badge}/publish"), &json!({}), 200);
        let award = self.award(&badge, "link");
        let message = self.message_of(&award);
        let private = self.award(&badge, "private");
        let role = self.give(node, &format!("{}@example.org", self.unique()), "viewer");
        let (key, issuer) = (self.key(node), node.to_owned());
        let draft = self.draft(node, level);
        let contact = text(&self.ask("GET", &format!("/api/v1/awards/{award}"), &json!({}), 200)["contact"]);
        let (batch, code) = (self.batch(&badge), self.code(&badge));
        Place {
            issuer,
            badge,
            award,
            batch,
            code,
            private,
            draft,
            contact,
            message,
            key,
            role,
            ..Place::default()
        }
    }

    /// What belongs to somebody else than who asks.
    fn of_another(&mut self, spot: Spot, address: &str) {
        let person = if spot == Spot::Foreign {
            Person::known(self.service, address, address, "admin")
        } else {
            self.member(address, None)
        };
        let (token, (session, _)) = (self.token(&person.token, "admin"), self.session(&person));
        let unknown = (altered(&token), altered(&session));
        // Who has none of their own asks in vain for that of another.
        for spot in [spot, Spot::Own] {
            let place = self.places.get_mut(&spot).unwrap();
            (place.token, place.session) = (token.clone(), session.clone());
        }
        let nowhere = self.places.get_mut(&Spot::Unknown).unwrap();
        (nowhere.token, nowhere.session) = unknown;
    }

    /// Words that mean the same in every cell.
    fn standing(&self) -> BTreeMap<&'static str, String> {
        let award = &self.place(Spot::Own).award;
        let credential = self.service.get(&format!("/awards/{award}/credential.json")).expect(200).text();
        let list = credential.split("/status/").nth(1).unwrap().split(['"', '#']).next().unwrap().to_owned();
        let page = self.service.call("GET", "/", &[("Accept", "text/html")], None).expect(200).text();
        let file = page.split("/assets/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let words =
            [("credential", credential), ("list", list), ("file", file), ("hash", self.image.clone())];
        words.into_iter().chain([("number", "1".to_owned()), ("claim", self.claim())]).collect()
    }
}

impl Place {
    /// The same with identifiers that nothing has.
    fn but_unknown(&self) -> Self {
        Self {
            issuer: altered(&self.issuer),
            badge: altered(&self.badge),
            award: altered(&self.award),
            batch: altered(&self.batch),
            code: altered(&self.code),
            private: altered(&self.private),
            draft: altered(&self.draft),
            contact: altered(&self.contact),
            message: altered(&self.message),
            key: altered(&self.key),
            role: altered(&self.role),
            token: String::new(),
            session: String::new(),
        }
    }
}

fn csrf(page: &str) -> String {
    page.split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// Another identifier of the same kind.
fn altered(id: &str) -> String {
    let at = id.len() - 9;
    let other = if &id[at..=at] == "x" { "y" } else { "x" };
    format!("{}{other}{}", &id[..at], &id[at + 1..])
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
