//! A whole installation from one database into the other and back: every row is the same row, every award verifies with
//! the same bytes, and what is not a whole export leaves nothing behind.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    harness::{Service, record},
    upkeep::{Elsewhere, problem},
};

impl Elsewhere<'_> {
    /// Where it is; it stays there, for the service to go on with.
    fn kept(mut self) -> String {
        self.database.take().unwrap_or_else(|| format!("{}/badges.db", self.folder))
    }

    fn is_empty(&self) -> bool {
        match &self.database {
            Some(url) => {
                let asked = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
                let done = Command::new("psql").args([url, "-Atqc", asked]).output().unwrap();
                String::from_utf8(done.stdout).unwrap().trim() == "0"
            }
            None => fs::read_dir(&self.folder).map_or(true, |mut files| files.next().is_none()),
        }
    }
}

/// The rows of each table; what an import sets anew is left out.
fn tables(file: &str) -> BTreeMap<String, Vec<String>> {
    let (mut tables, mut name) = (BTreeMap::<String, Vec<String>>::new(), String::new());
    for line in fs::read_to_string(file).unwrap().lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        if let Some(table) = value["table"].as_str() {
            name = table.to_owned();
            tables.entry(name.clone()).or_default();
        } else if value.is_array() && !line.contains("\"courier\"") {
            tables.get_mut(&name).unwrap().push(line.to_owned());
        }
    }
    tables
}

/// One of everything: a tree that was moved, a draft, a picture, awards of all states, a list, a merged past.
fn furnished() -> (Service, String, Vec<String>) {
    let service = Service::start();
    let owner = service.owner();
    let post =
        |path: &str, body: Value, status: u16| service.post_as(&owner, path, &body).expect(status).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let node =
        |name: &str| json!({"parent": service.organisation, "kind": "programme", "slug": name, "name": name});
    let (first, second) =
        (post("/api/v1/issuers", node("first"), 201), post("/api/v1/issuers", node("second"), 201));
    // A parent that is younger than its child.
    post(&format!("/api/v1/issuers/{}/move", text(&first["id"])), json!({"parent": second["id"]}), 200);
    let badge = service.badge("astronaut", &json!({"unique": true}));
    let other = service.badge_of(&text(&first["id"]), "other");
    let mut awards: Vec<String> = ["ada", "grace", "Zoë <b>", "\u{202e}odd"]
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let to = json!({"email": format!("person{at}@example.org"), "name": name});
            let request =
                json!({"badge": badge, "recipients": [to], "note": "Line\n\"two\"\t\u{1f680} \\ '"});
            text(&post("/api/v1/awards", request, 201)["awards"][0]["id"])
        })
        .collect();
    for (award, step) in awards.iter().zip(["revoke", "suspend"]) {
        post(&format!("/api/v1/awards/{award}/{step}"), json!({"reason": "a reason"}), 200);
    }
    let superseded =
        post(&format!("/api/v1/awards/{}/supersede", awards[2]), json!({"reason": "better"}), 201);
    awards.push(text(&superseded["awards"][0]["id"]));
    let later = json!({"badge": other, "email": "later@example.org", "issue_at": "2100-01-01T00:00:00Z"});
    post("/api/v1/awards", later, 201);
    let draft = json!({"content": {"name": "Next", "description": "", "criteria": {}}});
    service.send_as(&owner, "PUT", &format!("/api/v1/badges/{badge}/draft"), &draft).expect(200);
    let list: String = (0..700).map(|number| format!("p{number}@example.org\n")).collect();
    let bearer = format!("Bearer {owner}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    let path = format!("/api/v1/batches?badge={other}&mail=false");
    let batch =
        service.call("POST", &path, &headers, Some(format!("email\n{list}").into_bytes())).expect(202);
    let path = format!("/api/v1/batches/{}", text(&batch.json()["id"]));
    let done = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        service.get_as(&owner, &path).json()["state"] == "done"
    });
    assert!(done, "the batch comes to its end");
    // A token is signed once, and is the same from then on.
    service.get(&format!("/awards/{}/credential.jwt", awards[3])).expect(200);
    (service, badge, awards)
}

