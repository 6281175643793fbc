//! The pages of those who design and give badges: what a program can do, a person can do with forms.

use serde_json::json;

use crate::{accounts::Browser, harness::Service};

/// A service and a browser in which the owner is signed in.
pub(crate) fn desk(service: &Service) -> Browser<'_> {
    crate::accounts::at_present(service);
    let mut browser = Browser::new(service);
    browser.sign_in("owner@example.org");
    browser
}

/// What an answer leads to.
pub(crate) fn place(answer: &crate::harness::Answer) -> String {
    answer.header("Location").to_owned()
}

#[test]
fn nothing_is_written_by_a_dry_run_and_everything_is_checked() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"unique": true, "limit": 3}));
    service.award(&badge, "ada@example.org");
    let owner = service.owner();
    let request = json!({"badge": badge, "dry_run": true, "recipients": [
        {"email": "Ada@Example.org"}, {"email": "grace@example.org"}, {"email": "grace@example.org"},
        {"email": "owner@example.org"}, {"email": "leo@example.org"}, {"email": "mei@example.org"},
    ]});

    let tried = service.post_as(&owner, "/api/v1/awards", &request).expect(200).json();
    let plain = json!({"badge": badge, "email": "leo@example.org"});
    let by_query = service.post_as(&owner, "/api/v1/awards?dry_run=true", &plain).expect(200).json();

    let codes: Vec<_> = tried["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(codes, ["already_held", "", "already_held", "self_award", "", "limit_reached"]);
    assert_eq!((&tried["would_award"], &by_query["would_award"]), (&json!(false), &json!(true)));
    let all = service.get_as(&owner, "/api/v1/awards").expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_badge_is_given_to_many_with_a_form_once() {
    let service = Service::start();
    service.badge("astronaut", &json!({"unique": true}));
    let mut browser = desk(&service);
    let form = browser.get("/award?badge=astronaut").expect(200).text();
    assert!(form.contains("<option value=\"astronaut\" selected>"), "{form}");
    let typed = "Ada Lovelace <ada@example.org>\r\nleo@example\r\ngrace@example.org, Grace";
    let fields =
        [("badge", "astronaut"), ("recipients", typed), ("note", "Flew to the <moon>."), ("mail", "yes")];

    let refused = browser.submit("/award", "/award", &fields).expect(422).text();
    assert!(
        refused.contains("leo@example: ") && refused.contains("Flew to the &#60;moon&#62;."),
        "{refused}"
    );
    let typed = typed.replace("leo@example", "Owner <owner@example.org>");
    let fields = [("badge", "astronaut"), ("recipients", typed.as_str()), ("note", "Flew."), ("mail", "yes")];
    let preview = browser.submit("/award", "/award", &fields).expect(200).text();
    assert!(
        preview.contains("to 2 people?") && preview.contains("That is you: ask somebody else"),
        "{preview}"
    );
    assert!(preview.contains("Hello Ada Lovelace"));
    let fields = [&fields[..], &[("step", "award"), ("form_key", "the-same")]].concat();
    let done = browser.submit("/award", "/award", &fields).expect(303);
    let again = browser.submit("/award", "/award", &fields).expect(303);

    assert_eq!(place(&done), place(&again));
    let outcome = browser.get(&place(&done)).expect(200).text();
    assert!(outcome.contains("is awarded to 2 people") && outcome.contains("Ada Lovelace"), "{outcome}");
    let list = browser.get("/awards?by=me&state=valid&badge=astronaut").expect(200).text();
    assert!(list.contains("Ada Lovelace") && list.contains("Grace") && list.contains("Not sent"), "{list}");
    assert!(browser.get("/awards?q=grace").expect(200).text().contains("Grace"));
    assert!(browser.get("/awards?q=nobody").expect(200).text().contains("No award fits"));
}

#[test]
fn an_award_is_corrected_replaced_and_revoked_with_its_history() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"unique": true, "limit": 1}));
    let mut browser = desk(&service);
    let request = json!({"badge": badge, "email": "adda@example.org", "name": "Ada", "external_id": "crm-7"});
    let made = service.post_as(&service.owner(), "/api/v1/awards", &request).expect(201).json();
    let wrong = made["awards"][0]["id"].as_str().unwrap().to_owned();
    let staff = |id: &str| format!("/awards/{id}/staff");
    let act = |browser: &mut Browser<'_>, id: &str, verb: &str, fields: &[(&str, &str)]| {
        browser.submit(&staff(id), &format!("/awards/{id}/{verb}"), fields)
    };

    let refused = act(&mut browser, &wrong, "correct", &[("email", "ada@")]).expect(422).text();
    assert!(refused.contains("value=\"ada@\"") && refused.contains("<details open"), "{refused}");
    let same = act(&mut browser, &wrong, "correct", &[("email", "adda@example.org")]).expect(422).text();
    assert!(same.contains("Went to this address already"), "{same}");
    act(&mut browser, &wrong, "correct", &[("email", "ada@example.org")]).expect(303);
    let owner = service.owner();
    let old = service.get_as(&owner, &format!("/api/v1/awards/{wrong}")).expect(200).json();
    let right = old["superseded_by"].as_str().unwrap().to_owned();
    assert_eq!((&old["state"], &old["external_id"]), (&json!("superseded"), &json!("crm-7")));
    let listed = service.get_as(&owner, "/api/v1/awards?external_id=crm-7&state=issued").expect(200).json();
    assert_eq!(listed["items"][0]["id"], right.as_str());
    let public = service.call("GET", &format!("/awards/{wrong}"), &[("Accept", "text/html")], None);
    let public = public.expect(200).text();
    assert!(public.contains(&format!("/awards/{right}")) && public.contains("It went to a wrong address."));
    let told =
        |browser: &Browser<'_>| browser.get("/outbox").expect(200).text().matches("/outbox/msg_").count();
    let before = told(&browser);
    for _ in 0..2 {
        act(&mut browser, &right, "resend", &[("form_key", "the-same")]).expect(303);
    }
    assert_eq!(told(&browser), before + 1);
    let why = [("reason", "A newer version says more.")];
    act(&mut browser, &right, "supersede", &why).expect(303);
    let newest = service.get_as(&owner, &format!("/api/v1/awards/{right}")).expect(200).json();
    let newest = newest["superseded_by"].as_str().unwrap().to_owned();
    act(&mut browser, &newest, "suspend", &[("reason", "")]).expect(422);
    act(&mut browser, &newest, "suspend", &[("reason", "Under review.")]).expect(303);
    act(&mut browser, &newest, "reinstate", &[]).expect(303);
    act(&mut browser, &newest, "revoke", &[("reason", "By mistake.")]).expect(303);

    // What cannot be done any more is said, and what was typed is there.
    let late = act(&mut browser, &newest, "supersede", &[("reason", "Of last year.")]).expect(422).text();
    assert!(
        late.contains("The award is revoked, and cannot be") && late.contains("“Of last year.”"),
        "{late}"
    );

    let page = browser.get(&staff(&newest)).expect(200).text();
    for said in ["revoked it.", "reinstated it.", "suspended it.", "awarded it.", "By mistake.", "Revoked"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let gone = json!({"email": "ada@example.org"});
    let late = service.post_as(&owner, &format!("/api/v1/awards/{right}/correct"), &gone).expect(409).json();
    assert_eq!(late["code"], "state");
    service.call("GET", &staff(&newest), &[("Accept", "text/html")], None).expect(303);
}

