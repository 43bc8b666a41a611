//! What a stack is declared to be.
//!
//! ```yaml
//! layers: [hyena, swiglu, attention: {window: 32}, swiglu]
//! width: 128
//! depth: 1          # how often the list is repeated
//! heads: 16         # of layers that have heads and say nothing else
//! max_length: 1024  # positions a layer remembers
//! norm: rms         # or layer
//! convolution: fft  # or direct, monarch, toeplitz
//! monarch_order: 3  # factors of monarch, 2 to 4
//! precision: f32    # or bf16: what layers compute in for training
//! lane_memory: 64   # MiB that a lane of acting may hold
//! ```

use super::Problem;
use super::fields::Fields;
use super::node::{self, Node, Value};
use crate::NnError;
use crate::conv::Backend;
use crate::layers as of;
use tella_envs::nearest;

/// Which norm comes before every layer and at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormKind {
    /// RMSNorm.
    Rms,
    /// LayerNorm.
    Layer,
}

/// What layers compute in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// The weights' own: single precision.
    Full,
    /// bfloat16, which matrix units compute many times as fast; sums are in single precision.
    Brain,
}

/// A layer's kind and options.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is described where its options are")]
pub enum LayerOptions {
    Attention(of::AttentionOptions),
    Experts(of::ExpertsOptions),
    GatedLinearAttention(of::GatedLinearAttentionOptions),
    Hyena(of::HyenaOptions),
    LinearAttention(of::LinearAttentionOptions),
    LongConv(of::LongConvOptions),
    Mlp(of::MlpOptions),
    MultiHeadHyena(of::MultiHeadHyenaOptions),
    S4d(of::S4dOptions),
    SelectiveSsm(of::SelectiveSsmOptions),
    SwiGlu(of::SwiGluOptions),
}

/// Reads a layer's options, given the stack's width and length.
type Read = fn(&mut Fields<'_>, i64, i64) -> LayerOptions;

/// Every layer's name in a declaration.
const LAYERS: &[(&str, Read)] = &[
    ("attention", |f, width, length| {
        LayerOptions::Attention(of::AttentionOptions::read(f, width, length))
    }),
    ("experts", |f, _, _| LayerOptions::Experts(of::ExpertsOptions::read(f))),
    ("gated-linear-attention", |f, width, _| {
        LayerOptions::GatedLinearAttention(of::GatedLinearAttentionOptions::read(f, width))
    }),
    ("hyena", |f, width, _| LayerOptions::Hyena(of::HyenaOptions::read(f, width))),
    ("linear-attention", |f, width, _| {
        LayerOptions::LinearAttention(of::LinearAttentionOptions::read(f, width))
    }),
    ("long-conv", |f, _, _| LayerOptions::LongConv(of::LongConvOptions::read(f))),
    ("mlp", |f, _, _| LayerOptions::Mlp(of::MlpOptions::read(f))),
    ("multi-head-hyena", |f, width, _| {
        LayerOptions::MultiHeadHyena(of::MultiHeadHyenaOptions::read(f, width))
    }),
    ("s4d", |f, _, _| LayerOptions::S4d(of::S4dOptions::read(f))),
    ("selective-ssm", |f, _, _| LayerOptions::SelectiveSsm(of::SelectiveSsmOptions::read(f))),
    ("swiglu", |f, _, _| LayerOptions::SwiGlu(of::SwiGluOptions::read(f))),
];

/// A stack as it was declared and found sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// Layers in order.
    pub layers: Vec<LayerOptions>,
    /// Channels, D.
    pub width: i64,
    /// How often the layers are repeated, each time with weights of its own.
    pub depth: i64,
    /// Positions a layer remembers.
    pub max_length: i64,
    /// The norm.
    pub norm: NormKind,
    /// How long convolutions are computed.
    pub convolution: Backend,
    /// What layers compute in when trained. Weights, what is added up from layer to layer, norms and
    /// acting stay in single precision.
    pub precision: Precision,
    /// Bytes that a lane of acting may hold.
    pub lane_memory: usize,
}

