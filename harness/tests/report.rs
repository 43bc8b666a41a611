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

/// A damaged lifetime is told and left out, the others are reported on, and the exit code says
/// so.
#[test]
fn a_damaged_lifetime_is_told_and_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let [run, out] = ["run", "out"].map(|name| dir.path().join(name));
    a_run(&run);
    let log = run.join("lifetime-0001/experiences.arrow");
    let mut bytes = fs_err::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&log, bytes).unwrap();
    let (_, stderr) = run_expecting(4, &["report", arg(&run), "-o", arg(&out)]);
    assert!(stderr.contains("lifetime 1 is left out, its log is damaged"), "{stderr}");
    let page = fs_err::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("is left out, its log is damaged"));
    let lifetimes = fs_err::read_to_string(out.join("tables/lifetimes.tsv")).unwrap();
    assert!(
        lifetimes.lines().any(|line| line.contains("lifetime 1\t") && line.contains("\tdamaged\t"))
    );
}

/// An L2Logger scenario, which says little of its run, is reported on as a run folder is.
#[test]
fn a_scenario_is_reported_on() {
    let dir = tempfile::tempdir().unwrap();
    let [run, scenarios, out] = ["run", "scenarios", "out"].map(|name| dir.path().join(name));
    a_run(&run);
    run_expecting(0, &["log", "export", arg(&run), "--format", "l2logger", "-o", arg(&scenarios)]);
    let scenario = scenarios.join("lifetime-0000");
    let told = json_expecting(0, &["report", arg(&scenario), "-o", arg(&out), "--json"]);
    assert_eq!(told["title"], "q-learning on SimpleMiniGrid");
    for name in ["timeline", "learning-curves", "evaluations", "raw"] {
        assert!(out.join("plots").join(name).with_extension("svg").exists(), "{name}");
    }
}
