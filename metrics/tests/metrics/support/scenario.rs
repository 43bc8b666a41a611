//! Random scenarios of many shapes: what a curriculum can log, and what only a log from
//! elsewhere can hold.

use serde_json::{Value, json};

/// A small random generator (SplitMix64): scenarios depend on their seed only.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What the returns of a task look like.
#[derive(Clone, Copy)]
enum Returns {
    Noise,
    Constant(f64),
    /// Reaches one value and stays there, as in a MiniGrid task that is mastered.
    Plateau {
        level: f64,
        steps: usize,
    },
    Sparse,
    Whole,
    Tiny,
}

impl Returns {
    fn draw(self, random: &mut Random, practice: usize, learning: bool) -> f64 {
        match self {
            Self::Noise => random.unit() * 3.0 - 1.0 + (practice as f64 / 60.0).min(2.0),
            Self::Constant(value) => value,
            Self::Plateau { level, steps } => {
                if practice > steps || (random.below(steps + 1) < practice) { level } else { 0.0 }
            }
            Self::Sparse => {
                let found = random.below(100) < 5 + practice.min(60);
                if found { 1.0 - 0.9 * (1 + random.below(300)) as f64 / 324.0 } else { 0.0 }
            }
            Self::Whole => (9 + random.below(20 + practice * usize::from(learning))) as f64,
            Self::Tiny => random.unit() * 1e-5,
        }
    }
}

/// A request to the reference: `settings`, `measures` and `columns`.
pub(crate) fn scenario(seed: u64) -> Value {
    let random = &mut Random(seed);
    let names = ["TaskA_Default", "Nav_v1", "Nav_v2", "CartPole_Default", "Door_S5", "plain"];
    let tasks: Vec<(&str, Returns)> = (0..1 + random.below(5))
        .map(|i| {
            let returns = match random.below(8) {
                0 | 1 => Returns::Noise,
                2 => Returns::Constant(random.pick(&[-200.0, -1.0, 0.0, 0.1, 0.9752777777777778])),
                3 | 4 => Returns::Plateau {
                    level: 1.0 - 0.9 * (1 + random.below(30)) as f64 / 252.0,
                    steps: random.below(150),
                },
                5 => Returns::Sparse,
                6 => Returns::Whole,
                _ => Returns::Tiny,
            };
            (names[(i + seed as usize) % names.len()], returns)
        })
        .collect();
    let longest = random.pick(&[1, 4, 30, 30, 120, 600]);
    let sleeps = random.one_in(5);
    let params_change = random.one_in(8);
    let rows = blocks(random, tasks.len(), sleeps);

    let mut table = Table::default();
    let mut practice = vec![0; tasks.len()];
    for (block_num, (learning, asleep, block_tasks)) in rows.into_iter().enumerate() {
        for task in block_tasks {
            let length = if learning { 1 + random.below(longest) } else { 1 + random.below(12) };
            for _ in 0..length {
                let (name, returns) = tasks[task];
                let params = if params_change { random.below(2) } else { 0 };
                table.block_num.push(block_num);
                table.block_type.push(if learning { "train" } else { "test" });
                table.block_subtype.push(if asleep { "sleep" } else { "wake" });
                table.task_name.push(name);
                table.task_params.push(format!("{{\"n\": {params}}}"));
                table.exp_status.push(if random.one_in(40) { "incomplete" } else { "complete" });
                table.reward.push(returns.draw(random, practice[task], learning));
                table.steps.push(1 + random.below(500));
                practice[task] += usize::from(learning);
            }
        }
    }
    // Workers that count alike share numbers.
    let shared = random.one_in(8);
    let mut exp_num: Vec<usize> = Vec::new();
    for row in 0..table.reward.len() {
        let repeats = shared && row > 0 && random.one_in(3);
        let same_block = row > 0 && table.block_num[row] == table.block_num[row - 1];
        let last = exp_num.last().copied();
        exp_num.push(match last {
            Some(last) if repeats && same_block => last,
            Some(last) => last + 1,
            None => random.below(3),
        });
    }
    let mut settings = settings(random);
    let names: Vec<&'static str> = tasks.iter().map(|(name, _)| *name).collect();
    if random.one_in(4) {
        settings["data_range"] = data_range(random, &names);
    }
    let experts = if random.one_in(4) { Vec::new() } else { experts(random, &tasks) };
    json!({
        "settings": settings,
        "measures": ["reward"],
        "columns": table.columns(&exp_num),
        "experts": experts,
    })
}

/// Ranges of all tasks, once in a while without one of them.
fn data_range(random: &mut Random, tasks: &[&'static str]) -> Value {
    let skip = if random.one_in(8) { random.below(tasks.len()) } else { tasks.len() };
    let others = ["nav_v2", "door_s5"];
    let names = tasks.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, name)| *name);
    let range = |name: &str| {
        (name.to_lowercase(), json!({"min": -1.5, "max": 2.0 + (name.len() % 7) as f64}))
    };
    let mut ranges: serde_json::Map<String, Value> = names.map(range).collect();
    if random.one_in(3) {
        ranges.extend(others.map(range));
    }
    Value::Object(ranges)
}

