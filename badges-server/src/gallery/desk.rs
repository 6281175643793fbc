//! Samples of the pages of staff.

use crate::{
    awards::views::{
        AwardActions, AwardRow, AwardsList, GiveForm, GiveOutcome, Given, Preview, StaffAward, Step,
        filter_form, give_form, reason_form,
    },
    badges::public::views::{
        BadgeEditor, ClaimLink, ClaimLinks, MadeLink, Version, alignment_form, badge_form, claim_form,
        criteria_form, result_form,
    },
    contacts::views::{ContactPage, ContactRow, Contacts, contact_form},
    gallery::{BADGES, Page, Words, day, minute, page},
    issuers::views::{
        ChosenNode, Hierarchy, IssuerKeys, Key, KeyState, Keys, child_form, move_form, node_form,
    },
    outbox::views::{MessagePage, MessageRow, MessageState, Outbox, outbox_form},
    web::{
        components::{Flash, Link, Node, NodeKind, PersonChip, Pill, Progress, Standing, Tone, Tree},
        form::Choice,
        frame::Section,
        table::Paging,
    },
};

pub(super) fn pages(words: Words) -> Vec<Page> {
    vec![
        page("hierarchy", &hierarchy(words)),
        page("badge-new", &editor(words, true)),
        page("badge-edit", &editor(words, false)),
        page("claims", &claims(words)),
        page("give", &give(words)),
        page("give-preview", &preview(words)),
        page("give-outcome", &outcome(words)),
        page("awards", &awards(words, 6)),
        page("awards-empty", &awards(words, 0)),
        page("award-staff", &staff_award(words)),
        page("contacts", &contacts(words)),
        page("contact", &contact(words)),
        page("keys", &keys(words)),
        page("outbox", &outbox(words)),
        page("message", &message(words)),
    ]
}

fn places(words: Words) -> Vec<Choice> {
    vec![Choice::new("iss_1", words.say("Webmaker")), Choice::new("iss_2", words.say("Hive Chicago"))]
}

fn hierarchy(words: Words) -> Hierarchy {
    let node = |kind, name: &str| Node::new(kind, words.say(name), "/hierarchy?node=iss_1");
    let noted = |node: Node, note: &str| Node { note: Some(words.say(note)), ..node };
    let webmaker = node(NodeKind::Programme, "Webmaker").with([
        noted(node(NodeKind::Badge, "Webmaker Mentor"), "1,104 awarded"),
        noted(node(NodeKind::Badge, "Event Host"), "Draft"),
    ]);
    let old = Node { archived: true, ..node(NodeKind::Programme, "Maker Party 2013") };
    let hive = Node { current: true, ..node(NodeKind::Issuer, "Hive Chicago") };
    let root = node(NodeKind::Organisation, "Mozilla Foundation").with([webmaker, hive, old]);
    let above = Some((words.say("Mozilla Foundation"), words.say("Teaches the web.")));
    let mut edit = node_form([above, None, None], true);
    edit.fill([("name", words.say("Hive Chicago").as_str()), ("slug", words.say("hive").as_str())]);
    edit.problem("slug", words.say("Another programme was called this before. Choose another address."));
    Hierarchy {
        frame: words.staff(Section::Hierarchy),
        tree: Tree { roots: vec![root] },
        chosen: Some(ChosenNode {
            name: words.say("Hive Chicago"),
            href: "/issuers/hive".into(),
            action: "/hierarchy/iss_2".into(),
            picture: Some(words.picture(1)),
            kept: None,
            edit,
            add: child_form(),
            relocate: Some(move_form(places(words))),
            new_badge: Some("/badges/new?under=iss_2".into()),
            keys: Some("/issuers/hive/keys".into()),
            archived: false,
            closed: false,
        }),
    }
}

