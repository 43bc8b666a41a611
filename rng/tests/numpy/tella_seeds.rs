//! The seeds and orders that TELLA's curricula draw, for two curriculum seeds.
//!
//! Expected values: computed with NumPy 2.4.6 by the calls named beside them, the
//! same that TELLA 2.1.0 makes.

use tella_rng::Generator;

/// Lifetime seeds: two `random_raw` of `default_rng(curriculum_seed)`, as each
/// lifetime takes one.
fn lifetime_seeds(curriculum_seed: u64) -> [u64; 2] {
    let mut rng = Generator::new(curriculum_seed);
    [rng.random_raw(), rng.random_raw()]
}

#[test]
fn curriculum_seed_0() {
    let seeds = lifetime_seeds(0);
    assert_eq!(seeds, [11749869230777074271, 4976686463289251617]);

    let mut rng = Generator::new(seeds[0]);
    let eval_rng_seed = rng.random_raw();
    assert_eq!(eval_rng_seed, 5474506302624902014);

    // MiniGridCondensed: `permutation` of 18 tasks, then a raw draw for each.
    let order = [17, 2, 4, 12, 11, 5, 1, 8, 14, 10, 0, 9, 3, 16, 6, 15, 7, 13];
    assert_eq!(rng.permutation(18), order);
    assert_eq!(rng.random_raw(), 15714671803827882824);
    assert_eq!(rng.random_raw(), 11699033937143664761);

    // MiniGridDispersed goes on the same way: second pass, after 18 raw draws.
    for _ in 2..18 {
        rng.random_raw();
    }
    let order = [14, 9, 10, 17, 6, 15, 4, 3, 1, 16, 8, 0, 11, 5, 2, 12, 7, 13];
    assert_eq!(rng.permutation(18), order);

    // The seeds of every evaluation block.
    let mut rng = Generator::new(eval_rng_seed);
    assert_eq!(rng.random_raw(), 9053594427957499810);
    assert_eq!(rng.random_raw(), 14170547614113703081);
}

#[test]
fn curriculum_seed_12345() {
    let seeds = lifetime_seeds(12345);
    assert_eq!(seeds, [4193609425186963869, 5843160025838961886]);

    let mut rng = Generator::new(seeds[0]);
    assert_eq!(rng.random_raw(), 10753812417807553605);
    let order = [15, 0, 8, 16, 4, 11, 14, 10, 1, 13, 6, 2, 12, 5, 9, 17, 3, 7];
    assert_eq!(rng.permutation(18), order);

    // This order rejects a draw and leaves half a word buffered, which raw draws
    // neither take nor drop.
    let buffered = tella_rng::State::from(rng.clone());
    assert!(buffered.has_uint32);
    assert_eq!(rng.random_raw(), 125650869356310153);
    assert_eq!(rng.random_raw(), 2085497246625871067);
    for _ in 2..18 {
        rng.random_raw();
    }
    let still = tella_rng::State::from(rng);
    assert_eq!((still.has_uint32, still.uinteger), (true, buffered.uinteger));
}
