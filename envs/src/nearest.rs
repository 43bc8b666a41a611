//! "Did you mean": the known name that lies nearest to one that is not.

/// The candidate nearest to `word`, where one is near enough to be meant: its
/// Damerau-Levenshtein distance, letter case aside, is at most a third of the
/// longer name. Ties go to the candidate that comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c))
        .filter(|(d, c)| d * 3 <= word.chars().count().max(c.chars().count()))
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let names = ["CartPole-v0", "CartPole-v1", "MountainCar-v0"];
        for (word, expected) in [
            ("CartPole-v2", Some("CartPole-v0")),
            ("cartpole-v1", Some("CartPole-v1")),
            ("MountinCar-v0", Some("MountainCar-v0")),
            ("Pendulum-v1", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
