//! `/outbox`: messages on their way, and one of them as it reads.

use askama::Template;

use crate::web::{
    components::{Empty, Pill, Tone, When},
    form::{Choice, Field, Form},
    frame::Frame,
    table::{Cell, Paging, Table},
};

/// Messages, newest first.
#[derive(Debug, Template)]
#[template(path = "outbox/list.html")]
pub(crate) struct Outbox {
    /// The frame.
    pub(crate) frame: Frame,
    /// Which ones: [`outbox_form`].
    pub(crate) filter: Form,
    /// Whether not all are shown.
    pub(crate) filtered: bool,
    /// The messages.
    pub(crate) rows: Vec<MessageRow>,
    /// The way to the next ones.
    pub(crate) paging: Paging,
    /// Whether no mail server is set up, so that messages are kept here.
    pub(crate) kept: bool,
    /// Whether nothing leaves until the operator says so, as after a restore.
    pub(crate) paused: bool,
}

/// One message in the list.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    /// Its page.
    pub(crate) href: String,
    /// What it says: "You earned Webmaker Mentor".
    pub(crate) subject: String,
    /// To whom: a name where one is known.
    pub(crate) to: String,
    /// How far it is.
    pub(crate) state: MessageState,
    /// When it was written.
    pub(crate) written: When,
    /// Where to post to send it again; none where that makes no sense.
    pub(crate) retry: Option<String>,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageState {
    /// It waits for its turn.
    Queued,
    /// It stays here, since no mail server is set up.
    Kept,
    /// A mail server took it.
    Sent,
    /// It could not be delivered and will not be tried again by itself.
    Failed,
    /// It was called back.
    Cancelled,
}

impl MessageState {
    /// Each, in the order of the filter.
    pub(crate) const ALL: [Self; 5] = [Self::Queued, Self::Kept, Self::Sent, Self::Failed, Self::Cancelled];

    /// From the stored state; one that is being delivered waits as far as people see.
    pub(crate) fn of(state: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.name() == state).unwrap_or(Self::Queued)
    }

    /// Whether it ended in a way that a further try may mend.
    pub(crate) fn may_go_again(self) -> bool {
        matches!(self, Self::Kept | Self::Failed)
    }

    /// Whether it has not left.
    pub(crate) fn may_be_discarded(self) -> bool {
        matches!(self, Self::Queued | Self::Kept | Self::Failed)
    }

    /// The word in addresses and forms.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Kept => "kept",
            Self::Sent => "done",
            Self::Failed => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Kept => "Kept here",
            Self::Sent => "Sent",
            Self::Failed => "Not delivered",
            Self::Cancelled => "Called back",
        }
    }

    fn pill(self) -> Pill {
        let tone = match self {
            Self::Sent => Tone::Positive,
            Self::Kept => Tone::Caution,
            Self::Failed => Tone::Negative,
            Self::Queued | Self::Cancelled => Tone::Neutral,
        };
        Pill::new(tone, self.word())
    }
}

/// Which messages are shown.
pub(crate) fn outbox_form() -> Form {
    let states = MessageState::ALL.iter().map(|state| Choice::new(state.name(), state.word()));
    let states = std::iter::once(Choice::new("", "All states")).chain(states).collect();
    Form::new("outbox", [Field::list("state", "State", states)])
}

impl Outbox {
    fn table(&self) -> Table {
        let rows = self.rows.iter().cloned().map(|row| {
            let again = row.retry.map_or(Cell::Nothing, |href| Cell::Action {
                label: "Send again",
                object: format!("to {}", row.to),
                href,
                confirm: None,
                csrf: self.frame.csrf.clone(),
                form_key: self.frame.form_key.clone(),
            });
            vec![
                Cell::Link { label: row.subject, href: row.href },
                Cell::text(row.to),
                Cell::State(row.state.pill()),
                Cell::Time(row.written),
                again,
            ]
        });
        Table {
            caption: "Messages, newest first",
            columns: vec!["Message", "To", "State", "Written", ""],
            rows: rows.collect(),
            paging: self.paging.clone(),
        }
    }
}

/// One message as it reads; a link that acts for its receiver stands in it only where that was asked for.
#[derive(Debug, Template)]
#[template(path = "outbox/message.html")]
pub(crate) struct MessagePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What it says.
    pub(crate) subject: String,
    /// To whom.
    pub(crate) to: String,
    /// How far it is.
    pub(crate) state: MessageState,
    /// When it was written.
    pub(crate) written: When,
    /// How often it was tried.
    pub(crate) attempts: u32,
    /// Why it was not delivered.
    pub(crate) fault: Option<String>,
    /// Its text.
    pub(crate) text: String,
    /// Where to post to send it again.
    pub(crate) retry: Option<String>,
    /// Where to post to call it back.
    pub(crate) discard: Option<String>,
    /// Where the owner posts to get a working link into the text; this is noted.
    pub(crate) mint: Option<String>,
    /// The link that was made just now.
    pub(crate) made: Option<String>,
}
