//! Associative recall at length (Poli et al. 2023, section 4.1), as JSON:
//! `associative_recall DEVICE SECONDS BATCH RATE VOCABULARY LENGTH MIXER...`.
//!
//! An example draws a value for each key, and LENGTH / 2 pairs of a key and its value; then comes a key that was seen, and
//! what is asked for is its value. Of VOCABULARY tokens one marks the question, half of the others are keys (of an
//! even number one is never used, as the original's full stop). Two mixers
//! with a SwiGLU after each, width 64, learn on every value whose key was seen before, on fresh examples, for SECONDS
//! each at most; they end early when they know all of the answers. What is told is the share of right answers to the
//! last question of 256 other examples, and what guessing gives.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::layers::Linear;
use tella_nn::stack::Declaration;
use tella_nn::{AdamW, Layer, Params, Rates, Stack};

const WIDTH: i64 = 64;
const EXAMINED: i64 = 256;

fn main() {
    tch::set_num_threads(1);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, seconds, batch, rate, vocabulary, length, mixers @ ..] = arguments.as_slice()
    else {
        panic!("DEVICE SECONDS BATCH RATE VOCABULARY LENGTH MIXER...")
    };
    let device = tella_nn::device(device).unwrap_or_else(|error| panic!("{error}"));
    let number = |text: &String| text.parse::<i64>().expect("a number");
    let task = Task { device, keys: (number(vocabulary) - 1) / 2, length: number(length) };
    let rate: f64 = rate.parse().expect("a number");
    for mixer in mixers {
        let limit = Duration::from_secs(number(seconds) as u64);
        println!("{}", learned(&task, mixer, number(batch), rate, limit));
    }
}

struct Task {
    device: Device,
    /// As many values.
    keys: i64,
    length: i64,
}

impl Task {
    /// Tokens: values after keys, and the mark.
    fn tokens(&self) -> i64 {
        2 * self.keys + 1
    }

    /// Inputs (B, L + 2) and, at each, the value that follows where it can be known, -100 elsewhere.
    fn examples(&self, batch: i64) -> (Tensor, Tensor) {
        let (pairs, whole) = (self.length / 2, (Kind::Int64, self.device));
        let drawn = |shape: &[i64]| Tensor::randint(self.keys, shape, whole);
        let values = drawn(&[batch, self.keys]) + self.keys;
        let keys = drawn(&[batch, pairs]);
        let of = |keys: &Tensor| values.gather(1, keys, false);
        let asked = keys.gather(1, &Tensor::randint(pairs, [batch, 1], whole), false);
        let mark = Tensor::full([batch, 1], 2 * self.keys, whole);
        let stream = Tensor::stack(&[&keys, &of(&keys)], 2).flatten(1, 2);
        let inputs = Tensor::cat(&[&stream, &mark, &asked], 1);
        // A pair is known where its key stood in a pair before.
        let each = Tensor::arange(self.keys, whole);
        let times = keys.unsqueeze(-1).eq_tensor(&each).cumsum(1, Kind::Int);
        let known = times.gather(2, &keys.unsqueeze(-1), false).squeeze_dim(-1).gt(1);
        let nothing = Tensor::full_like(&keys, -100);
        let told = of(&keys).where_self(&known, &nothing);
        let told = Tensor::stack(&[&told, &nothing], 2).flatten(1, 2);
        let none = Tensor::full([batch, 1], -100, whole);
        (inputs, Tensor::cat(&[told, none, of(&asked)], 1))
    }
}

fn learned(task: &Task, mixer: &str, batch: i64, rate: f64, limit: Duration) -> Value {
    tch::manual_seed(1);
    let yaml = format!(
        "{{layers: [{mixer}, swiglu], depth: 2, width: {WIDTH}, max_length: {}, lane_memory: 1000000}}",
        task.length + 2
    );
    let declaration = Declaration::from_yaml(&yaml, "stack").unwrap_or_else(|e| panic!("{e}"));
    let store = VarStore::new(task.device);
    let params = Params::new(&store, 1);
    let embedding = params.normal("embedding", &[task.tokens(), WIDTH], 0.02);
    let stack = Stack::new(&params.sub("stack"), &declaration).expect("it fits");
    let head = Linear::new(&params.sub("head"), WIDTH, task.tokens(), true);
    let logits = |inputs: &Tensor, train| {
        let x = Tensor::embedding(&embedding, inputs, -1, false, false);
        stack.parallel(&x, None, train)
    };
    let mut optimizer = AdamW::new(&store, Rates::new(rate, 0.1));
    let right = || {
        let shares = (0..EXAMINED / batch.min(EXAMINED)).map(|_| {
            let (inputs, targets) = task.examples(batch.min(EXAMINED));
            let last = |t: &Tensor| t.select(1, task.length + 1);
            let answers = tch::no_grad(|| head.map(&last(&logits(&inputs, false))));
            let hits = answers.argmax(-1, false).eq_tensor(&last(&targets));
            hits.to_kind(Kind::Float).mean(Kind::Float).double_value(&[])
        });
        let shares: Vec<f64> = shares.collect();
        shares.iter().sum::<f64>() / shares.len() as f64
    };
    let start = Instant::now();
    let (mut steps, mut curve) = (0, Vec::new());
    loop {
        let (inputs, targets) = task.examples(batch);
        // Only what is scored goes through the head.
        let scored = targets.flatten(0, 1).ge(0).nonzero().squeeze_dim(-1);
        let of = |t: &Tensor| t.flatten(0, 1).index_select(0, &scored);
        let loss = head.map(&of(&logits(&inputs, true))).cross_entropy_for_logits(&of(&targets));
        let _ = optimizer.update(&loss, Some(1.0));
        steps += 1;
        let over = start.elapsed() > limit;
        if steps % 100 == 0 || over {
            let share = right();
            curve.push((steps, (share * 1e3).round() / 1e3));
            if over || share >= 0.995 {
                break;
            }
        }
    }
    json!({
        "mixer": mixer, "tokens": task.tokens(), "length": task.length, "batch": batch, "rate": rate,
        "steps": steps, "seconds": start.elapsed().as_secs_f64().round(),
        "right": curve.last().map(|(_, share)| *share), "by guessing": 1.0 / task.keys as f64, "curve": curve,
    })
}
