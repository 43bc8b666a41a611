//! `tella run --log transitions` and `tella replay`: what is kept of each step, and every kind
//! of experience simulated again from it.

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::{arg, curriculum, json_expecting, run_expecting, tella};
use tella_curricula::{Curriculum, Document};
use tella_envs::{Batch, Catalog, Params, Registry, RenderOptions, StepBatch};
use tella_events::{
    ActionValues, LifetimeLog, LifetimeStatus, LifetimeWriter, OnExisting, RunFolder,
    TransitionTable, WriterOptions,
};

/// Seeds of their own, learning that goes on around an evaluation, episodes cut by the end of
/// their variant.
const SEEDED: &str = "
schema: 1
name: kept
tasks:
  Crossing: {variants: {S9N1: SimpleCrossingS9N1}}
  Shift: {variants: {R2: DistShiftR2}}
blocks:
  - {learn: Crossing, episodes: 5, evaluate: {every: {episodes: 3}, tasks: Crossing, episodes: 2}}
  - {learn: Shift, steps: 275}
  - {eval: Crossing, episodes: 2}
";

/// Parameters that change from episode to episode, and an episode cut.
const VARYING: &str = "
schema: 1
name: varying
tasks:
  Pole:
    env: CartPole-v1
    params: {length: {from: 0.25, to: 1.25, over: 4}}
blocks:
  - {learn: Pole, episodes: 5}
  - {learn: Pole, steps: 75}
";

/// TELLA's way: an environment is seeded once and goes on in its stream.
const STREAM: &str = "
schema: 1
name: stream
compat: tella
tasks:
  Pole: {env: CartPole-v1}
  Moon: {env: CartPole-v1, params: {gravity: 1.6}}
blocks:
  - {learn: Pole, episodes: 9}
  - {eval: Moon, episodes: 3}
  - {learn: Pole, steps: 120}
";

/// Continuous actions.
const TORQUE: &str = "
schema: 1
name: torque
tasks:
  Pendulum: {env: Pendulum-v1}
blocks:
  - {learn: Pendulum, episodes: 3}
";

fn keep(dir: &Path, name: &str, text: &str, more: &[&str]) -> PathBuf {
    let file = curriculum(dir, &format!("{name}.yaml"), text);
    let out = dir.join(name);
    let args = ["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--log"];
    let seeds = ["transitions", "--curriculum-seed", "2", "--out", arg(&out)];
    run_expecting(0, &[&args[..], &seeds, more].concat());
    out
}

fn replay(run: &Path, experience: u64) -> Value {
    let experience = experience.to_string();
    json_expecting(0, &["replay", arg(run), "--experience", &experience, "--json"])
}

fn log(run: &Path) -> LifetimeLog {
    LifetimeLog::open(&RunFolder::open(run).unwrap(), 0).unwrap()
}

