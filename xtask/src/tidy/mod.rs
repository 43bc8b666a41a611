//! `cargo xtask tidy`: what compiler, clippy and rustfmt do not look for. It runs
//! as a test too. A finding is one line, `place: what is wrong`.

mod crates;
mod files;
mod licence;
mod text;

use anyhow::Result;
use std::path::Path;

/// All findings in the repository at `root`, sorted.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = crates::check()?;
    for (path, text) in files::all(root)? {
        findings.extend(text::check(&path, &text));
    }
    findings.sort();
    Ok(findings)
}
