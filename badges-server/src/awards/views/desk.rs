//! `/awards` and one award as staff see it: find, resend, revoke, suspend, replace, correct.

use askama::Template;

use crate::web::{
    components::{Empty, Link, PersonChip, Picture, Pill, Standing, Tone, When},
    form::{Choice, ErrorSummary, Field, Form, summary_of},
    frame::Frame,
    table::{Cell, Paging, Table},
};

/// `/awards`: what was given.
#[derive(Debug, Template)]
#[template(path = "awards/list.html")]
pub(crate) struct AwardsList {
    /// The frame.
    pub(crate) frame: Frame,
    /// What is looked for: [`filter_form`].
    pub(crate) filter: Form,
    /// Whether something is looked for.
    pub(crate) filtered: bool,
    /// The awards.
    pub(crate) rows: Vec<AwardRow>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
    /// Where the same list is had as CSV.
    pub(crate) export: Option<String>,
    /// Whether the reader may award something.
    pub(crate) gives: bool,
    /// Whether the reader may award to whole lists.
    pub(crate) lists: bool,
}

/// One award in the list.
#[derive(Clone, Debug)]
pub(crate) struct AwardRow {
    /// Its page for staff.
    pub(crate) href: String,
    /// The badge.
    pub(crate) badge: String,
    /// Its picture.
    pub(crate) picture: Picture,
    /// Whose it is.
    pub(crate) holder: PersonChip,
    /// When it was awarded.
    pub(crate) awarded: When,
    /// How it stands.
    pub(crate) standing: Standing,
    /// What became of the message: "Sent", "Bounced", "Claimed".
    pub(crate) message: Option<Pill>,
}

/// What awards are looked for. `badges` are slug and name.
pub(crate) fn filter_form(badges: Vec<Choice>) -> Form {
    let any = |label: &str, rest: Vec<Choice>| [vec![Choice::new("", label)], rest].concat();
    let states = Standing::ALL.iter().map(|state| Choice::new(state.name(), state.word())).collect();
    Form::new(
        "filter",
        [
            Field::search("q", "Name or address").unmarked(),
            Field::list("badge", "Badge", any("All badges", badges)),
            Field::list("state", "State", any("All states", states)),
            Field::list("by", "Given by", vec![Choice::new("", "Anybody"), Choice::new("me", "Me")]),
        ],
    )
}

impl AwardsList {
    /// Whether nothing was ever awarded: there is nothing to look through.
    fn untouched(&self) -> bool {
        self.rows.is_empty() && !self.filtered
    }

    fn first_award(&self) -> Option<(&'static str, &'static str)> {
        self.gives.then_some(("Award the first badge", "/award"))
    }

    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let AwardRow { href, badge, picture, holder, awarded, standing, message } = row;
            vec![
                Cell::Badge { picture, name: badge, href },
                Cell::Person(holder),
                Cell::Time(awarded),
                Cell::State(standing.pill()),
                message.map_or(Cell::Nothing, Cell::State),
            ]
        });
        Table {
            caption: "Awards, newest first",
            columns: vec!["Badge", "Holder", "Awarded", "State", "Message"],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}

/// One award as staff see it.
#[derive(Debug, Template)]
#[template(path = "awards/staff.html")]
pub(crate) struct StaffAward {
    /// The frame.
    pub(crate) frame: Frame,
    /// The badge and its page.
    pub(crate) badge: Link,
    /// Its picture.
    pub(crate) picture: Picture,
    /// Whose it is.
    pub(crate) holder: PersonChip,
    /// The address to which it was given, for those who may see it.
    pub(crate) address: Option<String>,
    /// Who gave it.
    pub(crate) given_by: Option<String>,
    /// How it stands.
    pub(crate) standing: Standing,
    /// Its public page.
    pub(crate) public: String,
    /// What was done for it.
    pub(crate) note: Option<String>,
    /// Why it is not in force.
    pub(crate) reason: Option<String>,
    /// The award that took its place.
    pub(crate) successor: Option<Link>,
    /// What happened to it, newest first.
    pub(crate) history: Vec<Step>,
    /// What the reader may do.
    pub(crate) actions: AwardActions,
}

/// Something that happened to an award.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// When.
    pub(crate) at: When,
    /// What, as a sentence: "Jonas Weber revoked it."
    pub(crate) sentence: String,
    /// How it is meant.
    pub(crate) tone: Tone,
}

/// What the reader may do with an award; each is where to post, with the form that asks why.
#[derive(Debug, Default)]
pub(crate) struct AwardActions {
    /// Send the message again.
    pub(crate) resend: Option<String>,
    /// Take it back before it goes out.
    pub(crate) undo: Option<String>,
    /// The award is halted: reinstate it.
    pub(crate) reinstate: Option<String>,
    /// Halt it for now: [`reason_form`] with scope "suspend".
    pub(crate) suspend: Option<(String, Form)>,
    /// Take it back for good: [`reason_form`] with scope "revoke".
    pub(crate) revoke: Option<(String, Form)>,
    /// Put another in its place: [`reason_form`] with scope "supersede".
    pub(crate) supersede: Option<(String, Form)>,
    /// It went to a wrong address: [`address_form`].
    pub(crate) correct: Option<(String, Form)>,
}

impl AwardActions {
    fn none(&self) -> bool {
        let at_once = [&self.resend, &self.undo, &self.reinstate];
        let said_why = [&self.suspend, &self.revoke, &self.supersede, &self.correct];
        at_once.into_iter().all(Option::is_none) && said_why.into_iter().all(Option::is_none)
    }

    fn summary(&self) -> ErrorSummary<'_> {
        let all = [&self.suspend, &self.revoke, &self.supersede, &self.correct];
        summary_of(all.into_iter().flatten().map(|(_, form)| form))
    }
}

/// Why something is done to an award.
pub(crate) fn reason_form(scope: &'static str) -> Form {
    Form::new(
        scope,
        [Field::lines("reason", "Why", 2)
            .hint("Its holder and everybody who opens the page read this.")
            .required()],
    )
}

/// The address to which an award should have gone.
pub(crate) fn address_form() -> Form {
    Form::new("correct", [Field::email("email", "The right address").required()])
}
