//! What a training step of a token model costs, forward, backward and update, as JSON:
//! `training_cost DEVICE BATCH LENGTH [MIXER...]`.
//!
//! Milliseconds, the median of 60 after 10, one thread, for an embedding of 16 tokens, two mixers with a
//! SwiGLU after each, width 128, a norm and a head, as the MAD benchmark has them: launched kernel by kernel
//! in single precision with FFTs; the same in bfloat16 with Toeplitz products; and that recorded as a graph.

use serde_json::{Value, json};
use std::time::Instant;
use tch::nn::VarStore;
use tch::{Cuda, Device, Kind, Tensor};
use tella_nn::layers::Linear;
use tella_nn::stack::Declaration;
use tella_nn::{AdamW, Graph, Layer, Params, Rates, Stack};

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

const TOKENS: i64 = 16;

fn main() {
    tch::set_num_threads(1);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, batch, length, chosen @ ..] = arguments.as_slice() else {
        panic!("DEVICE BATCH LENGTH [MIXER...]")
    };
    let device = tella_nn::device(device).unwrap_or_else(|error| panic!("{error}"));
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let (batch, length) = (number(batch), number(length));
    let mixers =
        MIXERS.iter().filter(|name| chosen.is_empty() || chosen.iter().any(|c| c == *name));
    let rows: Vec<Value> = mixers.map(|mixer| row(mixer, device, batch, length)).collect();
    println!("{}", json!({"batch": batch, "length": length, "milliseconds": rows}));
}

fn row(mixer: &str, device: Device, batch: i64, length: i64) -> Value {
    let fft = Trained::new(mixer, "fft", "f32", device, batch, length).eager();
    let mut half = Trained::new(mixer, "toeplitz", "bf16", device, batch, length);
    let toeplitz = half.eager();
    let graph = device.is_cuda().then(|| half.recorded());
    json!({"mixer": mixer, "fft_f32": fft, "toeplitz_bf16": toeplitz, "toeplitz_bf16_graph": graph})
}

struct Trained {
    _store: VarStore,
    embedding: Tensor,
    stack: Stack,
    head: Linear,
    optimizer: AdamW,
    inputs: Tensor,
    targets: Tensor,
}

impl Trained {
    fn new(
        mixer: &str,
        convolution: &str,
        precision: &str,
        device: Device,
        batch: i64,
        length: i64,
    ) -> Self {
        let yaml = format!(
            "{{layers: [{mixer}, swiglu], depth: 2, max_length: {length}, lane_memory: 4096, \
             convolution: {convolution}, precision: {precision}}}"
        );
        let declaration = Declaration::from_yaml(&yaml, "training_cost").expect("it is sound");
        let store = VarStore::new(device);
        let params = Params::new(&store, 0);
        let embedding = params.normal("embedding", &[TOKENS, declaration.width], 0.02);
        let stack = Stack::new(&params.sub("stack"), &declaration).expect("it fits");
        let head = Linear::new(&params.sub("head"), declaration.width, TOKENS, false);
        let optimizer = AdamW::new(&store, Rates::new(1e-3, 0.1));
        let tokens = || Tensor::randint(TOKENS, [batch, length], (Kind::Int64, device));
        let (inputs, targets) = (tokens(), tokens());
        Self { _store: store, embedding, stack, head, optimizer, inputs, targets }
    }

    fn step(&mut self) -> Tensor {
        let x = Tensor::embedding(&self.embedding, &self.inputs, -1, false, false);
        let logits = self.head.map(&self.stack.parallel(&x, None, true));
        let loss = logits.flatten(0, 1).cross_entropy_for_logits(&self.targets.flatten(0, 1));
        let _ = self.optimizer.update(&loss, None);
        loss.detach()
    }

    fn eager(&mut self) -> f64 {
        median(|| self.step().double_value(&[]))
    }

    fn recorded(&mut self) -> f64 {
        let device = self.inputs.device();
        let (mut graph, loss) =
            Graph::record(device, || self.step()).unwrap_or_else(|error| panic!("{error}"));
        median(|| {
            graph.replay().unwrap_or_else(|error| panic!("{error}"));
            if let Device::Cuda(index) = device {
                Cuda::synchronize(index as i64);
            }
            loss.double_value(&[])
        })
    }
}

/// Milliseconds of a step that gives its loss.
fn median(mut step: impl FnMut() -> f64) -> f64 {
    let mut time = || {
        let start = Instant::now();
        let loss = step();
        assert!(loss.is_finite(), "the loss is not finite");
        start.elapsed().as_secs_f64() * 1e3
    };
    for _ in 0..10 {
        time();
    }
    let mut times: Vec<f64> = (0..60).map(|_| time()).collect();
    times.sort_by(f64::total_cmp);
    (times[30] * 1000.0).round() / 1000.0
}
