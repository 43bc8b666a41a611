//! The convolution by Fourier transforms that are matrix products: the Monarch decomposition.
//!
//! A transform of N = a * b points is a transform of a points down the columns of an (a, b) matrix,
//! a twiddle factor for each entry, and one of b points along the rows; the latter may be split
//! again. The frequency p + a * q then stands at (p, q): not in order. Nothing is put in order: the
//! kernel's transform has the same layout, their product needs none, and the way back takes the
//! steps in reverse (FlashFFTConv, Fu et al. 2023).
//!
//! With frequencies cut off, the rows of the last matrix that hold none of those kept are left out,
//! on the way there and on the way back.

use super::padded;
use std::f64::consts::TAU;
use tch::{Device, Kind, Tensor};

/// The matrices of a transform of one size.
#[derive(Debug)]
pub struct Plan {
    size: i64,
    /// All but the last: its matrix (a, a), and the twiddle factors (a, b) that follow.
    stages: Vec<(Tensor, Tensor)>,
    /// The last matrix: kept frequencies (columns) of `b` points (rows).
    last: Tensor,
    /// For each place of the layout whether its frequency is kept; `None` where all are.
    kept: Option<Tensor>,
}

impl Plan {
    /// A plan for `size` points, a power of two, split into `order` factors, of the kind (single or
    /// double precision) and on the device of `like`. Only frequencies below `keep` are kept, if given.
    ///
    /// # Panics
    ///
    /// Where `size` is no power of two or `order` is not 2 to 4.
    pub fn new(size: i64, order: u32, keep: Option<i64>, like: &Tensor) -> Self {
        assert!(size > 0 && (size as u64).is_power_of_two(), "{size} is no power of two");
        assert!((2..=4).contains(&order), "a plan has 2 to 4 factors, not {order}");
        let factors = factors(size, order);
        let (&points, outer) = factors.split_last().expect("there are at least two");
        let options = (complex(like.kind()), like.device());
        let mut stages = Vec::new();
        let mut rest = size;
        for &a in outer {
            let twiddles =
                roots(rest, (0..a).flat_map(|p| (0..rest / a).map(move |n| p * n)), options);
            stages.push((matrix(a, options), twiddles.reshape([a, rest / a])));
            rest /= a;
        }
        let last = matrix(points, options);
        let Some(keep) = keep else {
            return Self { size, stages, last, kept: None };
        };
        let is_kept = |k: i64| k < keep || size - k < keep;
        // Frequencies of the last factor's row q are q * size / points and those that follow.
        let span = size / points;
        let rows: Vec<i64> =
            (0..points).filter(|q| (0..span).any(|low| is_kept(low + span * q))).collect();
        let places = layout(&factors);
        let kept: Vec<f64> = places
            .chunks(points as usize)
            .flat_map(|chunk| rows.iter().map(|&q| f64::from(u8::from(is_kept(chunk[q as usize])))))
            .collect();
        let rows = Tensor::from_slice(&rows).to_device(like.device());
        let kept = Tensor::from_slice(&kept).to_kind(like.kind()).to_device(like.device());
        Self { size, stages, last: last.index_select(1, &rows), kept: Some(kept) }
    }

    /// The circular convolution of the plan's size: u (..., L), k (..., K), neither longer than the
    /// size.
    pub fn circular(&self, u: &Tensor, k: &Tensor) -> Tensor {
        let mut spectrum = self.forward(k);
        if let Some(kept) = &self.kept {
            spectrum *= kept;
        }
        self.inverse(&(self.forward(u) * spectrum))
    }

    /// The transform of real points (..., at most N), in the plan's own order (..., kept).
    fn forward(&self, x: &Tensor) -> Tensor {
        let x = padded(x, self.size);
        self.forward_from(0, &x.to_kind(complex(x.kind())))
    }

    fn forward_from(&self, stage: usize, x: &Tensor) -> Tensor {
        let Some((matrix, twiddles)) = self.stages.get(stage) else {
            return x.matmul(&self.last);
        };
        let (a, b) = (twiddles.size()[0], twiddles.size()[1]);
        let outer = x.size()[..x.dim() - 1].to_vec();
        let columns = matrix.matmul(&x.reshape([&outer[..], &[a, b]].concat())) * twiddles;
        self.forward_from(stage + 1, &columns).flatten(-2, -1)
    }

    /// The real points (..., N) of a transform in the plan's order.
    fn inverse(&self, spectrum: &Tensor) -> Tensor {
        self.inverse_from(0, spectrum).real() / self.size as f64
    }

    fn inverse_from(&self, stage: usize, x: &Tensor) -> Tensor {
        let Some((matrix, twiddles)) = self.stages.get(stage) else {
            return x.matmul(&self.last.conj().transpose(0, 1));
        };
        let a = twiddles.size()[0];
        let outer = x.size()[..x.dim() - 1].to_vec();
        let rows = x.reshape([&outer[..], &[a, -1]].concat());
        let columns = self.inverse_from(stage + 1, &rows) * twiddles.conj();
        matrix.conj().matmul(&columns).flatten(-2, -1)
    }
}

/// `size` as a product of `order` powers of two, as equal as they can be.
fn factors(size: i64, order: u32) -> Vec<i64> {
    let bits = (size as u64).trailing_zeros();
    (0..order).map(|i| 1 << (bits / order + u32::from(i < bits % order))).collect()
}

/// The frequency at each place of the plan's order.
fn layout(factors: &[i64]) -> Vec<i64> {
    let (&a, rest) = factors.split_first().expect("no factors were left");
    if rest.is_empty() {
        return (0..a).collect();
    }
    let inner = layout(rest);
    (0..a).flat_map(|p| inner.iter().map(move |q| p + a * q)).collect()
}

/// The matrix of the transform of `n` points.
fn matrix(n: i64, options: (Kind, Device)) -> Tensor {
    roots(n, (0..n).flat_map(|i| (0..n).map(move |j| i * j)), options).reshape([n, n])
}

/// exp(-2 pi i e / n) for each exponent e, computed in double precision.
fn roots(n: i64, exponents: impl Iterator<Item = i64>, (kind, device): (Kind, Device)) -> Tensor {
    let angles: Vec<f64> = exponents.map(|e| -TAU * (e % n) as f64 / n as f64).collect();
    let angles = Tensor::from_slice(&angles);
    Tensor::complex(&angles.cos(), &angles.sin()).to_kind(kind).to_device(device)
}

fn complex(kind: Kind) -> Kind {
    if kind == Kind::Double { Kind::ComplexDouble } else { Kind::ComplexFloat }
}
