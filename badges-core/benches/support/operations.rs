//! What is measured, each with its limit: the least that anybody could do for the same answer.

use std::hint::black_box;

use badges_core::{
    bake::{Generation, ImageLimits, bake, extract},
    json::{Limits, canonical, read},
    status::{Bitstring, EntrySize, MAX_INFLATED},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::inflate::decompress_slice_iter_to_slice;
use sha2::{Digest as _, Sha256};

use crate::workload::Workload;

/// One thing that the library does.
pub(crate) struct Operation<'w> {
    /// Its name, as `instructions.toml` has it.
    pub(crate) name: &'static str,
    /// The greatest ratio to the limit that is good enough; none if there is no goal.
    pub(crate) goal: Option<f64>,
    /// What the limit does.
    pub(crate) limit_name: &'static str,
    /// One run of ours.
    pub(crate) ours: Box<dyn Fn() + 'w>,
    /// One run of the limit.
    pub(crate) limit: Box<dyn Fn() + 'w>,
}

/// Every operation, in the order of the report.
pub(crate) fn operations(work: &Workload) -> Vec<Operation<'_>> {
    let mut all = vec![jcs(work), bake_png(work), unbake_png(work)];
    all.extend([131_072, 1_048_576].map(status_list));
    all
}

fn jcs(work: &Workload) -> Operation<'_> {
    let text = work.unsigned.as_bytes();
    Operation {
        name: "jcs",
        goal: None,
        limit_name: "SHA-256 of the text",
        ours: Box::new(move || {
            let tree = read(black_box(text), &Limits::default()).unwrap();
            black_box(canonical(&tree));
        }),
        limit: Box::new(move || {
            black_box(Sha256::digest(black_box(text)));
        }),
    }
}

fn bake_png(work: &Workload) -> Operation<'_> {
    let (image, text) = (&work.png, &work.unsigned);
    Operation {
        name: "bake-png",
        goal: Some(1.5),
        limit_name: "splice",
        ours: Box::new(move || {
            black_box(bake(black_box(image), text, Generation::V3).unwrap());
        }),
        limit: Box::new(move || {
            let mut spliced = Vec::with_capacity(image.len() + text.len() + 42);
            spliced.extend_from_slice(&black_box(image)[..33]);
            spliced.extend_from_slice(text.as_bytes());
            spliced.extend_from_slice(&image[33..]);
            black_box(spliced);
        }),
    }
}

fn unbake_png(work: &Workload) -> Operation<'_> {
    let baked = bake(&work.png, &work.unsigned, Generation::V3).unwrap();
    let copy = baked.clone();
    Operation {
        name: "unbake-png",
        goal: Some(1.5),
        limit_name: "CRC-32 of the file",
        ours: Box::new(move || {
            black_box(extract(black_box(&baked), &ImageLimits::default()).unwrap());
        }),
        limit: Box::new(move || {
            black_box(crc32fast::hash(black_box(&copy)));
        }),
    }
}

fn status_list(entries: usize) -> Operation<'static> {
    let mut bits = Bitstring::new(entries, EntrySize::ONE).unwrap();
    for index in (0..entries as u64).step_by(97) {
        bits.set(index, EntrySize::ONE, 1).unwrap();
    }
    let encoded = bits.encode();
    // Without the prefix, the ten bytes that begin a gzip member and the eight that end it.
    let packed = URL_SAFE_NO_PAD.decode(&encoded[1..]).unwrap();
    let packed = packed[10..packed.len() - 8].to_vec();
    Operation {
        name: if entries == 131_072 { "status-131072" } else { "status-1048576" },
        goal: None,
        limit_name: "inflate",
        ours: Box::new(move || {
            let bits = Bitstring::decode(black_box(&encoded), MAX_INFLATED).unwrap();
            black_box(bits.get(94_567, EntrySize::ONE).unwrap());
        }),
        limit: Box::new(move || {
            let mut list = vec![0; entries / 8];
            let inflated = decompress_slice_iter_to_slice(&mut list, [&packed[..]].into_iter(), false, true);
            assert_eq!(black_box(inflated), Ok(entries / 8));
        }),
    }
}