/// The logs of experts, each with its mode: of the scenario's tasks, of other variants, and of
/// tasks whose names begin alike.
fn experts(random: &mut Random, tasks: &[(&'static str, Returns)]) -> Vec<Value> {
    let others = ["Nav_v3", "TaskA_Other", "Navigate_v1", "Door_S8", "plain_v1"];
    let mut experts = Vec::new();
    for _ in 0..1 + random.below(6) {
        let (name, returns) = match random.below(7) {
            0 => (random.pick(&others), Returns::Noise),
            _ => random.pick(tasks),
        };
        let evaluated = if random.one_in(12) { random.pick(&others) } else { name };
        let length = random.pick(&[2, 5, 40, 40, 200, 600]);
        let mut table = Table::default();
        for row in 0..length {
            table.block_num.push(row / 150);
            table.block_type.push("train");
            table.push_rest(random, name, returns, row);
        }
        if random.one_in(2) {
            for row in 0..1 + random.below(8) {
                table.block_num.push(length / 150 + 1);
                table.block_type.push("test");
                table.push_rest(random, evaluated, returns, length + row);
            }
        }
        let exp_num: Vec<usize> = (0..table.reward.len()).collect();
        let mode = if random.one_in(3) { "w" } else { "a" };
        experts.push(json!({"mode": mode, "columns": table.columns(&exp_num)}));
    }
    experts
}

#[derive(Default)]
struct Table {
    block_num: Vec<usize>,
    block_type: Vec<&'static str>,
    block_subtype: Vec<&'static str>,
    task_name: Vec<&'static str>,
    task_params: Vec<String>,
    exp_status: Vec<&'static str>,
    reward: Vec<f64>,
    steps: Vec<usize>,
}

impl Table {
    /// The other columns of an expert's row.
    fn push_rest(&mut self, random: &mut Random, name: &'static str, returns: Returns, row: usize) {
        self.block_subtype.push("wake");
        self.task_name.push(name);
        self.task_params.push("{}".to_owned());
        // An expert must complete something that it learns.
        let complete = row == 0 || !random.one_in(40);
        self.exp_status.push(if complete { "complete" } else { "incomplete" });
        self.reward.push(returns.draw(random, row, true));
        self.steps.push(1 + random.below(500));
    }

    fn columns(&self, exp_num: &[usize]) -> Value {
        json!({
            "block_num": self.block_num,
            "exp_num": exp_num,
            "block_type": self.block_type,
            "block_subtype": self.block_subtype,
            "task_name": self.task_name,
            "task_params": self.task_params,
            "exp_status": self.exp_status,
            "reward": self.reward,
            "episode_step_count": self.steps,
        })
    }
}

/// Blocks as (learning, asleep, tasks in order).
fn blocks(random: &mut Random, tasks: usize, sleeps: bool) -> Vec<(bool, bool, Vec<usize>)> {
    let all: Vec<usize> = (0..tasks).collect();
    let shape = random.below(6);
    let count = 1 + random.below(if shape == 0 { 3 } else { 14 });
    let mut blocks = Vec::new();
    for i in 0..count {
        let some = |random: &mut Random| {
            let picked: Vec<usize> =
                (0..1 + random.below(3)).map(|_| random.below(tasks)).collect();
            picked
        };
        let asleep = sleeps && random.one_in(2);
        match shape {
            // Anything at all, only learning or only evaluation among it.
            0 | 1 => blocks.push((random.one_in(2), asleep, some(random))),
            // Evaluations that leave tasks out.
            2 => {
                blocks.push((false, asleep, some(random)));
                blocks.push((true, false, vec![random.below(tasks)]));
            }
            // Interleaved evaluation of everything, one task learnt at a time.
            _ => {
                blocks.push((false, asleep, all.clone()));
                blocks.push((true, sleeps && random.one_in(4), vec![(i + shape) % tasks]));
            }
        }
    }
    blocks.push((false, sleeps, all));
    blocks
}

/// The defaults in half of the cases, else settings drawn at random.
fn settings(random: &mut Random) -> Value {
    if random.one_in(2) {
        return json!({});
    }
    json!({
        "variant_mode": random.pick(&["aware", "aware", "agnostic"]),
        "aggregation_method": random.pick(&["mean", "median"]),
        "maintenance_method": random.pick(&["mrlep", "mrtlp", "both"]),
        "transfer_method": random.pick(&["ratio", "contrast", "both"]),
        "normalization_method": random.pick(&["task", "task", "run", "none"]),
        "smoothing_method":
            random.pick(&["flat", "flat", "hamming", "hanning", "bartlett", "blackman", "none"]),
        "do_smooth_eval_data": random.one_in(4),
        "window_length": random.pick(&[None, None, Some(1), Some(3), Some(8), Some(25)]),
        "clamp_outliers": random.one_in(4),
        "unit": random.pick(&["exp_num", "steps"]),
        "ste_averaging_method": random.pick(&["metrics", "time"]),
        "noise": random.pick(&[[0.0, 0.0], [0.0, 0.0], [0.5, 0.0], [0.0, 2.0]]),
        "noise_seed": random.below(1000),
    })
}
