//! A full disk: awards are refused in words, nothing is half written, and all goes on once there is room.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use serde_json::json;

use super::{
    NO_QUOTA,
    cluster::Cluster,
    ledger::{Entry, Ledger},
    under_load,
};
use crate::{harness::Service, process::Process};

/// A small file system of its own.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("badges-disk-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"])
            .arg(&folder)
            .output()
            .is_ok_and(|done| done.status.success());
        if mounted {
            return Some(Self(folder));
        }
        fs::remove_dir(&folder).ok();
        println!("notice: disk full was not tried: a file system can be mounted by root alone");
        None
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        let mut block = vec![1; 1 << 16];
        while !block.is_empty() {
            if file.write_all(&block).is_err() {
                block.truncate(block.len() / 2);
            }
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
        fs::remove_dir(&self.0).ok();
    }
}

#[test]
fn a_full_disk_refuses_awards_in_words_and_takes_them_again_when_there_is_room() {
    let postgresql = std::env::var_os("BADGES_TEST_POSTGRESQL").is_some();
    let Some(disk) = SmallDisk::mount(if postgresql { "200m" } else { "24m" }) else { return };
    let cluster = postgresql.then(|| Cluster::start_within(disk.path()));
    let data = disk.path().join("data").display().to_string();
    let service = Service::start_on(
        cluster.as_ref().map(|cluster| cluster.url.clone()),
        &[NO_QUOTA, ("BADGES_DATA", &data)],
    );
    let badge = service.badge("astronaut", &json!({}));
    let (process, ledger, token) = (Process::start(&service), Ledger::default(), service.owner());
    let full = || ledger.statuses.lock().unwrap().get(&507).copied().unwrap_or_default();

    under_load(&service, &[&process.base], &badge, "before", &ledger, || {
        thread::sleep(Duration::from_millis(500));
        disk.fill();
        // Files that are there already have some room left in them.
        for _ in 0..200 {
            thread::sleep(Duration::from_millis(50));
            if full() > 20 {
                return;
            }
        }
    });
    assert!(full() > 20, "{:?}", ledger.statuses);
    for path in ["/healthz", "/badges", "/verify"] {
        service.get(&format!("{}{path}", process.base)).expect(200);
    }
    disk.make_room();

    let entry = ledger.ask(&process.base, &token, &badge, "after@example.org", Some("after"));
    assert!(matches!(entry, Some(Entry::Acknowledged(_))), "{entry:?}");
    ledger.entries.lock().unwrap().insert("after@example.org".to_owned(), entry.unwrap());
    ledger.settle(&process.base, &token, &badge);
    ledger.sum("a full disk");
    assert_eq!(ledger.check(&service, &process.base, &badge), Vec::<String>::new());
}
