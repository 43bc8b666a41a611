//! `cargo xtask tidy`: what compiler, clippy and rustfmt do not look for. It runs
//! as a test too. A finding is one line, `place: what is wrong`.

mod crates;
mod files;
mod licence;
mod links;
mod modules;
mod text;

use anyhow::Result;
use std::path::Path;

/// All findings in the repository at `root`, sorted.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = crates::check()?;
    let files = files::all(root)?;
    for (path, text) in &files {
        findings.extend(text::check(path, text));
    }
    findings.extend(modules::check(&files));
    findings.extend(links::check(&files, |path| root.join(path).exists()));
    findings.sort();
    Ok(findings)
}