#[test]
fn a_code_gives_a_badge_once_to_each_and_no_more_than_it_may() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let mut browser = desk(&service);
    let fields = [("label", "Workshop"), ("most_uses", "1"), ("form_key", "the-same")];
    let made =
        browser.submit("/badges/astronaut/claims", "/badges/astronaut/claims", &fields).expect(200).text();
    let again =
        browser.submit("/badges/astronaut/claims", "/badges/astronaut/claims", &fields).expect(200).text();
    let code = made.split("/claim/").nth(1).unwrap().get(..14).unwrap().to_owned();
    assert!(made.contains("data:image/svg+xml,") && again.contains(&code), "{made}");
    let codes = format!("/api/v1/badges/{badge}/claim-codes");
    let listed = service.get_as(&service.owner(), &codes).expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let path = format!("/claim/{}", code.to_uppercase());

    browser.submit(&path, &path, &[]).expect(403);
    let mut learner = Browser::new(&service);
    assert!(learner.get(&path).expect(200).text().contains("Claim Badge astronaut"));
    let refused = learner.submit(&path, &path, &[("name", ""), ("email", "ada@")]).expect(422).text();
    assert!(refused.contains("Write your name") && refused.contains("value=\"ada@\""), "{refused}");
    let sent =
        learner.submit(&path, &path, &[("name", "Ada"), ("email", "ada@example.org")]).expect(200).text();
    assert!(sent.contains("One step is left") && sent.contains("outbox"));
    learner.sign_in("ada@example.org");
    let first = learner.submit(&path, &path, &[]).expect(303);
    let award = place(&first);
    let id = award.rsplit('/').next().unwrap();

    let made = service.get_as(&service.owner(), &format!("/api/v1/awards/{id}")).expect(200).json();
    assert_eq!((&made["state"], made["claimed_at"].is_string()), (&json!("issued"), true));
    // It is used up, and nobody learns that it was ever there.
    let ended = learner.get(&path).expect(410).text();
    let unknown = learner.get("/claim/0000-0000-0000").expect(410).text();
    assert_eq!(ended.len(), unknown.len());
    let path = format!("/api/v1/badges/{badge}");
    service.send_as(&service.owner(), "PATCH", &path, &json!({"archived": true})).expect(200);
    let late = service.post_as(&service.owner(), &codes, &json!({"label": "Late"})).expect(409).json();
    assert_eq!(late["code"], "archived");
}

