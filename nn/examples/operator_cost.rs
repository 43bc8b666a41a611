//! What Hyena's operator costs beside attention's, forward and backward, as JSON:
//! `operator_cost TOKENS LENGTH...`.
//!
//! On the first graphics processor, bfloat16, width 768, as many sequences of each length as TOKENS are; the
//! projections are left out on both sides. Hyena's: gates, and the long convolution of order 2 by `fft`.
//! Attention's: libtorch's `scaled_dot_product_attention`, causal, 12 heads. Milliseconds, the median of 20 after 5.

use serde_json::{Value, json};
use std::time::Instant;
use tch::{Cuda, Device, Kind, Tensor};
use tella_nn::conv::Backend;

const WIDTH: i64 = 768;
const HEADS: i64 = 12;

fn main() {
    let device = tella_nn::device("cuda").unwrap_or_else(|error| panic!("{error}"));
    let mut numbers =
        std::env::args().skip(1).map(|number| number.parse::<i64>().expect("a number"));
    let tokens = numbers.next().expect("TOKENS LENGTH...");
    let rows: Vec<Value> = numbers.map(|length| row(device, tokens / length, length)).collect();
    println!("{}", json!({"tokens": tokens, "width": WIDTH, "rows": rows}));
}

fn row(device: Device, batch: i64, length: i64) -> Value {
    let normal = |shape: &[i64], kind| Tensor::randn(shape, (kind, device));
    let inputs =
        |shape: &[i64]| [(); 3].map(|()| normal(shape, Kind::BFloat16).set_requires_grad(true));
    let hyena = {
        let [gate, other, v] = inputs(&[batch, WIDTH, length]);
        let taps = (normal(&[WIDTH, length], Kind::Float) * 0.02).set_requires_grad(true);
        let operator = || Backend::Fft.causal(&(&v * &other), &taps) * &gate;
        let of = [&gate, &other, &v, &taps];
        milliseconds(device, || Tensor::run_backward(&[operator()], &of, false, false))
    };
    let attention = {
        let [q, k, v] = inputs(&[batch, HEADS, length, WIDTH / HEADS]);
        let operator = || {
            Tensor::scaled_dot_product_attention(
                &q,
                &k,
                &v,
                None::<&Tensor>,
                0.0,
                true,
                None,
                false,
            )
        };
        milliseconds(device, || Tensor::run_backward(&[operator()], &[&q, &k, &v], false, false))
    };
    let ratio = (attention / hyena * 100.0).round() / 100.0;
    json!({"length": length, "batch": batch, "hyena": hyena, "attention": attention, "ratio": ratio})
}

fn milliseconds(device: Device, step: impl Fn() -> Vec<Tensor>) -> f64 {
    let Device::Cuda(index) = device else { unreachable!("it was asked for") };
    let time = || {
        let start = Instant::now();
        let made = step();
        Cuda::synchronize(index as i64);
        drop(made);
        start.elapsed().as_secs_f64() * 1e3
    };
    for _ in 0..5 {
        time();
    }
    let mut times: Vec<f64> = (0..20).map(|_| time()).collect();
    times.sort_by(f64::total_cmp);
    (times[10] * 100.0).round() / 100.0
}
