//! Spaces: samples against gym 0.23.1's own, and what holds of every space.

use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use tella_envs::{Batch, BoxSpace, Dtype, Leaf, Space};
use tella_reference::{Stack, scripts};
use tella_rng::Generator;

fn boxed(low: &[f64], high: &[f64], shape: &[usize], dtype: Dtype) -> Space {
    Space::Box(BoxSpace { low: low.to_vec(), high: high.to_vec(), shape: shape.to_vec(), dtype })
}

/// The space as the script wants it.
fn describe(space: &Space) -> Value {
    let bound = |x: &f64| if x.is_finite() { json!(x) } else { json!(x.to_string()) };
    match space {
        Space::Box(b) => {
            let bounds = |v: &[f64]| v.iter().map(bound).collect::<Value>();
            json!({"box": {
                "low": bounds(&b.low), "high": bounds(&b.high),
                "shape": b.shape, "dtype": b.dtype.to_string(),
            }})
        }
        Space::Discrete { n, start } => json!({"discrete": {"n": n, "start": start}}),
        Space::MultiDiscrete { nvec } => json!({"multi_discrete": nvec}),
        Space::MultiBinary { shape } => json!({"multi_binary": shape}),
        Space::Tuple(parts) => json!({"tuple": parts.iter().map(describe).collect::<Vec<_>>()}),
        Space::Dict(parts) => {
            let parts = parts.iter().map(|(key, part)| (key.clone(), describe(part)));
            json!({"dict": Value::Object(parts.collect())})
        }
        Space::Text { min_length, max_length, charset } => {
            json!({"text": {"min": min_length, "max": max_length, "charset": charset}})
        }
    }
}

