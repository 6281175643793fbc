//! Samples of the pages of people who sign in.

use crate::{
    accounts::views::{
        AuditLog, AuditRow, Confirm, LinkSent, Me, Onward, OtherWay, OwnProvider, OwnRole, People, PersonRow,
        Session, SettingGroup, Settings, SignIn, Token, Tokens, audit_form, role_form, sign_in_form,
        token_form,
    },
    gallery::{Page, Words, day, minute, page},
    web::{
        components::{Flash, Link, PersonChip, Standing, Tone, Verdict},
        form::Choice,
        frame::Section,
        table::Paging,
    },
};

pub(super) fn pages(words: Words) -> Vec<Page> {
    let mut wrong = sign_in(words);
    wrong.form.fill([("email", words.say("amina@example").as_str())]);
    wrong.form.problem("email", words.say("Write the whole address, such as amina@example.org."));
    vec![
        page("sign-in", &sign_in(words)),
        page("sign-in-error", &wrong),
        page("sign-in-sent", &sent(words)),
        page("sign-in-confirm", &confirm(words)),
        page("sign-in-onward", &onward(words)),
        page("me", &me(words, 4)),
        page("me-empty", &me(words, 0)),
        page("people", &people(words)),
        page("tokens", &tokens(words)),
        page("audit", &audit(words)),
        page("settings", &settings(words)),
    ]
}

fn sign_in(words: Words) -> SignIn {
    let other = |name: &str| OtherWay { name: words.say(name), action: "/sign-in/with/school".to_owned() };
    let others = vec![other("your school"), other("Mozilla")];
    SignIn { frame: words.public("Sign in"), form: sign_in_form(), next: words.say("/me"), others }
}

fn sent(words: Words) -> LinkSent {
    let (address, works_for) = (words.say("amina@example.org"), words.say("15 minutes"));
    LinkSent { frame: words.public("Look into your mail"), address, works_for }
}

fn confirm(words: Words) -> Confirm {
    Confirm {
        frame: words.public("Sign in"),
        picture: None,
        heading: words.say("Sign in as amina@example.org"),
        lead: words.say("One more step, so that only you can use the link."),
        action: "/sign-in/t0k3n".into(),
        button: "Sign in",
    }
}

fn me(words: Words, many: usize) -> Me {
    let mut frame = words.public("My badges");
    frame.person = Some(words.say("Amina Diallo"));
    frame.section = Some(Section::Mine);
    if many > 0 {
        frame.flash = Some(Flash::done(words.say("Webmaker Mentor is now in your account.")));
    }
    let states = [Standing::Valid, Standing::Valid, Standing::Expired, Standing::Revoked];
    let session = |client: &str, current| Session {
        client: words.say(client),
        seen: day("2014-06-21T14:05:00Z"),
        current,
        end: "/me/sessions/ses_1/end".into(),
    };
    Me {
        frame,
        name: words.say("Amina"),
        awards: states
            .into_iter()
            .take(many)
            .enumerate()
            .map(|(at, state)| words.award(at + 3, state))
            .collect(),
        paging: Paging::default(),
        roles: vec![OwnRole { role: words.say("Mentor"), place: words.say("Hive Chicago") }],
        sessions: vec![session("Firefox on Linux", true), session("Safari on iPhone", false)],
        tokens: Some("/me/tokens".into()),
        providers: vec![
            OwnProvider {
                name: words.say("Mozilla"),
                linked: true,
                action: "/me/providers/mozilla/end".into(),
            },
            OwnProvider {
                name: words.say("your school"),
                linked: false,
                action: "/me/providers/school".into(),
            },
        ],
    }
}

fn onward(words: Words) -> Onward {
    let href = "https://login.example.org/authorize?state=1".to_owned();
    Onward { frame: words.public("On to your school"), name: words.say("your school"), href }
}

