//! The generated files are as generated. `cargo xtask gen` runs these tests with
//! leave to write.

use xtask::generated::{command_reference, compare};

#[test]
fn command_line_reference() {
    let page = command_reference(tella::cli::command());
    compare("docs/src/reference/cli.md", &page).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn curriculum_schema() {
    let schema = serde_json::to_string_pretty(&tella_curricula::json_schema());
    let schema = schema.unwrap_or_else(|e| panic!("{e}"));
    compare("curricula/schema.json", &format!("{schema}\n")).unwrap_or_else(|e| panic!("{e}"));
}