fn transitions(run: &Path) -> Vec<TransitionTable> {
    log(run).transitions().unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_kind_of_experience_is_the_same_again() {
    let dir = support::quick_folder();
    for (name, text, envs) in [
        ("seeded", SEEDED, "1"),
        ("three", SEEDED, "3"),
        ("varying", VARYING, "2"),
        ("stream", STREAM, "2"),
        ("torque", TORQUE, "2"),
    ] {
        let run = keep(dir.path(), name, text, &["--num-parallel-envs", envs]);
        let rows = log(&run).table().unwrap();
        let (mut before, mut cut) = (0, 0);
        for row in 0..rows.len() {
            // An unfinished experience takes no number under TELLA's rules.
            let Some(number) = rows.exp_num[row] else { continue };
            let told = replay(&run, number);
            assert_eq!(told["same"], json!(true), "{name}: {told}");
            assert_eq!(told["repeated"]["reward"], json!(rows.reward[row]));
            assert_eq!(told["repeated"]["episode_step_count"], json!(rows.episode_step_count[row]));
            before += told["simulated_before"].as_u64().unwrap();
            cut += u64::from(!rows.complete[row]);
        }
        assert_eq!(before > 0, name == "stream", "{name}: {before} simulated before");
        assert_eq!(cut > 0, text == SEEDED || text == VARYING, "{name}: {cut} cut");

        // The steps are the rows': as many, and with their returns.
        let kept = transitions(&run);
        let steps: usize = kept.iter().map(TransitionTable::len).sum();
        assert_eq!(steps as u64, rows.episode_step_count.iter().sum::<u64>(), "{name}");
        let returns = |rewards: &mut dyn Iterator<Item = f64>| rewards.sum::<f64>();
        let (of_steps, of_rows) = (
            returns(&mut kept.iter().flat_map(|t| t.reward.iter().copied())),
            returns(&mut rows.reward.iter().copied()),
        );
        assert!((of_steps - of_rows).abs() < 1e-9 * of_rows.abs().max(1.0), "{name}");
        run_expecting(0, &["log", "check", arg(&run)]);
    }
}

#[test]
fn keeping_steps_changes_nothing_else() {
    let dir = support::quick_folder();
    let kept = keep(dir.path(), "kept", SEEDED, &[]);
    let file = dir.path().join("kept.yaml");
    let plain = dir.path().join("plain");
    let args = ["run", arg(&file), "--agent", "random", "--agent-seed", "1"];
    run_expecting(0, &[&args[..], &["--curriculum-seed", "2", "--out", arg(&plain)]].concat());
    let (kept_hash, plain_hash) =
        (log(&kept).content_hash().unwrap(), log(&plain).content_hash().unwrap());
    assert_eq!(kept_hash.content, plain_hash.content);
    assert!(kept_hash.transitions.is_some() && plain_hash.transitions.is_none());
    run_expecting(0, &["verify", arg(&kept)]);

    // A folder's lifetimes are logged in one way.
    let add = ["--lifetime-idx", "1", "--curriculum-seed", "2"];
    let (_, stderr) = run_expecting(2, &[&args[..], &add, &["--out", arg(&kept)]].concat());
    assert!(stderr.contains("was made with `--log transitions`"), "{stderr}");
    let (_, stderr) = run_expecting(2, &["replay", arg(&plain), "--experience", "0"]);
    assert!(
        stderr.contains("keeps no transitions") && stderr.contains("--log transitions"),
        "{stderr}"
    );
}

/// Stopped and resumed, in this process and in one of its own, the same steps are kept.
#[test]
fn stopped_and_resumed_the_same_steps_are_kept() {
    let dir = support::quick_folder();
    let text = SEEDED.replace("steps: 275", "steps: 60000");
    let whole = keep(dir.path(), "whole", &text, &["--num-parallel-envs", "3"]);
    let expected = log(&whole).content_hash().unwrap();
    for isolation in ["none", "process"] {
        let out = dir.path().join(isolation);
        let file = dir.path().join("whole.yaml");
        let mut child = tella()
            .args(["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--log"])
            .args(["transitions", "--curriculum-seed", "2", "--num-parallel-envs", "3"])
            .args(["--checkpoint-every", "0.02", "--isolation", isolation, "--out", arg(&out)])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let checkpoint = out.join("lifetime-0000/checkpoint.bin");
        while !checkpoint.exists() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // The worker goes with its parent, but not at the same instant.
        std::thread::sleep(Duration::from_millis(100));
        run_expecting(0, &["resume", arg(&out)]);
        assert_eq!(log(&out).content_hash().unwrap(), expected, "{isolation}");
        run_expecting(0, &["log", "check", arg(&out)]);
        let last = log(&out).table().unwrap().exp_num.iter().flatten().max().copied().unwrap();
        assert_eq!(replay(&out, last)["same"], json!(true), "{isolation}");
    }
}

#[test]
fn a_return_that_differs_is_told_with_both_numbers() {
    let dir = support::quick_folder();
    let true_run = keep(dir.path(), "true", TORQUE, &[]);
    let (rows, events) = (log(&true_run).table().unwrap(), log(&true_run).block_events().unwrap());
    let kept = transitions(&true_run);
    // The same lifetime, in whose log somebody wrote another return, and another reward.
    let info = RunFolder::open(&true_run).unwrap().info().clone();
    let false_dir = dir.path().join("false");
    let text = fs_err::read_to_string(true_run.join("curriculum.yaml")).unwrap();
    let folder = RunFolder::create(&false_dir, &info, &text, OnExisting::Join).unwrap();
    let columns = log(&true_run).transitions().unwrap().action_columns().unwrap();
    let options = WriterOptions { transitions: Some(columns), ..WriterOptions::default() };
    let mut writer = LifetimeWriter::create(&folder, LifetimeStatus::default(), options).unwrap();
    let explicit = fs_err::read(true_run.join("lifetime-0000/curriculum.yaml")).unwrap();
    writer.keep("curriculum.yaml", &explicit).unwrap();
    events.iter().filter(|e| e.at_row == 0).for_each(|e| writer.block_event(&e.event).unwrap());
    writer.set_segment(&rows.segment(0)).unwrap();
    let mut row = rows.experience(0);
    row.reward += 1.0;
    writer.push(&row).unwrap();
    for table in &kept {
        for step in (0..table.len()).filter(|&step| table.episode_index[step] == 0) {
            let mut transition = table.transition(step);
            transition.reward += f64::from(u8::from(transition.step == 7));
            writer.push_transition(&transition, [table.actions[0].row(step)]).unwrap();
        }
    }
    writer.seal(&["curriculum.yaml"]).unwrap();

    let (stdout, _) = run_expecting(1, &["replay", arg(&false_dir), "--experience", "0"]);
    let numbers = [rows.reward[0], rows.reward[0] + 1.0].map(|r| format!("return {r}, 200 steps"));
    assert!(numbers.iter().all(|number| stdout.contains(number)), "{stdout}");
    let step = &kept[0].reward[6];
    let first = format!(
        "first difference: step 7 brings reward {step}, the log says reward {}",
        step + 1.0
    );
    assert!(stdout.contains("DIFFERENT") && stdout.contains(&first), "{stdout}");
    let told = json_expecting(1, &["replay", arg(&false_dir), "--experience", "0", "--json"]);
    assert_eq!(told["same"], json!(false));
}

#[test]
fn lines_characters_and_pictures_show_every_state() {
    let dir = support::quick_folder();
    let run = keep(dir.path(), "run", SEEDED, &[]);
    let rows = log(&run).table().unwrap();
    let of = (0..rows.len()).filter(|&row| rows.task.get(row) == "Crossing");
    let row = of.min_by_key(|&row| rows.episode_step_count[row]).unwrap();
    let (number, steps) = (rows.exp_num[row].unwrap().to_string(), rows.episode_step_count[row]);
    let (plain, _) = run_expecting(0, &["replay", arg(&run), "--experience", &number]);
    assert_eq!(plain.lines().count() as u64, steps + 1);
    assert!(plain.lines().last().unwrap().contains("the same as logged: return"), "{plain}");

    // Nine rows of cells for the start and for each step.
    let (ascii, _) = run_expecting(0, &["replay", arg(&run), "--experience", &number, "--ascii"]);
    let cells = ascii.lines().filter(|line| line.len() == 18 && line.starts_with("WG")).count();
    assert_eq!(cells as u64, (steps + 1) * 9, "{ascii}");
    assert!(!ascii.contains('\x1b'), "no terminal is told to do anything");

    let film = dir.path().join("film.gif");
    let args = ["replay", arg(&run), "--experience", &number, "--gif", arg(&film)];
    run_expecting(0, &[&args[..], &["--tile-size", "8", "--fps", "5"]].concat());
    let pictures = pictures(&film);
    assert_eq!(pictures.len() as u64, steps + 1);
    assert_eq!(pictures, drawn_by_hand(&run, row));

    // A pole does not draw itself with characters, but as a picture, whatever its parameters.
    let run = keep(dir.path(), "poles", VARYING, &[]);
    let (ascii, _) = run_expecting(0, &["replay", arg(&run), "--experience", "3", "--ascii"]);
    assert!(ascii.starts_with("start\nobservation ["), "{ascii}");
    run_expecting(0, &["replay", arg(&run), "--experience", "3", "--gif", arg(&film)]);
}

/// The pictures of a GIF, in red, green and blue.
fn pictures(file: &Path) -> Vec<Vec<u8>> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(fs_err::File::open(file).unwrap()).unwrap();
    let mut found = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert!(frame.delay >= 20, "five states a second");
        found.push(frame.buffer.chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect());
    }
    found
}

