//! How much room names of tasks take in small letters, and how much of a name fits into some.

/// Width of a character on average, with some room for wide ones.
const CHARACTER: f64 = 6.2;

/// Characters of a name that are shown at most, however much room there is.
const MOST: usize = 60;

/// The room that the longest of some names takes.
pub(super) fn width<'a>(names: impl Iterator<Item = &'a str>) -> f64 {
    let longest = names.map(|name| name.chars().count().min(MOST)).max().unwrap_or(0);
    CHARACTER * longest as f64
}

/// The characters that fit into so much room.
pub(super) fn fit(room: f64) -> usize {
    // A width that was computed from characters is theirs again.
    ((room / CHARACTER + 1e-9).floor().max(1.0) as usize).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_the_room_fits_into_it() {
        for name in ["DoorKey_S5", &"x".repeat(37), &"x".repeat(10_000)] {
            assert_eq!(fit(width([name].into_iter())), name.len().min(MOST));
        }
    }
}
