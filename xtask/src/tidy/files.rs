//! Which files are looked at: the repository's own text files.

use anyhow::Result;
use fs_err as fs;
use std::path::Path;

/// Folders that hold what is built or left by runs (see `.gitignore`).
const SKIPPED: &[&str] = &[
    "target",
    "runs",
    "logs",
    "docs/book",
    "fuzz/target",
    "fuzz/corpus",
    "fuzz/artifacts",
    "fuzz/coverage",
];

/// Hidden entries that belong to the repository.
const HIDDEN: &[&str] = &[".cargo", ".ci", ".gitignore"];

/// Every text file with its path relative to `root`, `/` between the parts.
pub(super) fn all(root: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    Ok(found)
}

fn walk(root: &Path, folder: &str, found: &mut Vec<(String, String)>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name.starts_with('.') && !HIDDEN.contains(&name.as_str()) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !SKIPPED.contains(&path.as_str()) && name != "__pycache__" {
                walk(root, &path, found)?;
            }
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
        {
            found.push((path, text));
        }
    }
    Ok(())
}
