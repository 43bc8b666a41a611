//! The command `tella`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tella::cli::main(tella::App::builtin(), std::env::args_os())
}
