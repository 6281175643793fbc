//! Every page with sample people, for tests and for screenshots: `tests/browser/gallery` takes them.

mod account;
mod desk;
mod html;
mod lists;
mod public;

use std::{fs, path::Path};

use askama::Template;

use crate::{
    artwork::Artwork,
    web::{
        assets,
        components::{AwardCard, BadgeCard, Picture, Standing, Track, When},
        frame::{Crumb, Frame, Section},
    },
};

/// What samples say: as it is, or with an attack behind each text.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    hostile: bool,
}

const ATTACK: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

impl Words {
    fn say(self, text: &str) -> String {
        if self.hostile { format!("{text}{ATTACK}") } else { text.to_owned() }
    }

    fn public(self, title: &str) -> Frame {
        let mut frame = Frame::new(&self.say("Badges"), self.say(title), self.say("A page of badges."));
        frame.csrf = self.say("csrf");
        frame.form_key = self.say("key");
        frame.canonical = Some(self.say("https://badges.example.org/"));
        frame.picture = Some(self.say("https://badges.example.org/art/webmaker-mentor.png"));
        frame
    }

    fn staff(self, section: Section) -> Frame {
        let mut frame = self.public(section.label());
        frame.person = Some(self.say("Nadia Okafor"));
        frame.desk = Section::DESK.to_vec();
        frame.section = Some(section);
        frame
    }

    fn crumbs(self, names: &[&str]) -> Vec<Crumb> {
        let crumb = |name: &&str| Crumb { name: self.say(name), href: "/issuers/hive".into() };
        names.iter().map(crumb).collect()
    }

    fn badge(self, number: usize) -> BadgeCard {
        let sample = &BADGES[number % BADGES.len()];
        BadgeCard {
            href: format!("/badges/{}", sample.0),
            picture: self.picture(number),
            name: self.say(sample.1),
            issuer: self.say(sample.2),
            track: Track::named(sample.3),
        }
    }

    fn picture(self, number: usize) -> Picture {
        let (slug, name, ..) = BADGES[number % BADGES.len()];
        Picture::new(format!("/art/{slug}.svg"), self.say(&format!("The badge {name}")))
    }

    fn award(self, number: usize, standing: Standing) -> AwardCard {
        AwardCard {
            href: "/awards/awd_7Qm2".into(),
            picture: self.picture(number),
            badge: self.say(BADGES[number % BADGES.len()].1),
            issuer: self.say("Hive Chicago"),
            holder: None,
            awarded: day("2014-06-21T14:05:00Z"),
            standing,
        }
    }
}

fn day(time: &str) -> When {
    When::day(time.parse().unwrap())
}

fn minute(time: &str) -> When {
    When::minute(time.parse().unwrap())
}

/// Slug, name, issuer, track, level, colour, icon, words on the drawing, year.
type Sample = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const BADGES: &[Sample] = &[
    ("webmaker-mentor", "Webmaker Mentor", "Webmaker", "teach", "2", "", "speech", "Webmaker Mentor", "2014"),
    (
        "super-mentor",
        "Webmaker Super Mentor",
        "Webmaker",
        "teach",
        "3",
        "plum",
        "rocket",
        "Super Mentor",
        "2014",
    ),
    (
        "hive-member",
        "Hive Community Member",
        "Hive Chicago",
        "organise",
        "1",
        "amber",
        "people",
        "Hive Community",
        "2014",
    ),
    ("event-host", "Event Host", "Webmaker", "organise", "1", "", "megaphone", "Event Host", "2014"),
    ("coding", "Coding and Scripting", "Web Literacy", "build", "1", "", "code", "Coding & Scripting", ""),
    ("privacy", "Privacy", "Web Literacy", "learn", "1", "", "lock", "Privacy", ""),
    ("remix", "Remix", "Web Literacy", "learn", "0", "rose", "music", "Remix", ""),
    ("skill-sharer", "Skill Sharer", "Webmaker", "teach", "0", "", "hands", "Skill Sharer", ""),
    (
        "kit-remixer",
        "Teaching Kit Remixer",
        "Webmaker",
        "teach",
        "1",
        "leaf",
        "book",
        "Teaching Kit Remixer",
        "",
    ),
    ("localiser", "Localiser", "Mozilla Contributors", "build", "2", "teal", "globe", "Localiser", "2014"),
    (
        "bug-hunter",
        "Bug Hunter",
        "Mozilla Contributors",
        "build",
        "3",
        "slate",
        "tools",
        "Bug Hunter",
        "2014",
    ),
    (
        "ip-tracer",
        "IP Address Tracer",
        "Web Literacy",
        "learn",
        "0",
        "cobalt",
        "map",
        "IP Address Tracer",
        "",
    ),
];

fn pages(words: Words) -> Vec<(&'static str, String)> {
    let parts = [public::pages(words), account::pages(words), desk::pages(words), lists::pages(words)];
    parts.into_iter().flatten().map(|(name, page)| (name, page.unwrap())).collect()
}

/// A page and its name in the gallery.
type Page = (&'static str, askama::Result<String>);

fn page(name: &'static str, page: &impl Template) -> Page {
    (name, page.render())
}

fn art(sample: &Sample) -> Artwork {
    let &(_, _, _, track, level, colour, icon, title, year) = sample;
    let [track, level, colour, icon, title, year] =
        [track, level, colour, icon, title, year].map(str::to_owned);
    Artwork { track, level, colour, icon, title, year }
}

#[test]
fn every_page_is_well_made() {
    for (name, text) in pages(Words { hostile: false }) {
        let faults = html::faults(&text);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

#[test]
fn no_page_lets_a_text_become_part_of_it() {
    for (name, text) in pages(Words { hostile: true }) {
        assert!(text.contains("alert(1)"), "{name} says nothing of the samples");
        assert!(!text.contains("<script>") && !text.contains("<img src=x"), "{name} lets an attack through");
        let faults = html::faults(&text);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

#[test]
fn no_template_calls_a_text_safe() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                assert!(!text.contains("|safe") && !text.contains("| safe"), "{path:?}");
            }
        }
    }
}

/// Writes the gallery where `BADGES_GALLERY` says, and nothing without it.
#[test]
fn the_gallery_can_be_written() {
    let Some(folder) = std::env::var_os("BADGES_GALLERY") else { return };
    let folder = Path::new(&folder);
    for part in ["assets", "art"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes).unwrap();
    }
    for sample in BADGES {
        fs::write(folder.join(format!("art/{}.svg", sample.0)), art(sample).svg()).unwrap();
        fs::write(folder.join(format!("art/{}.png", sample.0)), art(sample).png().unwrap()).unwrap();
    }
    for (name, text) in pages(Words { hostile: false }) {
        fs::write(folder.join(format!("{name}.html")), text).unwrap();
    }
}
