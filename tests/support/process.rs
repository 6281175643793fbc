//! A server in a process of its own, which can be killed.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::harness::Service;

/// `badges serve` on the data of a service of the harness, by the system's clock; it ends with its value.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) base: String,
}

impl Process {
    pub(crate) fn start(service: &Service) -> Self {
        Self::start_with(service, &[])
    }

    /// With further settings, as variables of the environment.
    pub(crate) fn start_with(service: &Service, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
        command.args(["--json", "serve"]).envs(service.environment().iter().cloned());
        command.envs(settings.iter().copied());
        Self::begin(command).0
    }

    /// Whatever runs the service and says so in JSON, with what it says.
    pub(crate) fn begin(mut command: Command) -> (Self, Value) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("it does not start: {line:?}"));
        (Self { child, base: format!("http://{}", said["listen"].as_str().unwrap()) }, said)
    }

    /// SIGKILL: nothing is written any more.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
