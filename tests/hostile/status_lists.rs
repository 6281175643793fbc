//! Compressed lists: bombs, damage, headers, and what comes behind.

use badges_core::{
    json::{Limits, read},
    status::{
        Bitstring, EntrySize, MAX_INFLATED, RevocationList, RevokedAssertions, StatusError, StatusList,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::deflate::compress_to_vec;

use crate::cases::{Cases, case};

const BYTES: usize = 16_384;

fn list() -> Vec<u8> {
    let mut bytes = vec![0; BYTES];
    bytes[0] = 0b1001_0000;
    bytes
}

/// A gzip member with these flags and header fields.
fn member(flags: u8, fields: &[u8], content: &[u8]) -> Vec<u8> {
    let trailer = [crc32fast::hash(content).to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
    let header = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3];
    [&header[..], fields, &compress_to_vec(content, 6), &trailer].concat()
}

fn plain() -> Vec<u8> {
    member(0, b"", &list())
}

/// How many of the first bits are set in the list, if it can be had.
fn ask(packed: &[u8]) -> Result<usize, StatusError> {
    ask_text(&format!("u{}", URL_SAFE_NO_PAD.encode(packed)), MAX_INFLATED)
}

fn ask_text(encoded: &str, max: usize) -> Result<usize, StatusError> {
    let bits = Bitstring::decode(encoded, max)?;
    bits.check_length(EntrySize::ONE)?;
    Ok((0..131_072).filter(|index| bits.get(*index, EntrySize::ONE) == Ok(1)).count())
}

#[test]
fn lists_must_be_one_whole_gzip_member() {
    let mut cases = Cases::new("status gzip");
    let (good, bytes) = (plain(), list());
    let with = |at: usize, byte: u8| {
        let mut changed = good.clone();
        changed[at] ^= byte;
        changed
    };
    let header_crc = |flags: u8, fields: &[u8], flip: u8| {
        let header = [&[0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3][..], fields].concat();
        let crc = crc32fast::hash(&header).to_le_bytes();
        member(flags, &[fields, &[crc[0] ^ flip, crc[1]]].concat(), &bytes)
    };

    for (name, packed) in [
        ("nothing but the header", good.clone()),
        ("FTEXT", member(1, b"", &bytes)),
        ("FNAME", member(8, b"list\0", &bytes)),
        ("an empty FNAME", member(8, b"\0", &bytes)),
        ("FCOMMENT", member(16, b"a comment\0", &bytes)),
        ("FEXTRA", member(4, b"\x03\0abc", &bytes)),
        ("an empty FEXTRA", member(4, b"\0\0", &bytes)),
        ("FHCRC", header_crc(2, b"", 0)),
        ("all fields", header_crc(31, b"\x02\0ab\0\0", 0)),
    ] {
        case!(cases, name, ask(&packed), Ok(2));
    }
    let trailer = good.len() - 8;
    for (name, packed) in [
        ("no bytes", Vec::new()),
        ("a wrong magic number", with(0, 1)),
        ("a wrong method", with(2, 1)),
        ("reserved flag 32", member(32, b"", &bytes)),
        ("reserved flag 64", member(64, b"", &bytes)),
        ("reserved flag 128", member(128, b"", &bytes)),
        ("FNAME without an end", member(8, b"", &[0xff; 3])),
        ("FEXTRA longer than the file", member(4, b"\xff\xff", &bytes)),
        ("a wrong FHCRC", header_crc(2, b"", 1)),
        ("a wrong check sum", with(trailer, 1)),
        ("a wrong length", with(trailer + 4, 1)),
        ("a length of nothing", with(trailer + 5, 0x40)),
        ("a length of 8 MiB", with(trailer + 6, 0x7f)),
        ("one bit of the data", with(14, 4)),
        ("one byte behind", [&good[..], &[0]].concat()),
        ("zeros behind, as on tapes", [&good[..], &[0; 512]].concat()),
        ("a second member", [&good[..], &good].concat()),
        ("an empty second member", [&good[..], &member(0, b"", b"")].concat()),
        ("a trailer twice", [&good[..], &good[trailer..]].concat()),
        ("no trailer", good[..trailer].to_vec()),
        ("half a trailer", good[..trailer + 4].to_vec()),
        ("half the data", good[..trailer / 2].to_vec()),
        ("the header alone", good[..10].to_vec()),
        ("half a header", good[..5].to_vec()),
        ("zlib", miniz_oxide::deflate::compress_to_vec_zlib(&bytes, 6)),
        ("raw deflate", compress_to_vec(&bytes, 6)),
        ("bits that are not packed", bytes.clone()),
        ("a zip file", b"PK\x03\x04".to_vec()),
        ("zstd", b"\x28\xb5\x2f\xfd\0\0\0\0".to_vec()),
    ] {
        case!(cases, name, ask(&packed), Err(StatusError::Malformed { .. }));
    }
    for cut in [11, 12, 15, 20, good.len() - 9, good.len() - 1] {
        case!(
            cases,
            format!("cut at {cut}"),
            ask(&good[..cut]),
            Err(StatusError::Malformed { .. } | StatusError::TooLarge { .. })
        );
    }
    cases.finish();
}

#[test]
fn lists_inflate_no_further_than_allowed() {
    let mut cases = Cases::new("status sizes");
    let zeros = |bytes: usize| member(0, b"", &vec![0; bytes]);
    let claim = |bytes: usize, claimed: u32| {
        let mut packed = zeros(bytes);
        let at = packed.len() - 4;
        packed[at..].copy_from_slice(&claimed.to_le_bytes());
        packed
    };
    let too_short = |entries: usize| {
        move |answer: &Result<usize, StatusError>| {
            *answer == Err(StatusError::Length { entries, minimum: 131_072 })
        }
    };

    cases.run("no entry", || ask(&member(0, b"", b"")), too_short(0));
    cases.run("8 entries", || ask(&zeros(1)), too_short(8));
    cases.run("131,064 entries", || ask(&zeros(BYTES - 1)), too_short(131_064));
    case!(cases, "131,072 entries", ask(&zeros(BYTES)), Ok(0));
    case!(cases, "8 MiB", ask(&zeros(MAX_INFLATED)), Ok(0));
    case!(
        cases,
        "one byte more",
        ask(&zeros(MAX_INFLATED + 1)),
        Err(StatusError::TooLarge { limit: MAX_INFLATED })
    );
    case!(cases, "64 MiB", ask(&zeros(64 << 20)), Err(StatusError::TooLarge { .. }));
    case!(
        cases,
        "64 MiB that claim 16 KiB",
        ask(&claim(64 << 20, 16_384)),
        Err(StatusError::Malformed { .. })
    );
    case!(cases, "64 MiB that claim nothing", ask(&claim(64 << 20, 0)), Err(StatusError::Malformed { .. }));
    case!(cases, "16 KiB that claim 4 GiB", ask(&claim(BYTES, u32::MAX)), Err(StatusError::Malformed { .. }));
    case!(cases, "16 KiB that claim 8 MiB", ask(&claim(BYTES, 8 << 20)), Err(StatusError::Malformed { .. }));
    case!(cases, "16 KiB that claim 17", ask(&claim(BYTES, 17 << 10)), Err(StatusError::Malformed { .. }));
    let encoded = format!("u{}", URL_SAFE_NO_PAD.encode(plain()));
    case!(cases, "a limit of the host", ask_text(&encoded, BYTES - 1), Err(StatusError::TooLarge { .. }));
    case!(cases, "a limit that just holds", ask_text(&encoded, BYTES), Ok(2));
    for (name, text) in [
        ("no prefix", encoded[1..].to_owned()),
        ("two prefixes", format!("u{encoded}")),
        ("a capital prefix", format!("U{}", &encoded[1..])),
        ("the prefix of base58", format!("z{}", &encoded[1..])),
        ("the prefix of base64", format!("m{}", &encoded[1..])),
        ("padding", format!("{encoded}=")),
        ("a line end", format!("{encoded}\n")),
        ("a space in front", format!(" {encoded}")),
        ("a space within", encoded.replacen('A', " A", 1)),
        ("base64 in place of base64url", format!("{encoded}+/")),
        ("one character too many", format!("{encoded}A")),
        ("nothing", String::new()),
        ("the prefix alone", "u".to_owned()),
        ("another alphabet", "uжжжж".to_owned()),
    ] {
        case!(cases, name, ask_text(&text, MAX_INFLATED), Err(StatusError::Malformed { .. }));
    }
    cases.finish();
}

#[test]
fn credentials_that_are_no_lists_are_refused() {
    let mut cases = Cases::new("status lists");
    let good = r#"{"type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":{"id":"https://a.example"},
        "validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z","credentialSubject":
        {"type":"BitstringStatusList","statusPurpose":["revocation","suspension"],"ttl":300000,"encodedList":"uH4s"}}"#;
    let read_list = |text: &str| {
        let tree = read(text.as_bytes(), &Limits::default()).unwrap();
        StatusList::read(tree.as_object().unwrap()).map(|list| (list.purposes.len(), list.ttl))
    };

    case!(cases, "a good list", read_list(good), Ok((2, Some(300_000))));
    for (name, from, to) in [
        ("no type of the credential", "BitstringStatusListCredential", "X"),
        ("no type of the subject", r#""type":"BitstringStatusList","#, ""),
        ("the older type of the subject", r#""type":"BitstringStatusList","#, r#""type":"StatusList2021","#),
        ("no issuer", r#""issuer":"#, r#""issuers":"#),
        ("an issuer without id", r#"{"id":"https://a.example"}"#, "{}"),
        ("two subjects", r#"{"type":"BitstringStatusList""#, r#"[],"x":{"type":"BitstringStatusList""#),
        ("no purpose", "statusPurpose", "purpose"),
        ("an empty set of purposes", r#"["revocation","suspension"]"#, "[]"),
        ("a purpose that is a number", r#""suspension""#, "1"),
        ("bits that are an array", r#""uH4s""#, r#"["uH4s"]"#),
        ("no bits", "encodedList", "list"),
        ("a time without zone", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00"),
        ("an end that is a number", r#""2027-01-01T00:00:00Z""#, "1798761600"),
        ("a negative ttl", "300000", "-1"),
        ("a ttl that is a text", "300000", r#""300000""#),
    ] {
        assert!(good.contains(from), "{from}");
        case!(cases, name, read_list(&good.replacen(from, to, 1)), Err(StatusError::Malformed { .. }));
    }
    cases.finish();
}

#[test]
fn plain_lists_are_understood_whole_or_not_at_all() {
    let mut cases = Cases::new("status revocation lists");
    let ask = |list: &str, id: &str| {
        let tree = read(list.as_bytes(), &Limits::default()).unwrap();
        RevocationList::read(tree.as_object().unwrap()).map(|list| list.find(id).is_some())
    };
    let list = r#"{"revokedCredential":[{"id":"a"},{"id":"b","revoked":true},{"id":"c","revoked":false},
        {"id":"d","revoked":false},{"id":"d"}]}"#;

    for (id, revoked) in [
        ("a", true),
        ("b", true),
        ("c", false),
        ("d", true),
        ("e", false),
        ("A", false),
        (" a", false),
        ("", false),
    ] {
        case!(cases, format!("the id {id:?}"), ask(list, id), Ok(found) if *found == revoked);
    }
    case!(cases, "the plural", ask(&list.replace("Credential", "Credentials"), "a"), Ok(true));
    case!(cases, "an empty list", ask(r#"{"revokedCredential":[]}"#, "a"), Ok(false));
    for (name, list) in [
        ("no list", "{}"),
        ("one object", r#"{"revokedCredential":{"id":"a"}}"#),
        ("null", r#"{"revokedCredential":null}"#),
        ("texts", r#"{"revokedCredential":["a"]}"#),
        ("no id", r#"{"revokedCredential":[{"revoked":true}]}"#),
        ("revoked as a text", r#"{"revokedCredential":[{"id":"a","revoked":"false"}]}"#),
        ("revoked as null", r#"{"revokedCredential":[{"id":"a","revoked":null}]}"#),
        ("singular and plural", r#"{"revokedCredential":[],"revokedCredentials":[{"id":"a"}]}"#),
    ] {
        case!(cases, name, ask(list, "a"), Err(StatusError::Malformed { .. }));
    }
    let ask = |list: &str| {
        let tree = read(list.as_bytes(), &Limits::default()).unwrap();
        RevokedAssertions::read(tree.as_object().unwrap())
            .map(|list| list.find(Some("a"), Some("7")).is_some())
    };
    for (name, items, revoked) in [
        ("2.0: a text", r#"["a"]"#, true),
        ("2.0: a text alone", r#""a""#, true),
        ("2.0: an id", r#"[{"id":"a"}]"#, true),
        ("2.0: a uid", r#"[{"uid":"7"}]"#, true),
        ("2.0: an id and another uid", r#"[{"id":"a","uid":"8"}]"#, true),
        ("2.0: others", r#"["b",{"id":"c"}]"#, false),
        ("2.0: nothing", "[]", false),
    ] {
        let list = format!(r#"{{"type":"RevocationList","revokedAssertions":{items}}}"#);
        case!(cases, name, ask(&list), Ok(found) if *found == revoked);
    }
    for items in ["[1]", "[{}]", "null", "[null]", r#"[{"id":7}]"#] {
        let list = format!(r#"{{"type":"RevocationList","revokedAssertions":{items}}}"#);
        case!(cases, format!("2.0: {items}"), ask(&list), Err(StatusError::Malformed { .. }));
    }
    case!(cases, "2.0: no type", ask(r#"{"revokedAssertions":["a"]}"#), Err(StatusError::Malformed { .. }));
    cases.finish();
}
