//! AdamW, with a state that can be saved (Loshchilov and Hutter 2019).
//!
//! For gradient g at update t: p *= 1 - lr wd; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -=
//! lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps), as PyTorch has it. b1 = .9, b2 = .999, eps =
//! 1e-8.
//!
//! libtorch's own optimizer, as `tch` has it, cannot be saved, so that no run could be resumed with
//! it. This one also lays the weights of each [`Group`] side by side in one tensor: an update is a
//! few operations however many weights there are, and what follows the gradient's norm is one of
//! libtorch's own (`fused.cpp`).

use crate::checkpoint::fill;
use crate::shim::said;
use crate::{Group, NnError, Rates};
use std::ffi::{c_char, c_void};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

const BETAS: [f64; 2] = [0.9, 0.999];
const EPS: f64 = 1e-8;

unsafe extern "C" {
    fn tella_fused_adam_w(
        values: *const c_void,
        gradient: *const c_void,
        mean: *const c_void,
        square: *const c_void,
        updates: *const c_void,
        lr: f64,
        betas: *const f64,
        weight_decay: f64,
        eps: f64,
        why: *mut c_char,
        room: usize,
    ) -> bool;
}

/// The optimizer of a store's weights.
#[derive(Debug)]
pub struct AdamW {
    rates: Rates,
    groups: Vec<Flat>,
    /// Updates so far: on the weights' device, as an update that was recorded counts itself.
    updates: Tensor,
}

/// The weights of a group, one after another.
#[derive(Debug)]
struct Flat {
    group: Group,
    weights: Vec<Tensor>,
    /// Values, of which the weights are views; running means of gradients and of their squares.
    values: Tensor,
    mean: Tensor,
    square: Tensor,
}

impl AdamW {
    /// For all weights that `store` has now. They become views of tensors that this holds: from
    /// here on they are changed in place alone, which loading and copying into them does, and
    /// changing the store's kind or device does not.
    pub fn new(store: &VarStore, rates: Rates) -> Self {
        let variables =
            store.variables_.lock().expect("no thread panicked while it held the weights");
        let flat = |group: Group| {
            let of_group =
                variables.trainable_variables.iter().filter(|v| v.group == group as usize);
            let weights: Vec<Tensor> = of_group.map(|v| v.tensor.shallow_clone()).collect();
            (!weights.is_empty()).then(|| Flat::new(group, weights))
        };
        let groups: Vec<Flat> = [Group::Weights, Group::Filters, Group::Dynamics]
            .into_iter()
            .filter_map(flat)
            .collect();
        let device = groups.first().map_or(Device::Cpu, |flat| flat.values.device());
        Self { rates, groups, updates: Tensor::zeros([], (Kind::Int64, device)) }
    }

    /// Other learning rates, from the next update on.
    pub fn set_rates(&mut self, rates: Rates) {
        self.rates = rates;
    }

    /// Updates the weights by the gradients of `loss`, which are scaled down where their norm over
    /// all weights is above `clip`. Gives that norm, before, as a tensor on the weights' device; it
    /// is not finite where the loss is not. Nothing waits for the device.
    pub fn update(&mut self, loss: &Tensor, clip: Option<f64>) -> Tensor {
        let weights = self.groups.iter().flat_map(|flat| &flat.weights);
        let weights: Vec<&Tensor> = weights.filter(|weights| weights.requires_grad()).collect();
        let mut each = Tensor::run_backward(&[loss], &weights, false, false).into_iter();
        tch::no_grad(|| {
            let gradient = |flat: &Flat| flat.gradient(&mut each);
            let mut gradients: Vec<Tensor> = self.groups.iter().map(gradient).collect();
            let squares: Vec<Tensor> =
                gradients.iter().map(|g| g.square().sum(Kind::Float)).collect();
            let norm = Tensor::stack(&squares, 0).sum(Kind::Float).sqrt();
            if let Some(clip) = clip {
                let scale = ((&norm + 1e-6).reciprocal() * clip).clamp_max(1.0);
                gradients
                    .iter_mut()
                    .for_each(|gradient| *gradient *= scale.to_kind(gradient.kind()));
            }
            self.updates += 1;
            let updates = self.updates.to_kind(Kind::Float);
            for (flat, gradient) in self.groups.iter_mut().zip(gradients) {
                flat.update(&gradient, self.rates.of(flat.group), &updates);
            }
            norm
        })
    }

