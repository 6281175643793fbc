//! Good badges, changed bit by bit and member by member: what is still believed says what it said.

#[path = "../support/actors.rs"]
#[expect(dead_code, reason = "here every badge is to be believed before it is changed")]
mod actors;
#[path = "../support/vectors.rs"]
#[expect(dead_code, reason = "only the notice is of use here")]
mod vectors;

mod good;
mod judge;
mod members;

use good::{Good, Kind, good};
use judge::{Form, Judge};
use vectors::say;

#[test]
fn no_bit_of_eddsa_rdfc_2022_gives_way() {
    flip_every_bit(Kind::Rdfc, &[Form::Plain, Form::Png, Form::Svg]);
}

#[test]
fn no_bit_of_eddsa_jcs_2022_gives_way() {
    flip_every_bit(Kind::Jcs, &[Form::Plain, Form::Png, Form::Svg]);
}

#[test]
fn no_bit_of_a_token_gives_way() {
    flip_every_bit(Kind::Jwt, &[Form::Plain, Form::Png, Form::Svg]);
}

#[test]
fn no_bit_of_an_es256_token_gives_way() {
    flip_every_bit(Kind::Es256, &[Form::Plain, Form::Png, Form::Svg]);
}

#[test]
fn no_bit_of_an_assertion_of_2_0_gives_way() {
    flip_every_bit(Kind::Ob2, &[Form::Plain, Form::Png, Form::Svg]);
}

#[test]
fn no_byte_can_be_left_out_or_come_twice() {
    let (mut tried, mut unchanged) = (0, 0);
    for kind in Kind::ALL {
        for good in good(kind) {
            let mut judge = Judge::new(&good, Form::Plain);
            let text = good.text.as_bytes();
            for at in 0..text.len() {
                let without = [&text[..at], &text[at + 1..]].concat();
                judge.must_not_mislead(&without, || format!("without byte {at}"));
                let twice = [&text[..=at], &text[at..]].concat();
                judge.must_not_mislead(&twice, || format!("with byte {at} twice"));
            }
            tried += judge.tried;
            unchanged += judge.unchanged;
        }
    }
    say(&format!("vectors: forgery, bytes left out and doubled: {tried} ran, {unchanged} said the same"));
}

#[test]
fn no_member_can_come_twice_or_change_places() {
    let (mut tried, mut unchanged) = (0, 0);
    for kind in [Kind::Rdfc, Kind::Jcs] {
        for good in good(kind) {
            let mut judge = Judge::new(&good, Form::Plain);
            for (what, text) in members::doubled(&good.text) {
                judge.must_be_refused(text.as_bytes(), || what);
            }
            for (what, text) in members::changed(&good.text) {
                judge.must_not_mislead(text.as_bytes(), || what);
            }
            tried += judge.tried;
            unchanged += judge.unchanged;
        }
    }
    say(&format!(
        "vectors: forgery, members doubled, moved and left out: {tried} ran, {unchanged} said the same"
    ));
}

fn flip_every_bit(kind: Kind, forms: &[Form]) {
    let (mut tried, mut unchanged) = (0, 0);
    for good in good(kind) {
        for form in forms {
            let mut judge = Judge::new(&good, *form);
            let mut bytes = judge.original();
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    bytes[at] ^= 1 << bit;
                    judge.must_not_mislead(&bytes, || format!("bit {bit} of byte {at}"));
                    bytes[at] ^= 1 << bit;
                }
            }
            tried += judge.tried;
            unchanged += judge.unchanged;
        }
    }
    say(&format!(
        "vectors: forgery, bits flipped, {kind:?}: {tried} ran, {unchanged} believed and unchanged"
    ));
}

/// A name for messages.
fn named(good: &Good, form: Form) -> String {
    format!("{:?}, {}, {form:?}", good.kind, good.name)
}
