//! The repository is tidy: `cargo xtask tidy` as a test.

#[test]
fn repository() {
    let findings = xtask::tidy::check(xtask::root()).unwrap_or_else(|e| panic!("{e:#}"));
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}
