//! Tile coding: a point of a continuous space as one tile in each of several
//! grids that are shifted against each other (Sutton and Barto, *Reinforcement
//! Learning*, 2nd edition, section 9.5.4).

use tella_envs::BoxSpace;

/// Bounds beyond this count as no bounds: CartPole gives its speeds the greatest
/// `float32`.
const UNBOUNDED: f64 = 1e6;

/// How one dimension is laid on the grid.
#[derive(Clone, Copy, Debug)]
enum Axis {
    /// `(x - low) * tiles_per_unit`.
    Linear { low: f64, tiles_per_unit: f64 },
    /// Softsign: `x / scale` squashed to -1 .. 1, so that tiles are finest around 0.
    Squashed { scale: f64, half_tiles: f64 },
}

/// Covers the points of a box with tiles.
///
/// A grid's tiles are hashed into `tiles_per_tiling` places of its own, so memory
/// does not grow with the number of dimensions; two tiles may share a place.
#[derive(Clone, Debug)]
pub(crate) struct TileCoder {
    axes: Vec<Axis>,
    tilings: usize,
    tiles_per_tiling: usize,
}

impl TileCoder {
    /// `tilings` grids over `space`, each with `tiles` tiles along a dimension.
    pub(crate) fn new(
        space: &BoxSpace,
        tilings: usize,
        tiles: usize,
        tiles_per_tiling: usize,
        unbounded_scale: f64,
    ) -> Self {
        let tiles = tiles as f64;
        let axis = |(&low, &high): (&f64, &f64)| {
            if low > -UNBOUNDED && high < UNBOUNDED && high > low {
                Axis::Linear { low, tiles_per_unit: tiles / (high - low) }
            } else {
                Axis::Squashed { scale: unbounded_scale, half_tiles: tiles / 2.0 }
            }
        };
        let axes = space.low.iter().zip(&space.high).map(axis).collect();
        TileCoder { axes, tilings, tiles_per_tiling }
    }

    /// Number of features: one in each grid is active at any point.
    pub(crate) fn num_features(&self) -> usize {
        self.tilings * self.tiles_per_tiling
    }

    /// The active feature of each grid at `point`, which has one element a
    /// dimension; grid `t`'s is in `t * tiles_per_tiling ..`.
    pub(crate) fn features(&self, point: impl Iterator<Item = f64> + Clone, out: &mut [u32]) {
        for (tiling, feature) in out.iter_mut().enumerate() {
            let mut hash = tiling as u64;
            for (i, (axis, x)) in self.axes.iter().zip(point.clone()).enumerate() {
                let place = match axis {
                    Axis::Linear { low, tiles_per_unit } => (x - low) * tiles_per_unit,
                    Axis::Squashed { scale, half_tiles } => {
                        let z = x / scale;
                        half_tiles * (1.0 + z / (1.0 + z.abs()))
                    }
                };
                // Displacements 1, 3, 5, ... along the dimensions spread the grids
                // evenly (Miller and Glanz's, as the book advises).
                let shift = (tiling * (2 * i + 1) % self.tilings) as f64 / self.tilings as f64;
                let tile = (place + shift).floor() as i64;
                hash = mix(hash.wrapping_mul(31).wrapping_add(tile as u64));
            }
            *feature = (tiling * self.tiles_per_tiling
                + (hash % self.tiles_per_tiling as u64) as usize) as u32;
        }
    }
}

/// SplitMix64's finaliser (Steele, Lea and Flood 2014).
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_envs::Dtype;

    fn coder(low: f64, high: f64) -> TileCoder {
        let space = BoxSpace {
            low: vec![low; 2],
            high: vec![high; 2],
            shape: vec![2],
            dtype: Dtype::Float64,
        };
        TileCoder::new(&space, 8, 4, 1 << 12, 1.0)
    }

    fn features(coder: &TileCoder, point: [f64; 2]) -> Vec<u32> {
        let mut out = vec![0; 8];
        coder.features(point.into_iter(), &mut out);
        out
    }

    fn shared(coder: &TileCoder, a: [f64; 2], b: [f64; 2]) -> usize {
        features(coder, a).iter().zip(features(coder, b)).filter(|(a, b)| **a == *b).count()
    }

    /// A tile is a quarter of the range wide and the grids are shifted by an
    /// eighth of a tile, so each eighth of the way one grid lets go.
    #[test]
    fn neighbours_share_tiles_in_proportion_to_their_distance() {
        let coder = coder(0.0, 4.0);
        for eighths in 0..=8 {
            let b = [1.01 + f64::from(eighths) / 8.0, 1.01];
            assert_eq!(shared(&coder, [1.01, 1.01], b), 8 - eighths as usize);
        }
    }

    #[test]
    fn each_grid_keeps_to_its_own_places() {
        let coder = coder(f64::NEG_INFINITY, f64::INFINITY);
        for x in [-1e30, -3.0, 0.0, 0.5, 1e30, f64::NAN, f64::INFINITY] {
            for (tiling, feature) in features(&coder, [x, -x]).into_iter().enumerate() {
                assert_eq!(feature as usize >> 12, tiling);
            }
        }
        assert_eq!(coder.num_features(), 8 << 12);
    }

    #[test]
    fn unbounded_dimensions_are_finest_around_zero() {
        let coder = coder(-3.4e38, 3.4e38);
        let near = shared(&coder, [0.1, 0.0], [0.3, 0.0]);
        let far = shared(&coder, [10.1, 0.0], [10.3, 0.0]);
        assert!(near < far, "{near} {far}");
    }
}
