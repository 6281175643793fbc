//! Samples of the pages that everybody sees.

use crate::{
    awards::views::{AwardPage, ClaimPage, Downloads, Evidence, GonePage, claim_form},
    badges::public::views::{BadgeActions, BadgePage, Catalogue, Criteria, CriteriaGroup, HolderRights},
    gallery::{BADGES, Page, Words, day, page},
    issuers::views::IssuerPage,
    problem::kinds::{KINDS, Kind},
    verifier::views::{VerifyPage, VerifyResult, verify_form},
    web::{
        api::{ApiField, ApiGroup, ApiPage, ApiRoute, ProblemLine, ProblemsPage},
        components::{
            CheckLine, Link, Node, NodeKind, Outcome, Pill, Prose, Standing, Tone, Track, Tree, Verdict,
        },
        errors::ErrorPage,
        frame::Section,
        home::Home,
    },
};

pub(super) fn pages(words: Words) -> Vec<Page> {
    let mut pages = vec![
        page("home", &home(words)),
        page("home-empty", &Home { pictures: Vec::new(), recent: Vec::new(), ..home(words) }),
        page("catalogue", &catalogue(words)),
        page("catalogue-found", &found(words, 3)),
        page("catalogue-nothing", &found(words, 0)),
        page("badge", &badge(words)),
        page("issuer", &issuer(words)),
        page("award", &award(words, Standing::Valid)),
        page("award-suspended", &award(words, Standing::Suspended)),
        page("award-superseded", &award(words, Standing::Superseded)),
        page("award-gone", &gone(words)),
        page("claim", &claim(words, None)),
        page("claim-sent", &claim(words, Some(words.say("amina@example.org")))),
        page("verify", &verify(words)),
        page("verify-valid", &result(words, true)),
        page("verify-invalid", &result(words, false)),
        page("api", &api(words)),
        page("problems", &problems(words)),
    ];
    for (name, status) in [
        ("error-400", 400),
        ("error-401", 401),
        ("error-403", 403),
        ("error-404", 404),
        ("error-409", 409),
        ("error-410", 410),
        ("error-413", 413),
        ("error-422", 422),
        ("error-429", 429),
        ("error-500", 500),
        ("error-503", 503),
    ] {
        let detail = Some(words.say("The address has 61 letters; it may have 60."));
        pages.push(page(name, &ErrorPage::of(&words.say("Badges"), status, detail)));
    }
    pages
}

fn home(words: Words) -> Home {
    let mut frame = words.public("Badges that anyone can check");
    frame.demonstration = true;
    Home {
        frame,
        organisation: Some(words.say("Hive Chicago")),
        pictures: [1, 2, 4].map(|number| words.picture(number)).into(),
        recent: [0, 3, 4, 5, 9, 8].map(|number| words.badge(number)).into(),
    }
}

fn tree(words: Words) -> Tree {
    let leaf = |number: usize| {
        let card = words.badge(number);
        Node { picture: Some(card.picture), ..Node::new(NodeKind::Badge, card.name, card.href) }
    };
    let node = |kind, name: &str, children: Vec<Node>| {
        Node::new(kind, words.say(name), "/issuers/webmaker").with(children)
    };
    let leaves = |numbers: &[usize]| numbers.iter().map(|number| leaf(*number)).collect::<Vec<_>>();
    let webmaker = node(NodeKind::Programme, "Webmaker", leaves(&[0, 1, 3, 7, 8]));
    let literacy = node(NodeKind::Programme, "Web Literacy", leaves(&[4, 5, 6, 11]));
    let hive = node(NodeKind::Issuer, "Hive Chicago", leaves(&[2]));
    Tree { roots: vec![node(NodeKind::Organisation, "Mozilla Foundation", vec![webmaker, literacy, hive])] }
}

fn catalogue(words: Words) -> Catalogue {
    let mut frame = words.public("Badges");
    frame.section = Some(Section::Badges);
    Catalogue { frame, words: String::new(), track: None, tree: tree(words), found: None, next: None }
}

fn found(words: Words, many: usize) -> Catalogue {
    Catalogue {
        words: words.say("mentor"),
        track: Some(Track::Teach),
        found: Some((0..many).map(|number| words.badge(number)).collect()),
        next: Some("/badges?after=bdg_1".into()),
        ..catalogue(words)
    }
}

fn criteria(words: Words) -> Criteria {
    let group = |title: &str, items: &[&str]| CriteriaGroup {
        title: words.say(title),
        items: items.iter().map(|item| words.say(item)).collect(),
    };
    Criteria {
        text: Some(Prose::of(&words.say("Mentors teach the web to others and share how they do it."))),
        needed: Some(1),
        groups: vec![
            group("Make a teaching resource", &["Write or remix a teaching kit", "Try it with learners"]),
            group("Host an event", &["Run a Webmaker event", "Write down what came of it"]),
            group("Share in the community", &["Help three people in the forum"]),
        ],
    }
}

