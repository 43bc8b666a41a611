//! The help of every command: it ends with examples, and they work; completions and the
//! manual are made from it.

use clap::Command;
use std::path::Path;
use std::process::Output;

/// Every command that is not hidden, with its words, in the order of the help.
fn commands() -> Vec<(String, Command)> {
    fn below(command: &Command, words: &str, found: &mut Vec<(String, Command)>) {
        found.push((words.to_owned(), command.clone()));
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            below(command, &format!("{words} {}", command.get_name()), found);
        }
    }
    let mut found = Vec::new();
    below(&tella::cli::command(), "tella", &mut found);
    found
}

/// The indented lines under a heading of a help text.
fn under<'a>(help: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect()
}

/// Runs a line of shell with the program on the path.
fn shell(line: &str, dir: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_tella"));
    let path = std::env::var("PATH").unwrap_or_default();
    std::process::Command::new("bash")
        .args(["-euo", "pipefail", "-c", line])
        .current_dir(dir)
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("TELLA_NO_PROGRESS", "1")
        .output()
        .unwrap()
}

/// As [`shell`], for what must succeed; returns what it printed.
#[track_caller]
fn said(line: &str, dir: &Path) -> String {
    let output = shell(line, dir);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_has_examples_that_work() {
    let dir = tempfile::tempdir().unwrap();
    let commands = commands();
    assert!(commands.len() > 15, "{}", commands.len());
    for (name, command) in commands {
        let help = said(&format!("{name} --help"), dir.path());
        let examples = under(&help, "Examples:");
        assert!((1..=3).contains(&examples.len()), "{name}: {} examples", examples.len());
        assert!(command.get_about().is_some(), "{name} says what it does");
        for example in examples {
            assert!(example.starts_with(&name), "{name}: {example}");
            said(example, dir.path());
        }
    }
    let help = said("tella --help", dir.path());
    let codes = under(&help, "Exit codes:");
    let codes: Vec<_> = codes.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "70", "75", "130"]);
}

/// What bash offers behind `line`, by the function that `complete` registered.
fn offered(line: &str, dir: &Path) -> Vec<String> {
    let script = format!(
        r#"source <(tella completions bash)
        line={line:?}
        read -ra COMP_WORDS <<< "$line"
        [[ $line == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        function=$(complete -p tella | sed 's/.*-F \([^ ]*\) .*/\1/')
        set +eu
        "$function" tella "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
        printf '%s\n' "${{COMPREPLY[@]}}""#
    );
    said(&script, dir).lines().map(str::to_owned).collect()
}

#[test]
fn shells_get_completions() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&format!("tella completions {shell}"), dir.path());
        for word in ["curriculum", "agent-config", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        assert!(!script.contains("worker"), "{shell}");
    }
    said("tella completions bash > c.bash; bash -n c.bash", dir.path());
    assert_eq!(offered("tella curr", dir.path()), ["curriculum"]);
    assert_eq!(offered("tella log ex", dir.path()), ["export"]);
    assert_eq!(offered("tella run x --agent-c", dir.path()), ["--agent-config"]);
    assert_eq!(offered("tella log export x --format pa", dir.path()), ["parquet"]);
    assert!(!offered("tella ", dir.path()).contains(&"worker".to_owned()));
    let output = shell("tella completions nosh", dir.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[possible values: bash, "));
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let dir = tempfile::tempdir().unwrap();
    let main = said("tella man", dir.path());
    let made = said("tella man -o man/man1", dir.path());
    let mut made: Vec<&str> = made.lines().collect();
    let mut expected: Vec<String> = commands()
        .iter()
        .map(|(name, _)| format!("man/man1/{}.1", name.replace(' ', "-")))
        .collect();
    made.sort_unstable();
    expected.sort_unstable();
    assert_eq!(made, expected);
    for path in made {
        let page = fs_err::read_to_string(dir.path().join(path)).unwrap();
        for part in [".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES"] {
            assert!(page.contains(part), "{path} lacks {part}");
        }
        if path.ends_with("/tella.1") {
            assert_eq!(page, main);
            assert!(page.contains(".SH EXIT CODES"));
            assert!(!page.contains("worker"));
        }
        // Whoever formats it has nothing to complain of.
        let check = format!(
            "command -v groff >/dev/null || exit 0; groff -ww -man -Tutf8 {path} 2>&1 >/dev/null"
        );
        assert_eq!(said(&check, dir.path()), "", "{path}");
    }
    assert_eq!(shell("tella man -o /dev/null/man", dir.path()).status.code(), Some(2));
}
