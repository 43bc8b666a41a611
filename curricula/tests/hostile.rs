//! Hostile input: whatever a file holds and whatever a path leads to, the answer
//! is a curriculum or a located message, soon, and never a panic.

mod common;

use common::TestCatalog;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;
use tella_curricula::{CurriculumError, Diagnostics, Document, TellaConfig, library, load};

/// Everything said about a text, after checking that it lies inside the text.
fn messages(text: &str) -> Diagnostics {
    let found = match Document::from_text(text, "file.yaml") {
        Ok(document) => {
            let found = document.check(&TestCatalog);
            match document.resolve(0, None) {
                Ok(curriculum) => assert!(!curriculum.blocks.is_empty() || found.has_errors()),
                Err(errors) => assert!(errors.has_errors()),
            }
            found
        }
        Err(found) => {
            assert!(found.has_errors());
            found
        }
    };
    inside(text, &found);
    found
}

/// Every place of a message is one of the text.
fn inside(text: &str, found: &Diagnostics) {
    let lines: Vec<&str> = text.split('\n').collect();
    for place in found
        .diagnostics
        .iter()
        .flat_map(|d| std::iter::once(&d.place).chain(d.related.iter().map(|r| &r.place)))
    {
        assert_eq!(place.file, "file.yaml");
        let line = lines.get(place.line - 1).unwrap_or_else(|| panic!("{place:?}"));
        assert!(place.column <= line.chars().count() + 1, "{place:?} in {line:?}");
        assert!(place.width >= 1);
    }
    assert!(found.diagnostics.len() <= 400);
    // Rendering does not fail either, and hides no control character in the text.
    let shown = found.to_string();
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    assert!(serde_json::to_string(found).is_ok());
}

const HEAD: &str = "schema: 1\nname: x\ntasks:\n  P: CartPole-v1\n";

#[test]
fn texts_that_must_be_refused() {
    let deep_flow = format!("a: {}", "[".repeat(20_000));
    let deep_block: String = (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..10 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        laughs += &format!("a{i}: &a{i} [{aliases}]\n");
    }
    let many_keys: String = (0..100_000).map(|i| format!("k{i}: {i}\n")).collect();
    let many_blocks = format!("{HEAD}blocks:\n{}", "  - {learn: Q, episodes: 0}\n".repeat(100_000));
    let many_tasks: String = (0..50_000).map(|i| format!("  T{i}: Quake\n")).collect();
    let many_tasks = format!("{HEAD}{many_tasks}blocks:\n  - {{learn: Nope, episodes: 1}}\n");
    let same_key = "a: 1\n".repeat(100_000);
    let long_key = format!("{HEAD}{}: 1\n", "k".repeat(900));
    let huge = "x".repeat(10_000_000);
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
        &deep_flow,
        &deep_block,
        &laughs,
        &many_keys,
        &many_blocks,
        &many_tasks,
        &same_key,
        &long_key,
        &huge,
    ];
    for text in texts {
        let found = messages(text);
        assert!(found.has_errors(), "{:?}", &text[..text.len().min(80)]);
    }
    for (key, value) in [
        ("name", huge.as_str()),
        ("generator", "{type: interleaved, passes: 18446744073709551615}"),
        ("blocks", "[{learn: P, episodes: 18446744073709551616}]"),
        ("seeding", huge.as_str()),
    ] {
        assert!(messages(&format!("{HEAD}{key}: {value}\n")).has_errors(), "{key}");
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
    #![proptest_config(ProptestConfig::with_cases(tella_reference::sweep(3000, 50_000) as u32))]

    #[test]
    fn mutated_curricula(which: usize, mutations in prop::collection::vec(mutation(), 1..5)) {
        let text = mutations.iter().fold(shipped(which), |text, m| mutate(&text, m));
        messages(&text);
    }

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
