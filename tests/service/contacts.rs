//! Contacts: found by name and address, seen as far as a role reaches, changed by a steward.

use serde_json::{Value, json};

use crate::{
    accounts::{Browser, at_present},
    harness::{Service, record},
};

fn token(service: &Service, email: &str) -> String {
    let made = record(&service.command(&["--json", "token", "--for", email, "--scope", "admin"]));
    made["token"].as_str().unwrap().to_owned()
}

fn award(service: &Service, badge: &str, email: &str, name: &str) {
    // Contacts are listed in the order of their making, by the millisecond.
    service.clock.advance(std::time::Duration::from_secs(1));
    let request = json!({"badge": badge, "email": email, "name": name});
    service.post_as(&service.owner(), "/api/v1/awards", &request).expect(201);
}

/// Names or addresses of who is found, over all parts of two.
fn found(service: &Service, token: &str, q: &str) -> String {
    let (mut names, mut after) = (Vec::new(), String::new());
    for _ in 0..20 {
        let path = format!("/api/v1/contacts?limit=2&q={}{after}", q.replace('@', "%40").replace(' ', "+"));
        let part = service.get_as(token, &path).expect(200).json();
        for item in part["items"].as_array().unwrap() {
            let name = item["display_name"].as_str().or(item["address"].as_str()).unwrap();
            names.push(name.to_owned());
        }
        match part["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    names.join(", ")
}

#[test]
fn people_are_found_by_any_word_of_their_name_and_by_their_address() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    for (email, name) in [
        ("amina@example.org", "Amina Diallo"),
        ("anna@example.org", "Anna Andersson"),
        ("mei@example.net", "Mei-Ling Chen"),
        ("d@example.org", "Diana Amin"),
    ] {
        award(&service, &badge, email, name);
    }
    service.clock.advance(std::time::Duration::from_secs(1));
    service.award(&badge, "amira@example.org");
    let owner = service.owner();

    let check = |q: &str, expected: &str| assert_eq!(found(&service, &owner, q), expected, "{q}");
    check("diallo", "Amina Diallo");
    check("AMIN", "Diana Amin, Amina Diallo");
    check("ami", "Diana Amin, Amina Diallo, amira@example.org");
    check("ling chen", "Mei-Ling Chen");
    check("ling diallo", "");
    check("an", "Anna Andersson");
    check("amira@", "amira@example.org");
    check("mei@example.net", "Mei-Ling Chen");
    check("nobody", "");
    check("%", "");
    check(
        "",
        "owner@example.org, amira@example.org, Diana Amin, Mei-Ling Chen, Anna Andersson, Amina Diallo",
    );
}

#[test]
fn a_programme_sees_who_holds_its_badges_and_only_those() {
    let service = Service::start();
    let owner = service.owner();
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "hive", "name": "Hive"});
    let node = service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json();
    let node = node["id"].as_str().unwrap();
    let (above, below) = (service.badge("astronaut", &json!({})), service.badge_of(node, "gardener"));
    let role = json!({"email": "mentor@example.org", "role": "mentor"});
    service.post_as(&owner, &format!("/api/v1/issuers/{node}/roles"), &role).expect(201);
    let mentor = token(&service, "mentor@example.org");
    assert_eq!(found(&service, &mentor, ""), "");
    award(&service, &above, "ada@example.org", "Ada Above");
    for number in 0..5 {
        award(&service, &below, &format!("b{number}@example.org"), &format!("Ben {number}"));
    }
    award(&service, &above, "b0@example.org", "Ben 0");
    award(&service, &below, "zoe@example.org", "Zoe Below");

    assert_eq!(found(&service, &mentor, ""), "Zoe Below, Ben 4, Ben 3, Ben 2, Ben 1, Ben 0");
    assert_eq!(found(&service, &mentor, "ada"), "");
    assert_eq!(found(&service, &mentor, "ada@"), "");
    assert_eq!(found(&service, &mentor, "zoe"), "Zoe Below");
    let id = |q: &str| {
        let found = service.get_as(&owner, &format!("/api/v1/contacts?q={q}")).expect(200).json();
        found["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let awards = |token: &str, id: &str| {
        let shown = service.get_as(token, &format!("/api/v1/contacts/{id}")).expect(200).json();
        shown["awards"].as_array().unwrap().iter().map(|award| award["badge"].clone()).collect::<Vec<Value>>()
    };
    let ben = id("ben+0");
    assert_eq!(awards(&mentor, &ben), ["Badge gardener"]);
    assert_eq!(awards(&owner, &ben), ["Badge astronaut", "Badge gardener"]);
    service.get_as(&mentor, &format!("/api/v1/contacts/{}", id("ada"))).expect(403);
    let name = json!({"display_name": "Benjamin"});
    service.send_as(&mentor, "PATCH", &format!("/api/v1/contacts/{ben}"), &name).expect(403);
    service.get_as(&owner, "/api/v1/contacts/con_00000000000000000000000000").expect(404);
}

