//! Badges drawn from a few words: a shape for the track, a ring for the level, a colour, an icon, a title.
//!
//! One list of layers makes both the SVG and the PNG, so that they cannot differ; the same words always give
//! the same bytes. Letters are drawn as lines, and nothing is loaded from anywhere.

mod colours;
mod icons;
mod layers;
mod letters;
mod path;
mod png;
mod shapes;
mod svg;

use self::layers::layers;

/// Something to choose from: its name in forms and addresses, and how people read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    /// As it is stored.
    pub(crate) name: &'static str,
    /// As it is read.
    pub(crate) label: &'static str,
}

const fn named(name: &'static str, label: &'static str) -> Named {
    Named { name, label }
}

pub(crate) use self::{colours::COLOURS, icons::ICONS};

/// The rings, from the first step to the last.
pub(crate) const LEVELS: &[Named] =
    &[named("0", "Plain"), named("1", "One star"), named("2", "Two stars"), named("3", "Gold")];

/// What is drawn. A name that is not known is drawn as the first of its kind, so every badge has a picture.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Artwork {
    /// "teach", "build", "organise", "learn", or nothing: the shape, and the colour where none is chosen.
    pub(crate) track: String,
    /// "0" to "3".
    pub(crate) level: String,
    /// One of [`COLOURS`].
    pub(crate) colour: String,
    /// One of [`ICONS`].
    pub(crate) icon: String,
    /// Words along the edge; left out where they have letters that we cannot draw.
    pub(crate) title: String,
    /// A year at the foot.
    pub(crate) year: String,
}

impl Artwork {
    /// As a static SVG of 512 units.
    pub(crate) fn svg(&self) -> String {
        svg::write(&layers(self))
    }

    /// As a PNG of 512 pixels; none only where memory runs out.
    pub(crate) fn png(&self) -> Option<Vec<u8>> {
        png::draw(&layers(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentor() -> Artwork {
        let [track, level, colour, icon, title, year] =
            ["teach", "2", "", "speech", "Webmaker Mentor", "2014"].map(str::to_owned);
        Artwork { track, level, colour, icon, title, year }
    }

    #[test]
    fn the_same_words_give_the_same_bytes() {
        assert_eq!(mentor().svg(), mentor().svg());
        assert_eq!(mentor().png(), mentor().png());
    }

    #[test]
    fn every_icon_colour_and_shape_stays_under_60_kb() {
        for (at, icon) in ICONS.iter().enumerate() {
            for track in ["", "teach", "build", "organise", "learn"] {
                let colour = COLOURS[at % COLOURS.len()].name.to_owned();
                let art = Artwork { icon: icon.name.to_owned(), track: track.to_owned(), colour, ..mentor() };
                let png = art.png().unwrap();
                assert!(png.len() < 60_000, "{} {track}: {} bytes", icon.name, png.len());
                assert!(art.svg().len() < 40_000);
            }
        }
    }

    #[test]
    fn no_word_gets_into_the_drawing_as_text() {
        let hostile = "\"><script>alert(1)</script>";
        let art = Artwork { icon: hostile.into(), colour: hostile.into(), ..mentor() };

        let svg = Artwork { title: hostile.into(), year: hostile.into(), ..art }.svg();

        assert!(!svg.contains("script") && !svg.contains("alert"));
    }

    #[test]
    fn letters_that_cannot_be_drawn_leave_the_title_out() {
        let plain = Artwork { title: String::new(), ..mentor() };

        assert_eq!(Artwork { title: "導師".into(), ..mentor() }.svg(), plain.svg());
        assert_ne!(Artwork { title: "Élève".into(), ..mentor() }.svg(), plain.svg());
    }
}
