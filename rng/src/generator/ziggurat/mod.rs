//! Normal and exponential draws by the ziggurat method (G. Marsaglia and W. W.
//! Tsang, "The Ziggurat Method for Generating Random Variables", 2000), with
//! NumPy's 256 layers and its use of the bits of a draw.
//!
//! About one draw in a hundred is decided by `exp` and `ln_1p` of the C library,
//! so that equality is promised for the same C library.

mod exponential;
mod normal;

use super::Generator;
use exponential::EXPONENTIAL;
use normal::NORMAL;

/// One layer of a ziggurat. Layer 0 is the bottom one, with the tail.
struct Layer {
    /// Draws below this lie under the curve whatever their height.
    inside: u64,
    /// From a draw to a value.
    width: f64,
    /// The curve's height at the layer's outer corner.
    density: f64,
}

/// Where the normal distribution's tail begins, and its inverse.
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;
const NORMAL_EDGE_INVERSE: f64 = 0.273_661_237_329_758_3;

/// Where the exponential distribution's tail begins.
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;

impl Generator {
    /// `standard_normal()`.
    pub fn standard_normal(&mut self) -> f64 {
        loop {
            // From the lowest: 8 bits choose the layer, 1 the sign, 52 the place.
            let draw = self.random_raw();
            let index = (draw & 0xff) as usize;
            let negative = draw >> 8 & 1 == 1;
            let place = draw >> 9 & ((1 << 52) - 1);
            let layer = &NORMAL[index];
            let distance = place as f64 * layer.width;
            let signed = |distance: f64, negative| if negative { -distance } else { distance };
            if place < layer.inside {
                return signed(distance, negative);
            }
            if index == 0 {
                // The sign is another bit here, of the place.
                return signed(self.normal_tail(), place >> 8 & 1 == 1);
            }
            if self.below_curve(&NORMAL, index, (-0.5 * distance * distance).exp()) {
                return signed(distance, negative);
            }
        }
    }

    /// `normal(loc, scale)`: mean `loc`, standard deviation `scale`.
    ///
    /// # Panics
    ///
    /// Where `scale` is negative or no number.
    pub fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        assert!(scale >= 0.0, "normal: a standard deviation of {scale}");
        loc + scale * self.standard_normal()
    }

    /// `standard_exponential()`.
    pub fn standard_exponential(&mut self) -> f64 {
        loop {
            // From the lowest: 3 bits unused, 8 choose the layer, 53 the place.
            let draw = self.random_raw() >> 3;
            let index = (draw & 0xff) as usize;
            let place = draw >> 8;
            let layer = &EXPONENTIAL[index];
            let distance = place as f64 * layer.width;
            if place < layer.inside {
                return distance;
            }
            if index == 0 {
                return EXPONENTIAL_EDGE + self.minus_log();
            }
            if self.below_curve(&EXPONENTIAL, index, (-distance).exp()) {
                return distance;
            }
        }
    }

    /// `exponential(scale)`: mean `scale`.
    ///
    /// # Panics
    ///
    /// Where `scale` is negative or no number.
    pub fn exponential(&mut self, scale: f64) -> f64 {
        assert!(scale >= 0.0, "exponential: a scale of {scale}");
        scale * self.standard_exponential()
    }

    /// Whether a height drawn between the layer's lower and upper edge lies below
    /// the curve, which is at `density` there.
    fn below_curve(&mut self, layers: &[Layer], index: usize, density: f64) -> bool {
        let (above, here) = (layers[index - 1].density, layers[index].density);
        (above - here) * self.random() + here < density
    }

    /// A distance in the normal distribution's tail (Marsaglia 1964).
    fn normal_tail(&mut self) -> f64 {
        loop {
            let beyond = NORMAL_EDGE_INVERSE * self.minus_log();
            let height = self.minus_log();
            if height + height > beyond * beyond {
                return NORMAL_EDGE + beyond;
            }
        }
    }

    /// -ln(1 - u): never the logarithm of zero.
    fn minus_log(&mut self) -> f64 {
        -(-self.random()).ln_1p()
    }
}
