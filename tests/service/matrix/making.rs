//! The things of the test's world, made one by one.

use serde_json::json;

use super::{
    people::Person,
    world::{Spot, World, text},
};
use crate::accounts::Browser;

impl<'a> World<'a> {
    pub(super) fn picture(&self, token: &str) -> String {
        let headers =
            [("Authorization", format!("Bearer {token}")), ("Content-Type", "image/png".to_owned())];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let image = include_bytes!("../../../examples/astronaut.png").to_vec();
        text(&self.service.call("POST", "/api/v1/images", &headers, Some(image)).expect(201).json()["hash"])
    }

    pub(super) fn node(&self, parent: &str) -> String {
        let slug = self.unique();
        let request = json!({"parent": parent, "kind": "issuer", "slug": slug, "name": slug});
        text(&self.ask("POST", "/api/v1/issuers", &request, 201)["id"])
    }

    /// Gives an issuer the address that hosted badges must name.
    pub(super) fn reachable(&self, node: &str) {
        self.ask("PATCH", &format!("/api/v1/issuers/{node}"), &json!({"email": "hello@example.org"}), 200);
    }

    pub(super) fn draft(&self, node: &str, level: u32) -> String {
        let content = json!({
            "name": "Comet", "description": "Found one.", "criteria": {"narrative": "Find one."},
            "image_caption": "A comet",
        });
        let request = json!({
            "issuer": node, "slug": self.unique(), "content": content, "image": self.image,
            "settings": {"rights_level": level, "hosted_ob2": true},
        });
        text(&self.ask("POST", "/api/v1/badges", &request, 201)["id"])
    }

    pub(super) fn award(&self, badge: &str, visibility: &str) -> String {
        // What is newer comes later, by the millisecond.
        self.service.clock.advance(std::time::Duration::from_millis(1));
        let address = format!("{}@example.org", self.unique());
        let request = json!({"badge": badge, "email": address, "visibility": visibility});
        text(&self.ask("POST", "/api/v1/awards", &request, 201)["awards"][0]["id"])
    }

    pub(super) fn batch(&self, badge: &str) -> String {
        let bearer = format!("Bearer {}", self.owner);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
        let list = format!("email\n{}@example.org\n", self.unique()).into_bytes();
        let path = format!("/api/v1/batches?badge={badge}&mail=false");
        text(&self.service.call("POST", &path, &headers, Some(list)).expect(202).json()["id"])
    }

    pub(super) fn message_of(&self, award: &str) -> String {
        let listed = self.ask("GET", "/api/v1/outbox?limit=1", &json!({}), 200);
        assert_eq!(listed["items"][0]["award"], award, "the newest message is that of the newest award");
        text(&listed["items"][0]["id"])
    }

    pub(super) fn key(&self, node: &str) -> String {
        text(&self.ask("GET", &format!("/api/v1/issuers/{node}/keys"), &json!({}), 200)["keys"][0]["id"])
    }

    pub(super) fn token(&self, of: &str, scope: &str) -> String {
        let request = json!({"name": "a test", "scopes": [scope]});
        text(&self.service.post_as(of, "/api/v1/tokens", &request).expect(201).json()["id"])
    }

    /// One more session of a person.
    pub(super) fn session(&self, person: &Person) -> (String, Browser<'a>) {
        let mut browser = Browser::new(self.service);
        browser.sign_in(&person.address);
        let headers = [("Cookie", person.cookie.as_str())];
        let page = self.service.call("GET", "/me", &headers, None).expect(200).text();
        // The one that was not there before is the one that nobody has named yet.
        let mut ids: Vec<_> =
            page.split("/me/sessions/").skip(1).map(|rest| rest.split('/').next().unwrap()).collect();
        ids.retain(|id| !id.contains('"') && !self.browsers.borrow().contains_key(*id));
        let id = (*ids.first().expect("/me shows the other sessions")).to_owned();
        for id in ids {
            self.browsers.borrow_mut().insert(id.to_owned(), 1);
        }
        (id, browser)
    }

    /// A code by which people take a badge.
    pub(super) fn code(&self, badge: &str) -> String {
        let path = format!("/api/v1/badges/{badge}/claim-codes");
        text(&self.ask("POST", &path, &json!({"label": "A course"}), 201)["id"])
    }

    /// A code as people type it, of somebody who asks for nothing else here: nobody takes what is their own.
    pub(super) fn claim(&self) -> String {
        let own = self.place(Spot::Own);
        self.give(&own.issuer, "maker@example.org", "mentor");
        let maker = Person::known(self.service, "maker", "maker@example.org", "admin");
        let path = format!("/api/v1/badges/{}/claim-codes", own.badge);
        let made = self.service.post_as(&maker.token, &path, &json!({"label": "A course"})).expect(201);
        text(&made.json()["code"])
    }

    /// A node with a key in wrong hands, and one award that it signed.
    pub(super) fn compromised(&self, parent: &str) -> (String, String) {
        let node = self.node(parent);
        let badge = self.draft(&node, 0);
        self.ask("POST", &format!("/api/v1/badges/{badge}/publish"), &json!({}), 200);
        self.award(&badge, "link");
        let key = self.key(&node);
        let since = json!({"compromised_at": "2026-01-01T00:00:00Z"});
        self.ask("POST", &format!("/api/v1/issuers/{node}/keys/{key}/revoke"), &since, 200);
        (node, key)
    }
}
