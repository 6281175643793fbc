//! Names that look like settings and are none, in the environment or the file.

use toml::{Table, Value};

use super::{
    Config,
    settings::{OF_PROVIDER, SETTINGS, variable},
};

/// How our variables begin.
const PREFIX: &str = "BADGES_";
/// How alike a name must be to be meant, from 0 to 1.
const ALIKE: f64 = 0.8;

impl Config {
    /// What is said of each variable that begins like ours and sets nothing. Those of our tests are theirs.
    pub(crate) fn strange(&self, variables: impl Iterator<Item = String>) -> Vec<String> {
        let of_provider = self
            .oidc
            .providers
            .iter()
            .flat_map(|key| OF_PROVIDER.iter().map(move |setting| variable(&setting.of(key))));
        let known: Vec<String> = SETTINGS.iter().map(|one| one.variable()).chain(of_provider).collect();
        let mut strange: Vec<String> = variables
            .filter(|name| name.starts_with(PREFIX) && !name.starts_with("BADGES_TEST_"))
            .filter(|name| !known.contains(name))
            .collect();
        strange.sort();
        strange.into_iter().map(|name| said(&name, &known)).collect()
    }
}

fn said(name: &str, known: &[String]) -> String {
    // Where all of them begin alike, that says nothing.
    let meant = meant(name, known.iter().map(String::as_str), |own| own.trim_start_matches(PREFIX));
    format!(
        "{name} is set in the environment and is no setting{meant}: take it away, or write its name right"
    )
}

/// What is said of a name in the file that is none, with the table that it stands in.
pub(super) fn unknown(name: &str, file: &Table) -> String {
    let (place, known) = sections(file)
        .into_iter()
        .find(|(section, own, known)| own.contains_key(name) && !known.contains(&within(section, name)))
        .map_or_else(|| (name.to_owned(), Vec::new()), |(section, _, known)| (within(&section, name), known));
    // A provider's names are like no others; what stands elsewhere may have been meant for another table.
    let of_provider = place.matches('.').count() > 1;
    let all = if of_provider { known } else { SETTINGS.iter().map(|one| one.name.to_owned()).collect() };
    let last = |own: &str| own.rfind('.').map_or(0, |dot| dot + 1);
    let meant = meant(name, all.iter().map(String::as_str), |own| own.get(last(own)..).unwrap_or(own));
    format!("{place} is no setting{meant}: take it out, or write its name right")
}

/// The tables of the file by name, with the settings that may stand in each.
fn sections(file: &Table) -> Vec<(String, &Table, Vec<String>)> {
    let known = || SETTINGS.iter().map(|one| one.name.to_owned()).collect::<Vec<_>>();
    let mut found = vec![(String::new(), file, known())];
    for (section, own) in file.iter().filter_map(|(name, value)| Some((name, value.as_table()?))) {
        found.push((section.clone(), own, known()));
    }
    let providers = file.get("oidc").and_then(Value::as_table).into_iter().flatten();
    for (key, own) in providers.filter_map(|(key, value)| Some((key, value.as_table()?))) {
        let known = OF_PROVIDER.iter().map(|setting| setting.of(key)).collect();
        found.push((format!("oidc.{key}"), own, known));
    }
    found
}

fn within(section: &str, name: &str) -> String {
    if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") }
}

/// The known name that is nearest, by the part that counts.
fn meant<'k>(name: &str, known: impl Iterator<Item = &'k str>, part: impl Fn(&str) -> &str) -> String {
    let like = known.map(|own| (strsim::jaro_winkler(part(own), part(name)), own));
    let nearest = like.max_by(|(one, _), (other, _)| one.total_cmp(other)).filter(|(like, _)| *like > ALIKE);
    nearest.map_or(String::new(), |(_, own)| format!(" (did you mean {own}?)"))
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_variable_that_sets_nothing_is_named_with_what_was_meant() {
        let providers = |name: &str| (name == "BADGES_OIDC_PROVIDERS").then(|| "[\"school\"]".to_owned());
        let config = Config::read(None, providers).unwrap();
        let set = ["BADGES_READER", "BADGES_PUBLIC_URL", "PATH", "BADGES_OIDC_SCHOOL_ISSUER", "BADGES_SHOE"];

        let said = config.strange(set.iter().map(|name| (*name).to_owned()));

        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].contains("BADGES_READER is set") && said[0].contains("mean BADGES_READERS?"),
            "{said:?}"
        );
        assert!(said[1].contains("BADGES_SHOE is set") && !said[1].contains("did you mean"), "{said:?}");
    }
}
