//! `/people`: who has which role where; given and taken by the functions that the API calls.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    AccountError,
    roles::{self, Gift, Held, Within},
    views::{People, PersonRow, others_field, place_form, role_form, role_hint, role_word},
};
use crate::{
    auth::{Access, place_of_issuer},
    body::Query,
    clock::Clock,
    config::Config,
    contacts::EmailAddress,
    db::Db,
    forms::{self, Form, Nothing},
    ids::{IssuerId, RoleId},
    issuers::{Node, tree},
    outbox::State,
    problem::{FieldError, Problem, sentence},
    rights::{Action, Actor, Role, can},
    routes::{Route, route},
    web::{
        Frame, Section, answer,
        components::{Flash, PersonChip, When},
        form::Choice,
        table, way,
    },
};

/// What this capability answers, and the right that each answer needs.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/people", ViewHierarchy over Scoped, show_people, "Who has which role"),
    route!(POST "/people", ManageRoles over Body, give_role, "Give a role, and invite whoever has none yet"),
    route!(POST "/people/{issuer}/{role}/remove", ManageRoles over Issuer, take_role, "Take a role away"),
];

/// How many roles stand on a page, and how many nodes in a list to choose from.
const ROWS: i64 = 50;
const NODES: i64 = 500;

#[derive(Debug, Default, Deserialize)]
struct Asked {
    after: Option<RoleId>,
    #[serde(default)]
    issuer: String,
}

#[derive(Debug, Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    other_addresses: String,
    #[serde(default)]
    issuer: String,
}

async fn show_people(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let page = people(&access, &db, &config, asked.into_inner()).await?;
    answer::page(&request, &access, &page)
}

async fn people(access: &Access, db: &Db, config: &Config, asked: Asked) -> Result<People, Problem> {
    let actor = access.actor()?;
    let (organisation, after) = (actor.organisation, asked.after);
    let reach: Vec<String> = actor.reach(Action::ViewHierarchy).into_iter().map(str::to_owned).collect();
    let nowhere = || Problem::field("issuer", "value", "is no node that you may see: choose one of the list");
    let named = Some(&asked.issuer).filter(|id| !id.is_empty()).map(|id| id.parse::<IssuerId>());
    let named = named.transpose().map_err(|_| nowhere())?;
    let (nodes, held) = db
        .read(move |conn| {
            let nodes = tree::list(conn, organisation, None, NODES)?;
            let seen = |node: &Node| reach.iter().any(|path| node.path.starts_with(path.as_str()));
            let nodes: Vec<Node> = nodes.into_iter().filter(seen).collect();
            let paths = match named {
                None => reach,
                Some(id) => {
                    let below = nodes.iter().find(|node| node.id == id).ok_or_else(nowhere)?;
                    vec![below.path.clone()]
                }
            };
            let held = roles::within(conn, &Within { organisation, paths, after }, ROWS + 1)?;
            Ok::<_, Problem>((nodes, held))
        })
        .await?;
    let list =
        if named.is_some() { way::with("/people", "issuer", &asked.issuer) } else { "/people".to_owned() };
    let (held, paging) = table::part(held, ROWS, &list, after.is_some(), |held: &Held| held.id);
    let mut filter = place_form(nodes.iter().map(choice).collect());
    filter.set("issuer", asked.issuer);
    Ok(People {
        frame: Frame::of(access, config, "/people", "People and roles", "Who may do what.")
            .within(Section::People),
        filter: (nodes.len() > 1).then_some(filter),
        rows: held.into_iter().map(|held| row(actor, held)).collect(),
        form: give_form(actor, &nodes),
        paging,
    })
}

fn choice(node: &Node) -> Choice {
    // The tree is read as steps to the right.
    let depth = node.path.matches('/').count().saturating_sub(1);
    Choice::new(node.id.to_string(), format!("{}{}", "\u{2003}".repeat(depth), node.name))
}

/// The form for those who may give some role somewhere.
fn give_form(actor: &Actor, nodes: &[Node]) -> Option<crate::web::form::Form> {
    let may = |role: Role, node: &Node| actor.may_pass_on(role, &actor.place_at(&node.path));
    let roles = Role::ALL.into_iter().filter(|role| nodes.iter().any(|node| may(*role, node)));
    let roles: Vec<Choice> =
        roles.map(|role| Choice::new(role.name(), role_word(role.name())).hint(role_hint(role))).collect();
    let managed = |node: &&Node| can(Some(actor), Action::ManageRoles, Some(&actor.place_at(&node.path)));
    let places: Vec<Choice> = nodes.iter().filter(managed).map(choice).collect();
    (!roles.is_empty() && !places.is_empty()).then(|| role_form(roles, places))
}

