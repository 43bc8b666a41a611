//! Logs changed at random, as L2Logger's files: never a panic, and never a number that is
//! silently wrong. What is right is told by `naive.rs`, which reads and measures by the
//! definitions: the program must accept what that accepts, refuse what that refuses with the
//! place, and give its numbers.

use crate::naive::{self, How, Measured};
use crate::support::scenario::Random;
use std::fmt::Write as _;
use std::path::Path;
use tella_metrics::l2metrics::{Metric, Report, Settings, measure};
use tella_metrics::run::Run;
use tella_metrics::ste::Experts;

/// A small scenario: the text of each file, by its folder.
fn scenario(random: &mut Random) -> Vec<(String, String)> {
    let tasks = ["Nav_v1", "Nav_v2", "Pole_Default"];
    let mut exp_num = random.below(3);
    let mut files: Vec<(String, String)> = Vec::new();
    for block in 0..1 + random.below(7) {
        let learning = random.one_in(2);
        let kind = if learning { "train" } else { "test" };
        let asleep = if random.one_in(9) { "sleep" } else { "wake" };
        let mut text = "block_num\texp_num\tworker_id\tblock_type\tblock_subtype\ttask_name\t\
                        task_params\texp_status\ttimestamp\treward\n"
            .to_owned();
        for _ in 0..1 + random.below(2) {
            let task = tasks[random.below(3)];
            for _ in 0..1 + random.below(14) {
                let reward = random.below(2000) as f64 / 128.0 - 5.0;
                let status = if random.one_in(15) { "incomplete" } else { "complete" };
                writeln!(
                    text,
                    "{block}\t{exp_num}\tw\t{kind}\t{asleep}\t{task}\t\"{{\"\"n\"\": 1}}\"\t\
                     {status}\t20240101T000000.000000\t{reward}"
                )
                .unwrap();
                exp_num += 1;
            }
        }
        files.push((format!("w/{block}-{kind}"), text));
    }
    files
}

/// Changes a text: a byte, a field, a line.
fn mutate(random: &mut Random, text: &mut String) {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let line = random.below(lines.len());
    let field = random.below(10);
    let words = [
        "",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-1",
        "3.0",
        "2.5",
        "18446744073709551616",
        "test",
        "train",
        "sleep",
        "incomplete",
        "Nav_v1",
        "NAV",
        "a_b_c",
        "\"",
        "\"x\ty\"",
        "x",
        "1e-320",
        " 7",
        "0x10",
        "９",
        "1.7e308",
    ];
    match random.below(10) {
        0 => drop(lines.remove(line)),
        1 => lines.insert(line, lines[line].clone()),
        2 => lines.insert(line, String::new()),
        3 => {
            let other = random.below(lines.len());
            lines.swap(line, other);
        }
        4 => lines[line].push('\r'),
        5 => lines[line].push_str("\t1"),
        6 => {
            let mut chars: Vec<char> = lines[line].chars().collect();
            if !chars.is_empty() {
                let at = random.below(chars.len());
                chars[at] = ['\t', '"', '0', '9', '-', '.', 'e', '_', 'é', '\r'][random.below(10)];
            }
            lines[line] = chars.into_iter().collect();
        }
        _ => {
            let mut fields: Vec<&str> = lines[line].split('\t').collect();
            let at = field.min(fields.len() - 1);
            fields[at] = words[random.below(words.len())];
            lines[line] = fields.join("\t");
        }
    }
    *text = lines.join("\n");
}

fn write(dir: &Path, files: &[(String, String)]) {
    fs_err::create_dir_all(dir).unwrap();
    fs_err::write(dir.join("logger_info.json"), "{}").unwrap();
    for (folder, text) in files {
        fs_err::create_dir_all(dir.join(folder)).unwrap();
        fs_err::write(dir.join(folder).join("data-log.tsv"), text).unwrap();
    }
}

