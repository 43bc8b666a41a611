//! Curricula by library name or path, and files in general: read with care, since
//! a path may lead to anything.

use crate::diagnostics::{Reporter, Sources, Span};
use crate::document::node::MAX_BYTES;
use crate::{CurriculumError, Document, TellaConfig, library};
use fs_err as fs;
use std::path::{Component, Path, PathBuf};

/// The curriculum with this library name, or in this file. A word without `/` and
/// without the ending `.yaml` or `.yml` is a name first.
pub fn load(name_or_path: &str) -> Result<Document, CurriculumError> {
    load_with(name_or_path, &[])
}

/// Whether a word is a path and no name: it has `/` in it, or ends in `.yaml` or `.yml`.
pub(crate) fn is_path(word: &str) -> bool {
    let ending = Path::new(word).extension().and_then(|e| e.to_str());
    word.contains('/') || matches!(ending, Some("yaml" | "yml"))
}

/// A path as it is written shortest: without `.`, and from the working directory where it lies below that, so that
/// one file has one name however somebody came to it.
pub fn shortest_path(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let below = path.strip_prefix(&here).ok().filter(|below| !below.as_os_str().is_empty());
    let parts = below.unwrap_or(path).components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

/// The name of an agent whose file, where its name has one (`path/file.py:Class`), lies relative to `folder`.
pub fn agent_in(folder: &Path, name: &str) -> String {
    match name.rsplit_once(".py:") {
        Some((path, class)) => {
            let file = shortest_path(&folder.join(format!("{path}.py")));
            format!("{}:{class}", file.to_string_lossy())
        }
        None => name.to_owned(),
    }
}

/// As [`load`], with overrides; see [`Document::with_overrides`].
pub fn load_with(name_or_path: &str, overrides: &[String]) -> Result<Document, CurriculumError> {
    let path = Path::new(name_or_path);
    let is_path = is_path(name_or_path);
    if !is_path && let Some(text) = library::text(name_or_path) {
        let file = format!("library:{name_or_path}.yaml");
        return Ok(Document::with_overrides(text, &file, overrides)?);
    }
    if !is_path && !path.exists() {
        return Err(CurriculumError::Unknown {
            name: name_or_path.to_owned(),
            hint: library::hint(name_or_path),
        });
    }
    let text = read(path)?;
    Ok(Document::in_folder(&text, name_or_path, path.parent(), overrides)?)
}

impl TellaConfig {
    /// Reads a configuration file; see [`TellaConfig::from_text`].
    pub fn load(path: &Path) -> Result<TellaConfig, CurriculumError> {
        let text = read(path)?;
        Ok(TellaConfig::from_text(&text, &path.to_string_lossy())?)
    }
}

/// A regular file of reasonable size, as text.
pub(crate) fn read(path: &Path) -> Result<String, CurriculumError> {
    let fail = |message: String| CurriculumError::File { path: path.to_owned(), message };
    let metadata = fs::metadata(path).map_err(|e| fail(reason(&e)))?;
    if metadata.is_dir() {
        return Err(fail("this is a folder, not a file".into()));
    }
    // Reading a pipe or a device might never end.
    if !metadata.is_file() {
        return Err(fail("this is not a regular file".into()));
    }
    if metadata.len() > MAX_BYTES as u64 {
        return Err(fail(format!("the file is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let bytes = fs::read(path).map_err(|e| fail(reason(&e)))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        // What comes before says which line it is; of what follows a line's width is shown.
        let shown = error.as_bytes();
        let shown = &shown[..shown.len().min(at + 400)];
        let text = String::from_utf8_lossy(shown).into_owned();
        let mut sources = Sources::default();
        let source = sources.add(&path.to_string_lossy(), &text);
        let mut report = Reporter::new(&sources);
        let span = Span { source, start: at as u32, end: at as u32 + 3 };
        report.error(span, "the file is not UTF-8 text").hint("save it as UTF-8");
        report.finish().into()
    })
}

/// An error of the file system in its own words, without the path.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name() {
        let here = std::env::current_dir().unwrap();
        for path in ["a/b.yaml", "./a/b.yaml", "a/./b.yaml", "a//b.yaml"] {
            assert_eq!(shortest_path(Path::new(path)), Path::new("a/b.yaml"), "{path}");
            assert_eq!(shortest_path(&here.join(path)), Path::new("a/b.yaml"), "{path}");
        }
        // Behind a link `..` leads elsewhere than it reads.
        for path in ["../a", "a/../b", "/elsewhere/a"] {
            assert_eq!(shortest_path(Path::new(path)), Path::new(path));
        }
        let agent = |folder: &str, name| agent_in(Path::new(folder), name);
        assert_eq!(agent("./grids", "x.py:A"), agent("grids", "./x.py:A"));
        assert_eq!(agent("./grids", "x.py:A"), "grids/x.py:A");
        assert_eq!(agent("./grids", "module:A"), "module:A");
    }
}
