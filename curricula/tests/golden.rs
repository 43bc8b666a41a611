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

/// A curriculum that includes others is kept as one text, which means the same wherever
/// it lies.
#[test]
fn what_is_included_is_kept_in_one_text() {
    let document = load("tests/ok/include.yaml").unwrap();
    assert!(!document.text().contains("include:") && document.text().contains("CartPole-v1"));
    let alone = Document::from_text(document.text(), "alone.yaml").unwrap();
    assert_eq!(alone.resolve(5, None).unwrap(), document.resolve(5, None).unwrap());
    assert_eq!(alone.text(), document.text());
    // Overrides are about the whole, and not part of the text.
    let sets = ["tasks.A=CartPole-v0".to_owned()];
    let overridden = tella_curricula::load_with("tests/ok/include.yaml", &sets).unwrap();
    assert_eq!(overridden.text(), document.text());
    assert_ne!(overridden.resolve(5, None).unwrap(), document.resolve(5, None).unwrap());
}

/// A link that leads out of the folder is not followed, one that stays inside is; and
/// nothing but a file is read.
#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs_err::create_dir_all(path("inside/more")).unwrap();
    fs_err::write(path("secret.yaml"), "A: CartPole-v1").unwrap();
    fs_err::write(path("inside/more/tasks.yaml"), "A: CartPole-v1").unwrap();
    symlink(path("secret.yaml"), path("inside/out.yaml")).unwrap();
    symlink(dir.path(), path("inside/up")).unwrap();
    symlink("more/tasks.yaml", path("inside/in.yaml")).unwrap();
    symlink("loop.yaml", path("inside/loop.yaml")).unwrap();
    let main = path("inside/main.yaml");
    let error = |include: &str| {
        let text = format!(
            "schema: 1\nname: x\ntasks: {{include: {include}}}\nblocks: [{{learn: A, episodes: 1}}]\n"
        );
        fs_err::write(&main, text).unwrap();
        load(main.to_str().unwrap()).unwrap().check(&TestCatalog).to_string()
    };
    for out in ["out.yaml", "up/secret.yaml"] {
        let message = error(out);
        assert!(message.contains("leads out of the curriculum's folder by a link"), "{message}");
        assert!(message.contains("main.yaml:3:18"), "{message}");
    }
    assert!(error("loop.yaml").contains("`loop.yaml` cannot be read"));
    assert!(error("more").contains("`more` cannot be read: this is a folder, not a file"));
    assert_eq!(error("in.yaml"), "");
}
