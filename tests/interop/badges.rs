//! Badges of every shape, drawn from a seed that is printed, so that a failure can be had again.

use serde_json::{Map, Value, json};

use crate::judge::say;

/// A small generator; what it draws must be repeatable, not secret.
pub struct Dice(u64);

impl Dice {
    /// Starts from a seed and prints it beside what is drawn for.
    pub fn thrown(seed: u64, purpose: &str) -> Self {
        say(&format!("judges: {purpose}: seed {seed}"));
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() >> 16) as usize % bound
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const TEXTS: &[&str] = &[
    "Astronaut",
    "Ärztin für Raumfahrt",
    "宇宙飛行士",
    "رائد فضاء",
    "Mentor \u{1f680}\u{200d}\u{1f9d1}",
    "a \"quoted\" \\ backslash",
    "line one\nline two\ttabbed\r",
    "<b>not markup</b> & ]]>",
    "e\u{301} and \u{e9}",
    "\u{2028}\u{7f}\u{1}",
];
const URLS: &[&str] = &[
    "https://hive.example/badges/astronaut",
    "https://hive.example/a?b=c&d=%20#part",
    "urn:uuid:6f0b3c8e-2a4e-4ad1-9a0e-7d4f7a5f0c31",
    "did:web:hive.example",
    "https://xn--bcher-kva.example/",
];
const TIMES: &[&str] = &["2024-02-29T23:59:59Z", "2025-01-01T00:00:00+05:30", "2023-07-01T12:00:00.5Z"];

fn text(dice: &mut Dice) -> Value {
    json!(format!("{} {}", dice.pick(TEXTS), dice.below(1000)))
}

fn url(dice: &mut Dice) -> Value {
    json!(dice.pick(URLS))
}

/// An unsigned badge of this issuer, in force until the year 2090; `with_id` gives its recipient an `id`.
pub fn badge(dice: &mut Dice, issuer: &str, with_id: bool) -> Value {
    let mut badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": format!("urn:uuid:{:08x}-0000-4000-8000-{:012x}", dice.draw() as u32, dice.draw() >> 16),
        "type": ["VerifiableCredential", dice.pick(&["OpenBadgeCredential", "AchievementCredential"])],
        "issuer": profile(dice, issuer),
        "name": text(dice),
        "validFrom": dice.pick(TIMES),
        "credentialSubject": subject(dice, with_id),
    });
    let more = badge.as_object_mut().unwrap();
    maybe(more, dice, "validUntil", |_| json!("2090-01-01T00:00:00Z"));
    maybe(more, dice, "awardedDate", |dice| json!(dice.pick(TIMES)));
    maybe(more, dice, "description", text);
    maybe(more, dice, "evidence", |dice| many(dice, evidence));
    maybe(more, dice, "image", image);
    badge
}

fn maybe(object: &mut Map<String, Value>, dice: &mut Dice, name: &str, make: impl Fn(&mut Dice) -> Value) {
    if dice.chance(40) {
        let value = make(dice);
        object.insert(name.to_owned(), value);
    }
}

fn many(dice: &mut Dice, make: impl Fn(&mut Dice) -> Value) -> Value {
    (0..=dice.below(3)).map(|_| make(dice)).collect()
}

fn image(dice: &mut Dice) -> Value {
    json!({"id": url(dice), "type": "Image", "caption": text(dice)})
}

fn profile(dice: &mut Dice, id: &str) -> Value {
    let mut profile = json!({"id": id, "type": ["Profile"], "name": text(dice)});
    let more = profile.as_object_mut().unwrap();
    maybe(more, dice, "url", |_| json!("https://hive.example/"));
    maybe(more, dice, "email", |_| json!("badges@hive.example"));
    maybe(more, dice, "phone", |_| json!("+13125550100"));
    maybe(more, dice, "description", text);
    maybe(more, dice, "image", image);
    maybe(more, dice, "official", text);
    maybe(more, dice, "otherIdentifier", |dice| {
        many(
            dice,
            |dice| json!({"type": "IdentifierEntry", "identifier": text(dice), "identifierType": "identifier"}),
        )
    });
    maybe(more, dice, "address", |dice| {
        json!({
            "type": ["Address"],
            "streetAddress": text(dice),
            "addressCountryCode": "US",
            "geo": {"type": "GeoCoordinates", "latitude": 41.88 + dice.below(1000) as f64 / 8000.0, "longitude": -87.5},
        })
    });
    profile
}

