//! `/docs`: the API as a page over our own document, and every problem with its remedy.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{TABLES, fields};
use crate::{
    auth::Access,
    config::Config,
    problem::{Problem, kinds::KINDS},
    rights::Action,
    routes::Route,
    web::{
        Frame, answer,
        api::{ApiGroup, ApiPage, ApiRoute, ProblemLine, ProblemsPage},
        components::{Pill, Tone},
    },
};

pub(super) async fn show_api(
    request: HttpRequest,
    access: Access,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    let about = "Everything that the pages do, for programs.";
    let mut frame = Frame::of(&access, &config, "/docs/api", "API", about);
    frame.listed = true;
    let page = ApiPage {
        frame,
        document: "/api/v1/openapi.json".to_owned(),
        base: format!("{}/api/v1", config.base()),
        groups: groups(),
    };
    answer::page(&request, &access, &page)
}

/// The routes of the API, by the noun that they are about.
fn groups() -> Vec<ApiGroup> {
    let mut groups: BTreeMap<&'static str, Vec<&'static Route>> = BTreeMap::new();
    for route in TABLES.iter().copied().flatten().filter(|route| route.is_api()) {
        let noun = route.path.split(['/', '.']).nth(3).unwrap_or_default();
        groups.entry(noun).or_default().push(route);
    }
    groups
        .into_iter()
        .map(|(noun, mut routes)| {
            routes.sort_by_key(|route| (route.path, place(route)));
            ApiGroup { id: noun, name: titled(noun), routes: routes.into_iter().map(shown).collect() }
        })
        .collect()
}

/// "claim-codes" as "Claim codes".
fn titled(noun: &str) -> String {
    if noun == "openapi" {
        return "OpenAPI".to_owned();
    }
    let mut words = noun.replace(['-', '_'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn place(route: &Route) -> usize {
    ["GET", "POST", "PUT", "PATCH", "DELETE"]
        .iter()
        .position(|method| *method == route.method.as_str())
        .unwrap_or(9)
}

fn shown(route: &Route) -> ApiRoute {
    let tone = if route.method.is_safe() { Tone::Positive } else { Tone::Neutral };
    let needs = match route.action {
        Action::Public => "For everybody.".to_owned(),
        Action::Own => "For everybody with a token.".to_owned(),
        action => {
            let roles: Vec<&str> = action.roles().iter().map(|role| role.name()).collect();
            let scope = action.scope().map(|scope| format!(" A token needs the scope {}.", scope.name()));
            format!("For {}.{}", listed(&roles), scope.unwrap_or_default())
        }
    };
    ApiRoute {
        method: Pill::new(tone, route.method.as_str()),
        path: route.path.to_owned(),
        summary: format!("{}.", route.summary),
        needs,
        fields: fields::of(route),
        example: fields::example(route),
    }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

pub(super) async fn show_problems(
    request: HttpRequest,
    access: Access,
    config: Data<Config>,
) -> Result<HttpResponse, Problem> {
    let about = "Every answer that says no: what it means and what to do.";
    let mut frame = Frame::of(&access, &config, "/docs/problems", "Problems", about);
    frame.listed = true;
    let line = |kind: &crate::problem::kinds::Kind| ProblemLine {
        code: kind.code,
        status: kind.status,
        meaning: kind.meaning,
        remedy: kind.remedy,
    };
    answer::page(&request, &access, &ProblemsPage { frame, problems: KINDS.iter().map(line).collect() })
}
