//! What a training step of a stack costs, forward, backward and update, as JSON:
//! `training_cost DEVICE BATCH LENGTH`.
//!
//! Milliseconds, the median of 30 after 10, one thread, single precision, for stacks of two mixers with a
//! SwiGLU after each, width 128, as the MAD benchmark has them, without embedding and head.

use serde_json::{Value, json};
use std::time::Instant;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::stack::Declaration;
use tella_nn::{AdamW, Layer, Params, Rates, Stack};

const MIXERS: [&str; 8] = [
    "attention",
    "hyena",
    "multi-head-hyena",
    "long-conv",
    "s4d",
    "linear-attention",
    "gated-linear-attention",
    "selective-ssm",
];

fn main() {
    tch::set_num_threads(1);
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("DEVICE BATCH LENGTH");
    let device = tella_nn::device(&next()).unwrap_or_else(|error| panic!("{error}"));
    let (batch, length) = (next(), next());
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let rows = MIXERS.map(|mixer| row(mixer, device, number(&batch), number(&length)));
    println!("{}", Value::from(rows.to_vec()));
}

fn row(mixer: &str, device: Device, batch: i64, length: i64) -> Value {
    let yaml =
        format!("{{layers: [{mixer}, swiglu], depth: 2, max_length: {length}, lane_memory: 4096}}");
    let declaration = Declaration::from_yaml(&yaml, "training_cost").expect("it is sound");
    let store = VarStore::new(device);
    let stack = Stack::new(&Params::new(&store, 0), &declaration).expect("it fits");
    let mut optimizer = AdamW::new(&store, Rates::new(1e-3, 0.1));
    let x = Tensor::randn([batch, length, 128], (Kind::Float, device));
    let mut step = || {
        let start = Instant::now();
        let y = stack.parallel(&x, None, true);
        let norm = optimizer.update(&y.square().mean(Kind::Float), Some(1.0));
        // Reading a number waits for the device.
        assert!(norm.double_value(&[]).is_finite(), "the gradient of {mixer} is not finite");
        start.elapsed().as_secs_f64() * 1e3
    };
    for _ in 0..10 {
        step();
    }
    let mut times: Vec<f64> = (0..30).map(|_| step()).collect();
    times.sort_by(f64::total_cmp);
    json!({"mixer": mixer, "milliseconds": (times[15] * 100.0).round() / 100.0})
}
