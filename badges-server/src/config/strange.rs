//! Names that look like settings and are none, in the environment or the file.

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

/// What is said of a name in the file that is none, whatever table it stands in.
pub(super) fn unknown(name: &str) -> String {
    let last = |own: &str| own.rfind('.').map_or(0, |dot| dot + 1);
    let own_names = SETTINGS.iter().map(|one| one.name);
    let meant = meant(name, own_names, |own| own.get(last(own)..).unwrap_or(own));
    format!("{name} is no setting{meant}: take it out, or write its name right")
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
