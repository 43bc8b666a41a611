//! Hostile input: whatever a file holds and whatever a path leads to, the answer
//! is a curriculum or a located message, soon, and never a panic.

mod common;
#[path = "common/hostile_files.rs"]
mod hostile_files;
#[path = "common/places.rs"]
mod places;

use hostile_files::{HEAD, hostile_files, peak_memory};
use places::{inside, messages};
use proptest::prelude::*;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use tella_curricula::{CurriculumError, TellaConfig, library, load};

#[test]
fn texts_that_must_be_refused() {
    let long_key = format!("{HEAD}{}: 1\n", "k".repeat(900));
    let texts = [
        "",
        " ",
        "\n\n",
        "\0",
        "a\0b",
        "\u{feff}",
        "\r\n",
        "---\n...\n",
        "---\n---\n",
        "%YAML 9.9\n---\n",
        "- - - -",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "|",
        ">",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "?",
        ":",
        "-",
        "#",
        "&a",
        "*a",
        "!!",
        "!<>",
        "? ? ?",
        ": : :",
        "a: *a",
        "&a [*a]",
        "<<: *x",
        "<<: 5",
        "\t",
        "a:\tb",
        "schema: -1",
        "schema: 1e999",
        "schema: .nan",
        "name: \"\\ud800\"",
        "5: 5",
        "null",
        "~",
        "[1, 2]",
        "{schema: 1, name: x, blocks: [{learn: {}}]}",
        "{schema: 1, name: x, blocks: [{learn: [[[]]]}]}",
        "\u{85}\u{2028}\u{2029}",
        "\u{202e}evil: 1",
        "a: \"\\0\"",
        "!!binary a: b",
        "a: !!binary !",
        &long_key,
    ];
    for text in texts {
        let found = messages(text);
        assert!(found.has_errors(), "{:?}", &text[..text.len().min(80)]);
    }
    for (key, value) in [
        ("generator", "{type: interleaved, passes: 18446744073709551615}"),
        ("blocks", "[{learn: P, episodes: 18446744073709551616}]"),
    ] {
        assert!(messages(&format!("{HEAD}{key}: {value}\n")).has_errors(), "{key}");
    }
}

/// Each is refused or accepted as documented, with its places inside the file.
#[test]
fn hostile_files_are_refused_or_accepted() {
    let dir = tempfile::tempdir().unwrap();
    for file in hostile_files() {
        let path = dir.path().join("file.yaml");
        fs_err::write(&path, &file.bytes).unwrap();
        let loaded = load(path.to_str().unwrap());
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => assert_eq!(!messages(text).has_errors(), file.accepted, "{}", file.name),
            Err(_) if file.bytes.len() > 4 << 20 => {
                let error = loaded.unwrap_err().to_string();
                assert!(error.ends_with("the file is larger than 4 MiB"), "{error}");
            }
            Err(_) => {
                let Err(CurriculumError::Invalid(found)) = loaded else { panic!("{}", file.name) };
                assert!(found.to_string().contains("the file is not UTF-8 text"), "{found}");
            }
        }
    }
}

/// The page that tells users has a row for each of them.
#[test]
fn hostile_files_are_documented() {
    let page = tella_reference::workspace_root().join("docs/src/reference/hostile-files.md");
    let page = fs_err::read_to_string(page).unwrap();
    for file in hostile_files() {
        let verdict = if file.accepted { "accepted" } else { "refused" };
        let row = format!("| {} | {verdict} |", file.name);
        assert!(page.contains(&row), "`{row}` is not in the page");
    }
    assert_eq!(
        page.lines().filter(|l| l.contains(" | accepted |") || l.contains(" | refused |")).count(),
        hostile_files().len() + 4
    );
}

/// Set to a path in a child process of the test below.
const CHILD: &str = "TELLA_HOSTILE_FILE";

