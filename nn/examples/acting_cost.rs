//! What a step of acting costs with a memory of L positions, as JSON: `acting_cost LENGTH...`.
//!
//! Microseconds a step of one lane and one thread, single precision, 64 channels: the long
//! convolution step by step and by the sum over all positions, and stacks of one layer. The step by
//! step form is measured over a whole period, after one, so that every size of its transforms
//! counts as often as it comes.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::conv::Online;
use tella_nn::stack::Declaration;
use tella_nn::{Layer, Params, Stack};

const WIDTH: i64 = 64;

/// Steps of what costs the same at every step.
const EVEN: i64 = 300;

/// Microseconds a step.
fn cost(steps: i64, mut step: impl FnMut(i64)) -> f64 {
    let start = Instant::now();
    (0..steps).for_each(&mut step);
    let micros = start.elapsed().as_secs_f64() * 1e6 / steps as f64;
    (micros * 100.0).round() / 100.0
}

/// Normal draws.
fn normal(size: [i64; 2]) -> Tensor {
    Tensor::randn(size, (Kind::Float, Device::Cpu))
}

/// Microseconds a step, microseconds of the slowest step (the one that does the largest transform),
/// and bytes.
fn convolution(length: i64) -> (f64, f64, usize) {
    let online = Online::new(length);
    let kernel = normal([WIDTH, length]);
    let mut state = online.state(1, &[WIDTH], &kernel);
    let x = normal([1, WIDTH]);
    let mut slowest = Duration::ZERO;
    let mut step = |_| {
        let start = Instant::now();
        drop(online.step(&x, &mut state));
        slowest = slowest.max(start.elapsed());
    };
    (0..length).for_each(&mut step);
    let cost = cost(length, step);
    (cost, slowest.as_secs_f64() * 1e6, state.lane_bytes())
}

/// The sum over all positions: one product of a window of inputs with the kernel.
fn direct(length: i64) -> f64 {
    let kernel = normal([WIDTH, length]).unsqueeze(1);
    let inputs = Tensor::randn([WIDTH, 1, 2 * length], (Kind::Float, Device::Cpu));
    let x = normal([WIDTH, 1]);
    cost(EVEN, |t| {
        let window = inputs.narrow(-1, t % length, length);
        window.narrow(-1, length - 1, 1).copy_(&x.unsqueeze(-1));
        drop((window * &kernel).sum_dim_intlist([-1].as_slice(), false, None));
    })
}

fn stack(layer: &str, length: i64, whole_period: bool) -> (f64, usize) {
    let yaml =
        format!("{{layers: [{layer}], width: {WIDTH}, max_length: {length}, lane_memory: 4096}}");
    let declaration = Declaration::from_yaml(&yaml, "acting_cost").expect("it is sound");
    let store = VarStore::new(Device::Cpu);
    let stack = Stack::new(&Params::new(&store, 0), &declaration).expect("it fits");
    let mut state = stack.state(1).expect("it can act");
    let x = normal([1, WIDTH]);
    let steps = if whole_period { length } else { EVEN };
    let mut step = |_| drop(stack.step(&x, &mut state));
    (0..steps).for_each(&mut step);
    let cost = cost(steps, step);
    (cost, state.lane_bytes())
}

fn row(length: i64) -> Value {
    let _guard = tch::no_grad_guard();
    let (convolution, slowest, convolution_bytes) = convolution(length);
    let hyena = "hyena: {inner_factor: 1, projection_groups: 1}";
    let (hyena, hyena_bytes) = stack(hyena, length, true);
    let (attention, attention_bytes) = stack("attention: {heads: 4}", length, false);
    let (s4d, s4d_bytes) = stack("s4d", length, false);
    let convolution = json!({
        "microseconds": convolution, "slowest": slowest.round(), "by the sum": direct(length),
        "lane bytes": convolution_bytes,
    });
    json!({
        "length": length,
        "convolution": convolution,
        "hyena": {"microseconds": hyena, "lane bytes": hyena_bytes},
        "attention": {"microseconds": attention, "lane bytes": attention_bytes},
        "s4d": {"microseconds": s4d, "lane bytes": s4d_bytes},
    })
}

fn main() {
    tch::set_num_threads(1);
    let lengths =
        std::env::args().skip(1).map(|length| length.parse().expect("lengths are numbers"));
    println!("{}", Value::from(lengths.map(row).collect::<Vec<_>>()));
}
