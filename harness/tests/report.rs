//! `tella report`: what is written, and what is refused.

mod support;

use std::path::Path;
use support::{arg, json_expecting, run_expecting};

/// A short run of two lifetimes.
fn a_run(out: &Path) {
    let words = ["run", "SimpleMiniGrid", "--agent", "q-learning", "--num-lifetimes", "2"];
    let seeds = ["--agent-seed", "1", "--curriculum-seed", "1", "--out", arg(out)];
    run_expecting(0, &[&words[..], &seeds[..]].concat());
}

#[test]
fn a_report_is_a_page_with_figures_and_tables_and_the_same_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let [run, one, two] = ["run", "one", "two"].map(|name| dir.path().join(name));
    a_run(&run);
    let told = json_expecting(0, &["report", arg(&run), "-o", arg(&one), "--json"]);
    run_expecting(0, &["report", arg(&run), "-o", arg(&two)]);
    let files = told["files"].as_array().unwrap();
    assert!(files.iter().any(|file| file.as_str().unwrap().ends_with("report.html")));
    for file in files {
        let file = Path::new(file.as_str().unwrap());
        let again = two.join(file.strip_prefix(&one).unwrap());
        assert!(fs_err::read(file).unwrap() == fs_err::read(again).unwrap(), "{file:?} differs");
    }
    let page = fs_err::read_to_string(one.join("report.html")).unwrap();
    for loads in ["src=", "url(", "@import", "<link", "http://", "https://"] {
        assert!(!page.contains(loads), "the page has {loads}");
    }
}

#[test]
fn what_lies_there_is_kept_unless_it_is_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let [run, out] = ["run", "out"].map(|name| dir.path().join(name));
    a_run(&run);
    let page = ["report", arg(&run), "-o", arg(&out), "--formats", "html"];
    let (stdout, _) = run_expecting(0, &page);
    assert_eq!(stdout.trim(), arg(&out.join("report.html")));
    let (_, stderr) = run_expecting(2, &page);
    assert!(stderr.contains("exists and is not empty") && stderr.contains("--force"), "{stderr}");
    run_expecting(0, &[&page[..], &["--force"]].concat());
    fs_err::write(out.join("mine.txt"), "mine").unwrap();
    let (_, stderr) = run_expecting(2, &[&page[..], &["--force"]].concat());
    assert!(stderr.contains("holds more than a report"), "{stderr}");
    assert!(out.join("mine.txt").exists() && out.join("report.html").exists());
}

#[test]
fn what_is_no_run_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (_, stderr) = run_expecting(2, &["report", arg(dir.path()), "-o", "never"]);
    assert!(stderr.contains("neither run.json nor a log of L2Logger"), "{stderr}");
    let (_, stderr) = run_expecting(2, &["report", "a", "vs"]);
    assert!(stderr.contains("on each side of `vs`"), "{stderr}");
    let (_, stderr) = run_expecting(2, &["report", "a", "--metric", "gem.btw"]);
    assert!(stderr.contains("did you mean `gem.bwt`?"), "{stderr}");
}
