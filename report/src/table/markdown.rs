//! Tables as Markdown.

use super::{Kind, Table};
use crate::drawing::plain;

impl Table {
    /// As a Markdown table under its heading, followed by its caption.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", cell(&self.title));
        text.push_str(&line(self.columns.iter().map(|c| cell(&c.heading))));
        text.push_str(&line(self.columns.iter().map(|c| match c.kind {
            Kind::Text => ":--".to_owned(),
            _ => "--:".to_owned(),
        })));
        for row in &self.rows {
            text.push_str(&line(row.iter().map(|c| cell(&c.shown()))));
        }
        match self.caption.is_empty() {
            true => text,
            false => format!("{text}\n{}\n", cell(&self.caption)),
        }
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Text that is nothing but text in Markdown.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        if "\\`*_{}[]<>#|~&$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::table::sample;

    #[test]
    fn cells_make_no_markup() {
        assert_eq!(
            sample::table().markdown(),
            "# A sample\n\n\
             | Task | Mean | Lifetimes | x |\n\
             | :-- | --: | --: | --: |\n\
             | \\<b\\>\"\\& \\|\\_% \\\\ | 0.500 \\[0.250, 0.333\\] | 3 | −1,234 |\n\
             | gem.acc | 2 | 1 | – |\n\
             \nOf everything.\n"
        );
    }
}