fn badge(words: Words) -> BadgePage {
    let mut frame = words.staff(Section::Badges);
    frame.crumbs = words.crumbs(&["Mozilla Foundation", "Webmaker"]);
    BadgePage {
        frame,
        name: words.say("Webmaker Mentor"),
        picture: words.picture(0),
        description: words.say("Teaches people to read, write and take part in the web, and shares how."),
        for_earners: Some(words.say("You can award the Web Literacy badges to people whom you teach.")),
        issuer: Link::new(words.say("Mozilla Foundation"), "/issuers/mozilla"),
        track: Some(Track::Teach),
        criteria: criteria(words),
        holds_for: Some(words.say("two years")),
        awarded: Some(1104),
        limit: Some(3000),
        needs: vec![words.badge(7)],
        also_in: vec![Link::new(words.say("Hive Chicago"), "/issuers/hive")],
        alignments: vec![Link::new(words.say("Web Literacy Map 1.1"), "https://example.org/map")],
        rights: Some(HolderRights {
            level: 2,
            over: vec![
                (false, Link::new(words.say("Remixer"), "/badges/remixer")),
                (true, Link::new(words.say("Hive Chicago"), "/issuers/hive")),
            ],
        }),
        tags: vec![words.say("mentor"), words.say("contribution")],
        version: 2,
        newest: Some(Link::new(words.say("See version 3"), "/badges/webmaker-mentor")),
        archived: false,
        shown: vec![words.award(0, Standing::Valid)],
        actions: BadgeActions {
            award: Some("/award?badge=webmaker-mentor".into()),
            edit: Some("/badges/webmaker-mentor/edit".into()),
            claim_links: Some("/badges/webmaker-mentor/claims".into()),
        },
    }
}

fn issuer(words: Words) -> IssuerPage {
    let mut frame = words.public("Hive Chicago");
    frame.crumbs = words.crumbs(&["Mozilla Foundation"]);
    IssuerPage {
        frame,
        name: words.say("Hive Chicago"),
        kind: words.say("Issuer"),
        description: Some(
            words.say("A network of organisations in Chicago that teach young people to make things."),
        ),
        picture: Some(words.picture(2)),
        site: Some(Link::new(words.say("hivechicago.example.org"), "https://hivechicago.example.org")),
        signs_as: Some(words.say("did:web:badges.example.org:issuers:iss_2f9c")),
        programmes: vec![Link::new(words.say("Summer of Making"), "/issuers/summer")],
        badges: vec![words.badge(2), words.badge(3)],
        edit: None,
        archived: false,
    }
}

fn verdict(words: Words, tone: Tone, sentence: &str) -> Verdict {
    let mut verdict = Verdict::new(tone, words.say(sentence));
    let line = |outcome, sentence: &str, detail: Option<&str>| CheckLine {
        outcome,
        sentence: words.say(sentence),
        detail: detail.map(|detail| words.say(detail)),
    };
    verdict.checks = vec![
        line(Outcome::Passed, "It is a well-formed Open Badge.", None),
        line(Outcome::Passed, "It is signed, and nothing was changed since.", None),
        line(Outcome::Passed, "The key is the issuer's: its own document lists it.", None),
        line(
            Outcome::Unknown,
            "We could not learn whether the issuer has revoked it.",
            Some("The list is too old."),
        ),
        line(Outcome::Failed, "It is not within its time.", None),
        line(Outcome::NotAsked, "You did not ask to whom it belongs.", None),
    ];
    verdict
}

fn award(words: Words, standing: Standing) -> AwardPage {
    let mut frame = words.public("Amina Diallo earned Webmaker Mentor");
    frame.crumbs = words.crumbs(&["Mozilla Foundation", "Hive Chicago"]);
    let valid = "This badge is genuine. Hive Chicago awarded it to Amina Diallo on 21 June 2014, and it has not \
                 been revoked.";
    let (tone, sentence) = match standing {
        Standing::Suspended => (Tone::Caution, "Hive Chicago has suspended this badge for now."),
        Standing::Superseded => (Tone::Neutral, "A newer award took the place of this one on 3 July 2014."),
        _ => (Tone::Positive, valid),
    };
    let successor = Link::new(words.say("See the newer award"), "/awards/awd_9");
    let path = |kind: &str| Some(format!("/awards/awd_7Qm2/{kind}"));
    AwardPage {
        frame,
        badge: Link::new(words.say("Webmaker Mentor"), "/badges/webmaker-mentor"),
        picture: words.picture(0),
        description: words.say("Teaches people to read, write and take part in the web, and shares how."),
        holder: Some(words.say("Amina Diallo")),
        issuer: Link::new(words.say("Hive Chicago"), "/issuers/hive"),
        programme: Some(Link::new(words.say("Webmaker"), "/issuers/webmaker")),
        awarded: day("2014-06-21T14:05:00Z"),
        until: Some(day("2016-06-21T14:05:00Z")),
        standing,
        verdict: verdict(words, tone, sentence),
        successor: (standing == Standing::Superseded).then_some(successor),
        reason: (standing != Standing::Valid).then(|| words.say("The workshop did not take place.")),
        note: Some(
            words.say("Amina ran four Saturdays at the library and wrote a teaching kit about remixing."),
        ),
        evidence: vec![
            Evidence {
                name: words.say("The teaching kit"),
                href: Some("https://example.org/kit".into()),
                text: Some(words.say("Used in three libraries since.")),
            },
            Evidence { name: words.say("Photos of the event"), href: None, text: None },
        ],
        criteria: Prose::of(&words.say("At least 1 of:\n\n- Make a teaching resource\n- Host an event")),
        downloads: Downloads {
            picture: path("badge.png").map(|href| (href, "PNG")),
            json: path("badge.json"),
            jwt: path("badge.jwt"),
            zip: path("badge.zip"),
            older: path("assertion-badge").zip(path("assertion.json")),
        },
        url: words.say("https://badges.example.org/awards/awd_7Qm2"),
        claim: (standing == Standing::Valid).then(|| "/awards/awd_7Qm2/claim".into()),
    }
}

