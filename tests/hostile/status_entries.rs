//! Entries of `credentialStatus` that are nearly right.

use badges_core::{
    json::{Limits, Profile, read},
    status::{Bitstring, EntryFinding, EntrySize, Outcome, Purpose, StatusEntry, StatusError},
};
use serde_json::{Value, json};

use crate::cases::{Cases, case};

const ANY: Limits = Limits { bytes: 1 << 20, depth: 64, profile: Profile::Any };

fn entry(changes: Value) -> Value {
    let mut entry = json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": "5", "statusListCredential": "https://badges.example/status/3" });
    for (name, value) in changes.as_object().unwrap() {
        entry[name] = value.clone();
    }
    entry
}

/// What a list says whose bytes are all 0b0000_0110 about an entry with these changes.
fn ask(changes: Value) -> Result<Outcome, StatusError> {
    let text = entry(changes).to_string();
    let tree = read(text.as_bytes(), &ANY).unwrap();
    let StatusEntry::Bitstring(entry) = StatusEntry::parse(&tree)? else { panic!() };
    let one = EntrySize::ONE;
    let mut bits = Bitstring::new(131_072 * usize::from(entry.size.bits()), one).unwrap();
    for index in 0..bits.entries(one) as u64 {
        bits.set(index, one, u32::from(matches!(index % 8, 5 | 6))).unwrap();
    }
    if entry.findings == [EntryFinding::NumericIndex] {
        return Err(StatusError::Malformed { member: "statusListIndex", problem: "a number".to_owned() });
    }
    entry.outcome(&bits)
}

fn messages(values: &[&str]) -> Value {
    values.iter().map(|value| json!({ "status": value, "message": format!("says {value}") })).collect()
}

#[test]
fn an_index_has_one_spelling() {
    let mut cases = Cases::new("status indexes");

    for (index, set) in
        [("0", false), ("5", true), ("6", true), ("7", false), ("13", true), ("131071", false)]
    {
        case!(cases, format!("{index:?}"), ask(json!({ "statusListIndex": index })),
            Ok(outcome) if matches!(outcome, Outcome::Set { value: 1, .. }) == set);
    }
    for index in [
        "",
        " ",
        "-1",
        "-0",
        "+5",
        "5.0",
        "5.",
        ".5",
        "5e0",
        "1e3",
        "0x5",
        "0b101",
        "0o5",
        "007",
        "00",
        " 5",
        "5 ",
        "5\n",
        "5\0",
        "1_000",
        "1,000",
        "1'000",
        "٥",
        "５",
        "⁵",
        "Ⅴ",
        "five",
        "NaN",
        "Infinity",
        "null",
        "5/1",
        "5;6",
        "[5]",
        "\u{200b}5",
    ] {
        case!(
            cases,
            format!("{index:?}"),
            ask(json!({ "statusListIndex": index })),
            Err(StatusError::Malformed { member: "statusListIndex", .. })
        );
    }
    for index in [
        "131072",
        "4294967295",
        "4294967296",
        "4294967301",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551621",
        "340282366920938463463374607431768211461",
        "99999999999999999999999999999999999999999999999999",
    ] {
        case!(
            cases,
            format!("{index:?}"),
            ask(json!({ "statusListIndex": index })),
            Err(StatusError::Range { .. })
        );
    }
    for index in [
        json!(5),
        json!(5.5),
        json!(-5),
        json!(null),
        json!(true),
        json!(["5"]),
        json!({ "@value": "5" }),
        json!(5e15),
    ] {
        case!(
            cases,
            index.to_string(),
            ask(json!({ "statusListIndex": index })),
            Err(StatusError::Malformed { .. })
        );
    }
    cases.finish();
}

