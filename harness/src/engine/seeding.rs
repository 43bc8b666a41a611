//! Which seed an episode gets. An environment that goes on for ever is asked for the
//! first episode of each lane alone.

use tella_curricula::Seeding;
use tella_rng::SeedSequence;

/// The seed of episode `index` (in order of starting) of a variant under
/// per-episode seeding: the first 64-bit word of the state of NumPy's
/// `SeedSequence(variant_seed, spawn_key=(index,))`. It does not depend on which
/// environment runs the episode, nor on how many there are.
pub(super) fn episode_seed(variant_seed: u64, index: u64) -> u64 {
    let low = index as u32;
    let high = (index >> 32) as u32;
    let words = [low, high];
    let key = if high == 0 { &words[..1] } else { &words[..] };
    SeedSequence::with_spawn_key(variant_seed, key).generate_state_u64::<1>()[0]
}

/// The seed that `lane` is reset with to start episode `index`, or `None` where
/// the lane goes on in its stream.
pub(super) fn reset_seed(
    seeding: Seeding,
    variant_seed: u64,
    lane: usize,
    index: u64,
    first: bool,
) -> Option<u64> {
    match seeding {
        Seeding::PerEpisode => Some(episode_seed(variant_seed, index)),
        Seeding::GymVector => first.then(|| variant_seed.wrapping_add(lane as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from NumPy 1.23.5:
    /// `SeedSequence(seed, spawn_key=(index,)).generate_state(1, np.uint64)[0]`.
    #[test]
    fn episode_seeds_are_numpys_spawned_states() {
        for (seed, index, expected) in EXPECTED {
            assert_eq!(episode_seed(seed, index), expected, "seed {seed}, episode {index}");
        }
    }

    const EXPECTED: [(u64, u64, u64); 5] = [
        (0, 0, 8668861027912758289),
        (0, 1, 4881901421217228719),
        (12345, 7, 13232092823079942430),
        (u64::MAX, u32::MAX as u64, 16712576060912336357),
        (u64::MAX, (1 << 32) + 5, 6512948924974921881),
    ];
}