#[test]
fn who_cannot_claim_a_badge_is_told_so_in_their_own_words() {
    let service = Service::start();
    let first = service.badge("astronaut", &json!({}));
    let next = service.badge("pilot", &json!({"requires": [first], "unique": true, "limit": 2}));
    let code = |label: &str| {
        let path = format!("/api/v1/badges/{next}/claim-codes");
        let made = service.post_as(&service.owner(), &path, &json!({"label": label})).expect(201).json();
        format!("/claim/{}", made["code"].as_str().unwrap())
    };
    desk(&service);
    let (fair, party) = (code("Fair"), code("Party"));
    let signed_in = |address: &str| {
        let mut learner = Browser::new(&service);
        learner.sign_in(address);
        learner
    };
    service.award(&service.badge("diver", &json!({})), "ada@example.org");
    service.award(&first, "grace@example.org");
    let (mut ada, mut grace) = (signed_in("ada@example.org"), signed_in("grace@example.org"));
    let claim = |learner: &mut Browser<'_>, path: &str, status: u16| {
        learner.submit(path, path, &[]).expect(status).text()
    };

    let lacks = claim(&mut ada, &fair, 409);
    assert!(lacks.contains("that you do not hold yet") && !lacks.contains("quicker"), "{lacks}");
    service.award(&first, "ada@example.org");
    claim(&mut ada, &fair, 303);
    assert!(claim(&mut ada, &party, 409).contains("have this badge already"));
    service.award(&first, "hedy@example.org");
    service.award(&next, "hedy@example.org");
    assert!(claim(&mut grace, &fair, 409).contains("as often as it can be"));
}

#[test]
fn a_code_of_one_use_is_raced_safely() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    crate::accounts::at_present(&service);
    let codes = format!("/api/v1/badges/{badge}/claim-codes");
    let request = json!({"label": "Workshop", "most_uses": 3});
    let made = service.post_as(&service.owner(), &codes, &request).expect(201).json();
    let path = format!("/claim/{}", made["code"].as_str().unwrap());
    let learners: Vec<_> = (0..8)
        .map(|number| {
            let address = format!("learner{number}@example.org");
            service.award(&badge, &address);
            let mut learner = Browser::new(&service);
            learner.sign_in(&address);
            (learner.proof("/me"), learner.cookie.clone())
        })
        .collect();

    let claims: Vec<_> = learners
        .into_iter()
        .map(|(proof, cookie)| {
            let url = format!("{}{path}", service.base);
            std::thread::spawn(move || {
                let headers = [
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("Cookie", cookie.as_str()),
                    ("Sec-Fetch-Site", "same-origin"),
                ];
                crate::harness::call(&url, "POST", &headers, Some(format!("csrf={proof}").into_bytes()))
                    .status
            })
        })
        .collect();
    let mut statuses: Vec<_> = claims.into_iter().map(|claim| claim.join().unwrap()).collect();
    statuses.sort_unstable();

    assert_eq!(statuses, [303, 303, 303, 410, 410, 410, 410, 410]);
    let close = format!("{codes}/{}/close", made["id"].as_str().unwrap());
    let closed = service.post_as(&service.owner(), &close, &json!({})).expect(200).json();
    assert_eq!((&closed["open"], &closed["uses"]), (&json!(false), &json!(3)));
}

#[test]
fn the_zip_of_an_award_verifies_without_us() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let award = service.award(&badge, "ada@example.org");
    let path = format!("/awards/{}/badge.zip", award["id"].as_str().unwrap());

    let bundle = service.get(&path).expect(200);

    assert_eq!(bundle.header("Content-Type"), "application/zip");
    let verdict = unpacked(&service, &bundle.body);
    assert_eq!(verdict["verdict"], "valid", "{verdict}");
}

/// What the verifier says of the files in a ZIP.
pub(crate) fn unpacked(service: &Service, bytes: &[u8]) -> serde_json::Value {
    let folder = service.folder().join("zip");
    std::fs::create_dir_all(folder.join("documents")).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    zip.extract(&folder).unwrap();
    let (badge, documents) = (folder.join("badge.json"), folder.join("documents"));
    let output = service.command(&[
        "--json",
        "verify",
        badge.to_str().unwrap(),
        "--documents",
        documents.to_str().unwrap(),
        "--at",
        "2026-06-21T12:00:00Z",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().next().expect("one line")).unwrap()
}
