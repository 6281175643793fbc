//! Every file of the folders of genuine and forged badges gets the verdict and the code that the table gives it
//! under each policy; a file that the table does not know fails, and so does a line without its file.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use badges_core::{
    bake::{self, ImageKind, Selection},
    did::{Documents, MemoryDocuments},
    json::{Limits, Profile, read},
    jsonld::Contexts,
    verify::{Options, Policy, Report, inspect},
};

use crate::vectors::Suite;

/// The time for which every verdict is asked.
const AT: &str = "2026-11-21T00:00:00Z";

/// What a file must be answered with: `verdict code`.
#[derive(serde::Deserialize)]
struct Answers {
    strict: String,
    /// As strict where it is absent.
    lenient: Option<String>,
}

type Table = BTreeMap<String, BTreeMap<String, Answers>>;

#[test]
fn attacks_on_json_ld_are_refused_and_the_genuine_are_not() {
    check("attacks-jsonld", &["interop-digitalbazaar"]);
}

#[test]
fn attacks_on_proofs_are_refused_and_the_genuine_are_not() {
    check("attacks-di", &[]);
}

#[test]
fn attacks_on_tokens_are_refused_and_the_genuine_are_not() {
    check("attacks-jwt", &[]);
}

#[test]
fn badges_of_digital_bazaar_get_their_verdicts() {
    check("interop-digitalbazaar", &["interop-digitalbazaar"]);
}

#[test]
fn badges_of_the_digital_credentials_consortium_get_their_verdicts() {
    check("dcc-verifier-core", &["dcc-verifier-core"]);
}

#[test]
fn badges_of_the_plugfests_get_their_verdicts() {
    check("jff-plugfest", &[]);
}

#[test]
fn badges_of_the_public_validator_get_their_verdicts() {
    check("1edtech-public-validator", &["1edtech-public-validator"]);
}

#[test]
fn badges_of_the_validator_core_get_their_verdicts() {
    check("1edtech-validator-core", &["1edtech-validator-core"]);
}

#[test]
fn images_of_mozilla_get_their_verdicts() {
    check("mozilla-backpack", &[]);
    check("mozilla-openbadges-bakery", &[]);
}

#[test]
fn the_workload_gets_its_verdicts() {
    check("workload", &["workload"]);
}

/// Judges every file of a folder, with the documents that stand in others at hand.
fn check(folder: &str, documents: &[&str]) {
    let Some(mut suite) = Suite::open(&format!("verdicts-{folder}"), folder) else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/conformance/verdicts.toml")).unwrap();
    let mut table: Table = toml::from_str(&table).unwrap();
    let mut expected = table.remove(folder).unwrap_or_default();
    let contexts = Contexts::new();
    let at_hand = supply(documents);

    for file in files(&suite.folder, "") {
        let bytes = suite.read(&file);
        let hosted = Hosted { id: id_of(&bytes), bytes: &bytes, others: &at_hand };
        let strict = Options::new(AT.parse().unwrap(), &contexts, &hosted);
        let lenient = Options { policy: Policy::Lenient, ..strict };
        let (strict, lenient) = (answer(&bytes, &strict), answer(&bytes, &lenient));
        let outcome = match expected.remove(&file) {
            Some(own) if own.strict == strict && own.lenient.as_ref().unwrap_or(&own.strict) == &lenient => {
                Ok(())
            }
            own => Err(format!(
                "strict = {strict:?}, lenient = {lenient:?}, not {:?}",
                own.map(|own| own.strict)
            )),
        };
        suite.check(&file, outcome);
    }
    suite.finish();
    assert!(expected.is_empty(), "in the table without a file: {:?}", expected.keys().collect::<Vec<_>>());
}

/// `verdict code` of one file; an image is opened first.
fn answer(bytes: &[u8], options: &Options<'_>) -> String {
    let short = |report: Report| format!("{} {}", report.verdict.as_str(), report.code);
    if ImageKind::sniff(bytes).is_none() {
        return short(inspect(bytes, options));
    }
    let selection = if options.policy == Policy::Lenient { Selection::Lenient } else { Selection::Strict };
    let chosen = match bake::extract(bytes, &bake::ImageLimits::default()) {
        Ok(found) => bake::choose(found, selection),
        Err(error) => {
            return format!("unopened {error:?}").split(['(', '{']).next().unwrap().trim().to_owned();
        }
    };
    match chosen {
        Ok(found) => short(inspect(found.text.as_bytes(), options)),
        Err(error) => format!("unopened {error:?}").split(['(', '{']).next().unwrap().trim().to_owned(),
    }
}

/// All files below a folder but the manifests and the answers.
fn files(root: &Path, below: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = Path::new(below).join(entry.file_name()).to_str().unwrap().to_owned();
        if entry.path().is_dir() {
            all.extend(files(root, &name));
        } else if !["MANIFEST.md", "expected.json", "expected-jwt.json"].contains(&name.as_str()) {
            all.insert(name);
        }
    }
    all
}

/// Every JSON document of the folders under its own `id`; where several have one, the one of that file name.
fn supply(folders: &[&str]) -> MemoryDocuments {
    let mut documents = BTreeMap::new();
    for folder in folders {
        let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(folder);
        for file in files(&root, "") {
            let bytes = fs::read(root.join(&file)).unwrap();
            let Some(id) = id_of(&bytes) else { continue };
            let named = id.rsplit('/').next() == file.rsplit('/').next();
            if named || !documents.contains_key(&id) {
                documents.insert(id, bytes);
            }
        }
    }
    let mut own = MemoryDocuments::new();
    documents.into_iter().for_each(|(id, bytes)| own.insert(id, bytes));
    own
}

fn id_of(bytes: &[u8]) -> Option<String> {
    let limits = Limits { profile: Profile::Any, ..Limits::default() };
    read(bytes, &limits).ok()?.as_object()?.text("id").map(str::to_owned)
}

/// An assertion of Open Badges 2.0 stands at its own address, which several files share.
struct Hosted<'d> {
    id: Option<String>,
    bytes: &'d [u8],
    others: &'d MemoryDocuments,
}

impl Documents for Hosted<'_> {
    fn document(&self, url: &str) -> Option<Cow<'_, [u8]>> {
        if self.id.as_deref() == Some(url) { Some(self.bytes.into()) } else { self.others.document(url) }
    }
}
