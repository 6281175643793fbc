//! `/badges/{slug}/edit`: everything that a badge says, its versions, a preview, and publishing it.

use askama::Template;

use crate::{
    artwork::{COLOURS, ICONS, LEVELS, Named},
    images,
    web::{
        components::{Picture, Pill, Track},
        form::{Choice, ErrorSummary, Field, Form, summary_of},
        frame::Frame,
    },
};

/// The editor of a badge, and the form for a new one.
#[derive(Debug, Template)]
#[template(path = "badges/editor.html")]
pub(crate) struct BadgeEditor {
    /// The frame.
    pub(crate) frame: Frame,
    /// Whether the badge is being made.
    pub(crate) new: bool,
    /// Where the form posts.
    pub(crate) action: String,
    /// Whether there is a draft to publish.
    pub(crate) publish: bool,
    /// Where to award it, once a version is published.
    pub(crate) award: Option<String>,
    /// What the badge says: [`badge_form`].
    pub(crate) form: Form,
    /// One [`criteria_form`] per group of criteria.
    pub(crate) criteria: Vec<Form>,
    /// One [`alignment_form`] per alignment.
    pub(crate) alignments: Vec<Form>,
    /// One [`result_form`] per result.
    pub(crate) results: Vec<Form>,
    /// The picture as it is.
    pub(crate) picture: Picture,
    /// The hash of a picture that was uploaded before.
    pub(crate) kept: Option<String>,
    /// Where the draft is shown as learners will see it.
    pub(crate) preview: Option<String>,
    /// Where to post to archive the badge, or to take it out again.
    pub(crate) archive: Option<String>,
    /// Whether it is kept for the record only.
    pub(crate) archived: bool,
    /// Where people take it themselves.
    pub(crate) claims: Option<String>,
    /// The versions, newest first.
    pub(crate) versions: Vec<Version>,
}

/// One version of a badge.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// Its number.
    pub(crate) number: u32,
    /// Its page.
    pub(crate) href: String,
    /// "Draft", "Published on 21 June 2014".
    pub(crate) state: Pill,
}

/// Rules that few badges have.
const SELDOM: &[&str] = &["undo", "requires", "also_in", "rights_level", "rights_over"];

impl BadgeEditor {
    /// Whether the rules that few badges have are shown at once.
    fn shows_all(&self) -> bool {
        self.form.is_used(SELDOM)
    }

    fn summary(&self) -> ErrorSummary<'_> {
        let rows = self.criteria.iter().chain(&self.alignments).chain(&self.results);
        summary_of(std::iter::once(&self.form).chain(rows))
    }
}

/// What a badge says. `places` are the nodes under which it can stand, as id and name.
pub(crate) fn badge_form(places: Vec<Choice>) -> Form {
    Form::new("badge", words(places).into_iter().chain(drawing()).chain(rules()))
}

fn words(places: Vec<Choice>) -> Vec<Field> {
    let tracks = Track::ALL.into_iter().map(|track| Choice::new(track.name(), track.label()));
    let tracks = std::iter::once(Choice::new("", "None")).chain(tracks).collect();
    vec![
        Field::text("name", "Name").required().mirrored(),
        Field::text("slug", "Address").hint(
            "Small letters, digits and hyphens; made from the name if empty. Old addresses keep working.",
        ),
        Field::list("issuer", "Stands under", places).required(),
        Field::list("track", "Track", tracks).mirrored(),
        Field::lines("consumer_description", "What it says about its holder", 3)
            .hint("For people who see the badge: what did the holder do, what can they do?")
            .required()
            .mirrored(),
        Field::lines("earner_description", "What it means for the person who earns it", 3),
        Field::text("achievement_type", "Type of achievement")
            .hint("Badge, Certificate, Competency, or another word of Open Badges 3.0.")
            .holding("Badge"),
        Field::lines("criteria", "What it takes, in words", 4)
            .hint("Or fill in the groups below; both can stand together."),
        Field::text("tags", "Tags").hint("Words by which people find it, with commas between."),
    ]
}