fn editor(words: Words, new: bool) -> BadgeEditor {
    let mut form = badge_form(places(words));
    if new {
        form.problem("caption", words.say("Say what the picture shows."));
        form.problem("", words.say("You have used all drafts of today."));
    } else {
        let [name, slug, text] = ["Webmaker Mentor", "webmaker-mentor", "Teaches the web to others."];
        form.set("name", words.say(name));
        form.set("slug", words.say(slug));
        form.set("consumer_description", words.say(text));
        for (name, value) in [("track", "teach"), ("level", "2"), ("icon", "speech"), ("unique", "yes")] {
            form.set(name, value);
        }
    }
    let version = |number, tone, state: &str| Version {
        number,
        href: "/badges/webmaker-mentor".into(),
        state: Pill::new(tone, words.say(state)),
    };
    BadgeEditor {
        frame: words.staff(Section::Hierarchy),
        new,
        action: "/badges/webmaker-mentor/edit".into(),
        publish: !new,
        award: (!new).then(|| "/award?badge=webmaker-mentor".into()),
        form,
        criteria: vec![criteria_form(1), criteria_form(2)],
        alignments: vec![alignment_form(1)],
        results: vec![result_form(1)],
        picture: words.picture(0),
        kept: None,
        preview: (!new).then(|| "/badges/webmaker-mentor/preview".into()),
        archive: (!new).then(|| "/badges/webmaker-mentor/archive".into()),
        archived: false,
        claims: (!new).then(|| "/badges/webmaker-mentor/claims".into()),
        versions: vec![version(3, Tone::Caution, "Draft"), version(2, Tone::Positive, "Published")],
    }
}

fn claims(words: Words) -> ClaimLinks {
    let mut frame = words.staff(Section::Hierarchy);
    frame.crumbs = words.crumbs(&["Mozilla Foundation", "Web Literacy", "Privacy"]);
    let link = |label: &str, open: bool| ClaimLink {
        label: words.say(label),
        uses: 14,
        most_uses: open.then_some(30),
        ends: Some(words.say("30 June 2014")),
        open,
        change: "/badges/privacy/claims/cod_1".into(),
    };
    let url = words.say("https://badges.example.org/claim/tulip-orbit-7");
    ClaimLinks {
        frame,
        badge: words.say("Privacy"),
        action: "/badges/privacy/claims".into(),
        form: claim_form(),
        made: Some(MadeLink { url, code: code() }),
        links: vec![link("Workshop in the library", true), link("Class 8b", false)],
    }
}

fn code() -> String {
    let code = fast_qr::QRBuilder::new("https://badges.example.org/claim/tulip-orbit-7").build().unwrap();
    let svg = fast_qr::convert::svg::SvgBuilder::default().to_str(&code);
    let part: String = url::form_urlencoded::byte_serialize(svg.as_bytes()).collect();
    format!("data:image/svg+xml,{}", part.replace('+', "%20"))
}

fn give(words: Words) -> GiveForm {
    let badges = BADGES.iter().map(|badge| Choice::new(badge.0, words.say(badge.1))).collect();
    let mut form = give_form(badges);
    let typed = words.say("Amina Diallo <amina@example.org>\nleo@example");
    form.fill([("recipients", typed.as_str()), ("mail", "yes")]);
    form.problem("recipients", words.say("leo@example is not a whole address."));
    GiveForm {
        frame: words.staff(Section::Award),
        action: "/award".into(),
        form,
        badge: Some((words.picture(0), words.say("Webmaker Mentor"))),
        left: Some(198),
        none: false,
        lists: true,
    }
}

fn preview(words: Words) -> Preview {
    Preview {
        frame: words.staff(Section::Award),
        action: "/award".into(),
        carried: vec![("recipients".into(), words.say("amina@example.org"))],
        badge: words.say("Webmaker Mentor"),
        picture: words.picture(0),
        issuer: words.say("Hive Chicago"),
        recipients: vec![
            (words.say("Amina Diallo"), Pill::new(Tone::Positive, words.say("Will be awarded"))),
            (words.say("Leo Martins"), Pill::new(Tone::Caution, words.say("Holds it already"))),
        ],
        count: 1,
        note: Some(words.say("Four Saturdays at the library.")),
        message: Some(words.say("Hello Amina,\n\nHive Chicago awarded you Webmaker Mentor for four Saturdays at the library.\n\nNadia Okafor")),
        undo_for: Some(words.say("10 minutes")),
    }
}

