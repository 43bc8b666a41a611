//! The sides of a report: each folder alone, or groups with the word `vs` between.

use crate::cli::CliError;
use std::path::PathBuf;

/// The folders of each side.
pub(super) fn sides(words: &[String]) -> Result<Vec<Vec<PathBuf>>, CliError> {
    let sides: Vec<Vec<PathBuf>> = match words.iter().any(|word| word == "vs") {
        true => words
            .split(|word| word == "vs")
            .map(|side| side.iter().map(PathBuf::from).collect())
            .collect(),
        false => words.iter().map(|word| vec![PathBuf::from(word)]).collect(),
    };
    if sides.iter().any(Vec::is_empty) {
        return Err(CliError::usage("a run folder must stand on each side of `vs`")
            .hint("tella report runs/a1 runs/a2 vs runs/b1 runs/b2"));
    }
    let all: Vec<&PathBuf> = sides.iter().flatten().collect();
    if let Some(twice) = all.iter().enumerate().find(|(at, dir)| all[..*at].contains(dir)) {
        return Err(CliError::usage(format!("{} is named twice", twice.1.display())));
    }
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(words: &str) -> Result<Vec<usize>, String> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        sides(&words).map(|sides| sides.iter().map(Vec::len).collect()).map_err(|e| e.message)
    }

    #[test]
    fn folders_are_sides_unless_vs_divides_them() {
        assert_eq!(split("x"), Ok(vec![1]));
        assert_eq!(split("x y z"), Ok(vec![1, 1, 1]));
        assert_eq!(split("x y vs z"), Ok(vec![2, 1]));
        assert!(split("vs z").unwrap_err().contains("on each side"));
        assert!(split("x y vs x").unwrap_err().contains("x is named twice"));
    }
}