fn gym_samples(cases: &[(Space, u64)], count: usize) -> Vec<Vec<Value>> {
    let cases: Vec<Value> = cases
        .iter()
        .map(|(space, seed)| json!({"space": describe(space), "seed": seed, "count": count}))
        .collect();
    let mut child = Command::new(Stack::L2M.python())
        .arg(scripts().join("envs_spaces.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    let input = serde_json::to_vec(&cases).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One space of each kind that has a way of drawing of its own.
fn spaces() -> Vec<Space> {
    use Dtype::*;
    let inf = f64::INFINITY;
    // Every way for an element to be bounded, mixed: the draws go by kind of bound.
    let low = [-inf, 0.1, -inf, -1.0, 2.5, -inf];
    let high = [inf, inf, 0.3, 1.0, 7.0, inf];
    let whole_low = [-inf, 3.0, -inf, -1.0, 2.0, -7.0];
    let whole_high = [inf, inf, 5.0, 1.0, 9.0, -7.0];
    let leaves = vec![
        boxed(&low, &high, &[6], Float32),
        boxed(&low, &high, &[2, 3], Float64),
        boxed(&whole_low, &whole_high, &[3, 2], Int64),
        boxed(&[0.2], &[0.3], &[], Float32),
        Space::uniform_box(0.0, 255.0, &[4, 3, 2], Uint8),
        Space::uniform_box(3.0, 7.0, &[5], Uint8),
        Space::uniform_box(-f32::MAX as f64, f32::MAX as f64, &[3], Float32),
        Space::discrete(1),
        Space::discrete(6),
        Space::Discrete { n: 5_000_000_000, start: -7 },
        Space::MultiDiscrete { nvec: vec![1, 5, 1000] },
        Space::MultiBinary { shape: vec![7] },
        Space::MultiBinary { shape: vec![2, 4] },
        Space::Text { min_length: 0, max_length: 9, charset: "zyxäöü €".into() },
    ];
    let nested = Space::Tuple(vec![
        leaves[0].clone(),
        Space::Dict(vec![
            ("bits".into(), leaves[11].clone()),
            ("inner".into(), Space::Tuple(vec![leaves[8].clone(), leaves[3].clone()])),
            ("pair".into(), leaves[10].clone()),
        ]),
        leaves[6].clone(),
    ]);
    leaves.into_iter().chain([nested]).collect()
}

#[test]
fn samples_equal_gyms() {
    let seeds = [0, 1, 2, u64::MAX];
    let cases: Vec<(Space, u64)> =
        spaces().into_iter().flat_map(|s| seeds.map(|seed| (s.clone(), seed))).collect();
    let count = 50;
    for ((space, seed), theirs) in cases.iter().zip(gym_samples(&cases, count)) {
        let mut rng = Generator::new(*seed);
        let mut batch = Batch::new(space, 1);
        for (i, sample) in theirs.iter().enumerate() {
            space.sample(&mut rng, &mut batch.lane_mut(0));
            let ours = space.to_json(batch.lane(0));
            assert_eq!(ours, *sample, "{space}, seed {seed}, sample {i}");
        }
    }
}

fn scene() -> Space {
    Space::Dict(vec![
        ("direction".into(), Space::discrete(4)),
        ("image".into(), Space::uniform_box(0.0, 10.0, &[2, 3], Dtype::Uint8)),
        ("mission".into(), Space::Text { min_length: 1, max_length: 4, charset: "abc".into() }),
        ("speed".into(), Space::uniform_box(-1.0, 1.0, &[], Dtype::Float32)),
    ])
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let good =
        json!({"direction": 3, "image": [[1, 2, 3], [4, 5, 6]], "mission": "ab", "speed": 0.5});
    let cases = [
        ("direction", json!(4), "direction: 4 is outside 0 to 3"),
        ("direction", json!(1.5), "direction: expected an integer, found 1.5"),
        ("image", json!([[1, 2, 3], [4, 50, 6]]), "image[1][1]: 50 is outside 0 to 10"),
        ("image", json!([[1, 2, 3], [4, 5]]), "image[1]: expected 3 elements, found 2"),
        ("image", json!([[1, 2, 3], 7]), "image[1]: expected a list of 3 elements, found 7"),
        (
            "image",
            json!([[1, 2, 300], [4, 5, 6]]),
            "image[0][2]: expected an integer from 0 to 255, found 300",
        ),
        ("mission", json!("abcab"), "mission: 5 characters; allowed are 1 to 4"),
        ("mission", json!("abd"), "mission: the character 'd' is not one of \"abc\""),
        ("mission", json!(1), "mission: expected a string, found 1"),
        ("speed", json!("NaN"), "speed: NaN is not a number"),
        ("speed", json!(-1.5), "speed: -1.5 is outside -1 to 1"),
        (
            "missoin",
            json!(0),
            "unknown key `missoin` (did you mean `mission`?); \
             the keys are direction, image, mission, speed",
        ),
    ];
    let space = scene();
    let mut batch = Batch::new(&space, 1);
    assert_eq!(space.from_json(&good, &mut batch.lane_mut(0)), Ok(()));
    assert_eq!(space.to_json(batch.lane(0)), good);
    for (key, value, expected) in cases {
        let mut bad = good.clone();
        bad[key] = value;
        let error = space.from_json(&bad, &mut batch.lane_mut(0)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = space.from_json(&json!({"direction": 1}), &mut batch.lane_mut(0)).unwrap_err();
    assert_eq!(error.to_string(), "image: this key is missing");
}

#[test]
fn an_array_of_one_element_needs_no_brackets() {
    let space = Space::uniform_box(-1.0, 1.0, &[1], Dtype::Float32);
    let mut batch = Batch::new(&space, 1);
    for value in [json!(-0.5), json!([-0.5])] {
        space.from_json(&value, &mut batch.lane_mut(0)).unwrap();
        assert_eq!(batch.lane(0).f32(0), [-0.5]);
    }
}

#[test]
fn bounds_are_those_of_the_element_type() {
    // 0.1 rounded to 32 bits lies above 0.1: the box holds what its bounds round to.
    let space = Space::uniform_box(0.1, 0.1, &[1], Dtype::Float32);
    let mut batch = Batch::new(&space, 1);
    batch.lane_mut(0).f32(0)[0] = 0.1;
    assert!(space.contains(batch.lane(0)));
    // 2^53 + 1 has no 64-bit float; the box of integers still ends at 2^53.
    let end = 2f64.powi(53);
    let space = Space::uniform_box(0.0, end, &[1], Dtype::Int64);
    let mut batch = Batch::new(&space, 1);
    for (value, inside) in [(1i64 << 53, true), ((1 << 53) + 1, false), (-1, false)] {
        batch.lane_mut(0).i64(0)[0] = value;
        assert_eq!(space.contains(batch.lane(0)), inside, "{value}");
    }
    let space = Space::uniform_box(f64::NEG_INFINITY, f64::INFINITY, &[1], Dtype::Int64);
    for value in [i64::MIN, i64::MAX] {
        batch.lane_mut(0).i64(0)[0] = value;
        assert!(space.contains(batch.lane(0)));
    }
    let space = Space::uniform_box(f64::NEG_INFINITY, f64::INFINITY, &[1], Dtype::Float64);
    let mut batch = Batch::new(&space, 1);
    for (value, inside) in [(f64::INFINITY, true), (f64::NAN, false)] {
        batch.lane_mut(0).f64(0)[0] = value;
        assert_eq!(space.contains(batch.lane(0)), inside, "{value}");
    }
}

fn leaf() -> impl Strategy<Value = Space> {
    let shape = prop::collection::vec(1usize..4, 0..3);
    let dtype = prop_oneof![
        Just(Dtype::Uint8),
        Just(Dtype::Int64),
        Just(Dtype::Float32),
        Just(Dtype::Float64)
    ];
    prop_oneof![
        (shape.clone(), dtype, 0u8..100, 0u8..100).prop_map(|(shape, dtype, low, width)| {
            Space::uniform_box(low as f64, low as f64 + width as f64, &shape, dtype)
        }),
        (1i64..50, -20i64..20).prop_map(|(n, start)| Space::Discrete { n, start }),
        prop::collection::vec(1i64..9, 1..5).prop_map(|nvec| Space::MultiDiscrete { nvec }),
        shape.prop_map(|shape| Space::MultiBinary { shape }),
        (0usize..4, 0usize..5).prop_map(|(min_length, more)| Space::Text {
            min_length,
            max_length: min_length + more,
            charset: "abcäöü €".into(),
        }),
    ]
}

fn space() -> impl Strategy<Value = Space> {
    leaf().prop_recursive(3, 12, 4, |part| {
        let parts = prop::collection::vec(part, 1..4);
        prop_oneof![
            parts.clone().prop_map(Space::Tuple),
            parts.prop_map(|parts| {
                let keys = ["a", "b", "c"].map(String::from);
                Space::Dict(keys.into_iter().zip(parts).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_sample_lies_in_its_space_and_survives_json(space in space(), seed: u64) {
        let mut batch = Batch::new(&space, 3);
        space.sample(&mut Generator::new(seed), &mut batch.lane_mut(1));
        prop_assert_eq!(space.check(batch.lane(1)), Ok(()));
        let json = space.to_json(batch.lane(1));
        let text: Value = serde_json::from_str(&json.to_string()).unwrap();
        space.from_json(&text, &mut batch.lane_mut(2)).unwrap();
        prop_assert_eq!(space.to_json(batch.lane(2)), json);
        let untouched = Batch::new(&space, 1);
        prop_assert_eq!(space.to_json(batch.lane(0)), space.to_json(untouched.lane(0)));
    }

    #[test]
    fn lanes_of_one_space_are_told_from_those_of_another(a in space(), b in space(), seed: u64) {
        let mut batch = Batch::new(&a, 1);
        a.sample(&mut Generator::new(seed), &mut batch.lane_mut(0));
        // Never a panic; a value accepted by both has the same form in both.
        let form = |batch: &Batch| -> Vec<(usize, std::mem::Discriminant<Leaf>)> {
            let widths = batch.layout().leaves.iter().map(|leaf| leaf.width);
            widths.zip(batch.leaves().iter().map(std::mem::discriminant)).collect()
        };
        if b.contains(batch.lane(0)) {
            prop_assert_eq!(form(&Batch::new(&b, 1)), form(&batch));
        }
    }
}
