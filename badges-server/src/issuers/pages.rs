//! `/hierarchy`: the tree, and the node that is worked on.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use serde::Deserialize;

use super::{
    IssuerError, Node, Signers, branches, changes, slugs,
    tree::{Change, NewNode},
    views::{ChosenNode, Hierarchy, child_form, move_form, node_form},
};
use crate::{
    auth::Access,
    body::Query,
    clock::Clock,
    config::Config,
    db::{Conn, Db},
    forms::{Form as Posted, Nothing},
    idempotency,
    ids::IssuerId,
    images,
    problem::Problem,
    rights::{Action, Actor, Place, can},
    routes::{Route, route},
    web::{
        Frame, Section, answer,
        components::{Flash, Picture},
        form::{Choice, Form},
    },
};

/// What this capability shows to those who look after the hierarchy.
pub(crate) const ROUTES: &[Route] = &[
    route!(GET "/hierarchy", ViewHierarchy over Scoped, show_hierarchy, "The tree, and the node that is worked on"),
    route!(POST "/hierarchy/{issuer}", EditHierarchy over Issuer, change_node, "Change what a node says"),
    route!(POST "/hierarchy/{issuer}/add", EditHierarchy over Issuer, add_node, "Add an issuer or a programme under a node"),
    route!(POST "/hierarchy/{issuer}/archive", EditHierarchy over Issuer, archive_node, "Archive a node"),
    route!(POST "/hierarchy/{issuer}/restore", EditHierarchy over Issuer, archive_node, "Take a node out of the archive"),
];

#[derive(Debug, Default, Deserialize)]
struct Asked {
    node: Option<IssuerId>,
}

/// What a node is to say; an empty text takes away what it said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    name: String,
    slug: String,
    description: String,
    url: String,
    email: String,
    /// A picture that came with an earlier try.
    kept: String,
    no_image: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Child {
    name: String,
    kind: String,
}

/// Where a branch is to stand.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Elsewhere {
    pub(crate) parent: Option<String>,
}

/// What was typed into one of the three forms, and what is wrong with it.
struct Typed<'a> {
    form: &'static str,
    fields: Vec<(&'a str, &'a str)>,
    problem: Problem,
}

async fn show_hierarchy(
    request: HttpRequest,
    access: Access,
    (db, config): (Data<Db>, Data<Config>),
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    page(&request, &access, &db, &config, asked.node, None).await
}

async fn page(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    node: Option<IssuerId>,
    typed: Option<Typed<'_>>,
) -> Result<HttpResponse, Problem> {
    let actor = access.actor()?.clone();
    let (nodes, tree) = db
        .read(move |conn| {
            let nodes = branches::nodes(conn, &actor)?;
            let tree = branches::tree(conn, &actor, &nodes, node)?;
            Ok::<_, IssuerError>((nodes, tree))
        })
        .await?;
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let actor = access.actor()?;
    let found = node.and_then(|id| nodes.iter().find(|node| node.id == id));
    let chosen = found.filter(|node| may(actor, Action::EditHierarchy, node));
    let chosen = chosen.map(|node| work(actor, &nodes, node, typed));
    let about = "Who awards what: organisations, issuers, programmes, and their badges.";
    let frame = Frame::of(access, config, "/hierarchy", "Hierarchy", about).within(Section::Hierarchy);
    answer::page_as(request, access, status, &Hierarchy { frame, tree, chosen })
}

fn may(actor: &Actor, action: Action, node: &Node) -> bool {
    let place = Place { organisation: node.organisation_id, path: node.path.clone(), badge: None };
    can(Some(actor), action, Some(&place))
}

/// The forms for a node, with what it takes from above where it says nothing itself.
fn work(actor: &Actor, nodes: &[Node], node: &Node, typed: Option<Typed<'_>>) -> ChosenNode {
    let (mut edit, picture) = described(nodes, node);
    let elsewhere = nodes.iter().filter(|one| {
        !one.path.starts_with(&node.path)
            && one.archived_at.is_none()
            && may(actor, Action::EditHierarchy, one)
    });
    let places: Vec<_> =
        elsewhere.map(|one| Choice::new(one.id.to_string(), branches::called(nodes, one))).collect();
    let mut relocate = node.parent_id.filter(|_| !places.is_empty()).map(|parent| {
        let mut form = move_form(places);
        form.set("parent", parent.to_string());
        form
    });
    let mut add = child_form();
    let mut kept = None;
    if let Some(Typed { form, fields, problem }) = typed {
        kept = fields.iter().rfind(|(name, _)| *name == "kept").map(|(_, hash)| (*hash).to_owned());
        let form = match form {
            "add" => Some(&mut add),
            "move" => relocate.as_mut(),
            _ => Some(&mut edit),
        };
        if let Some(form) = form {
            form.fill(fields);
            problem.errors.iter().for_each(|fault| form.fault(&fault.path, &fault.message));
            if problem.errors.is_empty() {
                form.fault("", &problem.detail);
            }
        }
    }
    let closed = nodes.iter().any(|one| one.archived_at.is_some() && node.path.starts_with(&one.path));
    ChosenNode {
        name: node.name.clone(),
        href: format!("/issuers/{}", node.slug),
        action: format!("/hierarchy/{}", node.id),
        picture,
        kept: kept.filter(|hash| !hash.is_empty()),
        edit,
        add,
        relocate,
        new_badge: (!closed && may(actor, Action::DesignBadges, node))
            .then(|| format!("/badges/new?under={}", node.id)),
        keys: (node.kind().signs() && may(actor, Action::ManageKeys, node))
            .then(|| format!("/issuers/{}/keys", node.slug)),
        archived: node.archived_at.is_some(),
        closed,
    }
}

