//! Pictures of badges as SVG: looked through before they are taken, and carried as they are.

use serde_json::json;

use crate::{
    harness::Service,
    mail::{delivering, in_state, only, server::MailServer},
    makers::desk,
    public::{lists, verdict},
};

const STAR: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="a"><stop stop-color="#fc0"/></linearGradient></defs>
<path fill="url(#a)" d="M50 5 61 40 98 40 68 62 79 97 50 75 21 97 32 62 2 40 39 40z"/></svg>"##;

/// A badge whose newest version has this picture.
fn badge(service: &Service, image: &str) -> String {
    let (id, owner) = (service.badge("star", &json!({})), service.owner());
    let path = format!("/api/v1/badges/{id}");
    let content = service.get_as(&owner, &path).expect(200).json()["versions"][0]["content"].take();
    let draft = json!({"content": content, "image": image});
    service.send_as(&owner, "PUT", &format!("{path}/draft"), &draft).expect(200);
    service.post_as(&owner, &format!("{path}/publish"), &json!({})).expect(200);
    id
}

#[test]
fn an_svg_carries_its_award_wherever_it_goes() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let uploaded = service.upload("image/svg+xml", STAR.as_bytes()).expect(201);
    let award = service.award(&badge(&service, uploaded.json()["hash"].as_str().unwrap()), "Ada@example.org");
    let path = format!("/awards/{}", award["id"].as_str().unwrap());
    let accepting = |accept: &str| service.call("GET", &path, &[("Accept", accept)], None);

    let plain = service.get(uploaded.header("Location")).expect(200);
    let baked = service.get(&format!("{path}/badge")).expect(200);
    let page = accepting("text/html").expect(200).text();
    let refused = accepting("image/png").expect(406).json();

    assert_eq!(plain.text(), STAR);
    for picture in [&plain, &baked, &accepting("image/svg+xml"), &accepting("image/*")] {
        assert_eq!(picture.header("Content-Type"), "image/svg+xml");
        assert_eq!(picture.header("X-Content-Type-Options"), "nosniff");
        assert!(picture.header("Content-Security-Policy").starts_with("sandbox; default-src 'none';"));
    }
    assert!(page.contains("Picture (SVG)") && !page.contains("og:image\""), "{page}");
    assert_eq!(refused["code"], "not_acceptable");
    assert!(refused["detail"].as_str().unwrap().ends_with("ask with Accept: image/svg+xml"), "{refused}");
    let second = accepting("image/png, application/jwt;q=0.5").expect(200);
    assert_eq!(second.header("Content-Type"), "application/jwt");
    let lists = lists(&service.get(&format!("{path}/credential.json")).expect(200));
    let verified = verdict(&service, "ada.svg", &baked.body, &lists);
    assert_eq!(verified["verdict"], "valid", "{verified}");
    in_state(&service, "done", 1);
    let mail = only(&server);
    let (name, file) = mail.part("image/svg+xml");
    assert_eq!((name, file), (Some("star.svg"), baked.body));
}

#[test]
fn a_node_has_a_picture_which_those_below_inherit() {
    let service = Service::start();
    let node = format!("/api/v1/issuers/{}", service.organisation);
    let change = |image: &str| service.send_as(&service.owner(), "PATCH", &node, &json!({"image": image}));
    let star = hash(&service);

    let refused = change("AAAA").expect(422).json();
    let changed = change(&star).expect(200).json();
    let award = service.award(&badge(&service, &star), "ada@example.org");
    let taken_away = change("").expect(200).json();

    assert_eq!(refused["errors"][0]["path"], "image");
    assert_eq!((&changed["image"], &taken_away["image"]), (&json!(star), &json!(null)));
    let path = format!("/awards/{}/credential.json", award["id"].as_str().unwrap());
    let issuer = service.get(&path).expect(200).json()["issuer"].take();
    assert!(issuer["image"]["id"].as_str().unwrap().ends_with(&format!("/images/{star}")), "{issuer}");
}

