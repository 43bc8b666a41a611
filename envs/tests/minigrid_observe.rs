//! What grid worlds show, against minigrid 3.2.0's wrappers and renderer, bit for bit:
//! spaces, observations of every kind, pictures.

use serde_json::Value;
use std::process::Command;
use tella_envs::{
    Batch, Catalog, LeafRef, ParamValue, Params, Registry, RenderOptions, Space, StepBatch, VecEnv,
};
use tella_reference::{Stack, scripts, sweep};

/// Values read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(n);
        self.0 = rest;
        head
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn text(&mut self, length: usize) -> &'a str {
        std::str::from_utf8(self.take(length)).unwrap()
    }

    /// As many bytes as `leaf` has, compared with it.
    fn equals(&mut self, leaf: LeafRef<'_>, place: &str) {
        match leaf {
            LeafRef::U8(values) => {
                let first = values.iter().zip(self.take(values.len())).position(|(a, b)| a != b);
                assert_eq!(first, None, "{place}: the first byte that differs");
            }
            LeafRef::I64(values) => {
                for value in values {
                    let expected = i64::from_le_bytes(self.take(8).try_into().unwrap());
                    assert_eq!(*value, expected, "{place}");
                }
            }
            other => panic!("{place}: {other:?} is no image"),
        }
    }
}

/// One way of showing the environment that is played.
struct Shown {
    mode: String,
    env: Box<dyn VecEnv>,
    out: StepBatch,
}

impl Shown {
    fn new(name: &str, mode: &str, view_size: i64) -> Shown {
        let registry = Registry::builtin();
        let given = Params::from([
            ("observation".into(), ParamValue::Text(mode.into())),
            ("agent_view_size".into(), ParamValue::Int(view_size)),
        ]);
        let params = registry.resolve_params(name, &given).unwrap();
        let env = registry.make(name, &params, 1, 1).unwrap();
        let out = StepBatch::new(env.observation_space(), 1);
        Shown { mode: mode.into(), env, out }
    }

    fn described(&self) -> bool {
        matches!(self.env.observation_space(), Space::Dict(_))
    }

    /// The image, whether or not something stands beside it.
    fn image(&self) -> LeafRef<'_> {
        self.out.observations.lane(0).leaf(usize::from(self.described()))
    }

    /// The image's space is the one that Python describes.
    fn check_space(&self, expected: &Value) {
        let layout = self.out.observations.layout();
        let leaf = &layout.leaves[usize::from(self.described())];
        let Space::Box(space) = &leaf.space else { panic!("{}: {}", self.mode, leaf.space) };
        assert_eq!(serde_json::json!(space.shape), expected["shape"], "{}", self.mode);
        assert_eq!(space.dtype.to_string(), expected["dtype"], "{}", self.mode);
        for (bounds, expected) in [(&space.low, &expected["low"]), (&space.high, &expected["high"])]
        {
            let expected = match expected {
                Value::Array(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
                value => vec![value.as_f64().unwrap(); leaf.width],
            };
            assert_eq!(*bounds, expected, "{}", self.mode);
        }
    }
}

