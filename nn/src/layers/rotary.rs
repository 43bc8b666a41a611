//! Rotary position embedding: pairs of channels turned by an angle that grows with the position (Su
//! et al. 2021).
//!
//! Channel i of the first r/2 is paired with channel i + r/2, and the pair at position t is turned
//! by t * 10000^(-2i/r); channels from r on stay. Products of turned queries and keys depend on the
//! distance of their positions alone. Angles are computed in double precision: positions of a
//! lifetime grow without end.

use tch::Tensor;

/// Turns the first `turned` channels of x (..., L, d), whose first position is `from`.
pub(super) fn rotated(x: &Tensor, turned: i64, from: i64) -> Tensor {
    if turned == 0 {
        return x.shallow_clone();
    }
    let length = x.size()[x.dim() - 2];
    let half = turned / 2;
    let angle = |t: i64, i: i64| t as f64 * 10_000_f64.powf(-2.0 * i as f64 / turned as f64);
    let angles: Vec<f64> =
        (from..from + length).flat_map(|t| (0..half).map(move |i| angle(t, i))).collect();
    let angles = Tensor::from_slice(&angles).reshape([length, half]);
    let like = |t: Tensor| t.to_kind(x.kind()).to_device(x.device());
    let (cos, sin) = (like(angles.cos()), like(angles.sin()));
    let (a, b) = (x.narrow(-1, 0, half), x.narrow(-1, half, half));
    let rest = x.narrow(-1, turned, crate::conv::last(x) - turned);
    Tensor::cat(&[&a * &cos - &b * &sin, &a * &sin + &b * &cos, rest], -1)
}
