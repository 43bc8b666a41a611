//! Rules for crates: which room may use which, versions of path dependencies,
//! workspace lints, licences of everything that is built.

use super::licence;
use anyhow::{Context, Result, bail};
use fs_err as fs;
use serde::Deserialize;
use std::path::PathBuf;

/// Each room's crate and the rooms it may use. The table in
/// `docs/src/architecture.md` says why.
const ROOMS: &[(&str, &[&str])] = &[
    ("tella-rng", &[]),
    ("tella-envs", &["tella-rng"]),
    ("tella-curricula", &["tella-rng", "tella-envs"]),
    ("tella-agents", &["tella-rng", "tella-envs"]),
    ("tella-events", &[]),
    ("tella-metrics", &["tella-rng", "tella-events"]),
    ("tella-report", &["tella-events", "tella-metrics"]),
    (
        "tella",
        &[
            "tella-rng",
            "tella-envs",
            "tella-curricula",
            "tella-agents",
            "tella-events",
            "tella-metrics",
            "tella-nn",
            "tella-report",
        ],
    ),
    ("tella-nn", &["tella-rng", "tella-envs", "tella-agents"]),
    (
        "tella-py",
        &[
            "tella",
            "tella-agents",
            "tella-curricula",
            "tella-envs",
            "tella-events",
            "tella-metrics",
        ],
    ),
    (REFERENCE, &[]),
    ("xtask", &[REFERENCE]),
];

/// The Python side of differential tests: any room's tests may use it.
const REFERENCE: &str = "tella-reference";

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    /// The registry; none for the workspace's own.
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    /// `dev`, `build`, or none for a normal one.
    kind: Option<String>,
    path: Option<PathBuf>,
}

/// Findings in all crates of the workspace and what they depend on here (other
/// platforms' dependencies need not be downloaded for this).
pub(super) fn check() -> Result<Vec<String>> {
    let output = crate::cargo()
        .args([
            "metadata",
            "--locked",
            "--all-features",
            "--format-version=1",
            "--filter-platform",
            &host()?,
        ])
        .output()
        .context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let mut findings = Vec::new();
    for package in &metadata.packages {
        findings.extend(check_licence(package));
        if package.source.is_none() {
            findings.extend(check_rooms(package));
            let manifest = fs::read_to_string(&package.manifest_path)?;
            if !manifest.contains("[lints]\nworkspace = true\n") {
                findings.push(format!("{}: does not use the workspace's lints", package.name));
            }
        }
    }
    Ok(findings)
}

/// The host's target triple, as the compiler names it.
fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc).arg("-vV").output().context("rustc -vV")?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

fn check_licence(package: &Package) -> Option<String> {
    let Package { name, version, license, .. } = package;
    match license {
        Some(license) if licence::allowed(license) => None,
        Some(license) => {
            Some(format!("{name} {version}: licence {license} is not among the allowed ones"))
        }
        None => Some(format!("{name} {version}: states no licence")),
    }
}

fn check_rooms(package: &Package) -> Vec<String> {
    let name = &package.name;
    let Some((_, may_use)) = ROOMS.iter().find(|(room, _)| room == name) else {
        return vec![format!("{name}: not in the table of rooms, xtask/src/tidy/crates.rs")];
    };
    let mut findings = Vec::new();
    for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
        let used = &dependency.name;
        if dependency.req == "*" {
            findings.push(format!("{name}: depends on {used} by path without a version"));
        }
        let dev = dependency.kind.as_deref() == Some("dev");
        // The developer commands' own tests look at all rooms.
        let for_tests = dev && (used == REFERENCE || name == "xtask");
        if !for_tests && !may_use.contains(&used.as_str()) {
            let kind = if dev { "its tests use" } else { "uses" };
            findings.push(format!("{name}: {kind} {used}, which this room may not"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, &str, Option<&str>)]) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: None,
            manifest_path: PathBuf::new(),
            source: None,
            dependencies: dependencies
                .iter()
                .map(|&(name, req, kind)| Dependency {
                    name: name.to_owned(),
                    req: req.to_owned(),
                    kind: kind.map(str::to_owned),
                    path: Some(PathBuf::new()),
                })
                .collect(),
        }
    }

    fn found(name: &str, dependencies: &[(&str, &str, Option<&str>)]) -> String {
        check_rooms(&package(name, dependencies)).join("\n")
    }

    #[test]
    fn layering() {
        assert_eq!(found("tella-envs", &[("tella-rng", "^1", None)]), "");
        assert_eq!(found("tella-events", &[(REFERENCE, "^1", Some("dev"))]), "");
        assert_eq!(found("xtask", &[("tella", "^1", Some("dev"))]), "");
        let expected = "tella-events: uses tella-rng, which this room may not";
        assert_eq!(found("tella-events", &[("tella-rng", "^1", None)]), expected);
        let expected = "tella-metrics: its tests use tella, which this room may not";
        assert_eq!(found("tella-metrics", &[("tella", "^1", Some("dev"))]), expected);
        let expected = "tella-rng: uses tella-reference, which this room may not";
        assert_eq!(found("tella-rng", &[(REFERENCE, "^1", None)]), expected);
        let expected = "attic: not in the table of rooms, xtask/src/tidy/crates.rs";
        assert_eq!(found("attic", &[]), expected);
    }

    #[test]
    fn versions() {
        let expected = "tella-envs: depends on tella-rng by path without a version";
        assert_eq!(found("tella-envs", &[("tella-rng", "*", None)]), expected);
    }

    #[test]
    fn licences() {
        let with = |license: Option<&str>| {
            let license = license.map(str::to_owned);
            check_licence(&Package { license, ..package("x", &[]) })
        };
        assert_eq!(with(Some("MIT")), None);
        assert_eq!(with(None).as_deref(), Some("x 1.0.0: states no licence"));
        let expected = "x 1.0.0: licence GPL-3.0 is not among the allowed ones";
        assert_eq!(with(Some("GPL-3.0")).as_deref(), Some(expected));
    }
}
