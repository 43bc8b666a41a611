//! Declarations: what they mean, and what is said of wrong ones.

use tella_nn::NnError;
use tella_nn::conv::Backend;
use tella_nn::layers::{AttentionOptions, HyenaOptions, SwiGluOptions};
use tella_nn::stack::{Declaration, LayerOptions, NormKind, Precision};

fn wrong(yaml: &str) -> String {
    Declaration::from_yaml(yaml, "stack.yaml").expect_err("it should be refused").to_string()
}

#[test]
fn a_stack_and_its_defaults() {
    let yaml = "layers: [hyena, swiglu, attention: {window: 32}, swiglu]\nwidth: 128\nheads: 16\n";
    let found = Declaration::from_yaml(yaml, "stack.yaml").unwrap();
    let swiglu = LayerOptions::SwiGlu(SwiGluOptions { inner: None, dropout: 0.0 });
    let attention = AttentionOptions { heads: 16, rotary: 8, window: Some(32), dropout: 0.0 };
    let expected = Declaration {
        layers: vec![
            LayerOptions::Hyena(HyenaOptions::default()),
            swiglu.clone(),
            LayerOptions::Attention(attention),
            swiglu,
        ],
        width: 128,
        depth: 1,
        max_length: 1024,
        norm: NormKind::Rms,
        convolution: Backend::Fft,
        precision: Precision::Full,
        lane_memory: 64 << 20,
    };
    assert_eq!(found, expected);
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_place() {
    let yaml = "\
layers:
  - hyna
  - attention:
      haeds: 4
      window: -1
  - long-conv: {init: decya, smooth: 4}
  - 7
  - swiglu: 3
width: 100
deph: 2
norm: batch
";
    let expected = "\
stack.yaml:2:5: there is no layer `hyna`
  hint: did you mean `hyena`?
stack.yaml:3:5: 16 heads do not divide the width 100
  hint: `heads: 10` does
stack.yaml:4:7: `attention` has no option `haeds`
  hint: did you mean `heads`?
stack.yaml:5:15: `window` of `attention` is a whole number from 0 to 1023, not -1
stack.yaml:6:23: `init` of `long-conv` is one of `random`, `decay`, not `decya`
  hint: did you mean `decay`?
stack.yaml:6:38: `smooth` counts taps around one: it is odd
stack.yaml:7:5: a layer's name is expected here, not 7
stack.yaml:8:13: a layer's options are a mapping, not 3
  hint: as in `attention: {heads: 8}`
stack.yaml:10:1: a stack has no option `deph`
  hint: did you mean `depth`?
stack.yaml:11:7: `norm` of a stack is one of `rms`, `layer`, not `batch`";
    assert_eq!(wrong(yaml), expected);
}

#[test]
fn texts_that_declare_nothing() {
    assert_eq!(
        wrong("[hyena]"),
        "stack.yaml:1:1: a stack is a mapping with `layers`, not a list\n  hint: as in `layers: [hyena, swiglu]`"
    );
    assert_eq!(
        wrong("width: 8"),
        "stack.yaml:1:1: a stack needs `layers`, a list of their names\n  hint: as in `layers: [hyena, swiglu]`"
    );
    assert!(wrong("layers: [").starts_with("stack.yaml:1:"));
    assert!(
        wrong("layers: [hyena]\nwidth: 8\nwidth: 9\n")
            .starts_with("stack.yaml:3:1: not valid YAML: duplicate")
    );
    assert!(wrong("").starts_with("stack.yaml:1:1: "));
}

#[test]
fn memory_of_a_lane_is_limited() {
    let yaml = "{layers: [hyena], width: 8, max_length: 4096, lane_memory: 0.5}";
    let declaration = Declaration::from_yaml(yaml, "stack.yaml").unwrap();
    let store = tch::nn::VarStore::new(tch::Device::Cpu);
    let error = tella_nn::Stack::new(&tella_nn::Params::new(&store, 0), &declaration).unwrap_err();
    // 32 channels of two rings of 4,096 numbers, and two inputs of 96 channels.
    let expected = 32 * 2 * 4096 * 4 + 96 * 2 * 4;
    assert!(
        matches!(error, NnError::Memory { needed, limit } if needed == expected && limit == 1 << 19),
        "{error}"
    );
}
