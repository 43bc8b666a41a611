//! Where a module with modules of its own lies: with them, as `mod.rs`.

/// Findings for the paths of all files.
pub(super) fn check(files: &[(String, String)]) -> Vec<String> {
    let sources: Vec<&str> =
        files.iter().filter_map(|(path, _)| path.strip_suffix(".rs")).collect();
    let beside = |module: &&&str| {
        let within = format!("{module}/");
        sources.iter().any(|source| source.starts_with(&within))
    };
    let finding =
        |module: &&str| format!("{module}.rs: belongs with its modules, as {module}/mod.rs");
    sources.iter().filter(beside).map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_module_lies_with_its_modules() {
        let file = |path: &str| (path.to_owned(), String::new());
        let good = [
            "a/src/lib.rs",
            "a/src/b/mod.rs",
            "a/src/b/c.rs",
            "a/src/bc.rs",
            "a/tests/d.rs",
            "a/tests/d/data.tsv",
        ];
        let mut files: Vec<_> = good.map(file).into();
        assert!(check(&files).is_empty());
        files.push(file("a/src/b.rs"));
        assert_eq!(check(&files), ["a/src/b.rs: belongs with its modules, as a/src/b/mod.rs"]);
    }
}
