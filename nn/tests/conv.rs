//! The convolution's backends against the sum written as loops, and against each other.
#![cfg(feature = "torch")]

mod common;

use common::{check_gradient, device, difference, normal, single_threaded};
use tch::{Device, Kind, Tensor};
use tella_nn::conv::{Backend, Online};

const ALL: [Backend; 6] = [
    Backend::Direct,
    Backend::Fft,
    Backend::Monarch { order: 2 },
    Backend::Monarch { order: 3 },
    Backend::Monarch { order: 4 },
    Backend::Toeplitz,
];

/// The definition, in double precision: u (B, H, L), k (H, K).
fn by_loops(u: &Tensor, k: &Tensor) -> Tensor {
    let (size, taps) = (u.size(), k.size()[1]);
    let y = Tensor::zeros(&size, (Kind::Double, Device::Cpu));
    for b in 0..size[0] {
        for h in 0..size[1] {
            let row = |t: Tensor| {
                Vec::<f64>::try_from(t.to_kind(Kind::Double).to_device(Device::Cpu)).unwrap()
            };
            let (u, k) = (row(u.get(b).get(h)), row(k.get(h)));
            let sum =
                |t: usize| (0..=t).filter(|j| *j < taps as usize).map(|j| k[j] * u[t - j]).sum();
            let values: Vec<f64> = (0..u.len()).map(sum).collect();
            y.get(b).get(h).copy_(&Tensor::from_slice(&values));
        }
    }
    y
}

#[test]
fn all_backends_compute_the_definition() {
    single_threaded();
    for (length, taps) in [
        (1, 1),
        (2, 5),
        (5, 5),
        (31, 31),
        (64, 64),
        (100, 70),
        (257, 257),
        (600, 600),
        (300, 5),
        (256, 64),
    ] {
        let (u, k) =
            (normal(1, &[2, 3, length], Kind::Double), normal(2, &[3, taps], Kind::Double));
        let expected = by_loops(&u, &k);
        for backend in ALL {
            let found = difference(&backend.causal(&u, &k), &expected);
            assert!(found < 1e-12, "{backend:?} {length} {taps}: {found}");
            let found = backend.causal(&u.to_kind(Kind::Float), &k.to_kind(Kind::Float));
            assert_eq!(found.kind(), Kind::Float);
            let found = difference(&found, &expected);
            assert!(found < 1e-5, "{backend:?} {length} {taps} in single precision: {found}");
            let half = backend.causal(&u.to_kind(Kind::BFloat16), &k.to_kind(Kind::BFloat16));
            assert_eq!(half.kind(), Kind::BFloat16);
            assert!(difference(&half, &expected) < 0.02);
        }
    }
}

#[test]
fn kernels_are_broadcast() {
    single_threaded();
    let (u, k) = (normal(1, &[2, 4, 3, 50], Kind::Double), normal(2, &[3, 50], Kind::Double));
    let each: Vec<Tensor> = (0..4).map(|g| by_loops(&u.select(1, g), &k)).collect();
    for backend in ALL {
        assert!(
            difference(&backend.causal(&u, &k), &Tensor::stack(&each, 1)) < 1e-12,
            "{backend:?}"
        );
    }
}

#[test]
fn gradients() {
    single_threaded();
    for backend in ALL {
        for taps in [37, 4] {
            let u = normal(1, &[2, 3, 37], Kind::Double).set_requires_grad(true);
            let k = normal(2, &[3, taps], Kind::Double).set_requires_grad(true);
            let of = [("u".to_owned(), u.shallow_clone()), ("k".to_owned(), k.shallow_clone())];
            check_gradient(&|| backend.causal(&u, &k), &of);
            check_gradient(&|| backend.low_pass(&u, &k, 128, 11), &of);
        }
    }
}