#[test]
fn a_programme_lists_its_awards_and_what_its_mentor_gave_part_by_part() {
    let service = Service::start();
    let owner = service.owner();
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "hive", "name": "Hive"});
    let node = service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json();
    let node = node["id"].as_str().unwrap();
    let (above, other) = (service.badge("astronaut", &json!({})), service.badge("pilot", &json!({})));
    let (below, beside) = (service.badge_of(node, "gardener"), service.badge_of(node, "beekeeper"));
    for (node, role) in [(node, "mentor"), (service.organisation.as_str(), "mentor")] {
        let role = json!({"email": "mentor@example.org", "role": role});
        service.post_as(&owner, &format!("/api/v1/issuers/{node}/roles"), &role).expect(201);
    }
    let mentor = token(&service, "mentor@example.org");
    let give = |token: &str, badge: &str, name: &str| {
        let to = json!({"email": format!("{name}@example.org"), "external_id": name});
        let request = json!({"badge": badge, "recipients": [to]});
        service.post_as(token, "/api/v1/awards", &request).expect(201).json()["awards"][0]["id"].clone()
    };
    give(&mentor, &above, "own");
    // From here on the mentor has the programme alone.
    let roles = format!("/api/v1/issuers/{}/roles", service.organisation);
    let held = service.get_as(&owner, &roles).expect(200).json();
    let role = held["items"].as_array().unwrap().iter().find(|role| role["role"] == "mentor").unwrap();
    service
        .send_as(&owner, "DELETE", &format!("{roles}/{}", role["id"].as_str().unwrap()), &json!({}))
        .expect(204);
    for (number, badge) in [&above, &below, &other, &beside, &beside, &below, &above].into_iter().enumerate()
    {
        give(&owner, badge, &format!("n{number}"));
    }
    let revoked = format!("/api/v1/awards/{}/revoke", give(&owner, &below, "gone").as_str().unwrap());
    service.post_as(&owner, &revoked, &json!({"reason": "Wrong"})).expect(200);
    let listed = |token: &str, asked: &str| {
        let (mut after, mut found) = (String::new(), Vec::new());
        loop {
            let path = format!("/api/v1/awards?limit=2{asked}{after}");
            let part = service.get_as(token, &path).expect(200).json();
            let items = part["items"].as_array().unwrap().clone();
            found.extend(items.into_iter().map(|award| award["external_id"].as_str().unwrap().to_owned()));
            let Some(next) = part["next"].as_str() else {
                // All were given at one held moment.
                found.sort();
                return found.join(" ");
            };
            after = format!("&after={next}");
        }
    };

    assert_eq!(listed(&mentor, ""), "gone n1 n3 n4 n5 own");
    assert_eq!(listed(&mentor, "&state=issued"), "n1 n3 n4 n5 own");
    assert_eq!(listed(&mentor, "&state=revoked"), "gone");
    assert_eq!(listed(&mentor, "&by=me"), "own");
    assert_eq!(listed(&mentor, &format!("&badge={beside}")), "n3 n4");
    assert_eq!(listed(&owner, &format!("&badge={below}&state=revoked")), "gone");
    assert_eq!(listed(&owner, ""), "gone n0 n1 n2 n3 n4 n5 n6 own");
    service.get_as(&mentor, &format!("/api/v1/awards?badge={above}")).expect(403);
}

