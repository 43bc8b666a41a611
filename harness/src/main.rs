//! The command `tella`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tella::cli::main(&tella::App { envs: tella_envs::Registry::builtin(), ..Default::default() }, std::env::args_os())
}