/// The form for what a node says of itself, and the picture that it shows, be it from above.
fn described(nodes: &[Node], node: &Node) -> (Form, Option<Picture>) {
    let mut line: Vec<&Node> = nodes.iter().filter(|one| node.path.starts_with(&one.path)).collect();
    line.sort_by_key(|one| std::cmp::Reverse(one.path.len()));
    let above = |said: fn(&Node) -> &Option<String>| {
        let mut above = line.iter().filter(|one| one.id != node.id);
        above.find_map(|one| Some((one.name.clone(), said(one).clone()?)))
    };
    let inherited = [above(|one| &one.description), above(|one| &one.url), above(|one| &one.email)];
    let mut edit = node_form(inherited, node.image_hash.is_some());
    for (name, value) in [
        ("name", Some(&node.name)),
        ("slug", Some(&node.slug)),
        ("description", node.description.as_ref()),
        ("url", node.url.as_ref()),
        ("email", node.email.as_ref()),
    ] {
        edit.set(name, value.cloned().unwrap_or_default());
    }
    let sign = line.iter().find_map(|one| one.image_hash.as_ref());
    (edit, sign.map(|hash| Picture::new(format!("/images/{hash}"), "")))
}

async fn change_node(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    posted: Posted<Said>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = (access.node()?, access.actor()?.clone(), clock.now());
    let said = |text: &str| Some(text.trim().to_owned());
    let mut typed: Vec<_> = posted.typed().collect();
    let image = match images::uploaded(&db, &posted, now).await {
        Ok(uploaded) => uploaded.or_else(|| said(&posted.value.kept).filter(|hash| !hash.is_empty())),
        Err(problem) => {
            return settle(&request, &access, &db, &config, "edit", typed, Err::<(_, &str), _>(problem))
                .await;
        }
    };
    let cleared = posted.value.no_image.as_ref().map(|_| String::new());
    typed.extend(image.as_deref().map(|hash| ("kept", hash)));
    let change = Change {
        image: image.clone().or(cleared),
        slug: said(&posted.value.slug),
        name: said(&posted.value.name),
        description: said(&posted.value.description),
        url: said(&posted.value.url),
        email: said(&posted.value.email),
        ..Change::default()
    };
    let done: Result<_, IssuerError> =
        db.write(move |conn, trail| changes::change(conn, trail, id, change, &actor, now)).await;
    let done = done.map(|_| (id, "It is saved.")).map_err(Problem::from);
    settle(&request, &access, &db, &config, "edit", typed, done).await
}

async fn add_node(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    signers: Data<Signers>,
    posted: Posted<Child>,
) -> Result<HttpResponse, Problem> {
    let (parent, actor, now) = (access.node()?, access.actor()?.clone(), clock.now());
    let keyed = posted.keyed(&actor.account.to_string(), "POST /hierarchy/add");
    let name = posted.value.name.trim().to_owned();
    let kind = changes::kind(&posted.value.kind);
    let done: Result<_, IssuerError> = db
        .write(move |conn, trail| {
            let kind = kind.ok_or(IssuerError::BelowTop)?;
            idempotency::once(conn, keyed.as_ref(), now, |conn: &mut Conn| {
                let slug = slugs::free(conn, "issuer", &name)?;
                let new = NewNode {
                    parent: Some(parent),
                    kind,
                    slug,
                    name,
                    description: None,
                    url: None,
                    email: None,
                };
                Ok(changes::add(conn, trail, &signers, new, &actor, now)?.id.to_string())
            })
        })
        .await;
    let done = done.map(|id: String| (id.parse().unwrap_or(parent), "It is added.")).map_err(Problem::from);
    settle(&request, &access, &db, &config, "add", posted.typed().collect(), done).await
}

/// Leads to the node that was changed, or shows beside the fields what is wrong.
pub(crate) async fn settle(
    request: &HttpRequest,
    access: &Access,
    db: &Db,
    config: &Config,
    form: &'static str,
    fields: Vec<(&str, &str)>,
    done: Result<(IssuerId, impl Into<String>), Problem>,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok((id, said)) => Ok(answer::done(config, &format!("/hierarchy?node={id}"), &Flash::done(said))),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => {
            let typed = Typed { form, fields, problem };
            page(request, access, db, config, Some(access.node()?), Some(typed)).await
        }
    }
}

async fn archive_node(
    request: HttpRequest,
    access: Access,
    (db, clock, config): (Data<Db>, Data<Clock>, Data<Config>),
    _: Posted<Nothing>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, now) = (access.node()?, access.actor()?.clone(), clock.now());
    let archived = request.path().ends_with("/archive");
    let change = Change { archived: Some(archived), ..Change::default() };
    db.write(move |conn, trail| changes::change(conn, trail, id, change, &actor, now)).await?;
    let (said, back) = match archived {
        true => ("It is archived: nothing new is awarded under it.", "restore"),
        false => ("It is out of the archive.", "archive"),
    };
    let said = Flash::done(said).undo("Undo", format!("/hierarchy/{id}/{back}"));
    Ok(answer::done(&config, &format!("/hierarchy?node={id}"), &said))
}
