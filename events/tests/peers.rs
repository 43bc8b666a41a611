//! pyarrow and L2Logger themselves read what is written here, and the other way round.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::*;
use tella_events::convert::{Format, ImportOptions, export, import};
use tella_events::*;

fn peer(arguments: &[&str]) -> String {
    let script = tella_reference::scripts().join("events_peers.py");
    let output = Command::new(tella_reference::Stack::L2M.python())
        .arg(script)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

fn read(command: &str, file: &Path) -> Value {
    serde_json::from_str(&peer(&[command, file.to_str().unwrap()])).unwrap()
}

/// The columns pyarrow found equal the table's.
fn assert_experiences(found: &Value, table: &Table) {
    assert_eq!(found["rows"], table.len());
    let columns = &found["columns"];
    for row in 0..table.len() {
        let (e, s) = (table.experience(row), table.segment(row));
        let at = |name: &str| &columns[name][row];
        assert_eq!(*at("block_num"), s.block_num);
        assert_eq!(*at("exp_num"), serde_json::json!(e.exp_num));
        assert_eq!(*at("worker_id"), s.worker_id.as_str());
        assert_eq!(*at("block_type"), s.block_type.as_str());
        assert_eq!(*at("block_subtype"), s.block_subtype.as_str());
        assert_eq!(*at("task_name"), s.task_name.as_str());
        assert_eq!(*at("task"), s.task.as_str());
        assert_eq!(*at("variant"), s.variant.as_str());
        assert_eq!(*at("task_params"), s.task_params.as_str());
        assert_eq!(*at("exp_status"), if e.complete { "complete" } else { "incomplete" });
        assert_eq!(*at("episode_step_count"), e.episode_step_count);
        assert_eq!(*at("reward"), e.reward);
        assert_eq!(*at("episode_index"), e.episode_index);
        assert_eq!(*at("env_index"), e.env_index);
        assert_eq!(*at("seed"), serde_json::json!(e.seed));
        assert_eq!(*at("terminated"), e.terminated);
        assert_eq!(*at("truncated"), e.truncated);
    }
}

/// Steps with unnumbered, incomplete and seedless rows among them.
fn mixed() -> Vec<Step> {
    let mut steps = lifetime(World::MiniGrid, 300, 70, 20);
    let rows = steps.iter_mut().filter_map(|s| match s {
        Step::Row(row) => Some(row),
        _ => None,
    });
    for (n, row) in rows.enumerate() {
        match n % 50 {
            3 => row.seed = None,
            48 => row.complete = false,
            49 => (row.complete, row.exp_num) = (false, None),
            _ => {}
        }
    }
    steps
}

#[test]
fn pyarrow_reads_every_table() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(dir.path(), &mixed(), 64);
    let log = LifetimeLog::open(&run, 0).unwrap();
    let file = |name: &str| run.lifetime_dir(0).join(format!("{name}.arrow"));
    let table = log.table().unwrap();
    let found = read("arrow", &file("experiences"));
    assert_experiences(&found, &table);
    let names: Vec<&str> = found["types"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, EXPERIENCE_COLUMNS);
    for (name, kind) in [
        ("block_num", "uint64"),
        ("reward", "double"),
        ("terminated", "bool"),
        ("task_name", "dictionary<values=string, indices=int32, ordered=0>"),
    ] {
        assert_eq!(found["types"][name], kind);
    }

    let events = log.block_events().unwrap();
    let found = read("arrow", &file("blocks"));
    assert_eq!(found["rows"], events.len());
    for (n, row) in events.iter().enumerate() {
        let at = |name: &str| &found["columns"][name][n];
        assert_eq!(*at("at_row"), row.at_row);
        assert_eq!(*at("kind"), row.event.kind.as_str());
        assert_eq!(*at("block_num"), row.event.block_num);
        assert_eq!(*at("task"), serde_json::json!(row.event.task));
        assert_eq!(*at("variant"), serde_json::json!(row.event.variant));
        assert_eq!(*at("detail"), serde_json::json!(row.event.detail));
    }

    let found = read("arrow", &file("timing"));
    assert_eq!(found["rows"], table.len() + events.len());
    assert_eq!(found["types"]["finished_at"], "timestamp[us, tz=UTC]");
    let mut row = 0;
    for n in 0..found["rows"].as_u64().unwrap() as usize {
        let at = |name: &str| &found["columns"][name][n];
        if at("table") == "experiences" {
            assert_eq!(*at("started_at"), serde_json::json!(table.started_at[row]));
            assert_eq!(*at("finished_at"), serde_json::json!(table.finished_at[row]));
            row += 1;
        }
    }
    assert_eq!(row, table.len());
}