fn drawing() -> Vec<Field> {
    let choices = |all: &[Named]| all.iter().map(|one| Choice::new(one.name, one.label)).collect();
    let sources = vec![
        Choice::new("drawn", "Draw it for us").hint("From the track and what is chosen here."),
        Choice::new("file", "Use a picture of our own").hint("The one below, or the one uploaded before."),
    ];
    vec![
        Field::one_of("source", "Where the picture comes from", sources).holding("drawn"),
        Field::file("image", "Upload a picture", images::FILES)
            .hint("PNG or SVG, square, up to 1 MB; a PNG at least 180 pixels wide, an SVG without scripts and links."),
        Field::text("caption", "What the picture shows").hint("For people who do not see it.").required(),
        Field::list("icon", "Icon", choices(ICONS)).mirrored(),
        Field::list("colour", "Colour", choices(COLOURS)).mirrored(),
        Field::list("level", "Ring", choices(LEVELS)).mirrored(),
        Field::text("short_title", "Words on the drawing").mirrored(),
        Field::text("year", "Year on the drawing").mirrored(),
    ]
}

fn rules() -> Vec<Field> {
    let seen = vec![
        Choice::new("link", "Whoever knows its address"),
        Choice::new("public", "Everybody: it can be shown on the badge's page"),
        Choice::new("private", "Its holder and the people who work here"),
    ];
    vec![
        Field::tick("unique", "A person can hold it once"),
        Field::number("limit", "At most this many awards"),
        Field::text("expires_after", "Valid for").hint("Such as 2 years. Empty means for ever."),
        Field::text("undo", "An award can be undone for")
            .hint("Such as 10 minutes, up to 7 days. It is signed and sent when that time is over."),
        Field::list("visibility", "Who can open an award", seen),
        Field::lines("requires", "Badges that one needs first", 2).hint("Their addresses, one a line."),
        Field::lines("also_in", "Also stands in", 2).hint("Addresses of other programmes, one a line."),
        Field::number("rights_level", "Its holders may give badges below level").hint(
            "From 1 to 9: who holds it may award and review badges of a lower level, and see who has them. Empty \
             means nothing of this. Only who gives roles can change it.",
        ),
        Field::lines("rights_over", "Only these of them", 2).hint(
            "Addresses of badges, and of places with all below them, one a line. Empty means all badges below the \
             level. Only who gives roles can change it.",
        ),
        Field::tick("suspendable", "Awards can be suspended").ticked(),
        Field::tick("hosted_ob2", "Also give it out as hosted Open Badges 2.0").hint(
            "This publishes the hashed address of each holder, for everybody to try addresses against.",
        ),
    ]
}

/// One group of criteria, from 1 on.
pub(crate) fn criteria_form(number: usize) -> Form {
    Form::new(
        "group",
        [
            Field::lines(format!("group-{number}-required"), format!("Group {number}: always needed"), 2)
                .hint("One thing to do a line."),
            Field::lines(format!("group-{number}-items"), "To choose from", 3)
                .hint("One thing to do a line."),
            Field::number(format!("group-{number}-needed"), "How many of them in all")
                .hint("Empty means all of them."),
        ],
    )
}

/// One alignment, from 1 on.
pub(crate) fn alignment_form(number: usize) -> Form {
    Form::new(
        "alignment",
        [
            Field::text(format!("alignment-{number}-name"), format!("Alignment {number}: name")),
            Field::url(format!("alignment-{number}-url"), "Its address"),
            Field::text(format!("alignment-{number}-code"), "Its code there"),
            Field::text(format!("alignment-{number}-framework"), "Framework"),
        ],
    )
}

/// The kinds of results that a form offers: terms of OB 3.0 §B.2.4, and how people read them.
pub(crate) const RESULT_TYPES: &[(&str, &str)] = &[
    ("Result", "Any"),
    ("RubricCriterionLevel", "Level of a rubric"),
    ("Percent", "Percent"),
    ("LetterGrade", "Letter grade"),
    ("RawScore", "Score"),
    ("GradePointAverage", "Grade point average"),
    ("Status", "Status"),
];

/// One result that an award can carry, from 1 on.
pub(crate) fn result_form(number: usize) -> Form {
    let types = RESULT_TYPES.iter().map(|(name, label)| Choice::new(*name, *label)).collect();
    Form::new(
        "result",
        [
            Field::text(format!("result-{number}-name"), format!("Result {number}: name")),
            Field::list(format!("result-{number}-type"), "What it is", types),
            Field::lines(format!("result-{number}-values"), "Answers that are allowed", 2)
                .hint("One a line. Empty means any."),
            Field::lines(format!("result-{number}-levels"), "Levels of its rubric, lowest first", 3)
                .hint("One a line; what it means can stand behind a colon."),
        ],
    )
}