/// A temporary folder in memory where the system has one.
fn quick_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn report(dir: &Path, how: How) -> Result<Report, String> {
    let settings = serde_json::json!({
        "smoothing_method": "none",
        "maintenance_method": "mrtlp",
        "normalization_method": if how.normalize { "task" } else { "none" },
        "variant_mode": if how.agnostic { "agnostic" } else { "aware" },
    });
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let run = Run::open(dir).map_err(|e| e.to_string())?;
    let log = run.lifetimes[0].experiences().map_err(|e| e.to_string())?;
    measure(&log, &Experts::none(), &settings).map_err(|e| e.to_string())
}

/// How a report differs from what is right.
fn difference(report: &Report, right: &Measured) -> Option<String> {
    if (report.num_lx, report.num_ex) != right.counts {
        return Some(format!("{:?} experiences", (report.num_lx, report.num_ex)));
    }
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3);
    if report.regimes.len() != right.regimes.len() {
        return Some(format!("{} regimes", report.regimes.len()));
    }
    for (regime, (block, task, average)) in report.regimes.iter().zip(&right.regimes) {
        let same = regime.block_num == *block && regime.task_name == *task;
        if !same || regime.avg_perf.is_some_and(|found| !close(found, *average)) {
            return Some(format!("regime {regime:?}, expected {average}"));
        }
    }
    let metrics = [
        (Metric::AvgTrainPerf, right.avg_train_perf),
        (Metric::AvgEvalPerf, right.avg_eval_perf),
        (Metric::PerfMaintenanceMrtlp, right.perf_maintenance_mrtlp),
        (Metric::PerfRecovery, right.perf_recovery),
    ];
    metrics.into_iter().find_map(|(metric, right)| {
        let found = report.get(metric).unwrap();
        let same = match (found, right) {
            (Ok(found), Some(right)) => close(found, right),
            // Too large to compute.
            (Err(_), Some(right)) => !right.is_finite() || right.abs() > 1e300,
            (Ok(_), None) => false,
            (Err(_), None) => true,
        };
        (!same).then(|| format!("{metric:?} is {found:?}, expected {right:?}"))
    })
}

#[test]
fn mutated_logs_are_measured_rightly_or_refused() {
    let dir = quick_folder();
    let (mut accepted, mut refused) = (0, 0);
    let mut failures = Vec::new();
    for seed in 0..tella_reference::sweep(10_000, 100_000) {
        let random = &mut Random(seed);
        let mut files = scenario(random);
        for _ in 0..1 + random.below(3) {
            let file = random.below(files.len());
            mutate(random, &mut files[file].1);
        }
        let how = How { agnostic: random.one_in(3), normalize: !random.one_in(3) };
        let scenario = dir.path().join("scenario");
        write(&scenario, &files);
        let found = report(&scenario, how);
        let right = naive::read(&scenario).and_then(|rows| naive::measure(rows, how));
        let wrong = match (&found, &right) {
            (Ok(report), Some(right)) => {
                accepted += 1;
                // Values of one parameter set taken for another's are told.
                let told = report.notes.iter().any(|note| note.starts_with("task_params"));
                difference(report, right).filter(|_| !told)
            }
            (Err(error), None) => {
                refused += 1;
                let placed = error.contains("data-log.tsv:") || error.contains("no completed");
                let whole = error.contains("too wide") || error.contains("no column `reward`");
                (!placed && !whole).then(|| format!("no place in: {error}"))
            }
            (Err(error), Some(_)) => Some(format!("refused: {error}")),
            (Ok(_), None) => Some("measured what should be refused".to_owned()),
        };
        if let Some(wrong) = wrong {
            failures.push(format!("seed {seed}, {how:?}: {wrong}\n{files:#?}"));
        }
        fs_err::remove_dir_all(&scenario).unwrap();
    }
    let first = failures.first().map_or("", String::as_str);
    assert!(failures.is_empty(), "{} logs, the first of them {first}", failures.len());
    assert!(accepted * 4 > refused && refused * 4 > accepted, "{accepted} and {refused}");
}