/// What the environment draws, made and stepped here by the row's seed and actions.
fn drawn_by_hand(run: &Path, row: usize) -> Vec<Vec<u8>> {
    let rows = log(run).table().unwrap();
    let text = fs_err::read_to_string(run.join("lifetime-0000/curriculum.yaml")).unwrap();
    let explicit: Curriculum = Document::from_text(&text, "c").unwrap().resolve(0, None).unwrap();
    let env = &explicit.variants().find(|v| v.variant == rows.variant.get(row)).unwrap().env;
    let registry = Registry::builtin();
    let params = registry.resolve_params(env, &Params::new()).unwrap();
    let mut env = registry.make(env, &params, 1, 1).unwrap();
    let mut out = StepBatch::new(env.observation_space(), 1);
    let mut action = Batch::new(env.action_space(), 1);
    let options = RenderOptions { tile_size: 8, ..RenderOptions::default() };
    env.reset(0, rows.seed[row], &mut out.observations).unwrap();
    let mut drawn = vec![env.render_rgb(0, &options).unwrap().pixels().to_vec()];
    for table in transitions(run) {
        for step in 0..table.len() {
            // Of the first block's variant, or of the evaluation's: told apart by its seed.
            let at = (table.episode_index[step], table.variant_num[step]);
            if at == (rows.episode_index[row], variant_num(run, row)) {
                let ActionValues::I64(chosen) = table.actions[0].row(step) else { panic!() };
                action.lane_mut(0).i64(0).copy_from_slice(chosen);
                env.step(&action, &[true], &mut out).unwrap();
                drawn.push(env.render_rgb(0, &options).unwrap().pixels().to_vec());
            }
        }
    }
    drawn
}

