//! Input made to deceive, to crash or to exhaust, case by case with the answer that it must get.

#[path = "../support/bytes.rs"]
#[expect(dead_code, reason = "hexadecimal is only read here")]
mod bytes;
mod cases;
#[path = "../support/vectors.rs"]
#[expect(dead_code, reason = "only the notice is of use here")]
mod vectors;

mod documents;
mod judged_lists;
mod keys;
mod names;
mod pictures;
mod png;
mod status_entries;
mod status_lists;
mod structure;
mod structure_older;
mod svg;
mod tokens;
mod typed;
