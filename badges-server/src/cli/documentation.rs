//! `badges completions` and `badges man`: written from the same description as the help.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

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

/// What the generator's function offers in the place of a file: options, and names of values. Without them bash
/// offers files.
const FILES_IN_BASH: &str = r#"
_badges_or_files() {
    _badges "$@"
    local word kept=()
    [[ "${COMP_WORDS[COMP_CWORD]}" == -* ]] && return 0
    for word in "${COMPREPLY[@]}"; do
        [[ "${word}" == [-\<\[]* || "${word}" != *[[:lower:]]* ]] || kept+=("${word}")
    done
    COMPREPLY=("${kept[@]}")
}
complete -F _badges_or_files -o bashdefault -o default badges
"#;

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
    if verb.shell == Shell::Bash {
        text.extend_from_slice(FILES_IN_BASH.as_bytes());
    }
    output.bytes(&text)?;
    Ok(Outcome::Done)
}

pub(super) fn man(verb: &Man, output: Output) -> Result<Outcome, Failure> {
    let unwritable = |reason| FileError::Unwritable { path: verb.folder.clone(), reason };
    std::fs::create_dir_all(&verb.folder).map_err(unwritable)?;
    // Of `badges help` there is no page: the pages are what it says.
    let mut command = Badges::command().disable_help_subcommand(true);
    command.build();
    let mut pages = vec![command.clone()];
    let mut count = 0_usize;
    while let Some(command) = pages.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        pages.extend(command.get_subcommands().cloned());
        let text = page(command).map_err(unwritable)?;
        files::replace(&verb.folder.join(format!("{name}.1")), &text)?;
        count += 1;
    }
    let record = Written { folder: verb.folder.display().to_string(), pages: count };
    output
        .answer(&record, &[(Tone::Plain, format!("{count} pages written to {}", verb.folder.display()))])?;
    Ok(Outcome::Done)
}

/// One manual page. What help says around the synopsis goes below, line for line.
fn page(mut command: clap::Command) -> io::Result<Vec<u8>> {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let texts = [("EXAMPLES", command.get_before_help()), ("NOTES", command.get_after_help())];
    let texts = texts.map(|(heading, text)| (heading, text.map(ToString::to_string)));
    let has_verbs = command.has_subcommands();
    let version = concat!("badges ", env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.override_usage(usage)).source(version);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_verbs {
        man.render_subcommands_section(&mut page)?;
    }
    for (heading, text) in texts {
        let Some(text) = text else { continue };
        writeln!(page, ".SH {heading}\n.nf")?;
        for line in text.lines().filter(|line| !line.starts_with("Example")) {
            let line = line.replace('\\', "\\e").replace('-', "\\-").replace('`', "\\(ga");
            // A full stop or apostrophe at its beginning would be a command.
            writeln!(page, "\\&{line}")?;
        }
        writeln!(page, ".fi")?;
    }
    Ok(page)
}
