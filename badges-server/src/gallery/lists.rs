//! Samples of the pages of lists.

use crate::{
    batches::views::{BatchPage, BatchRow, Batches, FirstRow, NewBatch, RefusedRow, list_form},
    gallery::{BADGES, Page, Words, minute, page},
    web::{
        components::{Pill, Progress, Tone},
        form::Choice,
        frame::{Frame, Section},
        table::Paging,
    },
};

pub(super) fn pages(words: Words) -> Vec<Page> {
    vec![
        page("lists", &lists(words, true)),
        page("lists-empty", &lists(words, false)),
        page("list-new", &new(words, false)),
        page("list-faults", &new(words, true)),
        page("list-preview", &BatchPage { begin: Some("/batches/bat_1/begin".into()), ..waiting(words) }),
        page("list-running", &running(words)),
        page("list-done", &done(words)),
    ]
}

fn frame(words: Words, title: &str) -> Frame {
    let mut frame = words.staff(Section::Award);
    frame.title = words.say(title);
    frame
}

fn lists(words: Words, some: bool) -> Batches {
    let row = |name: &str, tone, state: &str, awarded, refused| BatchRow {
        href: "/batches/bat_1".into(),
        name: words.say(name),
        badge: words.say("Webmaker Mentor"),
        state: Pill::new(tone, words.say(state)),
        awarded,
        refused,
        sent: minute("2014-06-21T14:05:00Z"),
    };
    let rows = vec![
        row("Maker Party, June", Tone::Neutral, "500 of 1204", 488, 12),
        row("Summer Code Party", Tone::Caution, "Not begun", 0, 0),
        row("Teach the Web, cohort 3", Tone::Caution, "Done, with refusals", 214, 3),
        row("Hive Chicago volunteers", Tone::Positive, "Done", 96, 0),
    ];
    Batches {
        frame: frame(words, "Lists"),
        rows: if some { rows } else { Vec::new() },
        paging: Paging { next: some.then(|| "/batches?after=bat_1".into()), first: None, count: None },
    }
}

fn new(words: Words, faults: bool) -> NewBatch {
    let badges = BADGES.iter().map(|badge| Choice::new(badge.0, words.say(badge.1))).collect();
    let mut form = list_form(badges);
    let mut lines = Vec::new();
    if faults {
        form.set("rows", words.say("email,name\namina@example,Amina Diallo"));
        form.problem("list", words.say("Some lines cannot be taken as they are; nothing was awarded."));
        let fault = |line: &str, said: &str| (words.say(line), words.say(said));
        lines = vec![
            fault("Line 2", "“amina@example” is not an e-mail address: write it like ada@example.org."),
            fault("Line 7", "The recipient stands in line 3 already: strike one of the two."),
        ];
    }
    NewBatch {
        frame: frame(words, "Award to a list"),
        action: "/batches/new".into(),
        form,
        lines,
        none: false,
    }
}

fn waiting(words: Words) -> BatchPage {
    let row = |line, name: Option<&str>, to: &str| FirstRow {
        line,
        name: name.map(|name| words.say(name)),
        to: words.say(to),
    };
    BatchPage {
        frame: frame(words, "Maker Party, June"),
        badge: words.say("Webmaker Mentor"),
        lead: words
            .say("Nothing has gone out yet. A list with which nobody begins is thrown away after a day."),
        progress: None,
        first: vec![
            row(2, Some("Amina Diallo"), "amina@example.org"),
            row(3, Some("Leo Martins"), "leo@example.org"),
            row(4, None, "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
        ],
        begin: None,
        count: 1_204,
        cancel: Some("/batches/bat_1/cancel".into()),
        note: Some(words.say("Taught at the Maker Party in June.")),
        mail: true,
        refused: Vec::new(),
        table: None,
        paging: Paging::default(),
        awards: "/awards?badge=webmaker-mentor".into(),
        running: false,
    }
}

fn refused(words: Words) -> Vec<RefusedRow> {
    let row = |line, recipient: &str, reason: &str| RefusedRow {
        line,
        recipient: words.say(recipient),
        reason: words.say(reason),
    };
    vec![
        row(
            17,
            "Leo Martins",
            "Leo Martins has this badge already, and it is given once: revoke the other first, or choose another badge.",
        ),
        row(204, "nadia@example.org", "Nobody awards a badge to themselves: ask somebody else to."),
    ]
}

fn running(words: Words) -> BatchPage {
    BatchPage {
        lead: words
            .say("It goes on by itself, also when you close this page. Load it again to see how far it is."),
        progress: Some(Progress {
            id: "decided",
            done: 500,
            all: 1_204,
            noun: words.say("rows decided: 498 awarded, 2 refused"),
        }),
        first: Vec::new(),
        refused: refused(words),
        table: Some((2, "/batches/bat_1/refusals.csv".into())),
        running: true,
        ..waiting(words)
    }
}

fn done(words: Words) -> BatchPage {
    BatchPage {
        lead: words.say("Every row is decided. Mend those below in a list of their own, and send that."),
        progress: Some(Progress {
            id: "decided",
            done: 1_204,
            all: 1_204,
            noun: words.say("rows decided: 1202 awarded, 2 refused"),
        }),
        cancel: None,
        running: false,
        ..running(words)
    }
}