/// Replays runs of the original, given as `NAME:VIEW_SIZE`, and compares everything.
fn equal(names: &[&str], seeds: u64, steps: u64, rgb_every: u64) {
    let seeds: Vec<u64> = (0..seeds).map(|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let listed: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let output = Command::new(Stack::FARAMA.python())
        .arg(scripts().join("envs_minigrid_observe.py"))
        .args([steps.to_string(), rgb_every.to_string(), listed.join(",")])
        .args(names)
        .output()
        .expect("the interpreter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut bytes = Bytes(&output.stdout);
    for name in names {
        let line = bytes.0.iter().position(|b| *b == b'\n').unwrap();
        let spaces: Value = serde_json::from_slice(bytes.take(line)).unwrap();
        bytes.take(1);
        let length = u32::from_le_bytes(bytes.take(4).try_into().unwrap());
        replay(name, &spaces, &seeds, Bytes(bytes.take(length as usize)));
    }
    assert!(bytes.0.is_empty());
}

fn replay(argument: &str, spaces: &Value, seeds: &[u64], mut bytes: Bytes<'_>) {
    let (name, view_size) = argument.split_once(':').unwrap();
    let view_size: i64 = view_size.parse().unwrap();
    // Each way of showing, and the same with the image alone.
    let mut shown: Vec<(Shown, Option<Shown>)> = spaces
        .as_object()
        .unwrap()
        .iter()
        .map(|(mode, space)| {
            let alone = match mode.as_str() {
                "flat" => None,
                "dict" => Some("image".into()),
                mode => Some(format!("{mode}-image")),
            };
            let alone = alone.map(|mode| Shown::new(name, &mode, view_size));
            let shown = Shown::new(name, mode, view_size);
            shown.check_space(space);
            assert_eq!(shown.described(), alone.is_some(), "{mode}");
            if let Some(alone) = &alone {
                alone.check_space(space);
                assert!(!alone.described(), "{mode}");
            }
            (shown, alone)
        })
        .collect();
    let mut actions = Batch::new(shown[0].0.env.action_space(), 1);
    let (mut seeds, mut record) = (seeds.iter(), 0);
    while !bytes.0.is_empty() {
        let place = format!("{argument}, record {record}");
        let [start, action, direction, flags] = bytes.take(4).try_into().unwrap();
        let length = usize::from(bytes.byte());
        let mission = bytes.text(length);
        actions.lane_mut(0).i64(0)[0] = action.into();
        let seed = (start == 1).then(|| *seeds.next().expect("a run for every seed"));
        for (shown, alone) in &mut shown {
            for Shown { env, out, .. } in [Some(&mut *shown), alone.as_mut()].into_iter().flatten()
            {
                match start {
                    0 => env.step(&actions, &[true], out).unwrap(),
                    _ => env.reset(0, seed, &mut out.observations).unwrap(),
                }
            }
            let place = format!("{place}, {}", shown.mode);
            if shown.described() {
                let lane = shown.out.observations.lane(0);
                assert_eq!(lane.i64(0), [i64::from(direction)], "{place}");
                assert_eq!(lane.text(2), [mission], "{place}");
            }
            if flags & 1 == 1 || !shown.mode.starts_with("rgb") {
                bytes.equals(shown.image(), &place);
            }
            if let Some(alone) = alone {
                assert!(alone.image() == shown.image(), "{place}: the image alone");
            }
        }
        if flags & 2 == 2 {
            rendered(&*shown[0].0.env, &mut bytes, &place);
        }
        record += 1;
    }
    assert_eq!(seeds.next(), None, "{argument}: a run for every seed");
}

/// The environment's text and pictures.
fn rendered(env: &dyn VecEnv, bytes: &mut Bytes<'_>, place: &str) {
    let length = u16::from_le_bytes(bytes.take(2).try_into().unwrap());
    assert_eq!(env.render(0).as_deref(), Some(bytes.text(length.into())), "{place}");
    let usual = RenderOptions::default();
    let dark = RenderOptions { highlight: false, ..usual };
    let pov = RenderOptions { agent_pov: true, ..usual };
    for options in [usual, dark, pov] {
        let frame = env.render_rgb(0, &options).unwrap();
        bytes.equals(LeafRef::U8(frame.pixels()), &format!("{place}, {options:?}"));
    }
}

#[test]
fn observations_and_pictures_equal_minigrid() {
    let names = [
        "MiniGrid-LavaCrossingS9N2-v0:7",
        "MiniGrid-DoorKey-8x8-v0:7",
        "MiniGrid-Fetch-8x8-N3-v0:7",
        "MiniGrid-Dynamic-Obstacles-6x6-v0:7",
        "MiniGrid-KeyCorridorS3R2-v0:7",
        "MiniGrid-ObstructedMaze-2Dlhb-v0:7",
        "MiniGrid-RedBlueDoors-8x8-v0:7",
        "MiniGrid-Playground-v0:7",
        "MiniGrid-GoToDoor-6x6-v0:7",
        "MiniGrid-MemoryS7-v0:7",
    ];
    // One process plays several, which saves time, unless there is much to remember.
    for names in names.chunks(sweep(10, 1) as usize) {
        equal(names, sweep(1, 10), 300, sweep(8, 4));
    }
}

#[test]
fn views_of_other_sizes_equal_minigrid() {
    let names = [
        "MiniGrid-SimpleCrossingS11N5-v0:3",
        "MiniGrid-BlockedUnlockPickup-v0:5",
        "MiniGrid-Fetch-5x5-N2-v0:9",
        "MiniGrid-LavaGapS7-v0:11",
        "MiniGrid-Unlock-v0:15",
        "MiniGrid-MultiRoom-N4-S5-v0:25",
    ];
    for names in names.chunks(sweep(6, 1) as usize) {
        equal(names, sweep(1, 10), 200, sweep(25, 20));
    }
}