fn variant_num(run: &Path, row: usize) -> u64 {
    let events = log(run).block_events().unwrap();
    let started = |e: &&tella_events::BlockEventRow| {
        e.event.kind.as_str() == "variant-start" && e.at_row <= row as u64
    };
    events.iter().filter(started).count() as u64 - 1
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let dir = support::quick_folder();
    let run = keep(dir.path(), "run", TORQUE, &[]);
    let (_, stderr) = run_expecting(2, &["replay", arg(&run), "--experience", "99"]);
    assert!(stderr.contains("has no experience 99: its experiences are 0 to 2"), "{stderr}");
    let (_, stderr) =
        run_expecting(2, &["replay", arg(&run), "--experience", "0", "--lifetime", "4"]);
    assert!(stderr.contains("lifetime-0004: no such lifetime"), "{stderr}");
    run_expecting(2, &["replay", arg(&run), "--experience", "0", "--fps", "0"]);
    let transitions = run.join("lifetime-0000/transitions.arrow");
    let mut bytes = fs_err::read(&transitions).unwrap();
    let last = bytes.len() / 2;
    bytes[last] ^= 1;
    fs_err::write(&transitions, bytes).unwrap();
    let (_, stderr) = run_expecting(4, &["replay", arg(&run), "--experience", "0"]);
    assert!(stderr.contains("transitions.arrow is damaged in frame"), "{stderr}");
}

/// On a terminal an episode is drawn in place, state after state, as it is told elsewhere; its
/// cells are coloured where nobody asked for none.
#[test]
fn an_episode_is_drawn_in_place_on_a_terminal() {
    let dir = support::quick_folder();
    let run = keep(dir.path(), "drawn", SEEDED, &[]);
    // Cut by the end of its variant: not so long.
    let recorded = &replay(&run, 0)["recorded"];
    let steps = recorded["episode_step_count"].as_u64().unwrap() as usize;
    let args = ["replay", arg(&run), "--experience", "0", "--ascii", "--fps", "100"];
    let plain = [&args[..], &["--color", "never"]].concat();
    let told = support::on_a_terminal(0, (24, 80), &plain);
    let drawings = support::drawings(&told);
    assert_eq!(drawings.len(), steps + 1, "the start, and each step");
    let (elsewhere, _) = run_expecting(0, &args);
    let mut states: Vec<&str> = elsewhere.split("\n\n").collect();
    let verdict = states.pop().unwrap();
    for (n, (drawing, state)) in drawings.iter().zip(&states).enumerate() {
        // Elsewhere a state's caption stands above it.
        let (caption, grid) = state.split_once('\n').unwrap();
        let expected = format!("{grid}\n{caption}\n");
        match n == steps {
            true => assert_eq!(*drawing, format!("{expected}{verdict}")),
            false => assert_eq!(*drawing, expected, "state {n}"),
        }
    }
    let coloured = support::on_a_terminal(0, (24, 80), &args);
    assert!(support::drawings(&coloured)[0].contains("\x1b["), "{coloured:?}");
}
