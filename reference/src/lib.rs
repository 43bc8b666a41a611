//! Development only: the Python packages this project is compared with.
//!
//! Differential tests ask [`python`] for an interpreter in which TELLA 2.1.0,
//! gym 0.23.1, gym-minigrid 1.0.3, L2Logger 1.8.2 and L2Metrics 3.1.0 are
//! installed, and run the scripts of `reference/scripts` with it. The first test
//! that asks installs it (about a minute), others wait. Nothing the program
//! itself does needs this crate or Python.

use fs_err as fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What is installed, in the order of the commands. A change here makes a new
/// environment, since the folder's name carries the recipe's version.
const RECIPE: &[&[&str]] = &[
    &["setuptools<66", "wheel<0.40", "pip<24.1"],
    &[
        "--no-build-isolation",
        "--no-deps",
        "tella==2.1.0",
        "l2logger==1.8.2",
        "l2metrics==3.1.0",
        "gym==0.23.1",
        "gym_minigrid==1.0.3",
        "gym_notices",
    ],
    &[
        "numpy<1.24",
        "pandas<2",
        "pyarrow<13",
        "pyglet<2",
        "pygame",
        "cloudpickle",
        "pyyaml",
        "matplotlib",
        "scipy",
        "seaborn",
        "tabulate",
        "six",
        "tqdm",
        "psutil",
    ],
];

const VERSION: &str = "1";

/// Why the reference packages cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// A file operation failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A command failed.
    #[error("{command} failed:\n{output}")]
    Command {
        /// The command line.
        command: String,
        /// Its output.
        output: String,
    },
}

/// The workspace's root folder.
pub fn workspace_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate lies in the workspace")
}

/// The folder of the scripts.
pub fn scripts() -> PathBuf {
    workspace_root().join("reference/scripts")
}

/// How often a sweep runs: `full` where `TELLA_FULL` is set (`cargo xtask test
/// --full` does), else `quick`.
pub fn sweep(quick: u64, full: u64) -> u64 {
    if std::env::var_os("TELLA_FULL").is_some() { full } else { quick }
}

/// The interpreter, installed first where needed. `TELLA_REFERENCE_VENV` names a
/// folder to use in place of `target/reference-N`. Panics with the reason where
/// it cannot be had: a comparison must not pass without its other side.
pub fn python() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| install().unwrap_or_else(|e| panic!("reference packages: {e}"))).clone()
}

/// Whether the environment is complete, so that [`install`] has nothing to do.
pub fn installed() -> bool {
    folder().join("complete").exists()
}

fn folder() -> PathBuf {
    std::env::var_os("TELLA_REFERENCE_VENV")
        .map(PathBuf::from)
        .unwrap_or_else(|| workspace_root().join(format!("target/reference-{VERSION}")))
}

/// Makes the environment unless it is complete, and returns its interpreter.
pub fn install() -> Result<PathBuf, ReferenceError> {
    let dir = folder();
    let python = dir.join("bin/python");
    let complete = dir.join("complete");
    if complete.exists() {
        return Ok(python);
    }
    fs::create_dir_all(&dir)?;
    let lock = fs::File::create(dir.with_extension("lock"))?;
    lock.file().lock()?;
    if complete.exists() {
        return Ok(python);
    }
    run(Command::new("python3.11").args(["-m", "venv", "--clear"]).arg(&dir))?;
    for packages in RECIPE {
        run(Command::new(&python).args(["-m", "pip", "-q", "install"]).args(*packages))?;
    }
    fs::write(&complete, VERSION)?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), ReferenceError> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|e| ReferenceError::Command {
        command: shown.clone(),
        output: format!("{e} (Python 3.11 with venv is needed)"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(ReferenceError::Command {
        command: shown,
        output: String::from_utf8_lossy(&text).into_owned(),
    })
}
