//! Holds the layout that ARCHITECTURE.md describes, and the habits that no compiler knows.

#[path = "tidy/source.rs"]
mod source;

use std::{collections::BTreeSet, fs};

use source::{Source, root, rust_files, text_files};

/// The longest that a file may be, without its tests.
const LONGEST: usize = 400;

/// What the core may not touch: the outside world is the caller's.
const OUTSIDE_WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "getrandom",
    "rand",
    "rand_core::OsRng",
    "tokio",
];

#[test]
fn no_file_passes_400_lines() {
    let long: Vec<_> =
        rust_files("").into_iter().filter(|file| file.without_tests().lines().count() > LONGEST).collect();

    assert!(long.is_empty(), "split these files: {long:?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> = rust_files("").into_iter().filter(|file| !file.text.starts_with("//! ")).collect();

    assert!(silent.is_empty(), "these start without a sentence: {silent:?}");
}

#[test]
fn modules_use_only_those_above_them() {
    let mut backward = Vec::new();

    for name in ["badges-core", "badges-server"] {
        for (entry, order) in source::module_orders(name) {
            for file in rust_files(&format!("{name}/src")) {
                let Some(own) = order.iter().position(|module| Some(module) == file.module().as_ref()) else {
                    continue;
                };
                for used in file.paths().iter().filter_map(|path| path.strip_prefix("crate::")) {
                    let used = used.split("::").next().unwrap();
                    if order.iter().position(|module| module == used).is_some_and(|place| place > own) {
                        backward.push(format!("{file:?} uses `{used}`, which stands below it in {entry}"));
                    }
                }
            }
        }
    }

    assert!(backward.is_empty(), "{}", backward.join("\n"));
}

#[test]
fn the_core_touches_nothing_outside() {
    let mut found = Vec::new();

    for file in rust_files("badges-core/src") {
        for path in file.paths() {
            if OUTSIDE_WORLD.iter().any(|forbidden| source::within(&path, forbidden)) {
                found.push(format!("{file:?} uses `{path}`"));
            }
            if source::within(&path, "serde_json::Value") && file.module().as_deref() != Some("jsonld") {
                found.push(format!("{file:?} uses `{path}`: the tree of the core is `json::Json`"));
            }
        }
        if file.code().contains("async ") {
            found.push(format!("{file:?} is asynchronous"));
        }
    }

    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn baking_knows_images_and_text_only() {
    let mut found = Vec::new();

    for file in rust_files("badges-core/src").iter().filter(|file| file.module().as_deref() == Some("bake")) {
        let paths = file.paths();
        let foreign =
            paths.iter().filter(|path| source::within(path, "crate") && !source::within(path, "crate::bake"));
        found.extend(foreign.map(|path| format!("{file:?} uses `{path}`")));
    }

    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_the_service_serves_and_stores() {
    let mut found = Vec::new();

    for file in rust_files("").iter().filter(|file| !file.name.starts_with("badges-server/")) {
        let paths = file.paths();
        let service = |path: &&String| source::within(path, "actix_web") || source::within(path, "diesel");
        found.extend(paths.iter().filter(service).map(|path| format!("{file:?} uses `{path}`")));
    }

    // An example may show the library inside another service; that service is not ours.
    // A test of rights looks into the tables, for traces that the service would not tell of; a measurement of load
    // has a server that does nothing beside ours.
    let apart = ["examples/", "tests/load/empty.rs", "tests/service/matrix/trace.rs"];
    found.retain(|line| !apart.iter().any(|place| line.starts_with(place)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_address_stands_in_a_table_behind_the_guard() {
    let registering = [
        "web::resource(",
        "web::scope(",
        "web::route(",
        "web::get(",
        "web::post(",
        "web::put(",
        "web::patch(",
        "web::delete(",
        "web::method(",
        ".route(",
        "#[get(",
        "#[post(",
        "#[put(",
        "#[patch(",
        "#[delete(",
        "#[route(",
    ];
    // The last is the operator's own address, which no visitor reaches.
    let allowed =
        ["auth/guard.rs", "routes.rs", "ops/page.rs"].map(|file| format!("badges-server/src/{file}"));
    let tables = fs::read_to_string(root().join("badges-server/src/api.rs")).unwrap();
    let mut found = Vec::new();

    for file in rust_files("badges-server/src").iter().filter(|file| !allowed.contains(&file.name)) {
        let code = file.code();
        let calls = registering.iter().filter(|call| code.contains(**call));
        found.extend(calls.map(|call| format!("{file:?} calls `{call}`")));
        if code.contains("const ROUTES: &[Route]") && !file.name.ends_with("src/api.rs") {
            let module =
                file.name.trim_start_matches("badges-server/src/").trim_end_matches(".rs").replace('/', "::");
            // A capability may hand on the table of one of its files.
            let capability = module.split("::").next().unwrap();
            if ![module.as_str(), capability]
                .iter()
                .any(|name| tables.contains(&format!("    {name}::ROUTES,\n")))
            {
                found.push(format!("{file:?} has a table that is not among the TABLES of api.rs"));
            }
        }
    }

    assert!(
        found.is_empty(),
        "each address is a `route!` in a table of its capability:\n{}",
        found.join("\n")
    );
}

#[test]
fn only_the_guarded_fetcher_makes_connections() {
    let mut found = Vec::new();

    // What the operator named has a client of its own, which no document or user has a say in.
    let allowed = [Some("verifier"), Some("upstream")];
    for file in
        rust_files("badges-server/src").iter().filter(|file| !allowed.contains(&file.module().as_deref()))
    {
        let clients = [
            "reqwest",
            "tokio::net",
            "std::net::TcpStream",
            "std::net::ToSocketAddrs",
            "std::net::UdpSocket",
        ];
        let out = |path: &&String| clients.iter().any(|client| source::within(path, client));
        found.extend(file.paths().iter().filter(out).map(|path| format!("{file:?} uses `{path}`")));
    }

    assert!(found.is_empty(), "addresses of strangers go through `verifier::Fetcher`:\n{}", found.join("\n"));
}

#[test]
fn nothing_of_one_machine_is_committed() {
    let hosts =
        ["registry.npmjs", "pypi.", "pythonhosted.", "static.crates.", "index.crates.", "deb.debian."];
    let places = ["root", "home", "work", "Users"].map(|folder| format!("/{folder}/"));
    let mut found = Vec::new();

    for Source { name, text } in text_files() {
        for (number, line) in text.lines().enumerate() {
            let machine = places.iter().any(|place| starts_a_path(line, place));
            let registry = hosts
                .iter()
                .any(|host| line.contains(&format!("{host}org")) || line.contains(&format!("{host}io")));
            if (machine || registry) && name != "tests/tidy.rs" {
                found.push(format!("{name}:{}: {line}", number + 1));
            }
        }
    }

    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    let marks = ["TODO", "FIXME", "XXX", "HACK"];
    let mut found = Vec::new();

    for Source { name, text } in text_files() {
        for (number, line) in text.lines().enumerate() {
            let mut words = line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty())
                .peekable();
            while let Some(word) = words.next() {
                let tracker = word.eq_ignore_ascii_case("issue")
                    && words.peek().is_some_and(|next| next.bytes().all(|b| b.is_ascii_digit()));
                if (marks.contains(&word) || tracker) && name != "tests/tidy.rs" {
                    found.push(format!("{name}:{}: {line}", number + 1));
                }
            }
        }
    }

    assert!(found.is_empty(), "say the reason here, not in a tracker:\n{}", found.join("\n"));
}

#[test]
fn every_member_has_the_lints_of_the_workspace() {
    for manifest in ["badges-core/Cargo.toml", "badges-server/Cargo.toml"] {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        let manifest: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(manifest["lints"]["workspace"], toml::Value::Boolean(true));
    }
}

#[test]
fn the_top_level_is_the_floor_plan() {
    let plan = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let plan = plan.split("```").nth(1).expect("ARCHITECTURE.md has a floor plan in a code block");
    let names = plan.lines().filter(|line| !line.starts_with([' ', '\n'])).flat_map(|line| {
        let names = line.split("  ").next().unwrap_or_default();
        names.split_whitespace().map(|name| name.trim_end_matches('/').to_owned()).collect::<Vec<_>>()
    });
    let planned: BTreeSet<String> = names.filter(|name| name != "text").collect();

    let entries =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> =
        entries.filter(|name| ![".git", "target"].contains(&name.as_str())).collect();

    assert_eq!(found, planned, "the top level (left) and the floor plan of ARCHITECTURE.md (right)");

    for name in ["badges-core", "badges-server"] {
        let (_, order) = source::module_orders(name).into_iter().next().unwrap();
        let files: Vec<_> = order.iter().map(|module| format!("src/{module}.rs")).collect();
        let planned = entries_of(plan, name);
        let modules = planned.iter().filter(|path| path.starts_with("src/")).skip(1).cloned();

        assert_eq!(files, modules.collect::<Vec<_>>(), "modules of {name} (left) and the floor plan (right)");
        for path in planned {
            assert!(root().join(name).join(&path).exists(), "the floor plan names {name}/{path}");
        }
    }
    let found: BTreeSet<_> = fs::read_dir(root().join("tests"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "__pycache__")
        .collect();
    assert_eq!(
        found,
        entries_of(plan, "tests").into_iter().collect(),
        "tests (left) and the floor plan (right)"
    );
}

/// What the plan lists under an entry of the top level.
fn entries_of(plan: &str, name: &str) -> Vec<String> {
    let under = plan.lines().skip_while(|line| line.split_whitespace().next() != Some(name)).skip(1);
    let lines = under.take_while(|line| line.starts_with("  "));
    lines.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

fn starts_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-/}".contains(c))
    })
}
