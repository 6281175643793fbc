//! Messages that do not arrive at once: tried again, given up, delivered by whoever comes first, never in anybody's way.

use std::{
    fs,
    net::TcpListener,
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::{delivering, in_state, messages, only, server::MailServer};
use crate::{
    accounts::{Browser, at_present, wait_for},
    harness::{self, Service},
    process::Process,
};

/// Awards at a server in another process.
fn award_at(base: &str, token: &str, badge: &str, email: &str) {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    let body = json!({"badge": badge, "email": email}).to_string().into_bytes();
    harness::call(&format!("{base}/api/v1/awards"), "POST", &headers, Some(body)).expect(201);
}

/// What `badges doctor` says of the mail server, with these settings.
fn doctor(service: &Service, settings: &[(&str, &str)]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
    command.args(["--json", "doctor"]).envs(service.environment().iter().cloned());
    let output = command.envs(settings.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mail = found.iter().find(|finding| finding["check"] == "mail").unwrap_or_else(|| panic!("{text}"));
    (mail["health"].as_str().unwrap().to_owned(), mail["said"].as_str().unwrap().to_owned())
}

#[test]
fn an_address_that_does_not_exist_is_tried_once_and_again_when_the_operator_says() {
    let Some(server) = MailServer::start() else { return };
    server.answers(&json!({"nobody@example.org": "550 5.1.1 no such user"}));
    let service = delivering(&server);
    at_present(&service);
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "nobody@example.org");
    assert_eq!(in_state(&service, "dead", 1)[0]["attempts"], 1);
    // What is written to an address that refused mail is not tried any more.
    service.award(&badge, "nobody@example.org");
    in_state(&service, "cancelled", 1);

    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let list = browser.get("/outbox?state=dead").expect(200).text();
    let path =
        format!("/outbox/{}", list.split("href=\"/outbox/").nth(1).unwrap().split('"').next().unwrap());
    let page = browser.get(&path).expect(200).text();
    assert!(page.contains("Tried 1 time. The mail server answered 550 5.1.1 no such user."), "{page}");
    server.answers(&json!({}));
    browser.submit(&path, &format!("{path}/retry"), &[]).expect(303);

    in_state(&service, "done", 1);
    assert_eq!(only(&server).header("To"), "nobody@example.org");
}

#[test]
fn a_server_that_is_down_or_busy_gets_each_message_later_and_once() {
    let Some(mut server) = MailServer::start() else { return };
    let service = delivering(&server);
    let badge = service.badge("astronaut", &json!({}));
    let tried = |times: usize, said: &str| {
        wait_for(|| {
            let all = messages(&service);
            let waits = |message: &&Value| {
                message["state"] == "queued"
                    && message["attempts"] == times
                    && message["last_error"].as_str().unwrap_or_default().contains(said)
            };
            Some(all.iter().filter(waits).count()).filter(|count| *count > 0)
        })
    };

    server.down();
    service.award(&badge, "ada@example.org");
    tried(1, "the mail server cannot be reached: see that smtp.url is right");
    server.up();
    server.answers(&json!({"ada@example.org": "451 4.7.1 try again later"}));
    service.clock.advance(Duration::from_secs(6));
    tried(2, "the mail server answered 451 4.7.1 try again later");
    server.answers(&json!({}));
    service.clock.advance(Duration::from_secs(400));

    assert_eq!(in_state(&service, "done", 1)[0]["attempts"], 3);
    only(&server);
}

#[test]
fn a_message_is_given_up_at_last_and_shown() {
    let Some(server) = MailServer::start() else { return };
    server.answers(&json!({"ada@example.org": "451 4.7.1 try again later"}));
    let service = delivering(&server);
    service.award(&service.badge("astronaut", &json!({})), "ada@example.org");

    for tries in 1..10 {
        wait_for(|| {
            let message = &messages(&service)[0];
            (message["attempts"] == tries && message["state"] == "queued").then_some(())
        });
        service.clock.advance(Duration::from_secs(27 * 3_600));
    }

    assert_eq!(in_state(&service, "dead", 1)[0]["attempts"], 10);
}

#[test]
fn servers_that_share_a_database_deliver_each_message_once() {
    let Some(server) = MailServer::start() else { return };
    // Its own clock stands long before the messages of the other two: it leaves them alone.
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    let url = server.url();
    let processes = [0, 1].map(|_| Process::start_with(&service, &[("BADGES_SMTP_URL", &url)]));

    thread::scope(|scope| {
        for (number, process) in processes.iter().enumerate() {
            let (base, token, badge) = (&process.base, service.owner(), &badge);
            scope.spawn(move || {
                for learner in 0..30 {
                    award_at(base, &token, badge, &format!("learner{number}-{learner}@example.org"));
                }
            });
        }
    });
    in_state(&service, "done", 60);

    let mut receivers: Vec<String> = server.mails().iter().map(|mail| mail.header("To").to_owned()).collect();
    assert_eq!(receivers.len(), 60);
    receivers.sort();
    receivers.dedup();
    assert_eq!(receivers.len(), 60);
}

#[test]
fn a_server_that_is_killed_before_it_noted_a_delivery_has_it_delivered_again_under_the_same_name() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let badge = service.badge("astronaut", &json!({}));
    let process = Process::start(&service);

    server.hold(true);
    award_at(&process.base, &service.owner(), &badge, "ada@example.org");
    wait_for(|| (server.mails().len() == 1).then_some(()));
    process.kill();
    server.hold(false);
    assert_eq!(messages(&service)[0]["state"], "leased");
    // The lease of the killed one runs out.
    at_present(&service);
    service.clock.advance(Duration::from_secs(180));

    assert_eq!(in_state(&service, "done", 1)[0]["attempts"], 2);
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[test]
fn a_courier_that_is_told_to_pause_sends_nothing_until_it_is_told_to_go_on() {
    let Some(server) = MailServer::start() else { return };
    let service = delivering(&server);
    let badge = service.badge("astronaut", &json!({}));
    assert!(service.command(&["messages", "pause"]).status.success());

    for number in 0..3 {
        service.award(&badge, &format!("learner{number}@example.org"));
    }
    // The courier looks twice a second.
    thread::sleep(Duration::from_millis(1_600));
    assert!(server.mails().is_empty());
    assert!(
        messages(&service).iter().all(|message| message["state"] == "queued" && message["attempts"] == 0)
    );

    at_present(&service);
    let mut browser = Browser::new(&service);
    browser.sign_in("owner@example.org");
    let page = browser.get("/outbox").expect(200).text();
    assert!(page.contains("<code>badges messages resume</code>"), "{page}");

    assert!(service.command(&["messages", "resume"]).status.success());
    in_state(&service, "done", 3);
    assert_eq!(server.mails().len(), 3);
}

#[test]
fn tls_and_a_password_are_used_and_what_is_wrong_with_them_is_said_in_words() {
    let Some(server) = MailServer::guarded() else { return };
    let (right, wrong) = (server.file("right"), server.file("wrong"));
    fs::write(&right, "s3cret\n").unwrap();
    fs::write(&wrong, "guess\n").unwrap();
    let authority = server.file("authority.pem");
    let at = |rest: &str| format!("smtp://badges%40example.org@localhost:{}{rest}", server.port());
    let (guarded, plain) = (at("?tls=required"), at(""));
    let settings = |url: &str, password: &str, authority: &str| {
        [
            ("BADGES_SMTP_URL", url.to_owned()),
            ("BADGES_SMTP_PASSWORD_FILE", password.to_owned()),
            ("BADGES_SMTP_AUTHORITY_FILE", authority.to_owned()),
        ]
    };
    let all = settings(&guarded, &right, &authority);
    let service = Service::start_with(&all.each_ref().map(|(name, value)| (*name, value.as_str())));
    service.award(&service.badge("astronaut", &json!({})), "ada@example.org");

    in_state(&service, "done", 1);
    let mail = only(&server);
    assert_eq!((&mail.0["encrypted"], &mail.0["user"]), (&json!(true), &json!("badges@example.org")));

    let plain_server = MailServer::start().unwrap();
    let no_tls = format!("{}?tls=required", plain_server.url());
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, password, authority, health, words) in [
        (guarded.as_str(), right.as_str(), authority.as_str(), "well", "takes messages"),
        (&guarded, &wrong, &authority, "ill", "refuses the user or the password: correct smtp.url"),
        (&guarded, "/nowhere", &authority, "ill", "smtp.password_file: /nowhere cannot be read"),
        (&guarded, &right, "", "ill", "certificate is not believed"),
        (&guarded, &right, "/nowhere", "ill", "smtp.authority_file: /nowhere cannot be used"),
        (&plain, &right, "", "ill", "or TLS"),
        (&no_tls, "", "", "ill", "does not do what the settings ask of it"),
        (&format!("smtp://{nobody}"), "", "", "ill", "cannot be reached"),
        ("", "", "", "unwell", "no mail server is set up"),
    ] {
        let all = settings(url, password, authority);
        let found = doctor(&service, &all.each_ref().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(found.0, health, "{url} {password} {authority}: {found:?}");
        assert!(found.1.contains(words), "{url} {password} {authority}: {found:?}");
    }
}

#[test]
fn a_mail_server_that_never_answers_is_in_nobodys_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let held = Arc::new(Mutex::new(Some(Vec::new())));
    let open = Arc::clone(&held);
    thread::spawn(move || {
        for stream in listener.incoming() {
            if let Some(open) = open.lock().unwrap().as_mut() {
                open.push(stream);
            }
        }
    });
    let service = Service::start_with(&[("BADGES_SMTP_URL", &url)]);
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "first@example.org");
    wait_for(|| held.lock().unwrap().as_ref().filter(|open| !open.is_empty()).map(drop));

    // The courier hangs on the first while these are given.
    for number in 0..20 {
        service.award(&badge, &format!("learner{number}@example.org"));
    }

    let found = messages(&service);
    assert_eq!(found.len(), 21);
    assert!(found.iter().all(|message| message["state"] != "done"));
    // It hangs up, so that the service need not wait for it at its own end.
    held.lock().unwrap().take();
}