fn gone(words: Words) -> GonePage {
    GonePage {
        frame: words.public("Revoked"),
        badge: Link::new(words.say("Webmaker Mentor"), "/badges/webmaker-mentor"),
        picture: words.picture(0),
        issuer: Link::new(words.say("Hive Chicago"), "/issuers/hive"),
        awarded: day("2014-06-21T14:05:00Z"),
        revoked: day("2014-07-03T09:00:00Z"),
        reason: Some(words.say("It was awarded to the wrong person.")),
    }
}

fn claim(words: Words, sent_to: Option<String>) -> ClaimPage {
    let mut form = claim_form(false);
    if words.hostile {
        form.set("name", words.say("Amina"));
    }
    ClaimPage {
        frame: words.public("Claim Privacy"),
        action: "/claim/tulip-7".into(),
        badge: words.say("Privacy"),
        picture: words.picture(5),
        description: words.say("Knows what a site learns about its readers, and how to tell it less."),
        issuer: words.say("Hive Chicago"),
        form: Some(form),
        sent_to,
    }
}

fn verify(words: Words) -> VerifyPage {
    let mut frame = words.public("Verify a badge");
    frame.section = Some(Section::Verify);
    let mut form = verify_form();
    form.fill([("url", words.say("https://example.org/").as_str()), ("text", words.say("{").as_str())]);
    form.problem("url", words.say("Nothing answers at this address. Check it, or give the file."));
    VerifyPage { frame, form }
}

fn result(words: Words, good: bool) -> VerifyResult {
    let verdict = match good {
        true => {
            verdict(words, Tone::Positive, "This badge is genuine. Hive Chicago awarded it on 21 June 2014.")
        }
        false => {
            verdict(words, Tone::Negative, "Signed, but we could not confirm that Hive Chicago signed it.")
        }
    };
    let fact = |term: &str, meaning: &str| (words.say(term), words.say(meaning));
    VerifyResult {
        frame: words.public("What we found"),
        verdict,
        badge: Some(words.say(BADGES[0].1)),
        picture: good.then(|| words.picture(0)),
        facts: vec![
            fact("Issuer", "Hive Chicago"),
            fact("Awarded on", "21 June 2014"),
            fact("Version", "Open Badges 3.0"),
        ],
        source: words.say("webmaker-mentor.png"),
        page: good.then(|| "/awards/awd_7Qm2".into()),
        report: words.say("{\n  \"verdict\": \"valid\"\n}"),
    }
}

fn api(words: Words) -> ApiPage {
    let mut frame = words.public("API");
    frame.listed = true;
    let route = |method: &str, path: &str, summary: &str| ApiRoute {
        method: Pill::new(Tone::Neutral, words.say(method)),
        path: words.say(path),
        summary: words.say(summary),
        needs: words.say("For owner, administrator or mentor."),
        fields: vec![ApiField {
            name: words.say("badge"),
            kind: words.say("text"),
            needed: true,
            about: Some(words.say("Its identifier.")),
        }],
        example: words.say("curl -X POST \"$BADGES/api/v1/awards\""),
    };
    let routes = vec![
        route("POST", "/api/v1/awards", "Awards a badge to the holder of an address."),
        route("GET", "/api/v1/awards/{id}", "One award."),
    ];
    ApiPage {
        frame,
        document: "/api/v1/openapi.json".into(),
        base: words.say("https://badges.example.org/api/v1"),
        groups: vec![ApiGroup { id: "awards", name: words.say("Awards"), routes }],
    }
}

fn problems(words: Words) -> ProblemsPage {
    let line = |kind: &Kind| ProblemLine {
        code: kind.code,
        status: kind.status,
        meaning: kind.meaning,
        remedy: kind.remedy,
    };
    ProblemsPage { frame: words.public("Problems"), problems: KINDS.iter().map(line).collect() }
}
