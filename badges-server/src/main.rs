//! The `badges` command.

fn main() {}
