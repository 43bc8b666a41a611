//! What the tests of this room share.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::sync::OnceLock;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::stack::Declaration;
use tella_nn::{Params, Stack};
use tella_rng::Generator;

/// One thread: so that sums are taken in one order, and tests beside each other do not wait for cores.
pub(crate) fn single_threaded() {
    tch::set_num_threads(1);
}

/// Where tests compute: `cpu`, or what the variable `TELLA_TEST_DEVICE` names.
pub(crate) fn device() -> Device {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    let named = || std::env::var("TELLA_TEST_DEVICE").unwrap_or_else(|_| "cpu".to_owned());
    *DEVICE.get_or_init(|| tella_nn::device(&named()).unwrap_or_else(|e| panic!("{e}")))
}

/// Normal draws.
pub(crate) fn normal(seed: u64, shape: &[i64], kind: Kind) -> Tensor {
    let mut rng = Generator::new(seed);
    let values: Vec<f64> =
        (0..shape.iter().product::<i64>()).map(|_| rng.standard_normal()).collect();
    Tensor::from_slice(&values).reshape(shape).to_kind(kind).to_device(device())
}

/// The largest difference, relative to the largest expected value (at least 1).
pub(crate) fn difference(found: &Tensor, expected: &Tensor) -> f64 {
    assert_eq!(found.size(), expected.size());
    let [found, expected] =
        [found, expected].map(|t| t.to_kind(Kind::Double).to_device(Device::Cpu));
    let scale = expected.abs().max().double_value(&[]).max(1.0);
    let difference = (found - expected).abs().max().double_value(&[]) / scale;
    if difference.is_nan() { f64::INFINITY } else { difference }
}

/// Checks the gradient of sum(weights * f()) for every tensor of `of` by central differences at a
/// few of its entries.
pub(crate) fn check_gradient(f: &dyn Fn() -> Tensor, of: &[(String, Tensor)]) {
    let weights = normal(77, &f().size(), Kind::Double);
    let loss = || (f() * &weights).sum(Kind::Double);
    let tensors: Vec<&Tensor> = of.iter().map(|(_, tensor)| tensor).collect();
    let gradients = Tensor::run_backward(&[loss()], &tensors, false, false);
    let mut rng = Generator::new(5);
    for ((name, tensor), gradient) in of.iter().zip(gradients) {
        for _ in 0..3 {
            let at = rng.choice(tensor.numel()) as i64;
            let flat = || tensor.detach().view(-1i64).narrow(0, at, 1);
            let step = 1e-5;
            let at_offset = |offset: f64| {
                tch::no_grad(|| {
                    let _ = flat().g_add_scalar_(offset);
                    let loss = loss().double_value(&[]);
                    let _ = flat().g_add_scalar_(-offset);
                    loss
                })
            };
            let expected = (at_offset(step) - at_offset(-step)) / (2.0 * step);
            let found = gradient.reshape(-1i64).double_value(&[at]);
            assert!(
                (found - expected).abs() <= 1e-5 * (1.0 + expected.abs()),
                "{name}[{at}]: {found}, not {expected}"
            );
        }
    }
}

/// The stack that `yaml` declares and the store of its weights.
pub(crate) fn stack(yaml: &str, kind: Kind) -> (VarStore, Stack) {
    single_threaded();
    let mut store = VarStore::new(device());
    store.set_kind(kind);
    let declaration = Declaration::from_yaml(yaml, "stack.yaml").unwrap_or_else(|e| panic!("{e}"));
    let stack = Stack::new(&Params::new(&store, 3), &declaration).unwrap_or_else(|e| panic!("{e}"));
    (store, stack)
}
