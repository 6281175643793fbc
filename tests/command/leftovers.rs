//! What a run leaves behind: nothing but what it was asked for.

use std::fs;

use crate::place::Place;

#[test]
fn a_folder_for_nothing_goes_again() {
    let place = Place::furnished("leftovers-folder");
    let before = place.names(".");
    let issue = "issue --key key.json --template template.toml --to a@b.example";
    let kept = |files: &[&str]| {
        let mut names = before.clone();
        names.extend(files.iter().map(|name| (*name).to_owned()));
        names.sort();
        assert_eq!(place.names("."), names);
    };

    place.run(&format!("{issue} --proof jwt --out new/deep/out")).failed(1, &["recipient's id"]);
    kept(&[]);
    fs::create_dir(place.path("own")).unwrap();
    place.run(&format!("{issue} --proof jwt --out own/out")).failed(1, &[]);
    place.run(&format!("{issue} --proof jwt --out own")).failed(1, &[]);
    kept(&["own"]);
    assert!(place.names("own").is_empty());
    place.run(&format!("{issue} --out new/deep/out")).done();
    assert_eq!(place.names("new/deep/out").len(), 1);
    place.run(&format!("{issue} --out key.json")).failed(2, &["key.json is a file, and a folder is needed"]);
    place.run(&format!("{issue} --out key.json/deep")).failed(2, &["key.json is a file"]);
    assert!(place.path("key.json").is_file());
}

#[test]
fn one_badge_goes_to_standard_output() {
    let place = Place::furnished("leftovers-standard");
    place.write("one.csv", "email\na@b.example\n");
    place.write("two.csv", "email\na@b.example\nc@d.example\n");
    let before = place.names(".");
    let issue = "issue --key key.json --template template.toml --out -";

    for arguments in ["--to did:example:ada", "--csv one.csv", "--to did:example:ada --proof jwt --json"] {
        let run = place.run(&format!("{issue} {arguments}")).done();

        let piped = place.feed("verify - --json", run.out.as_bytes()).done();
        assert_eq!(piped.answers()[0]["verdict"], "valid", "{arguments}");
        assert!(run.err.is_empty(), "{run:#?}");
    }
    place.run(&format!("{issue} --csv two.csv")).failed(2, &["--out -", "2 rows", "name a folder"]);
    for picture in ["--image plain.png", "--image plain.svg --format svg", "--format png"] {
        let run = place.run(&format!("{issue} --to did:example:ada {picture}"));
        run.failed(2, &["--out -", "picture", "name a folder"]);
    }
    let refused = place.run(&format!("{issue} --to a@b.example --proof jwt")).failed(1, &["recipient's id"]);
    assert!(refused.out.is_empty(), "{refused:#?}");
    let dry = place.run(&format!("{issue} --to did:example:ada --dry-run --json")).done();
    assert_eq!(dry.answers()[0]["outcome"], "would_be_issued");
    assert_eq!(place.names("."), before);
}

#[test]
fn what_a_killed_run_has_left_is_tidied_by_the_next() {
    let place = Place::furnished("leftovers-part");
    let list = "status new --key key.json --id https://hive.example/1 -o list.json";
    place.write(".list.json.part", "half a li");
    place.write(".new.json.part", "half a key");

    place.run(list).done();
    place.run("keys new new.json").done();
    place.write(".list.json.part", "half a li");
    place.run("status set list.json 1 1 --key key.json").done();

    place.run("status get list.json 1").done();
    assert!(!place.names(".").iter().any(|name| name.ends_with(".part")), "{:?}", place.names("."));
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, symlink};
        assert_eq!(place.path("new.json").metadata().unwrap().mode() & 0o777, 0o600);
        place.write("precious.txt", "precious");
        symlink("precious.txt", place.path(".other.json.part")).unwrap();
        place.run("keys new other.json").failed(2, &["in the way"]);
        assert_eq!(place.text("precious.txt"), "precious");
    }
}

#[test]
fn a_run_that_still_writes_is_left_in_peace() {
    let place = Place::furnished("leftovers-busy");
    place.write(".new.json.part", "being written");
    let other = fs::File::options().write(true).open(place.path(".new.json.part")).unwrap();
    other.lock().unwrap();

    place.run("keys new new.json").failed(2, &["another run is just writing new.json", "wait"]);

    assert_eq!(place.text(".new.json.part"), "being written");
    drop(other);
    place.run("keys new new.json").done();
}