impl Declaration {
    /// Reads YAML; `file` names it in messages.
    ///
    /// # Errors
    ///
    /// [`NnError::Declaration`] with all that is wrong.
    pub fn from_yaml(text: &str, file: &str) -> Result<Self, NnError> {
        let root =
            node::parse(text, file).map_err(|problem| NnError::Declaration(vec![problem]))?;
        let Value::Map(entries) = &root.value else {
            let message = format!("a stack is a mapping with `layers`, not {}", root.describe());
            let hint = "as in `layers: [hyena, swiglu]`".to_owned();
            return Err(NnError::Declaration(vec![root.problem(file, message, Some(hint))]));
        };
        let mut fields = Fields::new(file, "a stack".to_owned(), &root, entries);
        let width = fields.integer("width", 128, 1..=1 << 16);
        let max_length = fields.integer("max_length", 1024, 2..=1 << 24);
        let heads = fields.optional_integer("heads", 1..=4096);
        let order = fields.integer("monarch_order", 3, 2..=4) as u32;
        let backends = [
            ("fft", Backend::Fft),
            ("direct", Backend::Direct),
            ("monarch", Backend::Monarch { order }),
            ("toeplitz", Backend::Toeplitz),
        ];
        let norms = [("rms", NormKind::Rms), ("layer", NormKind::Layer)];
        let precisions = [("f32", Precision::Full), ("bf16", Precision::Brain)];
        let lane_memory = fields.number("lane_memory", 64.0, 0.001..=1e6);
        let mut declaration = Self {
            layers: Vec::new(),
            width,
            depth: fields.integer("depth", 1, 1..=1024),
            max_length,
            norm: fields.choice("norm", &norms),
            convolution: fields.choice("convolution", &backends),
            precision: fields.choice("precision", &precisions),
            lane_memory: (lane_memory * f64::from(1 << 20)) as usize,
        };
        let layers = list(&mut fields, &root);
        let mut problems = fields.finish();
        for item in layers {
            match layer(file, item, heads, width, max_length) {
                Ok(layer) => declaration.layers.push(layer),
                Err(found) => problems.extend(found),
            }
        }
        problems.sort_by_key(|problem| (problem.line, problem.column));
        if problems.is_empty() { Ok(declaration) } else { Err(NnError::Declaration(problems)) }
    }

    /// The name of a layer that looks at later positions, if there is one.
    pub fn looks_ahead(&self) -> Option<&'static str> {
        let looks =
            |layer: &LayerOptions| matches!(layer, LayerOptions::LongConv(o) if o.bidirectional);
        self.layers.iter().any(looks).then_some("long-conv")
    }

    /// What all layers share.
    pub fn shape(&self) -> of::Shape {
        of::Shape { width: self.width, max_length: self.max_length, backend: self.convolution }
    }
}

/// The items of `layers`.
fn list<'a>(fields: &mut Fields<'a>, root: &'a Node) -> &'a [Node] {
    let node = fields.get("layers").unwrap_or(root);
    match &node.value {
        Value::Seq(items) if !items.is_empty() => items,
        _ => {
            let hint = Some("as in `layers: [hyena, swiglu]`".to_owned());
            fields.wrong(node, "a stack needs `layers`, a list of their names".to_owned(), hint);
            &[]
        }
    }
}

/// One item: a name, or a mapping from a name to options.
fn layer(
    file: &str,
    item: &Node,
    heads: Option<i64>,
    width: i64,
    max_length: i64,
) -> Result<LayerOptions, Vec<Problem>> {
    let wrong = |node: &Node, message: String, hint: Option<String>| {
        vec![node.problem(file, message, hint)]
    };
    let (key, entries): (&Node, &[(Node, Node)]) = match &item.value {
        Value::Text(_) => (item, &[]),
        Value::Map(pairs) => match pairs.as_slice() {
            [(key, Node { value: Value::Map(entries), .. })] => (key, entries),
            [(key, Node { value: Value::Null, .. })] => (key, &[]),
            [(_, other)] => {
                let message = format!("a layer's options are a mapping, not {}", other.describe());
                return Err(wrong(
                    other,
                    message,
                    Some("as in `attention: {heads: 8}`".to_owned()),
                ));
            }
            _ => {
                let message = "an item of `layers` holds one layer".to_owned();
                return Err(wrong(
                    item,
                    message,
                    Some("options stand below its name, indented".to_owned()),
                ));
            }
        },
        _ => {
            let message = format!("a layer's name is expected here, not {}", item.describe());
            return Err(wrong(item, message, None));
        }
    };
    let names = || LAYERS.iter().map(|(name, _)| *name);
    let Value::Text(name) = &key.value else {
        return Err(wrong(
            key,
            format!("a layer's name is expected here, not {}", key.describe()),
            None,
        ));
    };
    let Some((_, read)) = LAYERS.iter().find(|(known, _)| known == name) else {
        let hint = match nearest(name, names()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(wrong(key, format!("there is no layer `{name}`"), Some(hint)));
    };
    let mut fields = Fields::new(file, format!("`{name}`"), key, entries).with_heads(heads);
    let options = read(&mut fields, width, max_length);
    let problems = fields.finish();
    if problems.is_empty() { Ok(options) } else { Err(problems) }
}
