//! `badges serve --demo` on a machine where a port is taken.

use std::{fs, net::TcpListener};

use crate::{
    harness::{program, try_call},
    process::Process,
};

#[test]
fn a_demonstration_goes_on_at_another_port() {
    let folder = std::env::temp_dir().join(format!("badges-demonstration-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();

    for _ in 0..2 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = program();
        command.args(["--json", "serve", "--demo"]).env("BADGES_LISTEN", &free).current_dir(&folder);
        let (process, said) = Process::begin(command);
        let link = said["guests"][0]["link"].as_str().unwrap();
        let status = try_call(link, "GET", &[], None).map_or(0, |answer| answer.status);
        assert!(link.starts_with(&format!("http://{free}/")) && status == 200, "{status}: {said}");
        drop(process);
    }
    fs::remove_dir_all(folder).unwrap();
}
