//! Flat tables keep every column, and the size goal holds.

mod support;

use support::*;
use tella_events::convert::{Format, ImportOptions, export, import};
use tella_events::*;

fn options() -> ImportOptions {
    ImportOptions { program_version: "0.1.0".into(), created_at: "2026-11-24T00:00:00Z".into() }
}

/// A run of two lifetimes with extra columns and texts that need quoting.
fn run_with_everything(dir: &std::path::Path) -> RunFolder {
    let run = create(dir);
    for lifetime_idx in [0, 3] {
        let extra_columns = vec![
            ExtraColumn { name: "success".into(), kind: ExtraKind::Float },
            ExtraColumn { name: "note".into(), kind: ExtraKind::Text },
        ];
        let layout = WriterOptions { extra_columns, ..frames_of(64) };
        let mut writer = LifetimeWriter::create(&run, status(lifetime_idx), layout).unwrap();
        for step in lifetime(World::MiniGrid, 200, 33, u64::from(lifetime_idx)) {
            match step {
                Step::Segment(mut segment) => {
                    segment.task_params = "{\"a\": \"x\ty,\\n\"}".into();
                    writer.set_segment(&segment).unwrap();
                }
                Step::Row(mut row) => {
                    let n = row.episode_index;
                    if n % 20 == 7 {
                        (row.exp_num, row.seed, row.started_at) = (None, None, None);
                        (row.reward, row.complete) = (f64::NAN, false);
                    }
                    let float = [None, Some(0.1), Some(f64::INFINITY)][n as usize % 3];
                    let text = [None, Some(""), Some("a\tb,\"c\"\nd")][n as usize % 3];
                    let extra = [ExtraValue::Float(float), ExtraValue::Text(text)];
                    writer.push_with(&row, &extra).unwrap();
                }
                Step::Block(event) => writer.block_event(&event).unwrap(),
            }
        }
        writer.seal(&[]).unwrap();
    }
    run
}

#[test]
fn a_tsv_comes_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let run = run_with_everything(&dir.path().join("run"));
    let made = export(run.dir(), Format::Tsv, dir.path().join("out")).unwrap();
    assert_eq!(made.len(), 2);
    let back = import(dir.path().join("out"), dir.path().join("back"), &options()).unwrap();
    assert_eq!(back.lifetimes().unwrap(), [0, 3]);
    for idx in [0, 3] {
        let logs = [&run, &back].map(|run| LifetimeLog::open(run, idx).unwrap());
        let hashes = logs.each_ref().map(|log| log.content_hash().unwrap().experiences);
        assert_eq!(hashes[0], hashes[1]);
        let tables = logs.map(|log| log.table().unwrap());
        assert_eq!(tables[0].started_at, tables[1].started_at);
        assert_eq!(tables[0].finished_at, tables[1].finished_at);
    }
    assert!(check(back.dir()).unwrap().is_sound());
}

#[test]
fn a_csv_comes_back_whole_and_goes_to_one_file_where_asked() {
    let dir = tempfile::tempdir().unwrap();
    let steps = lifetime(World::CartPole, 100, 30, 4);
    let (run, hash) = sealed(&dir.path().join("run"), &steps, 64);
    let file = dir.path().join("deep/table.csv");
    assert_eq!(export(run.dir(), Format::Csv, &file).unwrap(), std::slice::from_ref(&file));
    let back = import(&file, dir.path().join("back"), &options()).unwrap();
    let found = LifetimeLog::open(&back, 0).unwrap().content_hash().unwrap();
    assert_eq!(found.experiences, hash.experiences);
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let steps = lifetime(World::CartPole, 10, 30, 4);
    let (run, _) = sealed(&dir.path().join("run"), &steps, 64);
    let out = dir.path().join("out");
    fs_err::create_dir(&out).unwrap();
    fs_err::write(out.join("mine"), "x").unwrap();
    for format in Format::ALL {
        let e = export(run.dir(), format, &out).unwrap_err();
        assert!(matches!(e, EventError::Exists { .. }), "{e}");
    }
    let e = import(run.dir(), dir.path().join("again"), &options()).unwrap_err();
    assert!(e.to_string().contains("is a run folder already"), "{e}");
    let table = dir.path().join("t.tsv");
    export(run.dir(), Format::Tsv, &table).unwrap();
    let e = import(&table, &out, &options()).unwrap_err();
    assert!(matches!(e, EventError::Exists { .. }), "{e}");
}

