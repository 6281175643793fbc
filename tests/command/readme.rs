//! The README's own words, run as they stand there.

use std::{env, fs, os::unix::fs::symlink, path::Path, process::Command};

use crate::place::Place;

#[test]
fn the_commands_of_the_readme_do_what_it_says() {
    let place = Place::new("readme");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for file in ["astronaut.toml", "astronaut.png", "class.csv"] {
        place.write(&format!("examples/{file}"), fs::read(root.join("examples").join(file)).unwrap());
    }
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shared = root.join("../shared");
    let blocks = blocks.filter(|block| block.contains("badges "));
    let blocks: Vec<_> = blocks.filter(|block| shared.exists() || !block.contains("../shared")).collect();
    assert!(blocks.len() >= 2);
    if shared.exists() && !place.path("../shared").exists() {
        symlink(shared.canonicalize().unwrap(), place.path("../shared")).unwrap();
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_badges")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), env::var("PATH").unwrap());

    for block in blocks {
        let run =
            Command::new("sh").args(["-ec", block]).current_dir(place.path("")).env("PATH", &path).output();
        let run = run.unwrap();
        assert!(run.status.success(), "{block}\n{}", String::from_utf8_lossy(&run.stderr));
    }

    assert_eq!(place.verify("ada.png --recipient ada@example.org")["verdict"], "valid");
    assert_eq!(place.verify("ada.png --recipient eve@example.org")["verdict"], "invalid");
    let names = place.names("class");
    assert_eq!(names.len(), 2);
    let ada = names.iter().find(|name| name.starts_with("ada-")).unwrap();
    assert_eq!(place.verify(&format!("class/{ada} --documents published"))["verdict"], "revoked");
}
