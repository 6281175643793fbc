//! How the allocator of a service behaves: what is freed goes back to the system at once.

/// How many milliseconds mimalloc keeps what was freed, should it be wanted again. Its own second is too long: a list of
/// awards would hold what the last thousands of rows left, and a service at rest what its start left.
#[cfg(unix)]
const KEPT: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "10");

/// Begins this program anew where the allocator was not told: it reads that from the environment that a process begins
/// with, and from nowhere else. Comes back if it was told, or where a program cannot be begun anew.
pub(crate) fn give_back() {
    #[cfg(unix)]
    if std::env::var_os(KEPT.0).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        use std::{env, os::unix::process::CommandExt as _, process::Command};

        let mut arguments = env::args_os();
        let mut anew = Command::new(program);
        if let Some(name) = arguments.next() {
            anew.arg0(name);
        }
        // Comes back only where it fails, and then memory is given back a second later.
        drop(anew.args(arguments).env(KEPT.0, KEPT.1).exec());
    }
}
