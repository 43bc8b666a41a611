//! Golden files: `golden/NAME/runs` says what runs a report is of, the files beside it are what the
//! report must say: the page's text, its tables for people and for programs, its drawings.
//!
//! `UPDATE_GOLDEN=1 cargo test -p tella-report --test golden` writes them; read the difference
//! before keeping it.
//!
//! A line of `runs` is one of:
//!
//! | line | is |
//! |---|---|
//! | `metrics NAME...` | the metrics that are told |
//! | `run AGENT` | a run, a side of its own |
//! | `scenario AGENT` | the same as L2Logger writes it |
//! | `life BLOCK \| BLOCK...` | a lifetime of it: `l TASK RETURN...` learns, `e TASK=RETURN,...` evaluates |
//! | `cut BLOCK \| BLOCK...` | a lifetime that was interrupted |

mod written;

use std::path::{Path, PathBuf};
use tella_events::LifetimeState;
use tella_events::convert::{self, Format as Layout};
use tella_report::{Format, Formats, Report};
use written::{Block, evaluates, learns};

/// The runs that a file lays out in a folder, one a side, and the metrics that it names.
fn lay_out(text: &str, dir: &Path) -> (Vec<PathBuf>, Vec<String>) {
    let (mut sides, mut metrics) = (Vec::new(), Vec::new());
    let mut lives: Vec<(LifetimeState, Vec<Block>)> = Vec::new();
    let is_run = |line: &&str| line.starts_with("run ") || line.starts_with("scenario ");
    let mut number = text.lines().filter(is_run).count();
    // From the last line to the first: a run stands before its lifetimes.
    for line in text.lines().rev().filter(|line| !line.trim().is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?}"));
        match word {
            "metrics" => metrics = rest.split(' ').map(str::to_owned).collect(),
            "life" => lives.push((LifetimeState::Complete, blocks(rest))),
            "cut" => lives.push((LifetimeState::Interrupted, blocks(rest))),
            "run" | "scenario" => {
                lives.reverse();
                number -= 1;
                let run = dir.join(format!("run-{number}"));
                written::write_in(&run, rest, &std::mem::take(&mut lives));
                sides.push(match word {
                    "run" => run,
                    _ => {
                        let out = dir.join(format!("log-{number}"));
                        convert::export(&run, Layout::L2Logger, &out).unwrap().remove(0)
                    }
                });
            }
            _ => panic!("{line:?} is no line of a golden file"),
        }
    }
    sides.reverse();
    (sides, metrics)
}

fn blocks(text: &str) -> Vec<Block> {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text:?}"));
    let block = |(n, text): (u64, &str)| -> Vec<Block> {
        match text.trim().split_once(' ') {
            Some(("l", learning)) => {
                let (task, returns) = learning.split_once(' ').unwrap();
                vec![learns(n, task, &returns.split(' ').map(number).collect::<Vec<_>>())]
            }
            Some(("e", evaluations)) => {
                let of_task = |text: &str| {
                    let (task, returns) = text.rsplit_once('=').unwrap();
                    evaluates(n, task, &returns.split(',').map(number).collect::<Vec<_>>())
                };
                evaluations.split(' ').map(of_task).collect()
            }
            _ => panic!("{text:?} is no block"),
        }
    };
    (0..).zip(text.split(" | ")).flat_map(block).collect()
}

/// The page as it reads: a line for what stands on a line of its own, headings and cells marked,
/// without drawings, style and script.
fn page_text(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').unwrap();
        let name = tag.split(' ').next().unwrap();
        rest = after;
        match name {
            "style" | "script" | "svg" => {
                let (_, after) = rest.split_once(&format!("</{name}>")).unwrap();
                rest = after;
                text.push_str(if name == "svg" { "\n(drawing)" } else { "" });
            }
            "h1" | "h2" | "h3" => {
                text.push_str(&format!("\n{} ", "#".repeat(name[1..].parse().unwrap())))
            }
            "td" | "th" => text.push_str(" | "),
            "p" | "li" | "tr" | "caption" | "figcaption" | "pre" | "summary" | "dt" | "dd"
            | "nav" | "title" | "a" => text.push('\n'),
            _ => {}
        }
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

/// What a report says, by the names of its golden files.
fn said(report: &Report, dir: &Path) -> Vec<(&'static str, String)> {
    let out = dir.join("report");
    let formats = [Format::Html, Format::Svg, Format::Tsv, Format::Latex, Format::Markdown];
    let files = report.write(&out, &Formats::new(&formats), true).unwrap();
    let read = |file: &Path| {
        let text = fs_err::read_to_string(file).unwrap();
        text.replace(&dir.display().to_string(), "DIR")
    };
    let of = |ending: &str| -> String {
        let own = files.iter().filter(|file| file.extension().is_some_and(|e| e == ending));
        own.map(|file| {
            let text = read(file);
            // Of drawings what is not the same in all.
            let text = match text.split_once("</style>\n") {
                Some((_, body)) => body.to_owned(),
                None => text,
            };
            format!("== {}\n{text}", file.file_stem().unwrap().to_string_lossy())
        })
        .collect()
    };
    vec![
        ("page.txt", page_text(&read(&out.join("report.html")))),
        ("tables.tsv", of("tsv")),
        ("tables.tex", of("tex")),
        ("tables.md", of("md")),
        ("figures.svg", of("svg")),
    ]
}

#[test]
fn reports_say_what_they_said() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<PathBuf> =
        fs_err::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 5, "{cases:?}");
    let mut wrong = Vec::new();
    for case in cases {
        let dir = tempfile::tempdir().unwrap();
        let text = fs_err::read_to_string(case.join("runs")).unwrap();
        let (sides, metrics) = lay_out(&text, dir.path());
        let sides: Vec<&Path> = sides.iter().map(PathBuf::as_path).collect();
        let report = written::report_of(&sides, &metrics);
        for (name, found) in said(&report, dir.path()) {
            let file = case.join(name);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs_err::write(&file, &found).unwrap();
            }
            let expected = fs_err::read_to_string(&file).unwrap_or_default();
            let differs = (1..).zip(expected.lines().zip(found.lines())).find(|(_, (a, b))| a != b);
            if let Some((line, (expected, found))) = differs {
                wrong.push(format!("{}:{line}:\n{expected}\n{found}", file.display()));
            } else if expected.lines().count() != found.lines().count() {
                wrong.push(format!("{}: another number of lines", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