#[test]
fn a_steward_changes_a_contact_and_nobody_loses_what_another_wrote() {
    let service = Service::start();
    let owner = service.owner();
    let badge = service.badge("astronaut", &json!({}));
    award(&service, &badge, "ada@example.org", "Ada");
    service.award(&badge, "ben@example.org");
    let path = |q: &str| {
        let found = service.get_as(&owner, &format!("/api/v1/contacts?q={q}")).expect(200).json();
        format!("/api/v1/contacts/{}", found["items"][0]["id"].as_str().unwrap())
    };
    let (ada, ben) = (path("ada"), path("ben"));
    let patch = |path: &str, body: &Value| service.send_as(&owner, "PATCH", path, body);

    let change = json!({
        "display_name": "Ada Lovelace",
        "add_addresses": ["countess@example.org"],
        "primary_address": "countess@example.org",
        "add_links": [{"connector": "civicrm", "external_id": "42"}],
    });
    let changed = patch(&ada, &change).expect(200).json();
    assert_eq!(changed["identities"][0]["subject"], "countess@example.org");
    assert_eq!((&changed["version"], &changed["links"][0]["external_id"]), (&json!(2), &json!("42")));
    assert_eq!(found(&service, &owner, "lovelace"), "Ada Lovelace");
    // What is awarded to the other address is the same person's.
    award(&service, &service.badge("gardener", &json!({})), "Countess@example.org", "");
    assert_eq!(service.get_as(&owner, &ada).json()["awards"].as_array().unwrap().len(), 2);

    let code = |body: &Value| patch(&ben, body).json()["code"].clone();
    assert_eq!(code(&json!({"add_addresses": ["ADA@example.org"]})), "address_taken");
    assert_eq!(code(&json!({"add_links": [{"connector": "civicrm", "external_id": "42"}]})), "link_taken");
    assert_eq!(
        patch(&ben, &json!({"display_name": " "})).expect(422).json()["errors"][0]["path"],
        "display_name"
    );
    let stale = service.call(
        "PATCH",
        &ada,
        &[
            ("Authorization", &format!("Bearer {owner}")),
            ("Content-Type", "application/json"),
            ("If-Match", "\"1\""),
        ],
        Some(json!({"display_name": "A"}).to_string().into_bytes()),
    );
    assert_eq!(stale.expect(412).json()["code"], "stale");
}