fn outcome(words: Words) -> GiveOutcome {
    let mut frame = words.staff(Section::Award);
    frame.flash = Some(
        Flash::done(words.say("Two awards go out in 10 minutes.")).undo(words.say("Undo"), "/awards/undo"),
    );
    let given = |who: &str, good: bool, message: Option<(Tone, &str)>| Given {
        who: words.say(who),
        award: good.then(|| "/awards/awd_7Qm2".into()),
        award_state: match good {
            true => Pill::new(Tone::Positive, words.say("Awarded")),
            false => Pill::new(Tone::Neutral, words.say("Not awarded")),
        },
        message_state: message.map(|(tone, word)| Pill::new(tone, words.say(word))),
        note: (!good).then(|| words.say("Holds it already.")),
    };
    GiveOutcome {
        frame,
        badge: words.say("Webmaker Mentor"),
        progress: Some(Progress { id: "done", done: 2, all: 3, noun: words.say("done") }),
        given: vec![
            given("Amina Diallo", true, Some((Tone::Positive, "Claimed"))),
            given("Mei-Ling Chen", true, Some((Tone::Negative, "Bounced"))),
            given("Leo Martins", false, None),
        ],
        again: "/award?badge=webmaker-mentor".into(),
    }
}

fn awards(words: Words, many: usize) -> AwardsList {
    let names =
        ["Amina Diallo", "Leo Martins", "Mei-Ling Chen", "Søren Holm", "Priya Natarajan", "Tom Baker"];
    let rows = Standing::ALL.into_iter().zip(names).take(many).enumerate();
    let rows = rows.map(|(at, (standing, name))| AwardRow {
        href: "/awards/awd_7Qm2/staff".into(),
        badge: words.say(BADGES[at].1),
        picture: words.picture(at),
        holder: PersonChip::new(words.say(name)).at("/contacts/con_1"),
        awarded: day("2014-06-21T14:05:00Z"),
        standing,
        message: Some(Pill::new(Tone::Neutral, words.say("Sent"))),
    });
    let badges = BADGES.iter().map(|badge| Choice::new(badge.0, words.say(badge.1))).collect();
    AwardsList {
        frame: words.staff(Section::Awards),
        filter: filter_form(badges),
        filtered: false,
        rows: rows.collect(),
        paging: Paging {
            next: Some("/awards?after=awd_1".into()),
            first: None,
            count: Some(words.say("1,284 awards")),
        },
        export: Some("/awards.csv".into()),
        gives: true,
        lists: true,
    }
}

fn staff_award(words: Words) -> StaffAward {
    let mut frame = words.staff(Section::Awards);
    frame.flash = Some(Flash::done(words.say("The message went out again.")));
    let step = |at: &str, sentence: &str, tone| Step { at: minute(at), sentence: words.say(sentence), tone };
    let action = |verb: &str| format!("/awards/awd_7Qm2/{verb}");
    StaffAward {
        frame,
        badge: Link::new(words.say("Webmaker Mentor"), "/badges/webmaker-mentor"),
        picture: words.picture(0),
        holder: PersonChip::new(words.say("Amina Diallo")).at("/contacts/con_1"),
        address: Some(words.say("amina@example.org")),
        given_by: Some(words.say("Jonas Weber")),
        standing: Standing::Valid,
        public: "/awards/awd_7Qm2".into(),
        note: Some(words.say("Four Saturdays at the library.")),
        reason: None,
        successor: None,
        history: vec![
            step("2014-06-23T08:12:00Z", "Amina claimed it.", Tone::Positive),
            step("2014-06-21T14:06:00Z", "The message was sent.", Tone::Neutral),
            step("2014-06-21T14:05:00Z", "Jonas Weber awarded it.", Tone::Neutral),
        ],
        actions: AwardActions {
            resend: Some(action("resend")),
            undo: Some(action("undo")),
            reinstate: Some(action("reinstate")),
            suspend: Some((action("suspend"), reason_form("suspend"))),
            revoke: Some((action("revoke"), reason_form("revoke"))),
            supersede: Some((action("supersede"), reason_form("supersede"))),
            correct: Some((action("correct"), crate::contacts::views::address_form())),
        },
    }
}

