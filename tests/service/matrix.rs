//! Who may do what, everywhere: each address of the service, asked by everybody, about things of their own, above,
//! below, beside, of another organisation and of none; held to `specs/rights.toml`.

mod making;
mod people;
mod statement;
mod trace;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use self::{
    people::{Expected, Person},
    statement::{Over, Row, Statement},
    trace::{Eye, changed},
    world::{Spot, World},
};
use crate::harness::{Answer, Service};

/// One request of the matrix.
struct Cell<'a> {
    row: &'a Row,
    person: &'a Person,
    spot: Spot,
    expected: Expected,
}

/// What was found wrong, in words, and how much was looked at.
#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    allowed: usize,
    denied: usize,
}

#[test]
fn the_written_rights_are_those_of_the_routes() {
    let service = Service::start();
    let statement = Statement::read();
    let routes = routes(&service);
    let stated: BTreeSet<_> = statement.routes.iter().map(|row| row.route.clone()).collect();

    let silent: Vec<_> = routes.keys().filter(|route| !stated.contains(*route)).collect();
    assert!(
        silent.is_empty(),
        "specs/rights.toml has no row for these routes; add to it, for each, [[routes]] with route, action, over, and \
         a body that succeeds:\n{silent:#?}"
    );
    let gone: Vec<_> = stated.iter().filter(|route| !routes.contains_key(*route)).collect();
    assert!(gone.is_empty(), "specs/rights.toml has rows for routes that are no more: {gone:#?}");
    for row in statement.routes.iter().filter(|row| row.at.is_none()) {
        assert_eq!(
            routes[&row.route], row.action,
            "the right that the table asks for (left) at {}",
            row.route
        );
    }
    for (name, right) in &statement.actions {
        assert!(!right.means.is_empty(), "{name} says what it means");
        for role in &right.roles {
            assert!(people::ROLES.contains(&role.as_str()), "{name} names the role {role}");
        }
        assert!(right.everybody || people::SCOPES.contains(&right.scope.as_str()), "{name} has a scope");
    }
}

#[test]
fn everybody_may_do_what_is_written_and_nothing_else() {
    let service = Service::start_with(&[
        // No background work leaves traces between two looks.
        ("BADGES_AWARDS_BATCHES", "false"),
        ("BADGES_QUOTAS_AWARDS_MENTOR", "100000"),
        ("BADGES_QUOTAS_AWARDS_ADMINISTRATOR", "100000"),
    ]);
    let statement = Statement::read();
    let world = World::new(&service);
    let people = people::all(&world);
    let mut eye = Eye::open(&service);
    let mut findings = Findings::default();

    for row in &statement.routes {
        try_row(&statement, &world, &people, row, &mut eye, &mut findings);
    }

    let Findings { wrong, allowed, denied } = findings;
    let database = eye.database();
    writeln!(
        std::io::stderr(),
        "counts: authorisation on {database}: {} cells ({allowed} allowed, {denied} refused) over {} rows",
        allowed + denied,
        statement.routes.len()
    )
    .unwrap();
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The routes as the service publishes them, with the right that each asks for.
fn routes(service: &Service) -> BTreeMap<String, String> {
    let document = service.get("/api/v1/openapi.json").expect(200).json();
    let mut routes = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let action = operation["x-action"].as_str().unwrap().to_owned();
            routes.insert(format!("{} {path}", method.to_uppercase()), action);
        }
    }
    routes
}

fn try_row(
    statement: &Statement,
    world: &World<'_>,
    people: &[Person],
    row: &Row,
    eye: &mut Eye,
    findings: &mut Findings,
) {
    let right = statement.right(row);
    let mut cells = Vec::new();
    for person in people {
        for spot in spots(row, person) {
            let expected = person.expected(row, right, spot);
            cells.push(Cell { row, person, spot, expected });
        }
    }
    let (allowed, denied): (Vec<_>, Vec<_>) =
        cells.into_iter().partition(|cell| cell.expected == Expected::Allowed);

    let before = eye.look();
    for cell in &denied {
        let answer = cell.ask(world, false);
        if !cell.is_refused(&answer) {
            findings.wrong.push(cell.describe(&answer));
        }
    }
    let touched = changed(&before, &eye.look());
    if !touched.is_empty() {
        findings.wrong.push(format!("{}: a refused request changed {touched:?}", row.route));
    }
    for pair in denied.chunk_by(|a, b| a.person.name == b.person.name) {
        if let Some(wrong) = tells_apart(world, pair) {
            findings.wrong.push(wrong);
        }
    }

    let before = eye.look();
    for cell in &allowed {
        let answer = cell.ask(world, true);
        if let Some(wrong) = cell.wrong(world, &answer) {
            findings.wrong.push(wrong);
        }
    }
    if row.changes() && !allowed.is_empty() && changed(&before, &eye.look()).is_empty() {
        findings.wrong.push(format!("{}: an allowed request left no trace", row.route));
    }
    let led = denied.iter().all(|cell| cell.person.led_by.is_some());
    if allowed.is_empty() || led && !right.everybody {
        findings.wrong.push(format!("{}: the matrix lets everybody or nobody in", row.route));
    }
    findings.allowed += allowed.len();
    findings.denied += denied.len();
}

