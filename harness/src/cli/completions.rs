//! `tella completions`: what a shell needs to complete the command line.

use super::{CliResult, Exit};
use clap_complete::Shell;
use std::io::Write;

/// Arguments of `tella completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> CliResult {
    // Made in memory: the library panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::visible_command(), "tella", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Ok)
}