fn subject(dice: &mut Dice, with_id: bool) -> Value {
    let mut subject = json!({"type": ["AchievementSubject"], "achievement": achievement(dice)});
    let more = subject.as_object_mut().unwrap();
    if with_id {
        more.insert("id".to_owned(), json!(format!("did:example:learner-{}", dice.below(1000))));
    } else {
        more.insert("identifier".to_owned(), many(dice, identity));
    }
    maybe(more, dice, "narrative", text);
    maybe(more, dice, "role", text);
    maybe(more, dice, "licenseNumber", text);
    maybe(more, dice, "creditsEarned", |dice| json!(dice.below(500) as f64 / 4.0));
    maybe(more, dice, "activityStartDate", |_| json!("2022-01-01T00:00:00Z"));
    maybe(more, dice, "term", text);
    maybe(more, dice, "image", image);
    subject
}

fn identity(dice: &mut Dice) -> Value {
    json!({
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": format!("sha256${:016x}{:016x}{:016x}{:016x}", dice.draw(), dice.draw(), dice.draw(), dice.draw()),
        "identityType": "emailAddress",
        "salt": format!("{:016x}{:016x}", dice.draw(), dice.draw()),
    })
}

fn achievement(dice: &mut Dice) -> Value {
    let mut achievement = json!({
        "id": format!("https://hive.example/badges/{}", dice.below(1000)),
        "type": ["Achievement"],
        "name": text(dice),
        "description": text(dice),
        "criteria": {"narrative": text(dice)},
    });
    let more = achievement.as_object_mut().unwrap();
    maybe(more, dice, "achievementType", |dice| json!(dice.pick(&["Badge", "Course", "ext:Apprenticeship"])));
    maybe(more, dice, "alignment", |dice| many(dice, alignment));
    maybe(more, dice, "creator", |dice| profile(dice, "https://creator.example/"));
    maybe(more, dice, "creditsAvailable", |dice| json!(dice.below(40)));
    maybe(more, dice, "fieldOfStudy", text);
    maybe(more, dice, "humanCode", text);
    maybe(more, dice, "image", image);
    maybe(more, dice, "inLanguage", |_| json!("en-GB"));
    maybe(more, dice, "specialization", text);
    maybe(more, dice, "tag", |dice| many(dice, text));
    maybe(more, dice, "version", text);
    maybe(more, dice, "related", |dice| {
        many(dice, |dice| json!({"type": ["Related"], "id": url(dice), "inLanguage": "de", "version": "1"}))
    });
    achievement
}

fn alignment(dice: &mut Dice) -> Value {
    let mut alignment = json!({
        "type": ["Alignment"],
        "targetName": text(dice),
        "targetUrl": "https://standards.example/participate",
    });
    let more = alignment.as_object_mut().unwrap();
    maybe(more, dice, "targetCode", text);
    maybe(more, dice, "targetDescription", text);
    maybe(more, dice, "targetFramework", text);
    maybe(more, dice, "targetType", |dice| json!(dice.pick(&["ceasn:Competency", "CFItem"])));
    alignment
}

fn evidence(dice: &mut Dice) -> Value {
    let mut evidence = json!({"type": ["Evidence"]});
    let more = evidence.as_object_mut().unwrap();
    maybe(more, dice, "id", url);
    maybe(more, dice, "name", text);
    maybe(more, dice, "narrative", text);
    maybe(more, dice, "genre", text);
    evidence
}
