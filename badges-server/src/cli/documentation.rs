//! `badges completions` and `badges man`: written from the same description as the help.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde::Serialize;

use super::{Badges, Failure, HELP, Outcome};
use crate::{
    files::{self, FileError},
    output::{Output, Tone},
};

const COMPLETIONS: &str = "\
Example:
  badges completions bash > ~/.local/share/bash-completion/completions/badges";

const MAN: &str = "\
Example:
  badges man ~/.local/share/man/man1";

/// Print the completions for a shell
#[derive(Args)]
#[command(help_template = HELP, before_help = COMPLETIONS)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Write the manual pages into a folder
#[derive(Args)]
#[command(help_template = HELP, before_help = MAN)]
pub(super) struct Man {
    /// The folder, made if it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Serialize)]
struct Written {
    folder: String,
    pages: usize,
}

pub(super) fn complete(verb: &Completions, output: Output) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(verb.shell, &mut Badges::command(), "badges", &mut text);
    output.bytes(&text)?;
    Ok(Outcome::Done)
}

pub(super) fn man(verb: &Man, output: Output) -> Result<Outcome, Failure> {
    let unwritable = |reason| FileError::Unwritable { path: verb.folder.clone(), reason };
    std::fs::create_dir_all(&verb.folder).map_err(unwritable)?;
    let mut command = Badges::command();
    command.build();
    let mut pages = vec![command.clone()];
    let mut count = 0_usize;
    while let Some(command) = pages.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        pages.extend(command.get_subcommands().filter(|verb| verb.get_name() != "help").cloned());
        // A manual page has no place above its synopsis, so the example goes below.
        let below = [command.get_before_help(), command.get_after_help()];
        let below = below.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join("\n\n");
        let mut text = Vec::new();
        clap_mangen::Man::new(command.after_help(below)).render(&mut text).map_err(unwritable)?;
        files::replace(&verb.folder.join(format!("{name}.1")), &text)?;
        count += 1;
    }
    let record = Written { folder: verb.folder.display().to_string(), pages: count };
    output
        .answer(&record, &[(Tone::Plain, format!("{count} pages written to {}", verb.folder.display()))])?;
    Ok(Outcome::Done)
}
