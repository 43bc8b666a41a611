//! Development only: the Python packages this project is compared with.
//!
//! They come in [`Stack`]s that cannot be installed together: [`Stack::L2M`] is
//! TELLA 2.1.0 with gym 0.23.1, gym-minigrid 1.0.3, L2Logger 1.8.2 and L2Metrics
//! 3.1.0, [`Stack::FARAMA`] is Gymnasium 1.4.0 with minigrid 3.2.0,
//! [`Stack::PACKAGE`] is what our own package is built and tested with,
//! [`Stack::RLIABLE`] is rliable 1.2.0 with SciPy, [`Stack::TENSORBOARD`] TensorBoard,
//! [`Stack::BASELINES`] Stable-Baselines3 with PyTorch, [`Stack::ENVPOOL`] is EnvPool, for benchmarks alone,
//! and [`Stack::TORCH`] is libtorch, which no script runs: `nn` links it. Differential tests ask a
//! stack for its interpreter and run the scripts of `reference/scripts` with it.
//! The first that asks installs it (about a minute), others wait. Nothing the
//! program itself does needs this crate or Python.

pub mod parity;

use fs_err as fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Python packages that are installed together, in an environment of their own.
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    /// Folder of the environment below `target/`; it ends in the recipe's version, so
    /// that another recipe makes a new environment.
    folder: &'static str,
    /// Variable that names a folder to use in place of that.
    variable: &'static str,
    /// Arguments of `pip install`, in the order of the commands.
    recipe: &'static [&'static [&'static str]],
}

impl Stack {
    /// What DARPA's L2M programme used.
    pub const L2M: Stack = Stack {
        folder: "reference-1",
        variable: "TELLA_REFERENCE_VENV",
        recipe: &[
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
        ],
    };

    /// The Farama Foundation's packages, as they are today.
    pub const FARAMA: Stack = Stack {
        folder: "reference-farama-1",
        variable: "TELLA_FARAMA_VENV",
        recipe: &[&["gymnasium==1.4.0", "minigrid==3.2.0", "numpy==2.4.6", "pygame"]],
    };

    /// The fastest batched environments in Python.
    pub const ENVPOOL: Stack = Stack {
        folder: "reference-envpool-1",
        variable: "TELLA_ENVPOOL_VENV",
        recipe: &[&["envpool==1.2.5"]],
    };

    /// Statistics over runs.
    pub const RLIABLE: Stack = Stack {
        folder: "reference-rliable-1",
        variable: "TELLA_RLIABLE_VENV",
        recipe: &[&[
            "rliable==1.2.0",
            "arch==7.2.0",
            "pandas==2.2.3",
            "scipy==1.15.3",
            "numpy==2.2.6",
        ]],
    };

    /// What reads event files.
    pub const TENSORBOARD: Stack = Stack {
        folder: "reference-tensorboard-1",
        variable: "TELLA_TENSORBOARD_VENV",
        recipe: &[&["tensorboard==2.21.0"]],
    };

    /// libtorch, out of PyTorch's wheel, and the two libraries that its processor part loads. What the wheel
    /// asks for beyond that, some gigabytes, is for graphics processors and for `import torch`.
    pub const TORCH: Stack = Stack {
        folder: "reference-torch-1",
        variable: "TELLA_TORCH_VENV",
        recipe: &[&[
            "--no-deps",
            "--no-cache-dir",
            "torch==2.11.0",
            "nvidia-cuda-cupti==13.0.85",
            "nvidia-cuda-runtime==13.0.96",
        ]],
    };

    /// What builds our own Python package and tests it; it is installed there.
    pub const PACKAGE: Stack = Stack {
        folder: "python-package-4",
        variable: "TELLA_PACKAGE_VENV",
        recipe: &[&[
            "maturin==1.16.0",
            "numpy==2.4.6",
            "gymnasium==1.4.0",
            "ale-py==0.12.1",
            "auditwheel==6.8.2",
            "pyarrow==26.0.1",
            "polars==2.1.0",
            "pandas==3.1.1",
            "duckdb==2.0.1",
            "ray==2.60.0",
            "pytest",
            "mypy",
        ]],
    };

    /// Agents on PyTorch: Stable-Baselines3, and what loops in CleanRL's way import. PyTorch comes with all
    /// of CUDA, some gigabytes.
    pub const BASELINES: Stack = Stack {
        folder: "reference-baselines-1",
        variable: "TELLA_BASELINES_VENV",
        recipe: &[&[
            "torch==2.11.0",
            "stable-baselines3==2.9.2",
            "gymnasium==1.4.0",
            "numpy==2.4.6",
        ]],
    };

    /// What the tests use.
    pub const TESTED: [Stack; 7] = [
        Stack::TORCH,
        Stack::L2M,
        Stack::FARAMA,
        Stack::RLIABLE,
        Stack::TENSORBOARD,
        Stack::PACKAGE,
        Stack::BASELINES,
    ];

    /// The interpreter, installed first where needed. Panics with the reason where it
    /// cannot be had: a comparison must not pass without its other side.
    pub fn python(&self) -> PathBuf {
        self.install().unwrap_or_else(|e| panic!("reference packages: {e}"))
    }

    /// Whether the environment is complete, so that [`Stack::install`] has nothing to do.
    pub fn installed(&self) -> bool {
        self.dir().join("complete").exists()
    }

    /// The variable that names its folder, and the folder.
    pub fn place(&self) -> (&'static str, PathBuf) {
        (self.variable, self.dir())
    }

    fn dir(&self) -> PathBuf {
        std::env::var_os(self.variable)
            .map(PathBuf::from)
            .unwrap_or_else(|| workspace_root().join("target").join(self.folder))
    }

    /// Makes the environment unless it is complete, and returns its interpreter.
    pub fn install(&self) -> Result<PathBuf, ReferenceError> {
        let dir = self.dir();
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
        for packages in self.recipe {
            run(Command::new(&python).args(["-m", "pip", "-q", "install"]).args(*packages))?;
        }
        fs::write(&complete, self.folder)?;
        Ok(python)
    }
}

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
