//! The `badges` command: issue and verify Open Badges with no server and no network.

// Reading order: each module uses only those above it.
mod clock;
mod random;
mod dates;
mod output;
mod workers;
mod files;
mod keyfile;
mod credential;
mod content;
mod recipients;
mod lists;
mod entry;
mod places;
mod documents;
mod published;
mod template;
mod awards;
mod issuing;
mod wording;
mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
