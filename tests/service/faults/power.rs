//! Power cuts: what was never synced is gone, as a disk with a cache leaves it, and the server starts from the rest.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use serde_json::json;

use super::{NO_QUOTA, a_while, ledger::Ledger, rounds, soon, under_load};
use crate::{harness::Service, process::Process};

/// What SQLite keeps beside its file; the index of the log is made anew from it.
const FILES: [&str; 2] = ["badges.db", "badges.db-wal"];

/// The library that keeps what was synced; none, with a notice, without a C compiler.
fn disk_with_a_cache(folder: &Path) -> Option<PathBuf> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/service/faults/lying_disk.c");
    let library = folder.join("disk.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Some(library);
    }
    println!("notice: power cuts were not tried: there is no C compiler");
    None
}

fn durable(file: &Path) -> PathBuf {
    file.with_file_name(format!("{}.durable", file.file_name().unwrap().to_str().unwrap()))
}

/// What is on the disk now is there for good.
fn settled(data: &Path) {
    for file in FILES.map(|name| data.join(name)) {
        fs::remove_file(durable(&file)).ok();
        if file.exists() {
            fs::copy(&file, durable(&file)).unwrap();
        }
    }
}

/// The power fails: of each file there is what was synced last.
fn cut(data: &Path) {
    fs::remove_file(data.join("badges.db-shm")).ok();
    for file in FILES.map(|name| data.join(name)) {
        fs::remove_file(&file).ok();
        if durable(&file).exists() {
            fs::copy(durable(&file), &file).unwrap();
        }
    }
}

/// Rounds of load, each ended by a power cut; then what is wrong. None where that cannot be tried.
fn cuts(rounds: usize, disk_lies: bool) -> Option<Vec<String>> {
    let mut service = Service::start_on(None, &[NO_QUOTA]);
    let library = disk_with_a_cache(service.folder())?;
    let data = service.folder().join("data");
    let badge = service.badge("astronaut", &json!({}));
    let ledger = Ledger::default();
    // Nobody else has the files open when they change under them: who closes them last takes the log away.
    service.stop();
    assert!(soon(|| !data.join("badges.db-wal").exists()));

    let (library, folder) = (library.display().to_string(), data.display().to_string());
    let mut settings = vec![("LD_PRELOAD", library.as_str()), ("DISK_FOLDER", folder.as_str())];
    if disk_lies {
        settings.push(("DISK_LIES", "yes"));
    }
    for round in 0..rounds {
        settled(&data);
        let process = Process::start_with(&service, &settings);
        let base = process.base.clone();
        under_load(&service, &[&base], &badge, &format!("round{round}"), &ledger, || {
            let before = ledger.acknowledged();
            soon(|| ledger.acknowledged() > before + 5);
            thread::sleep(a_while(round));
            process.kill();
        });
        cut(&data);
    }
    let process = Process::start(&service);
    ledger.settle(&process.base, &service.owner(), &badge);
    let wrong = ledger.check(&service, &process.base, &badge);
    ledger.sum(&format!("{rounds} power cuts{}", if disk_lies { " of a disk that lies" } else { "" }));
    Some(wrong)
}

#[test]
fn a_power_cut_takes_nothing_that_was_acknowledged() {
    if std::env::var_os("BADGES_TEST_POSTGRESQL").is_some() {
        println!("notice: power cuts are tried on SQLite");
        return;
    }
    if let Some(wrong) = cuts(rounds(), false) {
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn the_checker_sees_a_disk_that_says_yes_before_it_has_written() {
    if std::env::var_os("BADGES_TEST_POSTGRESQL").is_some() {
        println!("notice: power cuts are tried on SQLite");
        return;
    }
    if let Some(wrong) = cuts(1, true) {
        assert!(wrong.iter().any(|line| line.ends_with("was acknowledged and is gone")), "{wrong:?}");
    }
}
