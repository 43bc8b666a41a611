//! TensorBoard itself reads the event files written here, point for point and number for number.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use support::*;
use tella_events::convert::{Format, export};
use tella_events::*;

fn reader(dir: &Path) -> Output {
    Command::new(tella_reference::Stack::TENSORBOARD.python())
        .arg(tella_reference::scripts().join("tensorboard_reader.py"))
        .arg(dir)
        .output()
        .unwrap()
}

fn read(dir: &Path) -> Value {
    let output = reader(dir);
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A lifetime with unfinished experiences, and labels that are awkward anywhere.
fn mixed(rows: u64, seed: u64) -> Vec<Step> {
    let mut steps = lifetime(World::MiniGrid, rows, 70, seed);
    let mut n = 0;
    for step in &mut steps {
        match step {
            Step::Row(row) => {
                n += 1;
                if n % 9 == 0 {
                    (row.complete, row.terminated, row.truncated) = (false, false, true);
                }
            }
            Step::Segment(segment) if segment.task == "DistShift" => {
                segment.task_name = "Dïst/Shift <2>_\u{202e}R".into();
            }
            _ => {}
        }
    }
    steps
}

/// The points of a log in the obvious way: by tag, `[step, value, wall time]`.
fn expected(table: &Table) -> BTreeMap<String, Vec<(u64, f32, f64)>> {
    let mut found: BTreeMap<String, Vec<(u64, f32, f64)>> = BTreeMap::new();
    let complete: Vec<usize> = (0..table.len()).filter(|&row| table.complete[row]).collect();
    let mut put = |tag: String, row: usize, value: f64| {
        let wall = table.finished_at[row].unwrap() as f64 / 1e6;
        found.entry(tag).or_default().push((table.exp_num[row].unwrap(), value as f32, wall));
    };
    for &row in &complete {
        let name = table.task_name.get(row);
        if table.block_type[row] == BlockType::Train {
            put(format!("learning/reward/{name}"), row, table.reward[row]);
            put(format!("learning/length/{name}"), row, table.episode_step_count[row] as f64);
            continue;
        }
        // The last of its block and task stands for all of them.
        let same: Vec<usize> = complete
            .iter()
            .copied()
            .filter(|&other| {
                table.block_num[other] == table.block_num[row] && table.task_name.get(other) == name
            })
            .collect();
        if same.last() == Some(&row) {
            let n = same.len() as f64;
            let reward = same.iter().map(|&row| table.reward[row]).sum::<f64>() / n;
            let length = same.iter().map(|&row| table.episode_step_count[row]).sum::<u64>();
            put(format!("evaluation/reward/{name}"), row, reward);
            put(format!("evaluation/length/{name}"), row, length as f64 / n);
        }
    }
    found
}

#[test]
fn tensorboard_reads_every_point() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(&dir.path().join("run"));
    for idx in 0..2 {
        let mut writer = LifetimeWriter::create(&run, status(idx), frames_of(64)).unwrap();
        write(&mut writer, &mixed(400, u64::from(idx) + 20));
        // One is sealed, one is still being written.
        if idx == 0 {
            writer.seal(&[]).unwrap();
        } else {
            writer.publish().unwrap();
        }
    }
    let out = dir.path().join("events");
    let made = export(run.dir(), Format::TensorBoard, &out).unwrap();
    assert_eq!(made, [out.join("lifetime-0000"), out.join("lifetime-0001")]);
    let read = read(&out);
    assert_eq!(read.as_object().unwrap().len(), 2);
    for idx in 0..2 {
        let found = &read[format!("lifetime-{idx:04}")];
        let table = LifetimeLog::open(&run, idx).unwrap().table().unwrap();
        let expected = expected(&table);
        assert!(expected.len() >= 8, "{:?}", expected.keys());
        let points: usize = expected.values().map(Vec::len).sum();
        assert_eq!(found["records"], json!(points + 1), "and one that names the version");
        let scalars = found["scalars"].as_object().unwrap();
        assert_eq!(scalars.len(), expected.len());
        for (tag, expected) in &expected {
            let found: Vec<(u64, f64, f64)> = serde_json::from_value(scalars[tag].clone()).unwrap();
            let found: Vec<(u64, f32, f64)> =
                found.into_iter().map(|(step, value, wall)| (step, value as f32, wall)).collect();
            assert_eq!(&found, expected, "{tag}");
        }
    }

    // The reader looks at the checksums, so that they are compared too.
    let file = fs_err::read_dir(&made[0]).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs_err::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    let output = reader(&made[0]);
    let fewer = serde_json::from_slice::<Value>(&output.stdout)
        .map_or(0, |v| v["."]["records"].as_u64().unwrap());
    assert!(fewer < read["lifetime-0000"]["records"].as_u64().unwrap());
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(&dir.path().join("run"), &mixed(80, 3), 8192);
    let out = dir.path().join("a.tensorboard");
    export(run.dir(), Format::TensorBoard, &out).unwrap();
    assert!(out.join("lifetime-0000").is_dir(), "a folder, whatever it is called");
    let error = export(run.dir(), Format::TensorBoard, &out).unwrap_err();
    assert!(matches!(error, EventError::Exists { .. }), "{error}");
}