#[test]
fn nothing_comes_from_the_future() {
    single_threaded();
    for backend in ALL {
        for length in [7, 50, 97] {
            for taps in [length, 3] {
                let u = normal(1, &[1, 2, length], Kind::Float).set_requires_grad(true);
                let y = backend.causal(&u, &normal(2, &[2, taps], Kind::Float));
                let t = length / 2;
                let gradient = &Tensor::run_backward(
                    &[y.narrow(-1, 0, t + 1).sum(Kind::Float)],
                    &[&u],
                    false,
                    false,
                )[0];
                let later =
                    gradient.narrow(-1, t + 1, length - t - 1).abs().max().double_value(&[]);
                let exact = [Backend::Direct, Backend::Toeplitz].contains(&backend);
                let bound = if exact { 0.0 } else { 1e-5 };
                assert!(later <= bound, "{backend:?} {length} {taps}: {later}");
            }
        }
    }
}

#[test]
fn short_kernels_are_long_ones_with_zeros() {
    single_threaded();
    let (u, k) = (normal(1, &[2, 3, 1000], Kind::Double), normal(2, &[3, 40], Kind::Double));
    let filled = k.constant_pad_nd([0, 960]);
    for backend in ALL {
        let expected = backend.causal(&u, &filled);
        assert!(difference(&backend.causal(&u, &k), &expected) < 1e-12, "{backend:?}");
    }
}

#[test]
fn cut_spectra_are_masked_transforms() {
    single_threaded();
    let (u, k) = (normal(1, &[2, 3, 60], Kind::Double), normal(2, &[3, 60], Kind::Double));
    for keep in [1, 2, 7, 16, 40, 64, 65] {
        let size = 128;
        let mask =
            Tensor::arange(size / 2 + 1, (Kind::Int64, device())).lt(keep).to_kind(Kind::Double);
        let spectrum = k.fft_rfft(size, -1, "backward") * mask;
        let expected = (u.fft_rfft(size, -1, "backward") * spectrum)
            .fft_irfft(size, -1, "backward")
            .narrow(-1, 0, 60);
        for backend in ALL {
            let found = difference(&backend.low_pass(&u, &k, size, keep), &expected);
            assert!(found < 1e-12, "{backend:?} {keep}: {found}");
        }
    }
}

#[test]
fn both_directions() {
    single_threaded();
    let u = normal(1, &[1, 2, 30], Kind::Double);
    let (after, before) = (normal(2, &[2, 30], Kind::Double), normal(3, &[2, 30], Kind::Double));
    let expected = u.zeros_like();
    for h in 0..2 {
        for t in 0..30 {
            let weight = |i: i64| {
                if i <= t {
                    after.double_value(&[h, t - i])
                } else {
                    before.double_value(&[h, i - t - 1])
                }
            };
            let sum: f64 = (0..30).map(|i| weight(i) * u.double_value(&[0, h, i])).sum();
            let _ = expected.get(0).get(h).get(t).fill_(sum);
        }
    }
    for backend in ALL {
        assert!(
            difference(&backend.bidirectional(&u, &after, &before), &expected) < 1e-12,
            "{backend:?}"
        );
    }
}

#[test]
fn step_by_step() {
    single_threaded();
    // Beyond the kernel's period, so that rings go round; a lane begins anew on the way.
    for (taps, length) in [(5, 150), (100, 700), (128, 400)] {
        let (u, k) =
            (normal(1, &[2, 3, length], Kind::Double), normal(2, &[3, taps], Kind::Double));
        let online = Online::new(taps);
        let mut state = online.state(2, &[3], &k);
        let restart = length / 3;
        let stepped: Vec<Tensor> = (0..length)
            .map(|t| {
                if t == restart {
                    state.reset(&[1]);
                }
                online.step(&u.select(-1, t), &mut state)
            })
            .collect();
        let stepped = Tensor::stack(&stepped, -1);
        let lane = |lane: i64, from: i64| u.narrow(0, lane, 1).narrow(-1, from, length - from);
        assert!(difference(&stepped.narrow(0, 0, 1), &by_loops(&lane(0, 0), &k)) < 1e-12);
        let rest = stepped.narrow(0, 1, 1).narrow(-1, restart, length - restart);
        assert!(difference(&rest, &by_loops(&lane(1, restart), &k)) < 1e-12);
    }
}