/// The places in which a request is tried.
fn spots(row: &Row, person: &Person) -> Vec<Spot> {
    if person.led_by.is_some() {
        // What only shows something is for everybody to lead to.
        return if row.is_api() || row.method() == "GET" { Vec::new() } else { vec![Spot::Own] };
    }
    if person.scoped && !row.is_api() {
        return Vec::new();
    }
    if person.foreign && row.over != Over::World {
        // To whom the other organisation is their own, this one is foreign.
        return match row.over {
            Over::Anywhere | Over::Oneself | Over::Organisation => Vec::new(),
            Over::Session | Over::Token => vec![Spot::Own, Spot::Sibling, Spot::Unknown],
            _ => vec![Spot::Own, Spot::Parent],
        };
    }
    match row.over {
        Over::Anywhere | Over::Oneself | Over::World => vec![Spot::Own],
        Over::Organisation => vec![Spot::Parent],
        Over::Code | Over::Key | Over::Role | Over::Session | Over::Token => {
            vec![Spot::Own, Spot::Sibling, Spot::Foreign, Spot::Unknown]
        }
        Over::Contact | Over::Issuer | Over::Message | Over::Node => {
            Spot::ALL.into_iter().filter(|spot| *spot != Spot::Peer).collect()
        }
        Over::Award | Over::Badge | Over::Batch | Over::Draft | Over::Private => Spot::ALL.to_vec(),
    }
}

/// A thing of another organisation is answered for as one that does not exist, word for word.
fn tells_apart(world: &World<'_>, cells: &[Cell<'_>]) -> Option<String> {
    let foreign = cells.iter().find(|cell| cell.spot == Spot::Foreign)?;
    let unknown = cells.iter().find(|cell| cell.spot == Spot::Unknown)?;
    let said = |cell: &Cell<'_>| {
        let answer = cell.ask(world, false);
        let mut text = answer.text();
        for id in world.ids(cell.spot) {
            text = text.replace(id, "…");
        }
        (answer.status, text)
    };
    let (first, second) = (said(foreign), said(unknown));
    (first != second).then(|| {
        let (route, person) = (&foreign.row.route, &foreign.person.name);
        format!("{route}: {person} can tell a foreign thing from none: {first:?} and {second:?}")
    })
}

impl Cell<'_> {
    fn ask(&self, world: &World<'_>, fresh: bool) -> Answer {
        let values = world.values(self.row, self.spot, self.person, fresh);
        let fill = |text: &str| {
            values
                .iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        let mut headers = Vec::new();
        if self.row.is_api() != self.person.crossed {
            headers.push(("Authorization", format!("Bearer {}", self.person.token)));
        } else {
            headers.push(("Cookie", values.get("cookie").unwrap_or(&self.person.cookie).clone()));
        }
        if !self.row.is_api() {
            let (name, site) = self.person.led_by.unwrap_or(("Sec-Fetch-Site", "same-origin"));
            headers.push((name, site.to_owned()));
        }
        let body = self.row.sent().map(|(text, kind)| {
            headers.push(("Content-Type", kind.to_owned()));
            if text == "{png}" {
                return include_bytes!("../../examples/astronaut.png").to_vec();
            }
            let mut text = fill(&text);
            if self.row.form.is_some() {
                text.push_str(&format!("&csrf={}", values.get("csrf").unwrap_or(&self.person.csrf)));
            }
            text.into_bytes()
        });
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.service.call(self.row.method(), &fill(self.row.address()), &headers, body)
    }

    fn is_refused(&self, answer: &Answer) -> bool {
        match self.expected {
            Expected::Allowed => false,
            Expected::Forbidden => answer.status == 403,
            Expected::SignIn => {
                let to_sign_in = answer.status == 303 && answer.header("Location").starts_with("/sign-in");
                answer.status == 401 || to_sign_in && !self.row.is_api()
            }
            Expected::Unknown => answer.status == self.row.ended.unwrap_or(404),
        }
    }

    /// What is wrong with an answer to somebody who may.
    fn wrong(&self, world: &World<'_>, answer: &Answer) -> Option<String> {
        let right_status = if self.row.over == Over::World && !self.person.nobody {
            // Who is signed in may be led elsewhere, and is never turned away.
            !matches!(answer.status, 401 | 403 | 500..)
        } else {
            // Who has no right has none to hand on, and reads so beside the field.
            let nothing_to_hand = self.row.over == Over::Oneself && self.person.role.is_none();
            answer.status == self.row.answer || nothing_to_hand && answer.status == 422
        };
        if !right_status {
            return Some(self.describe(answer));
        }
        if self.row.over == Over::World || self.row.method() != "GET" {
            return None;
        }
        let text = String::from_utf8_lossy(&answer.body);
        let mut outside = vec![Spot::Foreign];
        // What a badge lets its holder see has no place.
        let bounded = self.person.role.is_some() && !self.person.everywhere;
        if self.row.holds.as_deref() == Some("subtree") && bounded {
            outside.extend([Spot::Parent, Spot::Sibling]);
        }
        let strays =
            outside.into_iter().flat_map(|spot| world.ids(spot).into_iter().map(move |id| (spot, id)));
        let found =
            strays.filter(|(_, id)| text.contains(*id)).map(|(spot, id)| format!("{spot:?} {id}")).next()?;
        Some(format!("{}: {} finds in a list what is not theirs: {found}", self.row.route, self.person.name))
    }

    fn describe(&self, answer: &Answer) -> String {
        let text = String::from_utf8_lossy(&answer.body);
        let said: String = text.chars().take(160).collect();
        let address = self.row.at.as_deref().map(|at| format!(" ({at})")).unwrap_or_default();
        format!(
            "{}{address}: {} over {:?} {:?}: {:?} expected, {} found: {said}",
            self.row.route, self.person.name, self.row.over, self.spot, self.expected, answer.status
        )
    }
}
