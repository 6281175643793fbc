//! Open Badges before 3.0: what is upgraded is of 2.0, and stays as it is when upgraded again.
#![no_main]

use badges_core::{
    json::{Limits, read},
    model::{
        DocumentKind, Edition, kind_of,
        ob2::{check_ob2, point_in_time, upgrade},
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(json) = read(text, &Limits::default()) else { return };
    let Some(object) = json.as_object() else { return };
    if let DocumentKind::Ob2(edition, class) = kind_of(object) {
        let _ = check_ob2(object, class, edition);
    }
    let _ = object.text("issuedOn").map(point_in_time);
    let Ok(upgraded) = upgrade(object, Some("https://hive.example/1")) else { return };

    let again = upgrade(&upgraded.document, None).expect("what was upgraded is known");
    assert_eq!((again.edition, again.class), (Edition::V2_0, upgraded.class));
    assert_eq!(again.document, upgraded.document);
});
