//! The generated files are as generated. `cargo xtask gen` runs these tests with
//! leave to write.

use xtask::generated::{command_reference, compare};

#[test]
fn command_line_reference() {
    let page = command_reference(tella::cli::command());
    compare("docs/src/reference/cli.md", &page).unwrap_or_else(|e| panic!("{e}"));
}
