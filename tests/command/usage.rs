//! Help, completions, manual pages and wrong usage.

use std::process::Command;

use crate::place::Place;

const VERBS: [&str; 10] =
    ["keys", "issue", "endorse", "verify", "inspect", "bake", "unbake", "status", "completions", "man"];

#[test]
fn help_shows_an_example_before_anything_else() {
    let place = Place::new("help");
    let nested = ["keys new", "keys import", "keys show", "status new", "status set", "status get"];

    for verb in VERBS.into_iter().chain(nested) {
        let run = place.run(&format!("help {verb}")).done();

        let example = run.out.find("Example:").unwrap_or_else(|| panic!("{verb}: {}", run.out));
        let usage = run.out.find("Usage:").unwrap_or_else(|| panic!("{verb}: {}", run.out));
        assert!(example < usage, "{verb}: {}", run.out);
        assert_eq!(run.out.matches("Example:").count(), 1, "{verb}");
        let shown = format!("\n  badges {verb}");
        assert!(run.out.contains(&shown) || !verb.contains(' ') && run.out.contains("\n  badges "), "{verb}");
    }
}

#[test]
fn the_whole_help_lists_every_verb_and_the_exit_codes() {
    let place = Place::new("help-all");

    let run = place.run("--help").done();

    for verb in VERBS {
        assert!(run.out.contains(&format!("\n  {verb} ")), "{verb}: {}", run.out);
    }
    assert!(run.out.contains("Exit codes:"), "{}", run.out);
}

#[test]
fn wrong_usage_ends_with_2_before_any_file_is_read() {
    let place = Place::new("usage");

    place.run("").failed(2, &["Usage: badges"]);
    place.run("frobnicate").failed(2, &["frobnicate", "--help"]);
    place.run("verify").failed(2, &["<FILE>"]);
    place.run("verify absent.json --frob").failed(2, &["--frob"]);
    place.run("verify absent.json --policy loose").failed(2, &["strict", "lenient"]);
    place.run("verify absent.json --require-trust").failed(2, &["--trust"]);
    place.run("verify absent.json --max-size many").failed(2, &["--max-size"]);
    place.run("issue --key k.json --template t.toml --out d").failed(2, &["--to", "--csv"]);
    place.run("issue --key k --template t --out d --to a@b --csv f").failed(2, &["cannot be used with"]);
    place.run("keys new k.json --alg RS256").failed(2, &["EdDSA", "ES256"]);
    place.run("status set list.json 4 many --key k.json").failed(2, &["many"]);
    place.run("status get list.json 4 --bits 17").failed(2, &["--bits: 17"]);
    place
        .run("issue --key k.json --template t.toml --to a@b.example --out d --format png")
        .failed(2, &["--image"]);
}

#[test]
fn completions_and_manual_pages_know_every_verb() {
    let place = Place::new("documentation");

    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = place.run(&format!("completions {shell}")).done();
        for verb in VERBS {
            assert!(run.out.contains(verb), "{shell}: {verb}");
        }
    }
    place.run("man pages/man1").done();

    let names = place.names("pages/man1");
    for page in ["badges.1", "badges-verify.1", "badges-keys-new.1", "badges-status-set.1"] {
        assert!(names.contains(&page.to_owned()), "{names:?}");
    }
    let page = place.text("pages/man1/badges-verify.1");
    assert!(page.contains("badges verify badge.png"));
    assert!(page.contains("\n.SH EXAMPLES\n.nf\n") && !page.contains("EXTRA"), "{page}");
    let title = page.lines().find(|line| line.starts_with(".TH")).unwrap();
    assert!(title.contains(&format!("badges {}", env!("CARGO_PKG_VERSION"))), "{title}");
    assert!(page.contains("<FILE>"), "the synopsis names the values: {page}");
    assert!(!place.text("pages/man1/badges.1").contains("help(1)"));
}

#[test]
fn bash_offers_files_where_a_file_belongs() {
    let place = Place::new("completions-bash");
    place.write("badges.bash", place.run("completions bash").done().out);
    let offered = |words: &str, last: &str| {
        let script = format!(
            "source badges.bash; COMP_WORDS=({words} '{last}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _badges_or_files badges '{last}' x; echo ${{COMPREPLY[@]}}; complete -p badges"
        );
        let bash = Command::new("bash").args(["-c", &script]).current_dir(place.path("")).output();
        let bash = bash.unwrap();
        let out = String::from_utf8_lossy(&bash.stdout);
        let (words, how) = out.split_once('\n').unwrap_or_else(|| panic!("{bash:?}"));
        assert!(how.contains("-o default") && how.contains("_badges_or_files"), "{how}");
        words.to_owned()
    };

    assert_eq!(offered("badges verify", ""), "", "and so bash offers files");
    assert_eq!(offered("badges keys show", ""), "");
    assert!(offered("badges verify", "--tr").contains("--trust"));
    assert!(offered("badges", "").contains("verify"));
    assert!(offered("badges keys", "").contains("import"));
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = Place::new("version").run("--version").done();

    assert_eq!(run.out, format!("badges {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_contract_names_every_option_and_no_other() {
    let place = Place::new("contract");
    let contract = include_str!("../../specs/command.md");
    let synopsis = contract.split("```").nth(1).unwrap();
    let mut verbs: Vec<(String, String)> = Vec::new();
    for line in synopsis.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("badges ") {
            Some(rest) => {
                let name = |word: &&str| {
                    !word.starts_with('-') && word.chars().all(|c| c.is_lowercase() || c == '-')
                };
                let words = rest.split_whitespace().take_while(name);
                verbs.push((words.collect::<Vec<_>>().join(" "), line.to_owned()));
            }
            None => verbs.last_mut().unwrap().1.push_str(line),
        }
    }
    assert_eq!(verbs.len(), 28);
    let options = |text: &str| {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let mut options: Vec<_> =
            words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect();
        options.sort();
        options.dedup();
        options
    };

    for (verb, line) in verbs {
        let help = place.run(&format!("help {verb}")).done().out;

        let listed = help.lines().filter(|line| line.trim_start().starts_with('-'));
        let listed = listed.map(|line| line.trim_start().split("  ").next().unwrap_or_default());
        let mut listed = options(&listed.collect::<Vec<_>>().join(" "));
        listed.retain(|option| !["--json", "--help", "--out"].contains(&option.as_str()));
        let mut named = options(&line);
        named.retain(|option| option != "--out");
        assert_eq!(listed, named, "{verb}");
    }
}

/// Both databases are in the program; only TLS to one of them is the system's, where it was asked for.
#[test]
#[cfg(target_os = "linux")]
fn the_command_needs_no_library_beyond_those_of_every_system() {
    let listed = Command::new("ldd").arg(env!("CARGO_BIN_EXE_badges")).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut known = vec!["linux-vdso.", "ld-linux", "libc.", "libm.", "libgcc_s."];
    if cfg!(feature = "postgresql-tls") {
        known.extend(["libssl.", "libcrypto."]);
    }

    let names =
        listed.lines().map(|line| line.split_whitespace().next().unwrap().rsplit('/').next().unwrap());
    let foreign: Vec<_> = names.filter(|name| !known.iter().any(|known| name.starts_with(known))).collect();
    assert!(foreign.is_empty() && listed.contains("libc."), "{listed}");
}