#[test]
fn an_address_that_is_added_to_somebody_gives_nobody_their_rights() {
    let service = Service::start();
    at_present(&service);
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    award(&service, &badge, "ada@example.org", "Ada");
    let role = json!({"email": "steward@example.org", "role": "steward"});
    service.post_as(&owner, &format!("/api/v1/issuers/{}/roles", service.organisation), &role).expect(201);
    let steward = token(&service, "steward@example.org");
    let contact = |address: &str| {
        let found = service.get_as(&owner, &format!("/api/v1/contacts?q={address}")).expect(200).json();
        found["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let patch = |token: &str, id: &str, body: &Value| {
        service.send_as(token, "PATCH", &format!("/api/v1/contacts/{id}"), body)
    };
    let of_owner = contact("owner@example.org");

    for body in [json!({"add_addresses": ["eve@example.org"]}), json!({"primary_address": "eve@example.org"})]
    {
        assert_eq!(patch(&steward, &of_owner, &body).expect(403).json()["code"], "lacking", "{body}");
    }
    patch(&steward, &of_owner, &json!({"display_name": "The owner"})).expect(200);
    patch(&steward, &contact("ada@example.org"), &json!({"add_addresses": ["ada@example.com"]})).expect(200);
    patch(&steward, &contact("steward@example.org"), &json!({"add_addresses": ["s@example.com"]}))
        .expect(200);
    patch(&owner, &contact("steward@example.org"), &json!({"add_addresses": ["t@example.com"]})).expect(200);
    // Somebody may hold rights who never signed in.
    let teaches = service.badge("teacher", &json!({"rights_level": 1}));
    award(&service, &teaches, "grace@example.org", "Grace");
    let eve = json!({"add_addresses": ["eve@example.org"]});
    assert_eq!(patch(&steward, &contact("grace@example.org"), &eve).expect(403).json()["code"], "lacking");

    let mut browser = Browser::new(&service);
    browser.sign_in("steward@example.org");
    let path = format!("/contacts/{of_owner}");
    let eve = [("email", "eve@example.org")];
    let refused = browser.submit(&path, &format!("{path}/addresses"), &eve).expect(422).text();
    assert!(refused.contains("ask an owner") && !refused.contains("<dd>eve@example.org"), "{refused}");
}

#[test]
fn nobody_gets_a_role_with_an_address_that_its_giver_did_not_see() {
    let service = Service::start();
    at_present(&service);
    let (owner, badge) = (service.owner(), service.badge("astronaut", &json!({})));
    let roles = format!("/api/v1/issuers/{}/roles", service.organisation);
    let give = |body: &Value| service.post_as(&owner, &roles, body);
    give(&json!({"email": "steward@example.org", "role": "steward"})).expect(201);
    let steward = token(&service, "steward@example.org");
    let add = |to: &str, address: &str| {
        let found = service.get_as(&owner, &format!("/api/v1/contacts?q={to}")).expect(200).json();
        let path = format!("/api/v1/contacts/{}", found["items"][0]["id"].as_str().unwrap());
        service.send_as(&steward, "PATCH", &path, &json!({"add_addresses": [address]})).expect(200);
    };
    award(&service, &badge, "ada@example.org", "Ada");
    add("ada@example.org", "eve@example.org");
    add("steward@example.org", "grace@example.org");

    for (email, other) in [("ada@example.org", "eve"), ("grace@example.org", "steward")] {
        let other = format!("{other}@example.org");
        let mut asked = json!({"email": email, "role": "owner"});
        let refused = give(&asked).expect(422).json();
        assert_eq!(refused["errors"][0]["path"], "other_addresses");
        assert!(refused["detail"].as_str().unwrap().contains(&other), "{refused}");
        asked["other_addresses"] = json!([email, "nobody@example.org"]);
        give(&asked).expect(422);
    }
    // Who sees no contacts but those of a programme is told nothing of the others.
    let node = json!({"parent": service.organisation, "kind": "programme", "slug": "hive", "name": "Hive"});
    let node = service.post_as(&owner, "/api/v1/issuers", &node).expect(201).json();
    let below = format!("/api/v1/issuers/{}/roles", node["id"].as_str().unwrap());
    let hedy = json!({"email": "hedy@example.org", "role": "administrator"});
    service.post_as(&owner, &below, &hedy).expect(201);
    let asked = json!({"email": "ada@example.org", "role": "viewer"});
    let hidden = service.post_as(&token(&service, "hedy@example.org"), &below, &asked).expect(422).text();
    assert!(hidden.contains("ask an owner") && !hidden.contains("eve@"), "{hidden}");
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let typed = [("email", "ada@example.org"), ("role", "owner"), ("issuer", service.organisation.as_str())];
    let refused = browser.submit("/people", "/people", &typed).expect(422).text();
    assert!(
        refused.contains("eve@example.org: theirs too") && refused.contains("ada@example.org"),
        "{refused}"
    );
    let seen = [&typed[..], &[("other_addresses", "eve@example.org")]].concat();
    browser.submit("/people", "/people", &seen).expect(303);
    browser.sign_in("eve@example.org");
    browser.get("/people").expect(200);
}

#[test]
fn the_pages_of_contacts_find_show_and_change() {
    let service = Service::start();
    at_present(&service);
    let badge = service.badge("astronaut", &json!({}));
    award(&service, &badge, "ada@example.org", "Ada <b>Lovelace</b>");
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let own = browser.cookie.clone();

    let list = browser.get("/contacts?q=love").expect(200).text();
    assert!(list.contains("Ada &#60;b&#62;Lovelace") && !list.contains("<b>Lovelace"), "{list}");
    assert!(browser.get("/contacts?q=nobody").expect(200).text().contains("Nobody found"));
    let path = list.split("href=\"/contacts/con_").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/contacts/con_{path}");
    let page = browser.get(&path).expect(200).text();
    assert!(page.contains("Badge astronaut") && page.contains("ada@example.org"), "{page}");

    let refused = browser.submit(&path, &path, &[("display_name", "")]).expect(422).text();
    assert!(refused.contains("Write the name"), "{refused}");
    let taken = [("email", "owner@example.org")];
    let refused = browser.submit(&path, &format!("{path}/addresses"), &taken).expect(422).text();
    assert!(refused.contains("Another contact has this address") && refused.contains("owner@example.org"));
    browser.submit(&path, &path, &[("display_name", "Ada"), ("do_not_contact", "yes")]).expect(303);
    browser.cookie = own;
    assert!(browser.get("/contacts").expect(200).text().contains("Not to be contacted"));
}
