//! What is said about any text, with the places looked at: the oracle of `tests/hostile.rs` and
//! of the fuzz target.

use crate::common::TestCatalog;
use tella_curricula::{Diagnostics, Document};

/// Everything said about a text, after checking that it lies inside the text.
pub(crate) fn messages(text: &str) -> Diagnostics {
    let found = match Document::from_text(text, "file.yaml") {
        Ok(document) => {
            let found = document.check(&TestCatalog);
            match document.resolve(0, None) {
                Ok(curriculum) => assert!(!curriculum.blocks.is_empty() || found.has_errors()),
                Err(errors) => assert!(errors.has_errors()),
            }
            found
        }
        Err(found) => {
            assert!(found.has_errors());
            found
        }
    };
    inside(text, &found);
    found
}

/// Every place of a message is one of the text.
pub(crate) fn inside(text: &str, found: &Diagnostics) {
    let lines: Vec<&str> = text.split('\n').collect();
    for place in found
        .diagnostics
        .iter()
        .flat_map(|d| std::iter::once(&d.place).chain(d.related.iter().map(|r| &r.place)))
    {
        assert_eq!(place.file, "file.yaml");
        let line = lines.get(place.line - 1).unwrap_or_else(|| panic!("{place:?}"));
        assert!(place.column <= line.chars().count() + 1, "{place:?} in {line:?}");
        assert!(place.width >= 1);
    }
    assert!(found.diagnostics.len() <= 400);
    // Rendering does not fail either, and hides no control character in the text.
    let shown = found.to_string();
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    assert!(serde_json::to_string(found).is_ok());
}
