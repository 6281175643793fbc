//! Lists at a desk: looked through before they begin, refused with their lines, thrown away in time; and the list of
//! awards as a table.

use std::{thread, time::Duration};

use serde_json::json;

use crate::{harness::Service, makers::desk};

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_list_is_looked_through_before_anything_goes_out() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({"unique": true}));
    service.award(&badge, "held@example.org");
    let mut browser = desk(&service);
    let fields = [("badge", "astronaut"), ("name", "Workshop")];
    let list = b"email,name\nheld@example.org,=Held\nada@example.org,Ada\n";

    let wrong = browser
        .upload("/batches/new", "/batches/new", &fields, ("list", b"email\nnobody\n"))
        .expect(422)
        .text();
    assert!(wrong.contains("Line 2") && wrong.contains("nobody"), "{wrong}");
    let nothing = browser.submit("/batches/new", "/batches/new", &fields).expect(422).text();
    assert!(nothing.contains("Choose a file"), "{nothing}");
    let once = [&fields[..], &[("form_key", "one")]].concat();
    let mut send = |list: &[u8]| {
        browser
            .upload("/batches/new", "/batches/new", &once, ("list", list))
            .expect(303)
            .header("Location")
            .to_owned()
    };
    let place = send(list);
    // A second click leads to the first list; another file is another list.
    assert_eq!(send(list), place);
    assert_ne!(send(b"email\nleo@example.org\n"), place);
    assert_eq!(browser.get("/batches").expect(200).text().matches("href=\"/batches/bat_").count(), 2);
    let page = browser.get(&place).expect(200).text();
    assert!(
        page.contains("Award Badge astronaut to 2 people?") && page.contains("ada@example.org"),
        "{page}"
    );
    let awards =
        || service.get_as(&service.owner(), "/api/v1/awards").json()["items"].as_array().unwrap().len();
    assert_eq!(awards(), 1);

    browser.submit(&place, &format!("{place}/begin"), &[]).expect(303);
    let page = (0..300).find_map(|_| {
        thread::sleep(Duration::from_millis(100));
        Some(browser.get(&place).text()).filter(|page| page.contains("Every row is decided"))
    });
    let page = page.expect("the list comes to its end");
    assert!(page.contains("1 row was not awarded") && page.contains("has this badge already"), "{page}");
    assert_eq!(awards(), 2);
    let refused = browser.get(&format!("{place}/refusals.csv")).expect(200);
    assert_eq!(refused.header("Content-Type"), "text/csv; charset=utf-8");
    let rows = table(&refused.body);
    assert_eq!((rows[0][0].as_str(), &rows[1][..2]), ("line", &["2".to_owned(), "'=Held".to_owned()][..]));
    assert!(rows[1][2].contains("given once"), "{rows:?}");
    let api = format!("/api/v1{place}/refusals.csv");
    assert_eq!(service.get_as(&service.owner(), &api).expect(200).body, refused.body);
    // A second click finds what the first one did.
    browser.submit("/batches/new", &format!("{place}/begin"), &[]).expect(303);
    assert!(browser.get("/batches").expect(200).text().contains("Workshop"));
    // A program begins what waits on a page, once.
    let rows = [("badge", "astronaut"), ("rows", "email\ngrace@example.org\n")];
    let waits =
        browser.submit("/batches/new", "/batches/new", &rows).expect(303).header("Location").to_owned();
    let begin = || service.post_as(&service.owner(), &format!("/api/v1{waits}/begin"), &json!({}));
    assert_eq!(begin().expect(200).json()["total"], 1);
    assert_eq!(begin().expect(409).json()["code"], "state");
}

#[test]
fn a_list_with_which_nobody_begins_goes_after_a_day() {
    let mut service = Service::start();
    service.badge("astronaut", &json!({}));
    let mut browser = desk(&service);
    let place = {
        let fields = [("badge", "astronaut"), ("rows", "email\nada@example.org\n")];
        let sent = browser.submit("/batches/new", "/batches/new", &fields).expect(303);
        sent.header("Location").to_owned()
    };
    let thrown = {
        let fields = [
            ("badge", "astronaut"),
            ("rows", "id\ndid:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp\n"),
        ];
        let sent = browser.submit("/batches/new", "/batches/new", &fields).expect(303);
        sent.header("Location").to_owned()
    };
    browser.submit(&thrown, &format!("{thrown}/cancel"), &[]).expect(303);
    assert!(browser.get(&thrown).text().contains("nothing was awarded"));

    service.clock.advance(Duration::from_secs(86_401));
    service.restart();

    let of = |place: &str| service.get_as(&service.owner(), &format!("/api/v1{place}")).status;
    let gone = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        of(&place) == 404
    });
    assert!(gone, "the list is still there");
    assert_eq!(of(&thrown), 200, "what somebody stopped is kept for the record");
}

#[test]
fn the_awards_of_a_list_are_had_as_a_table_without_formulas() {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let other = service.badge("other", &json!({}));
    let rows: String = (0..1_005).map(|number| format!("p{number}@example.org,=Person {number}\n")).collect();
    let bearer = format!("Bearer {}", service.owner());
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    let path = format!("/api/v1/batches?badge={badge}&mail=false&note=%40home");
    let list = format!("email,name\n{rows}").into_bytes();
    let batch = service.call("POST", &path, &headers, Some(list)).expect(202).json()["id"].take();
    let path = format!("/api/v1/batches/{}", batch.as_str().unwrap());
    let done = (0..600).any(|_| {
        thread::sleep(Duration::from_millis(100));
        service.get_as(&service.owner(), &path).json()["awarded"] == 1_005
    });
    assert!(done, "the batch comes to its end");
    // What is newer comes later, by the millisecond.
    service.clock.advance(Duration::from_millis(1));
    service.award(&other, "grace@example.org");

    let all = service.get_as(&service.owner(), "/api/v1/awards.csv").expect(200);
    let some = service.get_as(&service.owner(), &format!("/api/v1/awards.csv?badge={badge}")).expect(200);
    let page = desk(&service).get("/awards.csv?badge=astronaut&q=p7%40").expect(200);

    assert_eq!(all.header("Content-Disposition"), "attachment; filename=\"awards.csv\"");
    assert_eq!(all.header("Cache-Control"), "private, no-store");
    let (all, some, page) = (table(&all.body), table(&some.body), table(&page.body));
    assert_eq!((all.len(), some.len(), page.len()), (1_007, 1_006, 2));
    let cell =
        |row: &[String], name: &str| row[all[0].iter().position(|known| known == name).unwrap()].clone();
    assert_eq!(cell(&all[1], "email"), "grace@example.org", "the newest first");
    let ids: std::collections::BTreeSet<_> = some[1..].iter().map(|row| cell(row, "id")).collect();
    assert_eq!(ids.len(), 1_005);
    assert_eq!(
        (cell(&page[1], "holder"), cell(&page[1], "note")),
        ("'=Person 7".to_owned(), "'@home".to_owned())
    );
    assert_eq!(
        (cell(&page[1], "state"), cell(&page[1], "badge_name")),
        ("issued".into(), "Badge astronaut".into())
    );
}
