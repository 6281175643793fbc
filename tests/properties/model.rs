//! Documents keep what the model does not know, byte for byte.

use badges_core::model::{OpenBadgeCredential, ob2};
use proptest::prelude::*;

use crate::{config, sample};

/// JSON texts in spellings that a reader could lose.
fn spelled() -> impl Strategy<Value = String> {
    let number = r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?";
    let text = r#""([a-zA-Z0-9 äß🦀/]|\\u00[4-7][0-9a-fA-F]|\\/|\\n|\\"|\\\\){0,12}""#;
    let leaf = prop_oneof![number.boxed(), text.boxed(), Just("null".to_owned()), Just("true".to_owned())];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let gap = "[ \t\n]{0,2}";
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), gap)
                .prop_map(|(items, gap)| format!("[{gap}{}{gap}]", items.join(&format!("{gap},{gap}")))),
            (inner, gap).prop_map(|(value, gap)| format!("{{{gap}\"a\"{gap}:{gap}{value}{gap}}}")),
        ]
    })
}

/// The spelling of a name that no class has.
fn name() -> impl Strategy<Value = String> {
    r#""(own:|\\u006fwn:)([a-z]|ä|\\u00e4|\\/){1,8}""#
}

/// Puts a member before `place`, reads and prints; the member must be there as it was spelled.
fn stays<T: serde::Serialize + serde::de::DeserializeOwned>(
    whole: &str,
    place: &str,
    name: &str,
    value: &str,
) -> Result<(), TestCaseError> {
    let text = whole.replacen(place, &format!("{name} : {value} ,{place}"), 1);
    prop_assert_ne!(&text, whole);

    let document: T = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let once = serde_json::to_string(&document).unwrap();
    let again: T = serde_json::from_str(&once).unwrap();

    prop_assert!(once.contains(&format!("{name}:{value}")), "{}:{} is not in {}", name, value, once);
    prop_assert_eq!(serde_json::to_string(&again).unwrap(), once);
    Ok(())
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn unknown_members_of_a_badge_keep_their_bytes(name in name(), value in spelled(), place in 0..5_usize) {
        let whole = sample::whole(OpenBadgeCredential::class()).to_string();
        // In the credential, its achievement, an alignment, a result and the issuer.
        let place =
            ["\"awardedDate\"", "\"achievementType\"", "\"targetName\"", "\"achievedLevel\"", "\"parentOrg\""][place];

        stays::<OpenBadgeCredential>(&whole, place, &name, &value)?;
    }

    #[test]
    fn unknown_members_of_an_assertion_keep_their_bytes(name in name(), value in spelled(), place in 0..4_usize) {
        let whole = sample::whole(ob2::Assertion::class()).to_string();
        let place = ["\"issuedOn\"", "\"hashed\"", "\"criteria\"", "\"publicKeyPem\""][place];

        stays::<ob2::Assertion>(&whole, place, &name, &value)?;
    }

    #[test]
    fn a_number_keeps_its_spelling(value in r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?") {
        let whole = sample::whole(OpenBadgeCredential::class()).to_string();
        let text = whole.replacen("\"creditsEarned\":1.5", &format!("\"creditsEarned\":{value}"), 1);

        let badge: OpenBadgeCredential = serde_json::from_str(&text).unwrap();

        let shown = format!("\"creditsEarned\":{value}");
        prop_assert!(serde_json::to_string(&badge).unwrap().contains(&shown));
    }
}
