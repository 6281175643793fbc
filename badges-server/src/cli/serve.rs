//! `badges serve`: the service.

use std::{panic::resume_unwind, path::PathBuf, thread};

use clap::Args;
use serde::Serialize;

use super::{Failure, HELP, Outcome};
use crate::{
    clock::Clock,
    config::{Config, OF_PROVIDER, SETTINGS},
    demo::{self, DemoError, Guest},
    doctor, memory,
    output::{Output, Tone},
    problem::sentence,
    service::Service,
};

const EXAMPLE: &str = "\
Example:
  badges init --organisation \"Hive Chicago\" --owner ada@example.org
  badges serve

  badges serve --settings     every setting with its default";

/// Run the service
#[derive(Args)]
#[command(help_template = HELP, before_help = EXAMPLE)]
pub(super) struct Serve {
    /// The file of settings; variables such as BADGES_LISTEN go before it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Run a demonstration, with a hierarchy, badges and invented people, in the folder badges-demo
    #[arg(long, conflicts_with = "config")]
    demo: bool,
    /// Say what is wrong with the settings and the database, and end
    #[arg(long, conflicts_with = "settings")]
    check: bool,
    /// Show every setting with its default, as a file of settings
    #[arg(long)]
    settings: bool,
}

#[derive(Serialize)]
struct Serving {
    listen: String,
    /// Where /ops/metrics is.
    #[serde(skip_serializing_if = "Option::is_none")]
    administration: Option<String>,
    public_url: String,
    /// As whom one may look around in a demonstration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    guests: Vec<Guest>,
    /// What sets nothing, and was meant to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    look_at: Vec<String>,
}

pub(super) fn run(verb: Serve, output: Output) -> Result<Outcome, Failure> {
    if verb.settings {
        return settings(output);
    }
    if !verb.check {
        memory::give_back();
    }
    let config = if verb.demo { demo::config()? } else { super::config(verb.config.as_ref())? };
    let guests = if verb.demo { made(&config)? } else { Vec::new() };
    let (public, strange) = (config.base().to_owned(), super::strange(&config));
    let data = config.data.display().to_string();
    if verb.check {
        let address = config.address().map_err(Failure::Config)?;
        doctor::check_mail(&config)?;
        Service::check(config, Clock::system())?;
        let line = format!("Ready to serve {public} with the data in {address}.");
        let mut lines: Vec<_> = strange.iter().map(|said| (Tone::Caution, sentence(said))).collect();
        lines.push((Tone::Positive, line));
        let ready = Serving {
            listen: String::new(),
            administration: None,
            public_url: public,
            guests: Vec::new(),
            look_at: strange,
        };
        output.answer(&ready, &lines)?;
        return Ok(Outcome::Done);
    }
    let mut shown = Ok(());
    Service::block(config, Clock::system(), |service| {
        let listening = service.address.to_string();
        // Who put no proxy in front need not read the same address twice.
        let behind =
            if public.ends_with(&listening) { String::new() } else { format!(", listening on {listening}") };
        let mut lines = vec![(Tone::Positive, format!("Badges serves {public}{behind}. Ctrl-C ends it."))];
        lines.extend(strange.iter().map(|said| (Tone::Caution, sentence(said))));
        lines.extend(tour(&guests, &data));
        let record = Serving {
            listen: service.address.to_string(),
            administration: service.administration.map(|address| address.to_string()),
            public_url: public.clone(),
            guests,
            look_at: strange,
        };
        shown = output.answer(&record, &lines);
        let drained = service.drainer();
        actix_web::rt::spawn(async move {
            super::told_to_stop().await;
            drained.await;
        });
    })?;
    Ok(shown.map(|()| Outcome::Done)?)
}

/// On a thread of its own, so that what drawing and signing took goes back with it.
fn made(config: &Config) -> Result<Vec<Guest>, DemoError> {
    thread::scope(|scope| scope.spawn(|| demo::make(config)).join())
        .unwrap_or_else(|panic| resume_unwind(panic))
}

/// What a visitor of a demonstration does first.
fn tour(guests: &[Guest], data: &str) -> Vec<(Tone, String)> {
    if guests.is_empty() {
        return Vec::new();
    }
    let mut lines =
        vec![String::new(), "Look around without signing in, or as one of these people:".to_owned()];
    for Guest { who, link } in guests {
        lines.extend([String::new(), format!("  {who}"), format!("  {link}")]);
    }
    let ends =
        format!("Each link works once, for 15 minutes; a new start prints new ones. All is kept in {data}.");
    lines.extend([String::new(), ends]);
    lines.into_iter().map(|line| (Tone::Plain, line)).collect()
}

fn settings(output: Output) -> Result<Outcome, Failure> {
    #[derive(Serialize)]
    struct Shown {
        name: &'static str,
        variable: String,
        default: &'static str,
        #[serde(skip_serializing_if = "String::is_empty")]
        takes: String,
        about: &'static str,
    }
    let (mut lines, mut section) = (Vec::new(), "");
    let mut shown = Vec::new();
    // What stands in no table comes before the first of them, as a file of TOML has it.
    let (within, outside): (Vec<_>, Vec<_>) = SETTINGS.iter().partition(|setting| setting.name.contains('.'));
    let all = outside.into_iter().chain(within).map(|setting| (setting, ""));
    // A provider is there once somebody names it.
    for (setting, mark) in all.chain(OF_PROVIDER.iter().map(|setting| (setting, "# "))) {
        let (table, name) = setting.name.rsplit_once('.').unwrap_or(("", setting.name));
        if table != section {
            lines.push((Tone::Plain, String::new()));
            lines.push((Tone::Plain, format!("{mark}[{table}]")));
            section = table;
        }
        let takes = setting.takes.to_string();
        let range = if takes.is_empty() { String::new() } else { format!(": {takes}") };
        lines.push((Tone::Plain, format!("# {}{range} ({})", setting.about, setting.variable())));
        lines.push((Tone::Plain, format!("{mark}{name} = {}", setting.default)));
        shown.push(Shown {
            name: setting.name,
            variable: setting.variable(),
            default: setting.default,
            takes,
            about: setting.about,
        });
    }
    output.answer(&shown, &lines)?;
    Ok(Outcome::Done)
}
