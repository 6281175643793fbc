//! The verbs of the command, and what they have in common: one file each.

mod award;
mod backup;
mod bake;
mod doctor;
mod documentation;
mod endorse;
mod export;
mod failure;
mod import;
mod init;
mod inspect;
mod issue;
mod keys;
mod messages;
mod migrate;
mod restore;
mod serve;
mod sign_in_link;
mod status;
mod token;
mod unbake;
mod verify;

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use badges_core::bake::Generation;
use clap::{Parser, Subcommand};

use self::failure::{Failure, FailureCode};
use crate::{
    config::Config,
    files::{self, FileError, Readers},
    keyfile,
    output::{Output, complain, explain},
};

/// Example above usage above options: who asks for help wants to see how it is done.
const HELP: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

const EXAMPLE: &str = "\
Example:
  badges keys new hive.json
  badges issue --key hive.json --template astronaut.toml --to ada@example.org --out awarded
  badges verify awarded";

const EXIT: &str = "\
Exit codes:
  0  all is done, or believed
  1  something was refused: a badge is not believed, a row was not issued
  2  something could not be done or decided: wrong usage, a file or document that is missing

`badges help VERB` shows an example of each verb.";

/// Issue and verify Open Badges, from the shell or as a service
#[derive(Parser)]
#[command(name = "badges", version, help_template = HELP, before_help = EXAMPLE, after_help = EXIT)]
#[command(disable_help_subcommand = false, max_term_width = 100)]
struct Badges {
    #[command(subcommand)]
    verb: Verb,
    /// Answer with one JSON object a line
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Verb {
    Init(init::Init),
    Serve(serve::Serve),
    Award(award::Award),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Export(export::Export),
    Import(import::Import),
    Doctor(doctor::Doctor),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    Messages(messages::Messages),
    Token(token::Token),
    SignInLink(sign_in_link::SignInLink),
    #[command(subcommand)]
    Keys(keys::Keys),
    Issue(issue::Issue),
    Endorse(endorse::Endorse),
    Verify(verify::Verify),
    Inspect(inspect::Inspect),
    Bake(bake::Bake),
    Unbake(unbake::Unbake),
    #[command(subcommand)]
    Status(status::Status),
    Completions(documentation::Completions),
    Man(documentation::Man),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is done, or believed.
    Done,
    /// Something was refused.
    Refused,
    /// Something could not be done or decided.
    Unable,
}

/// Runs the command on its arguments, the first of which is its own name.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let command = match Badges::try_parse_from(arguments) {
        Ok(command) => command,
        Err(answer) => {
            if answer.use_stderr() {
                explain(&answer.render().to_string());
                return ExitCode::from(2);
            }
            // Where the answer cannot be shown there is nobody to tell.
            answer.print().ok();
            return ExitCode::SUCCESS;
        }
    };
    let output = Output::new(command.json);
    let outcome = match command.verb {
        Verb::Init(verb) => init::run(verb, output),
        Verb::Serve(verb) => serve::run(verb, output),
        Verb::Award(verb) => award::run(verb, output),
        Verb::Backup(verb) => backup::run(&verb, output),
        Verb::Restore(verb) => restore::run(&verb, output),
        Verb::Export(verb) => export::run(&verb, output),
        Verb::Import(verb) => import::run(&verb, output),
        Verb::Doctor(verb) => doctor::run(&verb, output),
        Verb::Migrate(verb) => migrate::run(&verb, output),
        Verb::Messages(verb) => messages::run(&verb, output),
        Verb::Token(verb) => token::run(verb, output),
        Verb::SignInLink(verb) => sign_in_link::run(verb, output),
        Verb::Keys(verb) => keys::run(verb, output),
        Verb::Issue(verb) => issue::run(verb, output),
        Verb::Endorse(verb) => endorse::run(verb, output),
        Verb::Verify(verb) => verify::run(verb, output),
        Verb::Inspect(verb) => inspect::run(verb, output),
        Verb::Bake(verb) => bake::run(verb, output),
        Verb::Unbake(verb) => unbake::run(verb, output),
        Verb::Status(verb) => status::run(verb, output),
        Verb::Completions(verb) => documentation::complete(&verb, output),
        Verb::Man(verb) => documentation::man(&verb, output),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Ok(Outcome::Unable) => ExitCode::from(2),
        // The reader has seen enough (`badges … | head`).
        Err(Failure::Output(reason)) if reason.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(2),
        Err(failure) => {
            match failure.code() {
                Some(code) => output.problem(code, &failure.to_string(), 2),
                None => complain(failure),
            }
            ExitCode::from(2)
        }
    }
}

/// Writes a result where the user wants it: standard output for `-`, and over nothing unless forced.
fn deliver(path: &Path, bytes: &[u8], force: bool, output: Output) -> Result<(), Failure> {
    if files::is_standard(path) {
        output.foreign(bytes)?;
    } else if force {
        if keyfile::is_key(path) {
            return Err(FileError::Exists(path.to_owned()).into());
        }
        files::replace(path, bytes)?;
    } else {
        files::write_new(path, bytes, Readers::Anyone).map_err(|error| match error {
            // Nothing takes the place of a key.
            FileError::Exists(path) if !keyfile::is_key(&path) => Failure::Occupied(path),
            error => error.into(),
        })?;
    }
    Ok(())
}

/// The settings of a service: the file, and the environment over it.
fn config(file: Option<&PathBuf>) -> Result<Config, Failure> {
    let default = PathBuf::from("badges.toml");
    let file = file.cloned().or_else(|| default.exists().then_some(default));
    Config::read(file.as_ref(), |name| std::env::var(name).ok()).map_err(Failure::Config)
}

/// What is said of variables that look like settings and set nothing.
fn strange(config: &Config) -> Vec<String> {
    config.strange(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

/// Shows how many rows are done.
fn progress(output: Output, done: u64, all: u64) {
    let number = |count| usize::try_from(count).unwrap_or(usize::MAX);
    output.progress(number(done), number(all));
}

/// Waits until somebody presses Ctrl-C or the system asks the process to end.
async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Where no signal can be waited for there is nothing to stop for.
    interrupt.await.ok();
}

/// The number of a generation of Open Badges.
fn generation(generation: Generation) -> &'static str {
    match generation {
        Generation::V1 => "1.x",
        Generation::V2 => "2.0",
        Generation::V3 => "3.0",
    }
}
