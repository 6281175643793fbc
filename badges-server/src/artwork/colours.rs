//! Colours of programmes: each in four tones that stand out from light and from dark pages.

use super::{Named, named};

/// The tones of one colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// The band along the edge.
    pub(super) deep: u32,
    /// The field in the middle.
    pub(super) mid: u32,
    /// The rays in it.
    pub(super) ray: u32,
    /// Letters, stitches, rings.
    pub(super) tint: u32,
}

/// The icon.
pub(super) const WHITE: u32 = 0xff_ff_ff;
/// The ring of the last level.
pub(super) const GOLD: u32 = 0xff_c9_3d;

/// Colours to choose from.
pub(crate) const COLOURS: &[Named] = &[
    named("", "As the track"),
    named("vermilion", "Vermilion"),
    named("cobalt", "Cobalt"),
    named("plum", "Plum"),
    named("teal", "Teal"),
    named("leaf", "Leaf"),
    named("amber", "Amber"),
    named("rose", "Rose"),
    named("slate", "Slate"),
];

/// The tones of a colour; of the track's, where no colour is chosen.
pub(super) fn palette(colour: &str, track: &str) -> Palette {
    let tones = |deep, mid, ray, tint| Palette { deep, mid, ray, tint };
    match (colour, track) {
        ("vermilion", _) | ("", "teach") => tones(0x8f_26_0a, 0xe2_52_1d, 0xec_66_35, 0xff_d9_c7),
        ("cobalt", _) | ("", "build") => tones(0x17_32_86, 0x2f_5f_e0, 0x42_70_ea, 0xc9_d8_ff),
        ("plum", _) | ("", "organise") => tones(0x5a_17_5e, 0xa3_3a_a8, 0xb1_4e_b6, 0xf6_d3_f8),
        ("teal", _) | ("", "learn") => tones(0x0b_4d_46, 0x12_89_7c, 0x23_99_8c, 0xc3_f2_ea),
        ("leaf", _) => tones(0x1f_50_1b, 0x3f_91_38, 0x50_9f_48, 0xd3_f1_cd),
        ("amber", _) => tones(0x70_44_00, 0xd4_86_00, 0xe0_96_18, 0xff_e9_ba),
        ("rose", _) => tones(0x81_11_27, 0xd2_2f_4b, 0xde_46_60, 0xff_d0_d8),
        _ => tones(0x24_2d_3d, 0x52_62_7a, 0x60_70_88, 0xd9_e0_eb),
    }
}