fn people(words: Words) -> People {
    let row = |name: &str, role: &str, place: &str, since: bool| PersonRow {
        person: PersonChip::new(words.say(name)).detail(words.say("nadia@example.org")),
        role: words.say(role),
        place: words.say(place),
        since: since.then(|| day("2014-03-06T10:00:00Z")),
        remove: since.then(|| "/people/rol_1/remove".into()),
    };
    let roles = vec![
        Choice::new("mentor", words.say("Mentor")).hint(words.say("Awards badges.")),
        Choice::new("designer", words.say("Designer")).hint(words.say("Makes and publishes badges.")),
        Choice::new("steward", words.say("Steward")).hint(words.say("Looks after contacts.")),
    ];
    People {
        frame: words.staff(Section::People),
        filter: None,
        rows: vec![
            row("Nadia Okafor", "Owner", "Mozilla Foundation", true),
            row("Jonas Weber", "Designer", "Webmaker", true),
            row("Mei-Ling Chen", "Mentor", "Hive Chicago", false),
        ],
        form: Some(role_form(roles, vec![Choice::new("iss_1", words.say("Mozilla Foundation"))])),
        paging: Paging {
            next: Some("/people?after=rol_1".into()),
            first: None,
            count: Some(words.say("3 roles")),
        },
    }
}

fn tokens(words: Words) -> Tokens {
    let mut frame = words.public("Tokens");
    frame.person = Some(words.say("Nadia Okafor"));
    let scopes = vec![
        Choice::new("awards:write", words.say("Award badges")).hint(words.say("One at a time.")),
        Choice::new("awards:read", words.say("Read awards")),
    ];
    let token = Token {
        name: words.say("Course system"),
        scopes: vec![words.say("awards:write")],
        made: day("2014-05-02T10:00:00Z"),
        used: Some(day("2014-06-21T10:00:00Z")),
        until: None,
        revoke: "/me/tokens/tok_1/revoke".into(),
    };
    Tokens { frame, form: token_form(scopes), made: Some(words.say("bdg_4f9a27c0d6e1")), tokens: vec![token] }
}

fn audit(words: Words) -> AuditLog {
    let row = |actor: &str, action: &str, object: &str| AuditRow {
        at: minute("2014-06-21T14:05:00Z"),
        actor: words.say(actor),
        by: "/audit?actor=acc_1".into(),
        action: words.say(action),
        object: Link::new(words.say(object), "/awards/awd_7Qm2"),
    };
    AuditLog {
        frame: words.staff(Section::Audit),
        filter: audit_form(vec![Choice::new("", words.say("Everything"))]),
        filtered: false,
        rows: vec![
            row("Jonas Weber", "revoked an award", "Webmaker Mentor for Amina Diallo"),
            row("Nadia Okafor", "published a version", "Privacy, version 3"),
            row("Nadia Okafor", "gave a role", "Mentor to Mei-Ling Chen"),
        ],
        paging: Paging { next: Some("/audit?after=41".into()), first: Some("/audit".into()), count: None },
        chain: Verdict::new(
            Tone::Positive,
            words.say("The chain holds from link 9 to 40: nothing in them was changed."),
        ),
        head: Some(words.say("9f2c4e1ab7")),
    }
}

fn settings(words: Words) -> Settings {
    let setting = |what: &str, value: &str, name: &str| (words.say(what), words.say(value), words.say(name));
    let groups = vec![
        SettingGroup {
            title: words.say("Addresses"),
            settings: vec![
                setting("Where everybody reaches it", "https://badges.example.org", "public_url"),
                setting("Where it listens", "127.0.0.1:8080", "listen"),
            ],
        },
        SettingGroup { title: words.say("Mail"), settings: vec![setting("Mail server", "None", "smtp.url")] },
    ];
    let warnings = vec![words.say("No mail server is set up: messages stay in the outbox.")];
    Settings { frame: words.staff(Section::Settings), groups, warnings }
}