fn row(actor: &Actor, held: Held) -> PersonRow {
    let Held { id, account: _, role, node, node_name, path, name, address, created_at } = held;
    let place = actor.place_at(&path);
    let known = Role::named(&role);
    let removes = can(Some(actor), Action::ManageRoles, Some(&place))
        && known.is_some_and(|role| actor.may_pass_on(role, &place));
    let shown = name.clone().filter(|name| !name.is_empty()).or_else(|| address.clone());
    let person = PersonChip::new(shown.unwrap_or_else(|| "Without a name".to_owned()));
    PersonRow {
        person: match address.filter(|_| name.is_some_and(|name| !name.is_empty())) {
            Some(address) => person.detail(address),
            None => person,
        },
        role: role_word(&role),
        place: node_name,
        since: Some(When::at(created_at)),
        remove: removes.then(|| format!("/people/{node}/{id}/remove")),
    }
}

async fn give_role(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    form: Form<Typed>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let mut faults = Vec::new();
    let mut fault = |path: &str, message: &str| {
        faults.push(FieldError { path: path.to_owned(), code: "missing", message: message.to_owned() });
    };
    let role = Role::named(&form.value.role);
    if role.is_none() {
        fault("role", "Choose a role.");
    }
    let node: Option<IssuerId> = form.value.issuer.parse().ok();
    let place = match node {
        Some(node) => Some(access.permit_found(db.read(move |conn| place_of_issuer(conn, node)).await?)?),
        None => None,
    };
    if place.is_none() {
        fault("issuer", "Choose where the role holds.");
    }
    let email = forms::parsed::<EmailAddress>("email", &form.value.email, &mut faults);
    let (Some(email), Some(role), Some(node), Some(place)) = (email, role, node, place) else {
        return again(&access, &db, &config, &form, &faults, &[]).await;
    };
    // What is no address names none, and is asked for again.
    let others: Vec<EmailAddress> =
        form.value.other_addresses.split_whitespace().filter_map(|address| address.parse().ok()).collect();
    let (now, state, given) = (clock.now(), State::first(&config.smtp), email.as_given().to_owned());
    let gift = db
        .write(move |conn, trail| {
            let gift = Gift { email: &email, name: None, role, others: &others, state };
            roles::give(conn, trail, &actor, &place, node, &gift, now)
        })
        .await;
    match gift {
        Ok(_) => {
            let word = role_word(role.name()).to_lowercase();
            let told = match config.smtp.keeps() {
                true => "No mail server is set up: hand them the link from the outbox.",
                false => "A message tells them.",
            };
            let done = Flash::done(format!("{given} has the role {word} now. {told}"));
            Ok(answer::done(&config, "/people", &done))
        }
        Err(error) => match refused(&error) {
            Some(fault) => {
                let others =
                    if let AccountError::OtherAddresses(others) = error { others } else { Vec::new() };
                again(&access, &db, &config, &form, &[fault], &others).await
            }
            None => Err(error.into()),
        },
    }
}

/// Why nobody got the role, where it stands beside a field.
fn refused(error: &AccountError) -> Option<FieldError> {
    let (path, code, said) = match error {
        AccountError::Lacking(_) => ("role", "lacking", error.to_string()),
        AccountError::OtherAddresses(others) if others.is_empty() => ("email", "unnamed", error.to_string()),
        AccountError::OtherAddresses(_) => {
            let said = "say whether they are theirs: a link to each signs in with the role";
            ("other_addresses", "unnamed", said.to_owned())
        }
        _ => return None,
    };
    Some(FieldError { path: path.to_owned(), code, message: sentence(&said) })
}

async fn again(
    access: &Access,
    db: &Db,
    config: &Config,
    form: &Form<Typed>,
    faults: &[FieldError],
    others: &[String],
) -> Result<HttpResponse, Problem> {
    let mut page = people(access, db, config, Asked::default()).await?;
    if let Some(shown) = &mut page.form {
        if !others.is_empty() {
            shown.add("role", others_field(others));
        }
        shown.fill(form.typed());
        shown.refused("The address", faults);
    }
    answer::page_of(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn take_role(
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    path: Path<(IssuerId, RoleId)>,
    _: Form<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (actor, place) = (access.actor()?.clone(), access.place().ok_or_else(Problem::not_found)?.clone());
    let ((node, id), now) = (path.into_inner(), clock.now());
    let taken = db.write(move |conn, trail| roles::take(conn, trail, &actor, &place, node, id, now)).await;
    let flash = match taken {
        Ok(()) => Flash::done("The role was taken away."),
        Err(error @ (AccountError::LastOwner | AccountError::Lacking(_))) => {
            Flash::caution(sentence(&error.to_string()))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(answer::done(&config, "/people", &flash))
}