#[test]
fn sizes_need_their_messages() {
    let mut cases = Cases::new("status sizes and messages");
    let four = messages(&["0x0", "0x1", "0x2", "0x3"]);

    for size in [
        json!(0),
        json!(-1),
        json!(1.5),
        json!("1"),
        json!(null),
        json!([1]),
        json!(17),
        json!(64),
        json!(1e15),
    ] {
        case!(
            cases,
            format!("the size {size}"),
            ask(json!({ "statusSize": size })),
            Err(StatusError::Malformed { member: "statusSize", .. })
        );
    }
    case!(cases, "the size 1", ask(json!({ "statusSize": 1 })), Ok(Outcome::Set { .. }));
    for size in [2, 3, 8, 16] {
        case!(
            cases,
            format!("the size {size} without messages"),
            ask(json!({ "statusSize": size })),
            Err(StatusError::Malformed { member: "statusMessage", .. })
        );
    }
    let asked = |index: &str, messages: &Value| {
        ask(
            json!({ "statusPurpose": "message", "statusSize": 2, "statusListIndex": index, "statusMessage": messages }),
        )
    };
    for (index, value) in [("0", 0), ("1", 0), ("2", 1), ("3", 2)] {
        let says = format!("says {value:#x}");
        case!(cases, format!("the message of {value} at {index}"), asked(index, &four),
            Ok(Outcome::Set { purpose: Purpose::Message, value: found, message: Some(text) }) if *found == value && *text == says);
    }
    let shuffled = messages(&["0x3", "0x1", "0x0", "0x2"]);
    case!(cases, "messages in another order", asked("3", &shuffled), Ok(Outcome::Set { message: Some(text), .. }) if text == "says 0x2");
    case!(cases, "the last entry", asked("131071", &four), Ok(Outcome::Set { value: 2, .. }));
    case!(
        cases,
        "behind the last entry",
        asked("131072", &four),
        Err(StatusError::Range { entries: 131_072, .. })
    );
    for (name, messages) in [
        ("no message", json!([])),
        ("three messages", messages(&["0x0", "0x1", "0x2"])),
        ("five messages", messages(&["0x0", "0x1", "0x2", "0x3", "0x4"])),
        ("a value twice", messages(&["0x0", "0x1", "0x1", "0x3"])),
        ("a value twice in two spellings", messages(&["0x0", "0x1", "0x01", "0x3"])),
        ("a value outside", messages(&["0x0", "0x1", "0x2", "0x4"])),
        ("a value of 80 bits", messages(&["0x0", "0x1", "0x2", "0x10000000000000000003"])),
        ("a negative value", messages(&["0x0", "0x1", "0x2", "0x-3"])),
        ("a signed value", messages(&["0x0", "0x1", "0x2", "0x+3"])),
        ("decimal values", messages(&["0", "1", "2", "3"])),
        ("numbers", json!([{ "status": 0, "message": "" }, 1, 2, 3])),
        ("one object", json!({ "status": "0x0", "message": "a" })),
        (
            "no texts",
            json!([{ "status": "0x0" }, { "status": "0x1" }, { "status": "0x2" }, { "status": "0x3" }]),
        ),
        ("null", json!(null)),
    ] {
        case!(
            cases,
            name,
            asked("3", &messages),
            Err(StatusError::Malformed { member: "statusMessage", .. })
        );
    }
    cases.finish();
}

#[test]
fn other_members_are_what_they_must_be() {
    let mut cases = Cases::new("status members");

    for (name, changes) in [
        ("no purpose", json!({ "statusPurpose": null })),
        ("an empty purpose", json!({ "statusPurpose": "" })),
        ("two purposes", json!({ "statusPurpose": ["revocation", "suspension"] })),
        ("a list that is no URL", json!({ "statusListCredential": "status/3" })),
        (
            "a list that is an object",
            json!({ "statusListCredential": { "id": "https://badges.example/status/3" } }),
        ),
        ("no list", json!({ "statusListCredential": null })),
        ("a reference that is no URL", json!({ "statusReference": "here" })),
        ("no type", json!({ "type": [] })),
        ("a type that is a number", json!({ "type": 1 })),
    ] {
        case!(cases, name, ask(changes), Err(StatusError::Malformed { .. }));
    }
    for kind in [
        "RevocationList2020Status",
        "CredentialStatusList2017",
        "bitstringStatusListEntry",
        "TokenStatusList",
    ] {
        case!(cases, format!("the type {kind}"), ask(json!({ "type": kind })), Err(StatusError::Unsupported { kind: named }) if named == kind);
    }
    for purpose in ["suspension", "refresh", "Revocation", "x"] {
        case!(cases, format!("the purpose {purpose}"), ask(json!({ "statusPurpose": purpose })),
            Ok(Outcome::Set { purpose: named, .. }) if named.as_str() == purpose);
    }
    for value in ["null", "1", "true", "\"https://badges.example/status/3#5\"", "[]"] {
        let tree = read(value.as_bytes(), &ANY).unwrap();
        case!(
            cases,
            format!("{value} as an entry"),
            StatusEntry::parse(&tree),
            Err(StatusError::Malformed { .. })
        );
    }
    cases.finish();
}
