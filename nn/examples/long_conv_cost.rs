//! What a training step of the long convolution layer costs, forward and backward, as JSON:
//! `long_conv_cost LENGTH BATCH REPEATS`.
//!
//! One thread, single precision, width 64, two kernels a channel; milliseconds, the median.
//! `reference/scripts/bench_long_conv.py` does the same in Python.

use serde_json::json;
use std::time::Instant;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::conv::Backend;
use tella_nn::layers::{LongConv, LongConvOptions, Shape};
use tella_nn::{Layer, Params};

fn main() {
    tch::set_num_threads(1);
    let mut numbers =
        std::env::args().skip(1).map(|number| number.parse::<i64>().expect("a number"));
    let mut next = || numbers.next().expect("LENGTH BATCH REPEATS");
    let (length, batch, repeats) = (next(), next(), next());
    let store = VarStore::new(Device::Cpu);
    let shape = Shape { width: 64, max_length: length, backend: Backend::Fft };
    let options = LongConvOptions { kernel_dropout: 0.0, ..LongConvOptions::default() };
    let layer = LongConv::new(&Params::new(&store, 0), shape, &options);
    let x = Tensor::randn([batch, length, 64], (Kind::Float, Device::Cpu)).set_requires_grad(true);
    let step = |_| {
        let start = Instant::now();
        layer.parallel(&x, None, true).square().mean(Kind::Float).backward();
        start.elapsed().as_secs_f64() * 1e3
    };
    let mut times: Vec<f64> = (0..repeats + 1).map(step).skip(1).collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{}",
        json!({"length": length, "batch": batch, "milliseconds": times[times.len() / 2]})
    );
}