#[test]
fn a_picture_that_does_more_than_show_is_refused_with_what_it_does() {
    let service = Service::start();
    let with = |part: &str| STAR.replace("<path", &format!("{part}<path"));

    for (svg, says) in [
        (with("<script>alert(1)</script>"), "has the element \"script\": take it out"),
        (with("<foreignObject/>"), "has the element \"foreignObject\""),
        (STAR.replace("<path", "<path onload='alert(1)'"), "onload of path, which runs a script"),
        (STAR.replace("url(#a)", "url(//a.example)"), "\"url(//a.example)\" in fill of path"),
        (with("<image href='https://a.example/a.png'/>"), "embed the picture"),
        (STAR.replace("<svg", "<!DOCTYPE svg><svg"), "document type"),
        (STAR.replace(" viewBox=\"0 0 100 100\"", ""), "has no size: give it width and height"),
        (STAR.replace("</svg>", ""), "cannot be read"),
        (with("<?xml-stylesheet href='a'?>"), "instruction \"xml-stylesheet\""),
        ("<html/>".to_owned(), "root element is"),
        ("GIF89a".to_owned(), "neither PNG nor SVG"),
    ] {
        let problem = service.upload("image/svg+xml", svg.as_bytes()).expect(422).json();
        let said = problem["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains(says), "{said}");
    }
    let large = format!("{STAR}<!--{}-->", "a".repeat(1 << 20));
    service.upload("image/svg+xml", large.as_bytes()).expect(413);
    let astronaut = service.badge("astronaut", &json!({}));
    let award = service.award(&badge(&service, &hash(&service)), "ada@example.org");
    let baked = service.get(&format!("/awards/{}/badge", award["id"].as_str().unwrap())).expect(200);
    let again = service.upload("image/svg+xml", &baked.body).expect(422).text();
    assert!(again.contains("carries a badge already"), "{again}");
    let png = service.award(&astronaut, "ada@example.org")["id"].as_str().unwrap().to_owned();
    let accept = [("Accept", "image/svg+xml")];
    service.call("GET", &format!("/awards/{png}"), &accept, None).expect(406);
}

fn hash(service: &Service) -> String {
    let uploaded = service.upload("image/svg+xml", STAR.as_bytes()).expect(201);
    uploaded.json()["hash"].as_str().unwrap().to_owned()
}

#[test]
fn a_node_gets_a_sign_with_a_form_that_keeps_it_while_something_else_is_wrong() {
    let service = Service::start();
    let mut browser = desk(&service);
    let root = &service.organisation;
    let (tree, form) = (format!("/hierarchy?node={root}"), format!("/hierarchy/{root}"));
    let sign = || {
        let node = service.get_as(&service.owner(), &format!("/api/v1/issuers/{root}")).expect(200).json();
        node["image"].as_str().map(str::to_owned)
    };

    let good = [("name", "Mozilla"), ("slug", "mozilla")];
    let refused = browser.upload(&tree, &form, &good, ("image", b"GIF89a")).expect(422).text();
    assert!(refused.contains("neither PNG nor SVG") && refused.contains("value=\"Mozilla\""), "{refused}");
    let nameless = [("name", ""), ("slug", "mozilla")];
    let refused = browser.upload(&tree, &form, &nameless, ("image", STAR.as_bytes())).expect(422).text();
    let kept = refused.split("name=\"kept\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(sign(), None);
    let again = [&good[..], &[("kept", kept)]].concat();
    browser.submit(&tree, &form, &again).expect(303);

    assert_eq!(sign().as_deref(), Some(kept));
    assert!(browser.get("/issuers/mozilla").expect(200).text().contains(&format!("/images/{kept}")));
    browser.submit(&tree, &form, &good).expect(303);
    assert_eq!(sign().as_deref(), Some(kept), "who sends no picture takes none away");
    let foreign = [&good[..], &[("kept", "nobody-uploaded-this")]].concat();
    browser.submit(&tree, &form, &foreign).expect(422);
    browser.submit(&tree, &form, &[&good[..], &[("no_image", "yes")]].concat()).expect(303);
    assert_eq!(sign(), None);
}
