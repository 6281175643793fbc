//! PostgreSQL's own programs, which copy and bring back a database better than anybody else.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use super::BackupError;
use crate::{
    db::Address,
    files::{Claimed, Readers},
    fixed,
    outbox::mailer::percent_decoded,
};

/// Writes the database into a file that is there.
pub(super) fn dump(address: &Address, file: &Path) -> Result<(), BackupError> {
    let database = Database::of(address);
    let arguments = ["--format=custom".as_ref(), "--no-owner".as_ref(), "--file".as_ref(), file.as_os_str()];
    database.run("pg_dump", &arguments)
}

/// Fills an empty database from such a file, all or nothing; messages wait from its first moment.
pub(super) fn restore(address: &Address, file: &Path, folder: &Path) -> Result<(), BackupError> {
    let database = Database::of(address);
    let script = Claimed::new(&folder.join("restore.sql"), Readers::Owner)?;
    // The whole script must be there before any of it is run.
    let arguments = ["--no-owner".as_ref(), "--file".as_ref(), script.path().as_os_str(), file.as_os_str()];
    run(Command::new("pg_restore").args(arguments), "pg_restore", "pg_restore")?;
    let pause = format!(
        "INSERT INTO public.installation (name, value) VALUES ('{}', '{}') \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        fixed::COURIER,
        fixed::PAUSED
    );
    let arguments = [
        "--no-psqlrc".as_ref(),
        "--quiet".as_ref(),
        "--single-transaction".as_ref(),
        "--set=ON_ERROR_STOP=1".as_ref(),
        "--file".as_ref(),
        script.path().as_os_str(),
        "--command".as_ref(),
        OsStr::new(&pause),
    ];
    database.run("psql", &arguments)
}

/// A URL without its password, which other users of the machine would see among the arguments.
struct Database {
    url: String,
    password: Option<String>,
}

impl Database {
    fn of(address: &Address) -> Self {
        Self { url: address.to_string(), password: address.password().map(percent_decoded) }
    }

    fn run(&self, program: &'static str, arguments: &[&OsStr]) -> Result<(), BackupError> {
        let mut command = Command::new(program);
        command.arg("--dbname").arg(&self.url).args(arguments);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        run(&mut command, program, &format!("{program} --format=custom --dbname={} --file=FILE", self.url))
    }
}

fn run(command: &mut Command, program: &'static str, by_hand: &str) -> Result<(), BackupError> {
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let done =
        done.map_err(|reason| BackupError::Program { program, reason, command: by_hand.to_owned() })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let said = said.lines().find(|line| !line.is_empty()).unwrap_or("it says nothing").to_owned();
    Err(BackupError::Refused { program, said })
}
