//! Names of cells: readable, good for folders, the same whatever else is in the grid.

/// Longest name of a cell, in bytes; file systems allow 255.
const LONGEST: usize = 180;

/// Whether a file's name may hold a character, everywhere and without quotes in a shell.
fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '=' | '+')
}

/// Whether `label` can stand in a name as it is.
pub(super) fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(plain) && !label.starts_with(['.', '-'])
}

/// What stands for the agent or the curriculum called `name` where nobody says: a file's name
/// without folder and ending.
pub(super) fn label(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name).replace(".py:", ".");
    let without = file.strip_suffix(".yaml").or(file.strip_suffix(".yml")).unwrap_or(&file);
    without.chars().map(|c| if plain(c) { c } else { '.' }).collect()
}

/// A cell's name from its parts. Where a character had to go or the name is long, a hash of the
/// whole keeps it apart from others.
pub(super) fn join(parts: &[String]) -> String {
    let whole = parts.join("--");
    let name: String = whole.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if name == whole && name.len() <= LONGEST {
        return name;
    }
    let hash = blake3::hash(whole.as_bytes()).to_hex();
    format!("{}--{}", &name[..name.len().min(LONGEST - 10)], &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_a_person_would_call_it() {
        for (name, expected) in [
            ("q-learning", "q-learning"),
            ("agents/my_agent.py:Habit", "my_agent.Habit"),
            ("package.module:Class", "package.module.Class"),
            ("../curricula/short.yaml", "short"),
            ("a b", "a.b"),
        ] {
            assert_eq!(label(name), expected);
            assert!(is_label(&label(name)), "{name}");
        }
        assert!(!is_label("a/b") && !is_label("") && !is_label("..") && !is_label("-x"));
    }

    #[test]
    fn names_that_had_to_change_stay_apart() {
        let name = |parts: &[&str]| join(&parts.iter().map(|&p| p.to_owned()).collect::<Vec<_>>());
        assert_eq!(name(&["random", "c", "seed=1"]), "random--c--seed=1");
        let (a, b) = (name(&["x", "path=a/b"]), name(&["x", "path=a:b"]));
        assert!(a.starts_with("x--path=a_b--") && b.starts_with("x--path=a_b--") && a != b);
        let long = "y".repeat(300);
        assert!(name(&[&long]).len() <= LONGEST);
        assert_ne!(name(&[&long]), name(&[&format!("{long}y")]));
    }
}
