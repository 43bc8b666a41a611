//! Golden files: `err/NAME.yaml` with the messages it gets in `err/NAME.txt`,
//! `ok/NAME.yaml` with its explicit form (curriculum seed 0) in `ok/NAME.txt`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p tella-curricula --test golden` writes the `.txt`
//! files; read the difference before keeping it.

mod common;

use common::TestCatalog;
use std::path::{Path, PathBuf};
use tella_curricula::{CurriculumError, Diagnostic, Document, Severity, load};

/// The YAML files of a folder of `tests`, by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs_err::read_dir(Path::new("tests").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
}

/// Whether a message, or its hint, says what would be right.
fn says_what_is_allowed(diagnostic: &Diagnostic) -> bool {
    let words = ["expected ", "allowed", "not one of ", "at least ", "cannot be "];
    diagnostic.severity == Severity::Warning
        || diagnostic.hint.is_some()
        || words.iter().any(|word| diagnostic.message.contains(word))
}

/// Compares `found` with the golden file beside `path`, or writes that.
fn golden(path: &Path, found: &str, wrong: &mut Vec<String>) {
    let golden = path.with_extension("txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs_err::write(&golden, found).unwrap();
        return;
    }
    let expected = fs_err::read_to_string(&golden).unwrap_or_default();
    if expected != found {
        let name = golden.display();
        wrong.push(format!("{name}: expected\n{expected}\nfound\n{found}"));
    }
}

#[test]
fn bad_files_get_these_messages() {
    let files = files("err");
    assert!(files.len() >= 80, "{} bad files", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let found = match load(path.to_str().unwrap()) {
            Ok(document) => {
                let found = document.check(&TestCatalog);
                assert!(found.has_errors(), "{}: no error", path.display());
                found
            }
            Err(CurriculumError::Invalid(found)) => found,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        wrong.extend(
            found.diagnostics.iter().filter(|d| !says_what_is_allowed(d)).map(|d| {
                format!("{}: nothing says what is allowed: {}", path.display(), d.message)
            }),
        );
        let found = found.to_string();
        golden(path, &found, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_files_resolve_to_this() {
    let mut wrong = Vec::new();
    for path in files("ok") {
        let document = load(path.to_str().unwrap()).unwrap();
        let found = document.check(&TestCatalog);
        assert!(!found.has_errors(), "{}", found);
        let curriculum = document.resolve(0, None).unwrap();
        let text = format!(
            "{found}# {} warnings\n# hash {}\n{}",
            found.diagnostics.len(),
            curriculum.content_hash(),
            curriculum.to_yaml()
        );
        golden(&path, &text, &mut wrong);
        // The explicit form means the same, whatever the seed.
        let again = Document::from_text(&curriculum.to_yaml(), "explicit.yaml").unwrap();
        assert!(!again.check(&TestCatalog).has_errors(), "{}", again.check(&TestCatalog));
        let again = again.resolve(99, None).unwrap();
        assert_eq!(again, curriculum, "{}", path.display());
        assert_eq!(again.content_hash(), curriculum.content_hash(), "{}", path.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
