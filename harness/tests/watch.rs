//! `tella watch`: what it shows is what the log says, of a run that is under way, killed,
//! complete or damaged, and it leaves the folder as it is.

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};
use support::{arg, curriculum, json_expecting, run_expecting, tella};
use tella::watch::Watch;
use tella_events::{
    BlockType, LifetimeLog, LifetimeState, LifetimeWriter, RunFolder, Table, WriterOptions,
};

const CURRICULUM: &str = "
schema: 1
name: watched
tasks:
  Crossing: {variants: {S9N1: SimpleCrossingS9N1}}
  Shift: {variants: {R2: DistShiftR2}}
blocks:
  - {eval: [Crossing, Shift], episodes: 6}
  - {learn: Crossing, episodes: 150}
  - {eval: [Crossing, Shift], episodes: 6}
  - {learn: Shift, steps: 5000}
  - {eval: Crossing, episodes: 6}
";

/// The arguments of a run of so many lifetimes.
fn run_args<'a>(file: &'a Path, out: &'a Path, lifetimes: &'a str) -> Vec<&'a str> {
    let seeds = ["--agent", "q-learning", "--agent-seed", "1", "--curriculum-seed", "2"];
    let how = ["--num-lifetimes", lifetimes, "--checkpoint-every", "0.02", "--out", arg(out)];
    [&["run", arg(file)], &seeds[..], &how[..]].concat()
}

fn watched(run: &Path) -> Value {
    json_expecting(0, &["watch", arg(run), "--json"])
}

fn table(run: &Path, lifetime: u32) -> Table {
    LifetimeLog::open(&RunFolder::open(run).unwrap(), lifetime).unwrap().table().unwrap()
}