#[test]
fn hostile_files_take_little_memory() {
    if let Some(path) = std::env::var_os(CHILD) {
        if let Ok(document) = load(path.to_str().unwrap()) {
            let _ = document.check(&common::TestCatalog).to_string();
            let _ = document.resolve(0, None);
        }
        return println!("peak {}", peak_memory().unwrap_or(0));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file.yaml");
    for file in hostile_files() {
        fs_err::write(&path, &file.bytes).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "hostile_files_take_little_memory",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(CHILD, &path)
            .output()
            .unwrap();
        let said = String::from_utf8(child.stdout).unwrap();
        let peak = said.lines().find_map(|l| l.split_once("peak ")).map(|(_, n)| n.trim().parse());
        let Some(Ok::<u64, _>(peak)) = peak else { panic!("{}: {said}", file.name) };
        assert!(peak < 100_000_000, "{} takes {peak} bytes", file.name);
    }
}

#[test]
fn paths_that_lead_to_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.yaml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let missing = folder.path().join("missing.yaml");
    for (path, message) in [
        (folder.path(), "this is a folder, not a file"),
        (pipe.as_path(), "this is not a regular file"),
        (Path::new("/dev/zero"), "this is not a regular file"),
        (missing.as_path(), "there is no such file"),
    ] {
        let error = load(path.to_str().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: {message}", path.display()));
        assert!(matches!(error, CurriculumError::File { .. }));
        assert!(TellaConfig::load(path).is_err());
    }
    let error = load("minigridcondenced").unwrap_err().to_string();
    assert!(error.contains("did you mean `MiniGridCondensed`?"), "{error}");
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Mutation {
    /// Characters taken out.
    Cut(usize, usize),
    /// Text put in.
    Insert(usize, String),
    /// A line repeated elsewhere.
    Line(usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let tokens = [
        "\n",
        "  ",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "#",
        "&a",
        "*a",
        "<<: ",
        "!!int ",
        "|",
        "\t",
        "\0",
        "-1",
        "0",
        "18446744073709551616",
        ".nan",
        "~",
        "yes",
        "1_000",
        "learn",
        "eval",
        "steps: 3",
        "episodes",
        "tasks",
        "seed: 7",
        "é",
        "\u{feff}",
        "\r\n",
        "...",
        "---",
        "none",
        "variants",
        "=",
    ];
    prop_oneof![
        (any::<usize>(), 1usize..12).prop_map(|(at, n)| Mutation::Cut(at, n)),
        (any::<usize>(), proptest::sample::select(tokens.to_vec()))
            .prop_map(|(at, token)| Mutation::Insert(at, token.to_owned())),
        (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Mutation::Line(from, to)),
    ]
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let chars: Vec<char> = text.chars().collect();
    match mutation {
        Mutation::Cut(at, n) => {
            let at = at % (chars.len() + 1);
            chars.iter().take(at).chain(chars.iter().skip(at + n)).collect()
        }
        Mutation::Insert(at, token) => {
            let at = at % (chars.len() + 1);
            chars[..at]
                .iter()
                .copied()
                .chain(token.chars())
                .chain(chars[at..].iter().copied())
                .collect()
        }
        Mutation::Line(from, to) => {
            let mut lines: Vec<&str> = text.split('\n').collect();
            let line = lines[from % lines.len()];
            lines.insert(to % (lines.len() + 1), line);
            lines.join("\n")
        }
    }
}

/// The text of a shipped curriculum.
fn shipped(i: usize) -> String {
    static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
        library().iter().map(|e| load(e.name).unwrap().text().to_owned()).collect()
    });
    TEXTS[i % TEXTS.len()].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(tella_reference::sweep(20_000, 200_000) as u32))]

    #[test]
    fn mutated_curricula(which: usize, mutations in prop::collection::vec(mutation(), 1..5)) {
        let text = mutations.iter().fold(shipped(which), |text, m| mutate(&text, m));
        messages(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(tella_reference::sweep(2000, 50_000) as u32))]

    #[test]
    fn mutated_configurations(mutations in prop::collection::vec(mutation(), 1..5)) {
        let config = "num learn blocks: 2\nlearn:\n  default length: 9\n  DoorKey: {length: 5, unit: steps}\n";
        let text = mutations.iter().fold(config.to_owned(), |text, m| mutate(&text, m));
        let document = load("MiniGridDispersed").unwrap();
        let found = match TellaConfig::from_text(&text, "file.yaml") {
            Ok(config) => document.resolve(1, Some(&config)).err(),
            Err(found) => Some(found),
        };
        inside(&text, &found.unwrap_or_default());
    }
}
