//! The command `tella`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tella::cli::main(&tella::App::default(), std::env::args_os())
}