#[test]
fn an_installation_goes_into_the_other_database_and_back_row_by_row() {
    let (mut service, badge, awards) = furnished();
    let forms = ["credential.json", "credential.jwt", "badge"];
    let seen = |service: &Service| -> Vec<_> {
        let addresses = awards.iter().flat_map(|id| forms.map(|form| format!("/awards/{id}/{form}")));
        addresses.map(|address| service.get(&address)).map(|answer| (answer.status, answer.body)).collect()
    };
    let before = seen(&service);
    let file = |name: &str| service.folder().join(name).display().to_string();
    let (first, second, third) = (file("first.export"), file("second.export"), file("third.export"));

    let exported = record(&service.command(&["--json", "export", &first]));
    let sqlite = Elsewhere::sqlite(&service, "between");
    let imported = record(&sqlite.run(&["--json", "import", &first], &[]));
    record(&sqlite.run(&["--json", "export", &second], &[]));
    let alike = Elsewhere::new(&service, "back");
    record(&alike.run(&["--json", "import", &second], &[]));
    record(&alike.run(&["--json", "export", &third], &[]));

    assert_eq!(imported["rows"], exported["rows"]);
    assert_eq!((imported["keys"].as_u64(), imported["messages"].as_str()), (Some(1), Some("paused")));
    let (one, two, three) = (tables(&first), tables(&second), tables(&third));
    assert!(
        one.len() > 25 && one["awards"].len() > 700 && one["batch_refusals"].is_empty(),
        "{:?}",
        one.keys()
    );
    assert_eq!(one, two);
    assert_eq!(two, three);
    let key = fs::read_to_string(service.folder().join("key/seal.key")).unwrap();
    assert!(!fs::read_to_string(&first).unwrap().contains(key.trim()));
    let doctor = String::from_utf8(alike.run(&["--json", "doctor"], &[]).stdout).unwrap();
    assert!(!doctor.contains("\"ill\""), "{doctor}");
    assert!(problem(&sqlite.run(&["--json", "import", &first], &[])).contains("exists already"));
    // The service on the new database gives out the same bytes.
    let moved = alike.kept();
    drop(sqlite);
    service.restart_on(&moved);
    assert_eq!(seen(&service), before);
    let next = service.award(&badge, "next@example.org");
    service.get(&format!("/awards/{}/credential.json", next["id"].as_str().unwrap())).expect(200);
}

/// A service with an award, an export of it, and a place to import it to.
fn exported() -> (Service, String) {
    let service = Service::start();
    let badge = service.badge("astronaut", &json!({}));
    service.award(&badge, "ada@example.org");
    let file = service.folder().join("whole.export").display().to_string();
    record(&service.command(&["--json", "export", &file]));
    (service, file)
}

/// Nothing is imported from this text, for this reason.
#[track_caller]
fn refused(elsewhere: &Elsewhere<'_>, name: &str, text: &[u8], says: &str) {
    let file = elsewhere.service.folder().join(name).display().to_string();
    fs::write(&file, text).unwrap();
    let said = problem(&elsewhere.run(&["--json", "import", &file], &[]));
    assert!(said.contains(says), "{name}: {said}");
    assert!(elsewhere.is_empty(), "{name} leaves something behind");
}

