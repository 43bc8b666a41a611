//! What `tella metrics` and `tella ste` say of logs, stores, settings and run folders with
//! something wrong: the cases in `wrong-logs/`.
//!
//! A case is a text: what is wrong, the files (`-- PATH`), `==`, and a transcript. Lines that
//! begin with `$ ` are commands of the program; what they print to standard error follows, the
//! values of the keys named behind `?` in what they print as JSON, the lines with the text behind
//! `|` in what they print else, and their exit code.
//! `cut FILE LENGTH`, `flip FILE BYTE` and `remove FILE` damage a file. Where `UPDATE_GOLDEN` is set, transcripts
//! are written anew, to be looked at.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::{quick_folder, tella};

/// Makes the files of a case.
fn make(dir: &Path, files: &str) {
    for part in files.split("\n-- ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        let path = dir.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        // The last line break belongs to the mark that follows.
        let text = match text.strip_suffix("\n\\ no line break") {
            Some(text) => text.to_owned(),
            None if text.is_empty() => String::new(),
            None => format!("{text}\n"),
        };
        fs_err::write(path, text).unwrap();
    }
}

/// A value by its keys, which points separate.
fn look_up<'a>(value: &'a Value, keys: &str) -> &'a Value {
    keys.split('.').fold(value, |value, key| match key.parse::<usize>() {
        Ok(n) => &value[n],
        Err(_) => &value[key],
    })
}

/// A value with its numbers cut to nine digits, so that the last bits are not told.
fn short(value: &Value) -> String {
    match value {
        Value::Number(n) if n.is_f64() => {
            format!("{}", format!("{:.8e}", n.as_f64().unwrap()).parse::<f64>().unwrap())
        }
        other => other.to_string(),
    }
}

/// Runs a command and returns what the transcript says of it.
fn play(dir: &Path, command: &str) -> String {
    let (arguments, keys) = command.split_once(" ? ").unwrap_or((command, ""));
    let (arguments, sought) =
        arguments.split_once(" | ").map_or((arguments, None), |(a, s)| (a, Some(s)));
    let words: Vec<&str> = arguments.split(' ').collect();
    if let ["cut" | "flip", file, n] = words.as_slice() {
        let (path, n) = (dir.join(file), n.parse::<usize>().unwrap());
        let mut bytes = fs_err::read(&path).unwrap();
        match words[0] {
            "cut" => bytes.truncate(n),
            _ => bytes[n] ^= 0x80,
        }
        fs_err::write(path, bytes).unwrap();
        return String::new();
    }
    if let ["remove", file] = words.as_slice() {
        fs_err::remove_file(dir.join(file)).unwrap();
        return String::new();
    }
    let output = tella().args(words).current_dir(dir).output().unwrap();
    let mut said = String::from_utf8(output.stderr).unwrap();
    let json = serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default();
    for key in keys.split_whitespace() {
        said.push_str(&format!("{key}: {}\n", short(look_up(&json, key))));
    }
    if let Some(sought) = sought {
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().filter(|line| line.contains(sought));
        lines.for_each(|line| said.push_str(&format!("{line}\n")));
    }
    format!("{said}exit {}\n", output.status.code().unwrap())
}

#[test]
fn what_is_wrong_is_computed_or_refused_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong-logs");
    let mut cases: Vec<PathBuf> =
        fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 60);
    let mut failures = Vec::new();
    for path in cases {
        let text = fs_err::read_to_string(&path).unwrap();
        let (given, expected) = text.split_once("\n==\n").unwrap();
        let dir = quick_folder();
        make(dir.path(), given);
        let commands = expected.lines().filter_map(|line| line.strip_prefix("$ "));
        let found: String = commands.map(|c| format!("$ {c}\n{}", play(dir.path(), c))).collect();
        if found == expected {
            continue;
        }
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs_err::write(&path, format!("{given}\n==\n{found}")).unwrap();
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        failures.push(format!("{name}: expected\n{expected}found\n{found}"));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
