//! Source files as tidiness sees them: where they lie, which modules they name.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// One committed text.
pub struct Source {
    /// Its path from the root, with `/`.
    pub name: String,
    pub text: String,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Source {
    /// The text up to its unit tests.
    pub fn without_tests(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
    }

    /// The text without comments and unit tests.
    pub fn code(&self) -> String {
        let lines = self.without_tests().lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// The module of its crate in which it lies: `json` for `badges-core/src/json/reader.rs`.
    pub fn module(&self) -> Option<String> {
        let inside = self.name.split_once("/src/")?.1;
        let first = inside.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first).to_owned())
    }

    /// Every path that it names, those of `use` trees written out: `std::fs` from `use std::{fmt, fs};`.
    pub fn paths(&self) -> Vec<String> {
        let code = self.code();
        let mut paths = Vec::new();
        for (at, _) in code.match_indices("use ") {
            let starts = code.get(..at).is_none_or(|before| {
                before.trim_end_matches("pub(crate) ").ends_with(['\n', ' ']) || before.is_empty()
            });
            if let (true, Some(tree)) = (starts, code.get(at + 4..).and_then(|rest| rest.split(';').next())) {
                flatten("", tree, &mut paths);
            }
        }
        let names = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        paths.extend(names.filter(|name| name.contains("::")).map(|name| name.trim_matches(':').to_owned()));
        paths
    }
}

/// Whether `path` is `folder` or lies inside it.
pub fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The modules of a crate in reading order, as `lib.rs` and `main.rs` name them.
pub fn module_orders(name: &str) -> Vec<(String, Vec<String>)> {
    let entries = ["lib.rs", "main.rs"].map(|file| format!("{name}/src/{file}"));
    let texts =
        entries.into_iter().filter_map(|entry| Some((fs::read_to_string(root().join(&entry)).ok()?, entry)));
    let modules = |text: &str| {
        let names = text.lines().filter_map(|line| {
            let line = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
            Some(line.strip_prefix("mod ")?.split([';', ' ']).next()?.to_owned())
        });
        names.collect()
    };
    texts.map(|(text, entry)| (entry, modules(&text))).collect()
}

/// The Rust files under a folder of the project.
pub fn rust_files(folder: &str) -> Vec<Source> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    text_files()
        .into_iter()
        .filter(|file| file.name.ends_with(".rs") && file.name.starts_with(&prefix))
        .collect()
}

/// Every text of the project that is committed or would be.
pub fn text_files() -> Vec<Source> {
    let mut found = Vec::new();
    visit(root(), &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn visit(folder: &Path, found: &mut Vec<Source>) {
    let skipped = ["target", ".git", "node_modules", "__pycache__", "corpus", "artifacts"];
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if skipped.iter().any(|skip| path.ends_with(skip)) {
            continue;
        }
        if path.is_dir() {
            visit(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { name, text });
        }
    }
}

/// Writes out a `use` tree: `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`.
fn flatten(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        paths.push(format!("{prefix}{name}"));
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let group = group.trim().strip_suffix('}').unwrap_or(group);
    let (mut depth, mut start) = (0, 0);
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                flatten(&prefix, &group[start..at], paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !group[start..].trim().is_empty() {
        flatten(&prefix, &group[start..], paths);
    }
}