#[test]
fn pyarrow_reads_a_running_and_a_torn_stream() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(50)).unwrap();
    write(&mut writer, &mixed());
    writer.publish().unwrap();
    let file = run.lifetime_dir(0).join("experiences.arrow");
    let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    assert_eq!(table.len(), 300);
    assert_experiences(&read("arrow", &file), &table);
    drop(writer);
    // Cut inside the last frame: all but its 50 rows are left, for us and for pyarrow.
    let length = fs_err::metadata(&file).unwrap().len();
    fs_err::OpenOptions::new().write(true).open(&file).unwrap().set_len(length - 9).unwrap();
    let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    assert_eq!(table.len(), 250);
    assert_experiences(&read("arrow", &file), &table);
}

#[test]
fn an_exported_scenario_passes_l2loggers_validation() {
    let dir = tempfile::tempdir().unwrap();
    let steps = mixed();
    let (run, _) = sealed(&dir.path().join("run"), &steps, 64);
    let out = dir.path().join("out");
    assert_eq!(export(run.dir(), Format::L2Logger, &out).unwrap(), std::slice::from_ref(&out));
    let said = peer(&["validate", out.to_str().unwrap()]);
    assert!(said.contains("Log format validation passed!"), "{said}");
    for word in ["ERROR", "WARNING", "Traceback"] {
        assert!(!said.contains(word), "{said}");
    }
    // Unnumbered experiences are left out, cut ones marked.
    let text = fs_err::read_to_string(out.join("worker-default/0-test/data-log.tsv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "block_num\texp_num\tworker_id\tblock_type\tblock_subtype\ttask_name\ttask_params\t\
         exp_status\ttimestamp\tepisode_step_count\treward"
    );
    assert_eq!(lines.iter().filter(|l| l.contains("\tincomplete\t")).count(), 1);
    assert_eq!(lines.len(), 1 + 70 - 1);
    let info = fs_err::read_to_string(out.join("scenario_info.json")).unwrap();
    assert!(info.contains("\"scenario_type\": \"alternating\""), "{info}");
    assert!(info.contains("\"curriculum_seed\": 11749869230777074271"), "{info}");
}

fn options() -> ImportOptions {
    ImportOptions { program_version: "0.1.0".into(), created_at: "2026-11-24T00:00:00Z".into() }
}

#[test]
fn scenarios_by_l2logger_itself_come_back_the_same() {
    for seed in 0..tella_reference::sweep(6, 60) {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let made = peer(&["write", &path("made"), &seed.to_string()]);
        let made = made.trim();
        let run = import(made, path("run"), &options()).unwrap();
        let report = check(run.dir()).unwrap();
        assert!(report.is_sound(), "{report:?}");
        export(run.dir(), Format::L2Logger, path("back")).unwrap();
        let said = peer(&["compare", made, &path("back")]);
        assert!(said.starts_with("same "), "seed {seed}: {said}");
    }
}

#[test]
fn our_run_through_l2logger_keeps_what_that_can_hold() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(&dir.path().join("run"), &mixed(), 64);
    export(run.dir(), Format::L2Logger, dir.path().join("out")).unwrap();
    let back = import(dir.path().join("out"), dir.path().join("back"), &options()).unwrap();
    let table = |run: &RunFolder| LifetimeLog::open(run, 0).unwrap().table().unwrap();
    let (before, after) = (table(&run), table(&back));
    let kept: Vec<usize> = (0..before.len()).filter(|row| before.exp_num[*row].is_some()).collect();
    assert_eq!(kept.len(), after.len());
    for (row, from) in kept.into_iter().enumerate() {
        assert_eq!(after.segment(row), before.segment(from));
        let (found, expected) = (after.experience(row), before.experience(from));
        assert_eq!(
            found,
            Experience {
                episode_index: row as u64,
                env_index: 0,
                seed: None,
                terminated: false,
                truncated: false,
                started_at: None,
                ..expected
            }
        );
    }
    assert_eq!(back.info().scenario_type, "alternating");
    assert_eq!(back.status(0).unwrap().curriculum_seed, run.status(0).unwrap().curriculum_seed);
}

#[test]
fn pyarrow_reads_the_parquet_export() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(&dir.path().join("run"), &mixed(), 64);
    let made: Vec<PathBuf> = export(run.dir(), Format::Parquet, dir.path().join("out")).unwrap();
    assert_eq!(made, [dir.path().join("out/lifetime-0000.parquet")]);
    let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    let found = read("parquet", &made[0]);
    assert_experiences(&found, &table);
    assert_eq!(found["columns"]["started_at"], serde_json::json!(table.started_at));
    assert_eq!(found["columns"]["finished_at"], serde_json::json!(table.finished_at));
}
