//! The `badges` command.

/// Many threads make and drop small texts; this gives them back to the system too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    badges_server::cli::run(std::env::args_os())
}
