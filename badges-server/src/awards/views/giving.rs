//! `/award` and `/claim/{code}`: giving a badge, and taking one.

use askama::Template;

use crate::web::{
    components::{Empty, Picture, Pill, Progress},
    form::{Choice, Field, Form},
    frame::Frame,
    number::grouped,
    table::Table,
};

/// The form that awards a badge to one or many.
#[derive(Debug, Template)]
#[template(path = "awards/give.html")]
pub(crate) struct GiveForm {
    /// The frame.
    pub(crate) frame: Frame,
    /// Where the form posts; its first answer is the preview.
    pub(crate) action: String,
    /// To whom, what and why: [`give_form`].
    pub(crate) form: Form,
    /// The badge, where it is chosen: its picture and its name.
    pub(crate) badge: Option<(Picture, String)>,
    /// How many more awards the reader may give today.
    pub(crate) left: Option<u64>,
    /// Whether there is no badge that the reader may award.
    pub(crate) none: bool,
    /// Whether the reader may award to whole lists.
    pub(crate) lists: bool,
}

/// To whom, what and why. `badges` are those that the reader may award, as slug and name.
pub(crate) fn give_form(badges: Vec<Choice>) -> Form {
    Form::new(
        "give",
        [
            Field::list("badge", "Badge", badges).required(),
            Field::lines("recipients", "To whom", 4)
                .hint("One address a line; a name can stand in front: Amina Diallo <amina@example.org>.")
                .required(),
            Field::lines("note", "What they did for it", 3)
                .hint("It stands on the award, for everybody to read."),
            Field::url("evidence", "Where to see it"),
            Field::date("until", "Valid until"),
            Field::tick("mail", "Send each of them a message").ticked(),
        ],
    )
}

/// What will happen, before it happens.
#[derive(Debug, Template)]
#[template(path = "awards/preview.html")]
pub(crate) struct Preview {
    /// The frame.
    pub(crate) frame: Frame,
    /// Where to post to go on.
    pub(crate) action: String,
    /// What is posted again: every field of the form, as name and value.
    pub(crate) carried: Vec<(String, String)>,
    /// The badge.
    pub(crate) badge: String,
    /// Its picture.
    pub(crate) picture: Picture,
    /// Who signs it.
    pub(crate) issuer: String,
    /// Each recipient and what will become of it: "Will be awarded", "Holds it already".
    pub(crate) recipients: Vec<(String, Pill)>,
    /// How many will be awarded.
    pub(crate) count: u64,
    /// What stands on the award.
    pub(crate) note: Option<String>,
    /// The message that goes out, where one does.
    pub(crate) message: Option<String>,
    /// How long it can be undone, in words: "10 minutes".
    pub(crate) undo_for: Option<String>,
}

/// What became of each recipient.
#[derive(Debug, Template)]
#[template(path = "awards/outcome.html")]
pub(crate) struct GiveOutcome {
    /// The frame.
    pub(crate) frame: Frame,
    /// The badge.
    pub(crate) badge: String,
    /// How far it is, while it is not done.
    pub(crate) progress: Option<Progress>,
    /// Each recipient.
    pub(crate) given: Vec<Given>,
    /// Where to give it to more people.
    pub(crate) again: String,
}

/// What became of one recipient.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// Name or address.
    pub(crate) who: String,
    /// The award, where there is one.
    pub(crate) award: Option<String>,
    /// "Awarded", "Not awarded", "Awarded before".
    pub(crate) award_state: Pill,
    /// "Queued", "Sent", "Bounced", "Opened", "Claimed".
    pub(crate) message_state: Option<Pill>,
    /// Why not, or what to do.
    pub(crate) note: Option<String>,
}

impl GiveOutcome {
    fn title(&self) -> String {
        let awarded = self.given.iter().filter(|one| one.award.is_some()).count();
        match awarded {
            1 => format!("{} is awarded to one person", self.badge),
            many => format!("{} is awarded to {} people", self.badge, grouped(many)),
        }
    }

    fn table(&self) -> Table {
        use crate::web::table::Cell;
        let rows = self.given.iter().map(|one| {
            let who = match &one.award {
                Some(href) => Cell::Link { label: one.who.clone(), href: href.clone() },
                None => Cell::text(&one.who),
            };
            let message = one.message_state.clone().map_or(Cell::Nothing, Cell::State);
            let note = one.note.as_ref().map_or(Cell::Nothing, Cell::text);
            vec![who, Cell::State(one.award_state.clone()), message, note]
        });
        Table {
            caption: "What became of each recipient",
            columns: vec!["To", "Award", "Message", "Note"],
            rows: rows.collect(),
            paging: Default::default(),
        }
    }
}

/// `/claim/{code}`: a person takes a badge with a link from a workshop.
#[derive(Debug, Template)]
#[template(path = "awards/claim.html")]
pub(crate) struct ClaimPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Where the form posts.
    pub(crate) action: String,
    /// The badge.
    pub(crate) badge: String,
    /// Its picture.
    pub(crate) picture: Picture,
    /// What holding it says about somebody.
    pub(crate) description: String,
    /// Who awards it.
    pub(crate) issuer: String,
    /// Name and address: [`claim_form`]; none where the reader is signed in.
    pub(crate) form: Option<Form>,
    /// Whether a message with a link has gone out.
    pub(crate) sent_to: Option<String>,
}

/// Name and address of somebody who takes a badge.
pub(crate) fn claim_form(kept: bool) -> Form {
    let hint = match kept {
        true => "It shows that the badge is yours, and does not stand on it.",
        false => "We send a link there, to make sure that it is yours. It does not stand on the badge.",
    };
    Form::new(
        "claim",
        [
            Field::text("name", "Your name")
                .hint("As it will stand on the badge.")
                .autocomplete("name")
                .required(),
            Field::email("email", "Your e-mail address").hint(hint).autocomplete("email").required(),
        ],
    )
}
