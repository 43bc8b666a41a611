//! A number of things in words.

use std::fmt::Display;

/// `1 step`, `2 steps`, `1,000 steps`: a number that is shown as it is, and what it counts,
/// in the plural where it is not one.
pub fn counted(n: impl Display, one: &str) -> String {
    let n = n.to_string();
    let ending = if n == "1" { "" } else { "s" };
    format!("{n} {one}{ending}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_all_others_are_not() {
        assert_eq!(counted(1, "task block"), "1 task block");
        assert_eq!([counted(0, "step"), counted("1,000", "step")], ["0 steps", "1,000 steps"]);
    }
}
