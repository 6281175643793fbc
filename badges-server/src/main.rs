//! The `badges` command.

fn main() -> std::process::ExitCode {
    badges_server::cli::run(std::env::args_os())
}
