//! The hashed names of recipients.

use badges_core::model::same_identity;

use crate::vectors::Suite;

#[test]
fn hashes_match_the_name_and_salt_they_were_made_of_and_no_other() {
    let Some(mut suite) = Suite::open("identity-hash", "unit/identity-hash") else { return };

    for (at, case) in suite.json("cases.json").as_array().unwrap().iter().enumerate() {
        let text = |name: &str| case[name].as_str();
        let hash = text("identityHash").unwrap();
        let matches = same_identity(true, hash, text("salt"), text("identifier").unwrap());

        let name = format!("{at}: {}", text("note").unwrap());
        let expected = case["match"].as_bool().unwrap();
        suite.check(&name, (matches == expected).then_some(()).ok_or(format!("matches: {matches}")));
    }
    suite.finish();
}
