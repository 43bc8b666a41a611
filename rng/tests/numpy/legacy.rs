//! The old global generator against what NumPy 1.23.5 printed (NumPy 2.4.6 prints the same):
//! `numpy.random.seed(12345)`, then `numpy.random.randint` for 24 numbers below 16, three below 1,
//! eight from -5 below 1,000,000 and 700 below 8, of which the last eight are kept. They lie
//! beyond the first mixing of the twister's words.

use tella_rng::LegacyGenerator;

#[test]
fn recorded_draws_of_the_old_generator() {
    let mut rng = LegacyGenerator::new(12345);
    let mut array =
        |low, high, n: usize| -> Vec<i64> { (0..n).map(|_| rng.randint(low, high)).collect() };
    let below_16 = [2, 5, 13, 1, 4, 9, 14, 14, 5, 2, 13, 1, 6, 1, 11, 14, 9, 11, 7, 6, 0, 2, 9, 11];
    assert_eq!(array(0, 16, 24), below_16);
    assert_eq!(array(0, 1, 3), [0; 3]);
    let wide = [375_880, 267_981, 514_209, 686_338, 692_262, 606_434, 902_168, 453_555];
    assert_eq!(array(-5, 1_000_000, 8), wide);
    assert_eq!(array(0, 8, 700)[692..], [3, 7, 3, 1, 2, 0, 1, 1]);
}