fn contacts(words: Words) -> Contacts {
    let row = |name: &str, held, mark: Option<&str>| ContactRow {
        person: PersonChip::new(words.say(name)).at("/contacts/con_1"),
        held,
        newest: (held > 0).then(|| day("2014-06-21T14:05:00Z")),
        mark: mark.map(|mark| Pill::new(Tone::Caution, words.say(mark))),
    };
    Contacts {
        frame: words.staff(Section::Contacts),
        words: words.say(""),
        rows: vec![
            row("Amina Diallo", 4, None),
            row("Leo Martins", 1, Some("Mail bounces")),
            row("mei-ling@example.org", 0, None),
        ],
        paging: Paging::default(),
    }
}

fn contact(words: Words) -> ContactPage {
    let mut frame = words.staff(Section::Contacts);
    frame.crumbs = words.crumbs(&["Contacts"]);
    let mut form = contact_form();
    form.set("display_name", words.say("Amina Diallo"));
    ContactPage {
        frame,
        name: words.say("Amina Diallo"),
        addresses: vec![
            (words.say("amina@example.org"), Pill::new(Tone::Positive, words.say("Proved"))),
            (words.say("a.diallo@example.net"), Pill::new(Tone::Negative, words.say("Bounces"))),
        ],
        facts: vec![
            (words.say("Language"), words.say("English")),
            (words.say("Known since"), words.say("6 March 2014")),
        ],
        awards: vec![words.award(0, Standing::Valid), words.award(5, Standing::Expired)],
        paging: Paging::default(),
        award: Some("/award?to=con_1".into()),
        add_address: Some(("/contacts/con_1/addresses".into(), crate::contacts::views::address_form())),
        edit: Some(("/contacts/con_1".into(), form)),
    }
}

fn keys(words: Words) -> Keys {
    let key = |public: &str, state| Key {
        public: words.say(public),
        made: day("2014-03-06T10:00:00Z"),
        state,
        since: (state == KeyState::Compromised).then(|| day("2014-06-01T10:00:00Z")),
        compromise: "/keys/key_1/compromise".into(),
        wrong: None,
        standing: if state == KeyState::Compromised { 41 } else { 0 },
        reissue: (state == KeyState::Compromised).then(|| "/keys/key_1/reissue".into()),
    };
    let issuer = IssuerKeys {
        issuer: Link::new(words.say("Hive Chicago"), "/issuers/hive"),
        signs_as: words.say("did:web:badges.example.org:issuers:iss_2f9c"),
        rotate: Some("/keys/iss_2/rotate".into()),
        keys: vec![
            key("z6MkjDWKBnWGk2vLrYx6V3VfhaKqL2bWPvN7C4sRkHrtV9Gs", KeyState::Signing),
            key("z6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V", KeyState::Retired),
            key("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", KeyState::Compromised),
        ],
    };
    Keys { frame: words.staff(Section::Keys), issuers: vec![issuer] }
}

fn outbox(words: Words) -> Outbox {
    let rows = MessageState::ALL.map(|state| MessageRow {
        href: "/outbox/msg_1".into(),
        subject: words.say("You earned Webmaker Mentor"),
        to: words.say("Amina Diallo"),
        state,
        written: minute("2014-06-21T14:05:00Z"),
        retry: (state == MessageState::Failed).then(|| "/outbox/msg_1/retry".into()),
    });
    Outbox {
        frame: words.staff(Section::Outbox),
        filter: outbox_form(),
        filtered: false,
        rows: rows.into(),
        paging: Paging { next: Some("/outbox?after=msg_1".into()), first: None, count: None },
        kept: true,
        paused: true,
    }
}

fn message(words: Words) -> MessagePage {
    MessagePage {
        frame: words.staff(Section::Outbox),
        subject: words.say("You earned Webmaker Mentor"),
        to: words.say("Amina Diallo"),
        state: MessageState::Failed,
        written: minute("2014-06-21T14:05:00Z"),
        attempts: 6,
        fault: Some(words.say("550 no such mailbox")),
        text: words.say("Hello Amina,\n\nHive Chicago awarded you Webmaker Mentor.\n\nOpen it here: (the link is made when the message leaves)"),
        retry: Some("/outbox/msg_1/retry".into()),
        discard: Some("/outbox/msg_1/discard".into()),
        mint: Some("/outbox/msg_1/link".into()),
        made: Some(words.say("https://badges.example.org/claim/award/9f2c4e1ab7")),
    }
}
