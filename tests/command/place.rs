//! A folder of its own for each test, and the command run in it.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

pub(crate) struct Place(PathBuf);

/// What one run answered.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// An empty folder; the name must be the test's own.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// The names of the files in a folder, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs `badges` on arguments separated by spaces, here.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.feed(arguments, b"")
    }

    /// The same with something on standard input.
    pub(crate) fn feed(&self, arguments: &str, input: &[u8]) -> Run {
        let arguments: Vec<_> = arguments.split_whitespace().collect();
        self.feed_each(&arguments, input)
    }

    fn feed_each(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_badges"))
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // The command may end before it has read all.
        let feeder = std::thread::spawn(move || stdin.write_all(&input).ok());
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Run {
    /// Passes on a run that ended well.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// A run that ended with this code and said this on standard error, with a remedy, and no more than a line.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        for said in said {
            assert!(self.err.contains(said), "standard error lacks {said:?}: {self:#?}");
        }
        assert!(!self.err.contains("panicked"), "{self:#?}");
        self
    }

    /// The answers of `--json`, one a line.
    #[track_caller]
    pub(crate) fn answers(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.out.lines().map(parse).collect()
    }
}

/// A template that makes a badge.
pub(crate) const TEMPLATE: &str = r#"
[issuer]
name = "Hive Chicago"
url = "https://hive.example"

[achievement]
id = "https://hive.example/badges/astronaut"
name = "Astronaut"
description = "Knows how to leave the planet."
criteria = "Built a rocket and flew it."
"#;

/// A PNG of one grey pixel.
pub(crate) const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\nIDAT\x78\x9c\x63\x68\0\0\0\x82\0\x81\x77\xcd\x72\xb6\0\0\0\0IEND\xae\x42\x60\x82";

pub(crate) const SVG: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg"><title>a</title><circle r="9"/></svg>"#;

impl Place {
    /// A place with a key, a template and pictures.
    pub(crate) fn furnished(name: &str) -> Self {
        let place = Self::new(name);
        place.run("keys new key.json").done();
        place.write("template.toml", TEMPLATE);
        place.write("plain.png", PNG);
        place.write("plain.svg", SVG);
        place
    }

    /// Issues to one recipient with these further arguments, and gives the file.
    #[track_caller]
    pub(crate) fn issue(&self, arguments: &str) -> String {
        let key = if arguments.contains("--key") { "" } else { "--key key.json" };
        let run = self.run(&format!("issue {key} --template template.toml --json {arguments}")).done();
        run.answers()[0]["file"].as_str().unwrap().to_owned()
    }

    /// The only report of `badges verify --json` with these arguments.
    #[track_caller]
    pub(crate) fn verify(&self, arguments: &str) -> Value {
        let run = self.run(&format!("verify --json {arguments}"));
        let answers = run.answers();
        assert_eq!(answers.len(), 1, "{run:#?}");
        let verdict = answers[0]["verdict"].as_str().unwrap();
        let code = match verdict {
            "valid" => 0,
            "undecided" | "unsupported" => 2,
            _ => 1,
        };
        assert_eq!(run.code, code, "{run:#?}");
        answers[0].clone()
    }
}