#[test]
fn what_is_no_whole_export_is_refused_and_leaves_nothing_behind() {
    let (service, file) = exported();
    let whole = fs::read_to_string(&file).unwrap();
    let elsewhere = Elsewhere::new(&service, "target");
    let refused = |name: &str, text: &[u8], says: &str| refused(&elsewhere, name, text, says);

    let lines: Vec<&str> = whole.lines().collect();
    refused("cut", &whole.as_bytes()[..whole.len() - 30], "ends before its last line");
    refused(
        "short",
        format!("{}\n", lines[..lines.len() - 1].join("\n")).as_bytes(),
        "ends before its last line",
    );
    refused(
        "changed",
        whole.replacen("ada@example.org", "eve@example.org", 1).as_bytes(),
        "its checksum is another",
    );
    let without: Vec<&str> = lines.iter().copied().filter(|line| !line.contains("ada@example.org")).collect();
    refused("less", format!("{}\n", without.join("\n")).as_bytes(), "its checksum is another");
    refused("more", format!("{whole}more\n").as_bytes(), "its checksum is another");
    refused("foreign", b"PK\x03\x04 something else", "no file that `badges export` makes");
    refused("empty", b"", "no file that `badges export` makes");
    let (head, rest) = whole.split_once('\n').unwrap();
    let other = head.replace("\"badges_export\":1", "\"badges_export\":2");
    refused("newer", format!("{other}\n{rest}").as_bytes(), "has version 2");

    let imported = record(&elsewhere.run(&["--json", "import", &file], &[]));
    assert_eq!(imported["keys"], 1);
}

#[test]
fn nothing_is_imported_with_other_migrations_or_without_the_sealing_key() {
    let (service, file) = exported();
    let whole = fs::read_to_string(&file).unwrap();
    let elsewhere = Elsewhere::new(&service, "target");
    let (head, rest) = whole.split_once('\n').unwrap();
    // One that was written so, with a checksum that fits.
    let sealed = |head: String| {
        let text = format!("{head}\n{}", rest.rsplit_once("\n{").unwrap().0);
        let text = format!("{}\n", text.trim_end());
        let rows = text.lines().filter(|line| line.starts_with('[')).count();
        let hash: String = {
            use sha2::{Digest as _, Sha256};
            Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        format!("{text}{{\"end\":{rows},\"sha256\":\"{hash}\"}}\n")
    };
    let earlier = head.replace("\"20261122000001\",", "");
    assert_ne!(earlier, head);
    let says = "import it with the version that exported it";
    refused(&elsewhere, "earlier", sealed(earlier).as_bytes(), says);
    let other = Elsewhere::sqlite(&service, "other");
    let key = service.folder().join("other.key").display().to_string();
    let mut init = crate::harness::program();
    init.args(["init", "--organisation", "Other", "--owner", "o@example.org"]);
    init.env("BADGES_DATA", &other.folder).env("BADGES_KEY_FILE", &key).env("BADGES_LISTEN", "127.0.0.1:0");
    assert!(init.output().unwrap().status.success());
    let mut import = crate::harness::program();
    import.args(["--json", "import", &file]).envs(service.environment().iter().cloned());
    import.env("BADGES_DATA", &elsewhere.folder).env("BADGES_KEY_FILE", &key);
    if let Some(database) = &elsewhere.database {
        import.env("BADGES_DATABASE", database);
    }
    let said = problem(&import.output().unwrap());
    assert!(said.contains("bring back the file of that key"), "{said}");
    assert!(elsewhere.is_empty());
}

#[test]
fn what_is_read_twice_or_written_whole_is_a_file() {
    let (service, file) = exported();
    let elsewhere = Elsewhere::new(&service, "target");

    let mut import = elsewhere.command(&["--json", "import", "/dev/stdin"], &[]);
    let piped = fs::File::open(&file).unwrap();
    let mut source = Command::new("cat").stdin(piped).stdout(Stdio::piped()).spawn().unwrap();
    let output = import.stdin(source.stdout.take().unwrap()).output().unwrap();
    source.wait().unwrap();

    assert!(problem(&output).contains("read more than once"), "{output:?}");
    for verb in ["import", "restore"] {
        assert!(problem(&elsewhere.run(&["--json", verb, "-"], &[])).contains("name a file"), "{verb}");
    }
    for verb in ["export", "backup"] {
        assert!(problem(&service.command(&["--json", verb, "-"])).contains("name a file"), "{verb}");
    }
    assert!(elsewhere.is_empty());
}
