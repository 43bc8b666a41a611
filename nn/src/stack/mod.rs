//! Stacks of layers: declared in YAML, trained in parallel, acting step by step.
//!
//! A stack is pre-norm and residual: for each layer x += layer(norm(x)), and a norm at the end. It
//! maps (B, L, D) to (B, L, D); what comes before (an embedding) and after (heads of a policy)
//! belongs to those who use it.

mod declaration;
mod episodes;
mod fields;
mod node;
mod problem;

pub use declaration::{Declaration, LayerOptions, NormKind, Precision};
pub(crate) use fields::Fields;
pub use problem::Problem;

use crate::layers::{self as of, Norm, Shape};
use crate::{Layer, NnError, Params, PositionWise, State};
use tch::{Kind, Tensor};

/// Layers one after another, each with its norm.
///
/// ```no_run
/// use tch::{Device, Kind, Tensor, nn::VarStore};
/// use tella_nn::{Layer, Params, Stack, stack::Declaration};
///
/// let yaml = "{layers: [hyena, swiglu, attention, swiglu], width: 128, max_length: 1024}";
/// let store = VarStore::new(Device::Cpu);
/// let stack = Stack::new(&Params::new(&store, 7), &Declaration::from_yaml(yaml, "stack.yaml")?)?;
/// let x = Tensor::zeros([2, 50, 128], (Kind::Float, Device::Cpu));
/// let trained_on = stack.parallel(&x, None, true);
///
/// let mut state = stack.state(2)?;
/// let acted_on = stack.step(&x.select(1, 0), &mut state);
/// state.reset(&[1]);
/// # Ok::<(), tella_nn::NnError>(())
/// ```
#[derive(Debug)]
pub struct Stack {
    layers: Vec<(Norm, Box<dyn Layer>)>,
    norm: Norm,
    precision: Precision,
}

impl Stack {
    /// Draws the weights of what `declaration` declares.
    ///
    /// # Errors
    ///
    /// [`NnError::Memory`] where a lane of acting would hold more than the declaration allows.
    pub fn new(params: &Params<'_>, declaration: &Declaration) -> Result<Self, NnError> {
        let Declaration { width, norm, .. } = *declaration;
        let norm = |params: &Params<'_>| match norm {
            NormKind::Rms => Norm::rms(params, width),
            NormKind::Layer => Norm::layer(params, width),
        };
        let repeated = (0..declaration.depth).flat_map(|_| &declaration.layers);
        let layer = |(i, options): (usize, &LayerOptions)| {
            let params = params.sub(format!("layer{i}"));
            (norm(&params.sub("norm")), build(&params, declaration.shape(), options))
        };
        let layers = repeated.enumerate().map(layer).collect();
        let stack =
            Self { layers, norm: norm(&params.sub("norm")), precision: declaration.precision };
        match stack.state(0).map(|state| state.lane_bytes()) {
            Ok(needed) if needed > declaration.lane_memory => {
                Err(NnError::Memory { needed, limit: declaration.lane_memory })
            }
            // One that cannot act may still be trained.
            _ => Ok(stack),
        }
    }
}

fn build(params: &Params<'_>, shape: Shape, options: &LayerOptions) -> Box<dyn Layer> {
    use LayerOptions as O;
    match options {
        O::Attention(options) => Box::new(of::Attention::new(params, shape, options)),
        O::Experts(options) => Box::new(of::Experts::new(params, shape.width, options)),
        O::GatedLinearAttention(options) => {
            Box::new(of::GatedLinearAttention::new(params, shape, options))
        }
        O::Hyena(options) => Box::new(of::Hyena::new(params, shape, options)),
        O::LinearAttention(options) => Box::new(of::LinearAttention::new(params, shape, options)),
        O::LongConv(options) => Box::new(of::LongConv::new(params, shape, options)),
        O::Mlp(options) => Box::new(of::Mlp::new(params, shape.width, options)),
        O::MultiHeadHyena(options) => Box::new(of::MultiHeadHyena::new(params, shape, options)),
        O::S4d(options) => Box::new(of::S4d::new(params, shape, options)),
        O::SelectiveSsm(options) => Box::new(of::SelectiveSsm::new(params, shape, options)),
        O::SwiGlu(options) => Box::new(of::SwiGlu::new(params, shape.width, options)),
    }
}

impl Stack {
    /// As [`Layer::parallel`], without the norm at the end.
    pub fn unnormed(&self, x: &Tensor, train: bool) -> Tensor {
        self.residual(x, None, train)
    }

    fn residual(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        let mut x = x.shallow_clone();
        for (i, (norm, layer)) in self.layers.iter().enumerate() {
            let before = before.map(|state| &state.parts()[i]);
            let normed = match self.precision {
                Precision::Full => norm.apply(&x, train),
                Precision::Brain => norm.apply(&x, train).to_kind(Kind::BFloat16),
            };
            x = &x + layer.parallel(&normed, before, train);
        }
        x
    }
}

impl Layer for Stack {
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        self.norm.apply(&self.residual(x, before, train), train)
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let mut x = x.shallow_clone();
            for ((norm, layer), part) in self.layers.iter().zip(state.parts_mut()) {
                x = &x + layer.step(&norm.apply(&x, false), part);
            }
            state.tick();
            self.norm.apply(&x, false)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        self.layers.iter().try_fold(State::new(lanes), |state, (_, layer)| {
            Ok(state.with_part(layer.state(lanes)?))
        })
    }

    fn refresh(&self, state: &mut State) {
        for ((_, layer), part) in self.layers.iter().zip(state.parts_mut()) {
            layer.refresh(part);
        }
    }
}
