//! The way to PostgreSQL where others could listen: TLS, with an authority of one's own.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::json;

use super::{cluster::Cluster, soon};
use crate::{
    certificates::certify,
    harness::{Service, record},
};

/// Gives a server what it shows of itself.
fn shows(cluster: &Cluster, from: &Path) {
    for (name, file) in [("certificate.pem", "server.crt"), ("key.pem", "server.key")] {
        let file = cluster.data.join(file);
        fs::copy(from.join(name), &file).unwrap();
        let owner = format!("--reference={}", cluster.data.display());
        for (program, how) in [("chown", owner.as_str()), ("chmod", "600")] {
            assert!(Command::new(program).arg(how).arg(&file).status().unwrap().success());
        }
    }
}

/// What `badges doctor` says of a database.
fn doctor(service: &Service, database: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
    command.args(["--json", "doctor"]).envs(service.environment().iter().cloned());
    command.env("BADGES_DATABASE", database).output().unwrap()
}

#[test]
fn a_database_is_believed_by_its_certificate_and_by_nothing_less() {
    let Some(cluster) = Cluster::start("TLS to PostgreSQL") else { return };
    let mut service = Service::start_on(Some(cluster.url.clone()), &[]);
    let badge = service.badge("astronaut", &json!({}));
    let named = service.postgresql().unwrap().replace("127.0.0.1", "localhost");
    let [ours, strange] = ["ours", "strange"].map(|name| service.folder().join(name));
    for folder in [&ours, &strange] {
        certify(folder, &["localhost"]);
    }
    shows(&cluster, &ours);
    let by = |folder: &Path| format!("?sslmode=verify-full&sslrootcert={}/authority.pem", folder.display());
    let refused = |database: &str, words: &str| {
        let output = doctor(&service, database);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(!output.status.success() && said.contains(words), "{said}");
    };

    let good = format!("{named}{}", by(&ours));
    refused(&good, "server does not support SSL, but SSL was required");
    cluster.sql("postgres", "ALTER SYSTEM SET ssl = on");
    cluster.sql("postgres", "DO $$ BEGIN PERFORM pg_reload_conf(); END $$");
    assert!(soon(|| doctor(&service, &good).status.success()), "{:?}", doctor(&service, &good));
    refused(&format!("{named}{}", by(&strange)), "SSL error");
    let elsewhere = format!("{}{}", service.postgresql().unwrap(), by(&ours));
    refused(&elsewhere, "does not match host name");

    service.restart_on(&good);
    service.award(&badge, "ada@example.org");
    let name = named.rsplit('/').next().unwrap();
    let asked = format!(
        "SELECT count(*) FILTER (WHERE ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE datname = '{name}' AND usename = 'badges'"
    );
    let seen =
        Command::new("psql").args([&format!("{}/postgres", cluster.url), "-qtAc", &asked]).output().unwrap();
    let seen = String::from_utf8(seen.stdout).unwrap();
    let (encrypted, all) = seen.trim().split_once('|').unwrap();
    assert!(encrypted == all && encrypted.parse::<u32>().unwrap() >= 2, "{seen}");
    // PostgreSQL's own programs go the same way.
    let file = service.folder().join("copy.backup").display().to_string();
    record(&service.command(&["--json", "backup", &file]));
}