/// The rows of a task in blocks of one type, in order.
fn rows(table: &Table, task: &str, kind: BlockType) -> Vec<usize> {
    let of = |row: &usize| table.task_name.get(*row) == task && table.block_type[*row] == kind;
    (0..table.len()).filter(of).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Every file of a folder, with its bytes and when it was written.
fn everything(dir: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let written = |path: &Path| fs_err::metadata(path).unwrap().modified().unwrap();
        found.push((folder.clone(), Vec::new(), written(&folder)));
        for entry in fs_err::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push((path.clone(), fs_err::read(&path).unwrap(), written(&path))),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_complete_run_is_shown_as_its_log_says() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let out = dir.path().join("run");
    run_expecting(0, &run_args(&file, &out, "2"));
    let before = everything(&out);
    let told = watched(&out);
    let (picture, _) = run_expecting(0, &["watch", arg(&out)]);
    assert_eq!(everything(&out), before, "watching writes nothing");

    for (idx, lifetime) in told["lifetimes"].as_array().unwrap().iter().enumerate() {
        let table = table(&out, idx as u32);
        assert_eq!((&lifetime["state"], &lifetime["progress"]), (&json!("complete"), &json!(1.0)));
        assert_eq!(lifetime["experiences"], json!(table.len()));
        assert_eq!(lifetime["steps"], json!(table.episode_step_count.iter().sum::<u64>()));
        assert_eq!((&lifetime["blocks"], &lifetime["block_num"]), (&json!(5), &json!(4)));
        let tasks = lifetime["tasks"].as_array().unwrap();
        assert_eq!(tasks.len(), 2);
        for task in tasks {
            let name = task["task_name"].as_str().unwrap();
            let learned: Vec<f64> = rows(&table, name, BlockType::Train)
                .into_iter()
                .filter(|&row| table.complete[row])
                .map(|row| table.reward[row])
                .collect();
            assert_eq!(task["learned"], json!(learned.len()));
            let recent = &learned[learned.len().saturating_sub(100)..];
            assert_eq!(task["recent_reward"], json!(mean(recent)));
            let evaluated = rows(&table, name, BlockType::Test);
            let last = table.block_num[*evaluated.last().unwrap()];
            let evaluated: Vec<f64> = evaluated
                .into_iter()
                .filter(|&row| table.block_num[row] == last)
                .map(|row| table.reward[row])
                .collect();
            let expected = json!({
                "block_num": last, "mean_reward": mean(&evaluated), "experiences": 6,
            });
            assert_eq!(task["evaluation"], expected);
            let curve: Vec<f64> = serde_json::from_value(task["curve"].clone()).unwrap();
            assert_eq!(curve.len(), 24.min(learned.len()));
            // Parts of 150 experiences have 6 or 7 each: weighed by them, the whole mean.
            let cut = |part: usize| part * learned.len() / curve.len();
            let whole: f64 =
                (0..curve.len()).map(|part| curve[part] * (cut(part + 1) - cut(part)) as f64).sum();
            assert!((whole / learned.len() as f64 - mean(&learned)).abs() < 1e-9);
        }
    }
    for word in ["watched with agent q-learning", "2 of 2 lifetimes complete", "Crossing_S9N1"] {
        assert!(picture.contains(word), "{picture}");
    }
    assert!(!picture.contains('\x1b'), "no terminal is told to do anything");
    let one = json_expecting(0, &["watch", arg(&out), "--lifetime", "1", "--json"]);
    assert_eq!(one["lifetimes"].as_array().unwrap().len(), 1);
    assert_eq!(one["lifetimes"][0], told["lifetimes"][1]);
}

#[test]
fn a_run_under_way_then_dead() {
    let dir = support::quick_folder();
    let text = CURRICULUM.replace("steps: 5000", "steps: 3000000");
    let file = curriculum(dir.path(), "c.yaml", &text);
    let out = dir.path().join("run");
    let mut child = tella()
        .args(run_args(&file, &out, "2"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !out.join("lifetime-0000/checkpoint.bin").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    // The folder appears and grows under the eyes of one that watches from the beginning.
    let mut watch = Watch::open(&out, &[]).unwrap();
    let (mut last, mut looks) = (0, 0);
    while last < 160 {
        let view = watch.look().unwrap();
        let first = &view.lifetimes[0];
        assert!(first.experiences >= last, "{first:?}");
        assert_eq!((first.state.as_str(), &first.unread), ("running", &None));
        assert_eq!(view.lifetimes[1].state.as_str(), "planned");
        (last, looks) = (first.experiences, looks + 1);
        std::thread::sleep(Duration::from_millis(5));
    }
    let told = watched(&out);
    assert_eq!(told["lifetimes"][0]["state"], json!("running"));
    child.kill().unwrap();
    child.wait().unwrap();
    println!("{looks} looks");

    let told = watched(&out);
    let dead = &told["lifetimes"][0];
    let table_of_dead = table(&out, 0);
    assert_eq!(dead["state"], json!("killed"));
    assert_eq!(dead["experiences"], json!(table_of_dead.len()));
    assert_eq!(dead["eta_seconds"], Value::Null);
    // Work is counted as progress bars count it: an episode as 50 steps.
    let total = (6 * 5 + 150) as f64 * 50.0 + 3e6;
    let progress = dead["progress"].as_f64().unwrap();
    assert!(progress > 0.0 && progress < 1.0, "{progress}");
    let shift = rows(&table_of_dead, "Shift_R2", BlockType::Train);
    if !shift.is_empty() {
        let steps: u64 = shift.iter().map(|&row| table_of_dead.episode_step_count[row]).sum();
        let expected = (f64::from(6 * 4 + 150) * 50.0 + steps as f64) / total;
        assert!((progress - expected).abs() < 1e-12, "{progress} {expected}");
    }
    let (picture, _) = run_expecting(0, &["watch", arg(&out), "--once"]);
    assert!(
        picture.contains("lifetime 0  killed for") && picture.contains("lifetime 1  planned"),
        "{picture}"
    );
}

/// Whoever has watched from the beginning sees what a newcomer sees, whatever was cut away.
#[test]
fn a_follower_sees_what_a_newcomer_sees() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let whole = dir.path().join("whole");
    run_expecting(0, &run_args(&file, &whole, "1"));
    let source = LifetimeLog::open(&RunFolder::open(&whole).unwrap(), 0).unwrap();
    let (rows, events) = (source.table().unwrap(), source.block_events().unwrap());

    // The same log written by hand, with stops, resumes and restarts.
    let out = dir.path().join("again");
    let info = RunFolder::open(&whole).unwrap().info().clone();
    let text = fs_err::read_to_string(whole.join("curriculum.yaml")).unwrap();
    let run = RunFolder::create(&out, &info, &text, tella_events::OnExisting::Join).unwrap();
    let mut follower = Watch::open(&out, &[]).unwrap();
    let mut compare = |what: &str| {
        let seen = follower.look().unwrap();
        let fresh = Watch::open(&out, &[]).unwrap().look().unwrap();
        assert_eq!(seen, fresh, "{what}");
        seen.lifetimes[0].clone()
    };
    assert_eq!(compare("before the beginning").state.as_str(), "planned");
    let options = || WriterOptions { frame_rows: 8, ..WriterOptions::default() };
    let explicit = fs_err::read(whole.join("lifetime-0000/curriculum.yaml")).unwrap();
    let write = |writer: &mut LifetimeWriter, from: usize, to: usize| {
        let mut segment = None;
        for row in from..to {
            for event in events.iter().filter(|e| e.at_row == row as u64) {
                writer.block_event(&event.event).unwrap();
            }
            if segment.as_ref() != Some(&rows.segment(row)) {
                segment = Some(rows.segment(row));
                writer.set_segment(&rows.segment(row)).unwrap();
            }
            writer.push(&rows.experience(row)).unwrap();
        }
    };
    let mut writer = LifetimeWriter::create(&run, source.status().clone(), options()).unwrap();
    writer.keep("curriculum.yaml", &explicit).unwrap();
    write(&mut writer, 0, 40);
    writer.publish().unwrap();
    assert_eq!(compare("40 rows").experiences, 40);
    let position = writer.flush().unwrap();
    write(&mut writer, 40, 100);
    writer.publish().unwrap();
    assert_eq!(compare("100 rows").experiences, 100);
    drop(writer);
    for name in ["experiences.arrow", "experiences.index", "timing.index"] {
        use std::io::Write;
        let path = run.lifetime_dir(0).join(name);
        fs_err::OpenOptions::new().append(true).open(path).unwrap().write_all(b"torn").unwrap();
    }
    let dead = compare("dead, with torn tails");
    assert_eq!((dead.state.as_str(), dead.experiences), ("killed", 100));
    let mut writer = LifetimeWriter::resume(&run, 0, &position, options()).unwrap();
    assert_eq!(compare("resumed at 40").experiences, 40);
    write(&mut writer, 40, 160);
    writer.publish().unwrap();
    assert_eq!(compare("160 rows").experiences, 160);
    drop(writer);
    let mut writer = LifetimeWriter::restart(&run, source.status().clone(), options()).unwrap();
    writer.keep("curriculum.yaml", &explicit).unwrap();
    write(&mut writer, 0, rows.len());
    writer.publish().unwrap();
    assert_eq!(compare("begun anew").experiences, rows.len() as u64);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    assert_eq!(compare("stopped").state.as_str(), "interrupted");
}

#[test]
fn what_cannot_be_watched_is_told() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let out = dir.path().join("run");
    let (_, stderr) = run_expecting(2, &["watch", arg(&out)]);
    assert!(stderr.contains("is not a run folder"), "{stderr}");
    run_expecting(0, &run_args(&file, &out, "1"));
    let (_, stderr) = run_expecting(2, &["watch", arg(&out), "--lifetime", "3"]);
    assert!(stderr.contains("lifetime-0003: no such lifetime"), "{stderr}");
    let path = out.join("lifetime-0000/experiences.arrow");
    let mut bytes = fs_err::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs_err::write(&path, bytes).unwrap();
    let (picture, _) = run_expecting(4, &["watch", arg(&out)]);
    assert!(
        picture.contains("not all can be read") && picture.contains("experiences.arrow is damaged"),
        "{picture}"
    );
}

/// On a terminal a run that is under way is drawn in place, each time in as many rows and columns as
/// there are, until it is over; then it stands there whole, as it is told elsewhere.
#[test]
fn a_run_under_way_is_drawn_in_place() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let out = dir.path().join("run");
    // So many that some are still to be lived when a busy machine has started the watcher.
    let mut run = tella().args(run_args(&file, &out, "60")).args(["--jobs", "1"]).spawn().unwrap();
    while !out.join("lifetime-0000/status.json").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let (rows, columns) = (9, 50);
    let args = ["watch", arg(&out), "--interval", "0.05"];
    let told = support::on_a_terminal(0, (rows, columns), &args);
    assert!(run.wait().unwrap().success());
    let drawings = support::drawings(&told);
    // All but the last were drawn while it was under way.
    let (last, before) = drawings.split_last().unwrap();
    assert!(!before.is_empty(), "{told}");
    for drawing in before {
        let lines: Vec<&str> = drawing.lines().collect();
        assert!(lines.len() < rows as usize, "{drawing}");
        // The line that tells of lines without room tells the whole of it.
        let fits = |line: &&str| line.chars().count() <= columns as usize;
        assert!(lines.iter().all(fits), "{drawing}");
        assert!(drawing.contains("more lines; --lifetime picks"), "{drawing}");
        assert!(!drawing.contains('\x1b'), "{drawing:?}");
    }
    let (elsewhere, _) = run_expecting(0, &["watch", arg(&out)]);
    assert_eq!(*last, elsewhere);
}