/// What an import says of a bad table.
fn refusal(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("t.tsv"), dir.path().join("out"));
    fs_err::write(&file, text).unwrap();
    let e = import(&file, &out, &options()).unwrap_err();
    assert!(matches!(e, EventError::Import { .. }), "{e:?}");
    assert!(!out.exists(), "half an import was left behind");
    e.to_string().replace(&format!("{}", dir.path().display()), "")
}

#[test]
fn bad_tables_are_refused_with_their_place() {
    let head = "block_num\texp_num\tblock_type\ttask_name\treward\n";
    let with = |rows: &str| refusal(&format!("{head}{rows}"));
    assert!(refusal("").contains("/t.tsv:1: the file is empty"));
    assert_eq!(
        refusal("block_num\texp_num\n0\t0\n"),
        "/t.tsv:1: there is no column `block_type`; found: block_num, exp_num"
    );
    assert_eq!(
        with("0\t0\ttrain\tA_B\t1\n0\t1\tlearn\tA_B\t1\n"),
        "/t.tsv:3: `block_type` is `learn`; allowed: train, test"
    );
    assert_eq!(with("0\t0\ttrain\tA_B\n"), "/t.tsv:2: 4 fields where 5 columns are named");
    assert_eq!(
        with("0\t-1\ttrain\tA\t1\n"),
        "/t.tsv:2: `exp_num` is `-1`; allowed: a whole number from 0"
    );
    assert_eq!(with("0\t0\ttrain\tA\tx\n"), "/t.tsv:2: `reward` is `x`; allowed: a 64-bit float");
    assert_eq!(with("0\t0\ttrain\t\t1\n"), "/t.tsv:2: `task_name` is empty");
    assert_eq!(with("1\t0\ttrain\tA\t1\n0\t1\ttrain\tA\t1\n"), "/t.tsv:3: block 0 after block 1");
    assert!(with("0\t0\ttrain\t\"A\t1\n").contains("/t.tsv:2: a quoted field is not closed"));
    assert!(refusal("a\ta\n").contains("columns 1 and 2 are both called `a`"));
}

/// Bytes a row of the whole log beside L2Logger's TSV, which is what our own export writes:
/// the same as L2Logger's to the byte but for times (tests/peers.rs).
#[test]
fn the_log_takes_a_quarter_of_l2loggers_tsv() {
    for world in [World::CartPole, World::MiniGrid] {
        for frame_rows in [1000, 8192] {
            let rows = 16_384;
            let dir = tempfile::tempdir().unwrap();
            let (run, _) =
                sealed(&dir.path().join("run"), &lifetime(world, rows, 1000, 5), frame_rows);
            let mut ours = 0;
            for name in ["experiences", "blocks", "timing"] {
                for ending in ["arrow", "index"] {
                    let file = run.lifetime_dir(0).join(format!("{name}.{ending}"));
                    ours += fs_err::metadata(file).unwrap().len();
                }
            }
            let out = dir.path().join("out");
            export(run.dir(), Format::L2Logger, &out).unwrap();
            let mut theirs = 0;
            for block in fs_err::read_dir(out.join("worker-default")).unwrap() {
                let log = block.unwrap().path().join("data-log.tsv");
                theirs += fs_err::metadata(log).unwrap().len();
            }
            let [ours, theirs] = [ours, theirs].map(|bytes| bytes as f64 / rows as f64);
            println!(
                "{world:?}, {frame_rows} rows a frame: {ours:.2} bytes a row, L2Logger's TSV \
                 {theirs:.2}: {:.3}",
                ours / theirs
            );
            assert!(ours <= theirs / 4.0);
        }
    }
}