    /// Updates so far.
    pub fn updates(&self) -> i64 {
        self.updates.int64_value(&[])
    }

    /// Forgets all updates: what comes next is the first. Where weights were changed by something else, what gradients
    /// were before says nothing any more.
    pub fn forget(&mut self) {
        self.places().into_iter().for_each(|(_, mut tensor)| {
            let _ = tensor.zero_();
        });
    }

    /// All that it remembers, for a checkpoint.
    pub fn named(&self) -> Vec<(String, Tensor)> {
        self.places().into_iter().map(|(name, tensor)| (name, tensor.copy())).collect()
    }

    /// Takes up what [`AdamW::named`] gave.
    ///
    /// # Errors
    ///
    /// [`NnError::Checkpoint`] where it belongs to other weights.
    pub fn restore(&mut self, named: &[(String, Tensor)]) -> Result<(), NnError> {
        fill(&self.places(), named)
    }

    pub(crate) fn places(&self) -> Vec<(String, Tensor)> {
        let of = |flat: &Flat| {
            let named = |name: &str, tensor: &Tensor| {
                (format!("{}.{name}", flat.group as usize), tensor.shallow_clone())
            };
            [named("mean", &flat.mean), named("square", &flat.square)]
        };
        let updates = ("updates".to_owned(), self.updates.shallow_clone());
        self.groups.iter().flat_map(of).chain([updates]).collect()
    }
}

impl Flat {
    fn new(group: Group, mut weights: Vec<Tensor>) -> Self {
        let values = tch::no_grad(|| {
            Tensor::cat(&weights.iter().map(|w| w.detach().reshape(-1i64)).collect::<Vec<_>>(), 0)
        });
        let mut from = 0;
        for weights in &mut weights {
            let (size, count) = (weights.size(), weights.numel() as i64);
            weights.set_data(&values.narrow(0, from, count).view(size.as_slice()));
            from += count;
        }
        Self { group, weights, mean: values.zeros_like(), square: values.zeros_like(), values }
    }

    /// All gradients, the next ones of `each`, zero where the loss does not depend on the weights or
    /// they do not learn.
    fn gradient(&self, each: &mut impl Iterator<Item = Tensor>) -> Tensor {
        let mut of = |weights: &Tensor| {
            let gradient = weights.requires_grad().then(|| each.next()).flatten();
            let gradient = gradient.filter(Tensor::defined);
            gradient.unwrap_or_else(|| weights.zeros_like()).reshape(-1i64)
        };
        Tensor::cat(&self.weights.iter().map(&mut of).collect::<Vec<_>>(), 0)
    }

    /// # Panics
    ///
    /// Where libtorch refuses, as its own operations do.
    fn update(&mut self, gradient: &Tensor, (lr, weight_decay): (f64, f64), updates: &Tensor) {
        let at = |tensor: &Tensor| tensor.as_ptr() as *const c_void;
        let [values, mean, square] = [&self.values, &self.mean, &self.square].map(at);
        let betas = BETAS.as_ptr();
        let done = said(|why, room| {
            // SAFETY: all are libtorch's tensors, and two numbers, which outlive the call.
            unsafe {
                tella_fused_adam_w(
                    values,
                    at(gradient),
                    mean,
                    square,
                    at(updates),
                    lr,
                    betas,
                    weight_decay,
                    EPS,
                    why,
                    room,
                )
            }
        });
        done.unwrap_or_else(|why| panic!("{why}"));
    }
}
