//! Every layer against its definition, written as plain loops over numbers in double precision.

use crate::common::{device, difference, normal, single_threaded};
use crate::loops::{
    Rows, Weights, convolve, gelu, gelu_tanh, glu, hyena_filter, rms, sigmoid, silu, softmax,
    softplus,
};
use std::f64::consts::PI;
use tch::nn::VarStore;
use tch::{Kind, Tensor};
use tella_nn::conv::Backend;
use tella_nn::layers::*;
use tella_nn::{Layer, Params, PositionWise};

const WIDTH: usize = 8;
const LENGTH: usize = 19;

/// Taps of filters: more than the input is long, so that time is counted against these.
const TAPS: usize = 31;

const SHAPE: Shape = Shape { width: WIDTH as i64, max_length: TAPS as i64, backend: Backend::Fft };

/// Convolutions as matrix products, for layers that have a form of their own then.
const BY_MATRIX: Shape = Shape { backend: Backend::Toeplitz, ..SHAPE };

/// Compares a layer with `expected`, which is given its weights and an input.
fn check<L: Layer>(
    make: impl FnOnce(&Params<'_>) -> L,
    expected: impl FnOnce(&Weights, &Rows) -> Rows,
) {
    single_threaded();
    let mut store = VarStore::new(device());
    store.set_kind(Kind::Double);
    let layer = make(&Params::new(&store, 4));
    let x = normal(6, &[1, LENGTH as i64, WIDTH as i64], Kind::Double);
    let found = tch::no_grad(|| layer.parallel(&x, None, false));
    let rows: Rows = (0..LENGTH as i64)
        .map(|t| Vec::try_from(x.get(0).get(t).to_device(tch::Device::Cpu)).unwrap())
        .collect();
    let expected: Vec<f64> = expected(&Weights::of(&store), &rows).concat();
    let off = difference(&found.flatten(0, 2), &Tensor::from_slice(&expected));
    assert!(off < 1e-10, "{layer:?}: {off}");
}

/// Projections that `groups` channels share, then the short convolution.
fn gates(w: &Weights, x: &Rows, groups: usize) -> Rows {
    w.short_conv("short", &x.iter().map(|x| w.map("project_in", x).repeat(groups)).collect())
}

#[test]
fn hyena() {
    for (order, shape) in [(2, SHAPE), (3, SHAPE), (4, SHAPE), (2, BY_MATRIX), (4, BY_MATRIX)] {
        let options = HyenaOptions {
            order,
            inner_factor: 2,
            projection_groups: 2,
            ..HyenaOptions::default()
        };
        check(
            |params| Hyena::new(params, shape, &options),
            |w, x| {
                let inner = 2 * WIDTH;
                let mixed = gates(w, x, 2);
                let part = |t: usize, i: usize| &mixed[t][i * inner..(i + 1) * inner];
                let times = |v: Rows, i: usize| -> Rows {
                    let gated = |(t, v): (usize, &Vec<f64>)| {
                        v.iter().zip(part(t, i)).map(|(v, x)| v * x).collect()
                    };
                    v.iter().enumerate().map(gated).collect()
                };
                let order = order as usize;
                let mut v: Rows = (0..LENGTH).map(|t| part(t, order).to_vec()).collect();
                for i in (1..order).rev() {
                    let gated = times(v, i);
                    let taps = hyena_filter(w, &format!("filter{i}."), inner, TAPS, 4);
                    v = convolve(&gated, &taps, w.vector(&format!("skip{i}")));
                }
                times(v, 0).iter().map(|v| w.map("project_out", v)).collect()
            },
        );
    }
}

#[test]
fn multi_head_hyena() {
    let options =
        MultiHeadHyenaOptions { heads: 4, filter_order: 3, short_filter: 3, projection_groups: 4 };
    for shape in [SHAPE, BY_MATRIX] {
        check(
            |params| MultiHeadHyena::new(params, shape, &options),
            |w, x| {
                let (heads, filters) = (4, WIDTH / 4);
                let mixed = gates(w, x, 4);
                let at = |t: usize, part: usize, h: usize, d: usize| {
                    mixed[t][part * WIDTH + h * heads + d]
                };
                let (taps, skip) = (hyena_filter(w, "filter.", filters, TAPS, 3), w.vector("skip"));
                let mut y = vec![vec![0.0; WIDTH]; LENGTH];
                for h in 0..filters {
                    for (a, b) in (0..heads).flat_map(|a| (0..heads).map(move |b| (a, b))) {
                        let z: Rows =
                            (0..LENGTH).map(|t| vec![at(t, 2, h, a) * at(t, 1, h, b)]).collect();
                        let z = convolve(&z, &taps[h..=h], &skip[h..=h]);
                        for t in 0..LENGTH {
                            y[t][h * heads + b] += at(t, 0, h, a) * z[t][0];
                        }
                    }
                }
                y.iter().map(|y| w.map("project_out", y)).collect()
            },
        );
    }
}

#[test]
fn long_conv() {
    let options = LongConvOptions { squash: 0.001, smooth: 3, ..LongConvOptions::default() };
    check(
        |params| LongConv::new(params, SHAPE, &options),
        |w, x| {
            let (kernel, skip) = (w.vector("kernel"), w.vector("skip"));
            let raw = |c: usize, h: usize, j: isize| match usize::try_from(j) {
                Ok(j) if j < TAPS => kernel[(c * WIDTH + h) * TAPS + j],
                _ => 0.0,
            };
            let tap = |c: usize, h: usize, j: usize| {
                let mean = (-1..=1).map(|o| raw(c, h, j as isize + o)).sum::<f64>() / 3.0;
                mean.signum() * (mean.abs() - 0.001).max(0.0)
            };
            let copies: Vec<Rows> = (0..2)
                .map(|c| {
                    let taps: Rows =
                        (0..WIDTH).map(|h| (0..TAPS).map(|j| tap(c, h, j)).collect()).collect();
                    convolve(x, &taps, &skip[c * WIDTH..(c + 1) * WIDTH])
                })
                .collect();
            let all = |t: usize| -> Vec<f64> {
                copies.iter().flat_map(|y| y[t].iter().map(|v| gelu(*v))).collect()
            };
            (0..LENGTH).map(|t| glu(&w.map("project_out", &all(t)))).collect()
        },
    );
}

#[test]
fn squash_leaves_most_small_taps_at_zero() {
    // Normal draws of deviation .002: the share nearer to zero than .003 is erf(1.5 / sqrt 2) = .866.
    single_threaded();
    let store = VarStore::new(device());
    let options = LongConvOptions { squash: 0.003, ..LongConvOptions::default() };
    let shape = Shape { max_length: 1024, ..SHAPE };
    let layer = LongConv::new(&Params::new(&store, 4), shape, &options);
    let near = store.variables()["kernel"]
        .abs()
        .le(0.003)
        .to_kind(Kind::Double)
        .mean(None)
        .double_value(&[]);
    assert!((near - 0.866).abs() < 0.01, "{near}");
    // Such taps have no gradient.
    let x = normal(1, &[1, 1024, 8], Kind::Float);
    layer.parallel(&x, None, false).sum(Kind::Float).backward();
    let gradient = store.variables()["kernel"].grad();
    let still = gradient.eq(0.0).to_kind(Kind::Double).mean(None).double_value(&[]);
    assert!((still - near).abs() < 1e-3, "{still}");
}

#[test]
fn s4d() {
    let options = S4dOptions { states: 6, ..S4dOptions::default() };
    check(
        |params| S4d::new(params, SHAPE, &options),
        |w, x| {
            let (log_dt, decay, turn) = (w.vector("log_dt"), w.vector("decay"), w.vector("turn"));
            let (c, skip) = (w.vector("c"), w.vector("skip"));
            let mut y = vec![vec![0.0; WIDTH]; LENGTH];
            for h in 0..WIDTH {
                for n in 0..3 {
                    let at = h * 3 + n;
                    assert_eq!(turn[at], n as f64 * PI);
                    let (dt, re, im) = (log_dt[h].exp(), -decay[at].exp(), turn[at]);
                    // exp(dt A), and (exp(dt A) - 1) / A
                    let power =
                        ((dt * re).exp() * (dt * im).cos(), (dt * re).exp() * (dt * im).sin());
                    let norm = re * re + im * im;
                    let less = (power.0 - 1.0, power.1);
                    let input =
                        ((less.0 * re + less.1 * im) / norm, (less.1 * re - less.0 * im) / norm);
                    let mut s = (0.0, 0.0);
                    for t in 0..LENGTH {
                        let u = x[t][h];
                        s = (
                            power.0 * s.0 - power.1 * s.1 + input.0 * u,
                            power.0 * s.1 + power.1 * s.0 + input.1 * u,
                        );
                        y[t][h] += 2.0 * (c[2 * at] * s.0 - c[2 * at + 1] * s.1);
                    }
                }
                (0..LENGTH).for_each(|t| y[t][h] += skip[h] * x[t][h]);
            }
            y.iter()
                .map(
                    |y| glu(&w.map("project_out", &y.iter().map(|v| gelu(*v)).collect::<Vec<_>>())),
                )
                .collect()
        },
    );
}

#[test]
fn attention() {
    for (rotary, window) in [(0, None), (4, None), (2, Some(3)), (4, Some(0))] {
        let options = AttentionOptions { heads: 2, rotary, window, dropout: 0.0 };
        check(
            |params| Attention::new(params, SHAPE, &options),
            |w, x| {
                let (head, half) = (WIDTH / 2, rotary as usize / 2);
                let all: Rows = x.iter().map(|x| w.map("project_in", x)).collect();
                let part = |t: usize, which: usize, h: usize| {
                    let mut part = all[t][which * WIDTH + h * head..][..head].to_vec();
                    for i in 0..if which < 2 { half } else { 0 } {
                        let angle = t as f64 * 10_000_f64.powf(-2.0 * i as f64 / rotary as f64);
                        let (a, b) = (part[i], part[i + half]);
                        part[i] = a * angle.cos() - b * angle.sin();
                        part[i + half] = a * angle.sin() + b * angle.cos();
                    }
                    part
                };
                let at = |t: usize| -> Vec<f64> {
                    let from = t.saturating_sub(window.map_or(TAPS, |window| window as usize));
                    let head = |h: usize| {
                        let query = part(t, 0, h);
                        let score = |i: usize| {
                            let dot: f64 =
                                query.iter().zip(part(i, 1, h)).map(|(q, k)| q * k).sum();
                            dot / (head as f64).sqrt()
                        };
                        let weights = softmax(&(from..=t).map(score).collect::<Vec<_>>());
                        let mut y = vec![0.0; head];
                        for (i, weight) in (from..).zip(weights) {
                            y.iter_mut().zip(part(i, 2, h)).for_each(|(y, v)| *y += weight * v);
                        }
                        y
                    };
                    w.map("project_out", &[head(0), head(1)].concat())
                };
                (0..LENGTH).map(at).collect()
            },
        );
    }
}

#[test]
fn linear_attention() {
    for feature in [Feature::Elu, Feature::ElementwiseProduct] {
        let options = LinearAttentionOptions { heads: 2, feature };
        check(
            |params| LinearAttention::new(params, SHAPE, &options),
            |w, x| {
                let head = WIDTH / 2;
                let featured = |of: &str, part: &[f64]| -> Vec<f64> {
                    if feature == Feature::Elu {
                        return part
                            .iter()
                            .map(|x| if *x > 0.0 { x + 1.0 } else { x.exp() })
                            .collect();
                    }
                    let map = |n: &str| w.map(&format!("{of}_feature_{n}"), part);
                    map("a").iter().zip(map("b")).map(|(a, b)| a * b).collect()
                };
                let mut y = vec![vec![0.0; WIDTH]; LENGTH];
                for h in 0..2 {
                    let (mut products, mut keys) = (vec![vec![0.0; head]; head], vec![0.0; head]);
                    for t in 0..LENGTH {
                        let part = |of: &str| w.map(of, &x[t])[h * head..(h + 1) * head].to_vec();
                        let (q, k) =
                            (featured("query", &part("query")), featured("key", &part("key")));
                        let v = part("value");
                        for i in 0..head {
                            keys[i] += k[i];
                            (0..head).for_each(|j| products[i][j] += k[i] * v[j]);
                        }
                        let divisor: f64 =
                            q.iter().zip(&keys).map(|(q, k)| q * k).sum::<f64>() + 1e-12;
                        for j in 0..head {
                            y[t][h * head + j] =
                                (0..head).map(|i| q[i] * products[i][j]).sum::<f64>() / divisor;
                        }
                    }
                }
                y.iter().map(|y| w.map("project_out", y)).collect()
            },
        );
    }
}

#[test]
fn gated_linear_attention() {
    let options = GatedLinearAttentionOptions { heads: 2, gate_rank: 3 };
    check(
        |params| GatedLinearAttention::new(params, SHAPE, &options),
        |w, x| {
            let head = WIDTH / 2;
            let mut o = vec![Vec::new(); LENGTH];
            for h in 0..2 {
                let mut memory = vec![vec![0.0; head]; head];
                for t in 0..LENGTH {
                    let part = |all: Vec<f64>| all[h * head..(h + 1) * head].to_vec();
                    let of = |name: &str| part(w.map(name, &x[t]));
                    let (q, k, v) = (of("query"), of("key"), of("value"));
                    let fade = part(w.map("fade_up", &w.map("fade_down", &x[t])));
                    for i in 0..head {
                        let keep = sigmoid(fade[i]).powf(1.0 / 16.0);
                        (0..head).for_each(|j| memory[i][j] = keep * memory[i][j] + k[i] * v[j]);
                    }
                    let sum = |j: usize| {
                        (0..head).map(|i| q[i] * memory[i][j]).sum::<f64>() / (head as f64).sqrt()
                    };
                    o[t].extend(rms(
                        &(0..head).map(sum).collect::<Vec<_>>(),
                        w.vector("norm.scale"),
                    ));
                }
            }
            let gated = |t: usize| -> Vec<f64> {
                o[t].iter().zip(w.map("gate", &x[t])).map(|(o, gate)| o * silu(gate)).collect()
            };
            (0..LENGTH).map(|t| w.map("project_out", &gated(t))).collect()
        },
    );
}

#[test]
fn selective_ssm() {
    let options = SelectiveSsmOptions { states: 3, short_filter: 4, expand: 2 };
    check(
        |params| SelectiveSsm::new(params, SHAPE, &options),
        |w, x| {
            let (inner, rank, states) = (2 * WIDTH, 1, 3);
            let all: Rows = x.iter().map(|x| w.map("project_in", x)).collect();
            let u = w.short_conv("short", &all.iter().map(|all| all[..inner].to_vec()).collect());
            let u: Rows = u.iter().map(|u| u.iter().map(|u| silu(*u)).collect()).collect();
            let (decay, skip, bias) = (w.vector("decay"), w.vector("skip"), w.vector("step_bias"));
            let begun: Vec<f64> = bias.iter().map(|b| softplus(*b)).collect();
            assert!(begun.iter().all(|dt| (0.0009..0.101).contains(dt)), "{begun:?}");
            let mut hidden = vec![vec![0.0; states]; inner];
            let at = |t: usize| -> Vec<f64> {
                let selected = w.map("select", &u[t]);
                let dt = w.map("step_size", &selected[..rank]);
                let channel = |e: usize| {
                    let dt = softplus(dt[e] + bias[e]);
                    let mut y = skip[e] * u[t][e];
                    for n in 0..states {
                        let (b, c) = (selected[rank + n], selected[rank + states + n]);
                        let keep = (-dt * decay[e * states + n].exp()).exp();
                        hidden[e][n] = keep * hidden[e][n] + dt * b * u[t][e];
                        y += c * hidden[e][n];
                    }
                    y * silu(all[t][inner + e])
                };
                w.map("project_out", &(0..inner).map(channel).collect::<Vec<_>>())
            };
            (0..LENGTH).map(at).collect()
        },
    );
}

#[test]
fn swiglu() {
    check(
        |params| SwiGlu::new(params, WIDTH as i64, &SwiGluOptions::default()),
        |w, x| {
            assert_eq!(w.map("gate", &x[0]).len(), 32, "8/3 of 8, rounded up to 16s");
            let inner = |x: &Vec<f64>| -> Vec<f64> {
                w.map("gate", x)
                    .iter()
                    .zip(w.map("up", x))
                    .map(|(gate, up)| silu(*gate) * up)
                    .collect()
            };
            x.iter().map(|x| w.map("down", &inner(x))).collect()
        },
    );
}

#[test]
fn mlp() {
    check(
        |params| {
            Mlp::new(params, WIDTH as i64, &MlpOptions { bias: true, ..MlpOptions::default() })
        },
        |w, x| {
            let inner = |x| -> Vec<f64> { w.map("up", x).iter().map(|v| gelu_tanh(*v)).collect() };
            x.iter().map(|x| w.map("down", &inner(x))).collect()
        },
    );
}

#[test]
fn experts() {
    let options = ExpertsOptions { experts: 5, active: 2, inner: 3 };
    check(
        |params| Experts::new(params, WIDTH as i64, &options),
        |w, x| {
            let down = w.vector("down");
            let at = |x: &Vec<f64>| {
                let scores = w.map("router", x);
                let mut order: Vec<usize> = (0..5).collect();
                order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
                let weights = softmax(&[scores[order[0]], scores[order[1]]]);
                let (gate, up) = (w.map("gate", x), w.map("up", x));
                let mut y = vec![0.0; WIDTH];
                for (e, weight) in order.into_iter().zip(weights) {
                    for i in 3 * e..3 * (e + 1) {
                        let value = weight * gelu_tanh(gate[i]) * up[i];
                        (0..WIDTH).for_each(|d| y[d] += value * down[i * WIDTH + d]);
                    }
                }
                y
            };
            x.iter().map(at).collect()
        },
    );
}

#[test]
fn norms() {
    let make = |params: &Params<'_>| Norm::rms(params, WIDTH as i64);
    check(make, |w, x| x.iter().map(|x| rms(x, w.vector("scale"))).collect());
    // libtorch has both.
    let store = VarStore::new(device());
    let (x, scale) = (normal(1, &[3, 8], Kind::Float), normal(2, &[8], Kind::Float));
    let with_scale = |norm: Norm, name: &str| {
        tch::no_grad(|| store.variables()[name].shallow_clone().copy_(&scale));
        norm.apply(&x, false)
    };
    let params = Params::new(&store, 1);
    let rms = with_scale(Norm::rms(&params.sub("a"), 8), "a.scale");
    assert!(difference(&rms, &x.internal_fused_rms_norm([8], Some(&scale), 1e-5).0) < 1e-6);
    let layer = with_scale(Norm::layer(&params.sub("b"), 8), "b.scale");
    let (mean, variance) =
        (x.mean_dim([-1].as_slice(), true, None), x.var_dim([-1].as_slice(), false, true));
    assert!(difference(&layer, &((&x - mean) / (variance + 1e-5).sqrt() * &scale)) < 1e-6);
}

#[test]
fn attention_is_libtorch_s_own() {
    // Without turning: the fused product of PyTorch's `scaled_dot_product_attention`, causal.
    single_threaded();
    let store = VarStore::new(device());
    let options = AttentionOptions { heads: 2, rotary: 0, window: None, dropout: 0.0 };
    let layer = Attention::new(&Params::new(&store, 1), SHAPE, &options);
    let (x, w) = (normal(1, &[2, 12, 8], Kind::Float), store.variables());
    let all = x.linear(&w["project_in.weight"], Some(&w["project_in.bias"]));
    let part = |i: i64| all.narrow(-1, 8 * i, 8).reshape([2, 12, 2, 4]).transpose(1, 2);
    let none = None::<&Tensor>;
    let y = Tensor::scaled_dot_product_attention(
        &part(0),
        &part(1),
        &part(2),
        none,
        0.0,
        true,
        None,
        false,
    );
    let y = y
        .transpose(1, 2)
        .flatten(2, 3)
        .linear(&w["project_out.weight"], Some(&w["project_out.bias"]));
    assert!(difference(&layer.parallel(&x, None, false), &y) < 1e-6);
}
