//! A sheet: a page of sections that whoever makes it lays out, of figures, tables and texts. The page of a
//! [`Report`](crate::Report) is about run folders; a sheet is about anything.

use crate::page;
use crate::{Figure, Table};

/// A page to be written.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its heading.
    pub title: String,
    /// What it says, in a few sentences.
    pub summary: Vec<String>,
    /// What a reader must know: what failed, what is missing.
    pub notes: Vec<String>,
    /// The sections after those.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// The id of its heading on the page, unique.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it holds, in order.
    pub content: Vec<Content>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Content {
    /// A drawing.
    Figure(Figure),
    /// A table.
    Table(Table),
    /// A paragraph.
    Text(String),
    /// Commands, one a line.
    Commands(Vec<String>),
}

impl Sheet {
    /// One HTML file that loads nothing.
    pub fn html(&self) -> String {
        page::sheet(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::curves::{Curve, Panel, curves};
    use crate::table::sample;

    #[test]
    fn everything_stands_in_its_section_and_hostile_text_is_harmless() {
        let curve = Curve { side: 0, points: vec![(1.0, 0.25), (2.0, 0.5), (3.0, f64::NAN)] };
        let panels = [Panel { name: "<task>".into(), curves: vec![curve] }];
        let figure = curves("c", "Curves", ("epochs", "accuracy"), &["<i>one"], &panels, "How.");
        let drawn = figure.inline_svg();
        assert!(!drawn.contains("NaN") && drawn.contains("one: 0.500 at the end"), "{drawn}");
        let sheet = Sheet {
            title: "<script>alert(1)</script>".into(),
            summary: vec!["All & everything".into()],
            notes: vec!["<b>failed".into()],
            sections: vec![Section {
                id: "scores".into(),
                title: "Scores".into(),
                content: vec![
                    Content::Text("1 < 2".into()),
                    Content::Table(sample::table()),
                    Content::Figure(figure),
                    Content::Commands(vec!["tella mad".into()]),
                ],
            }],
        };
        let page = sheet.html();
        assert!(!page.contains("<script>alert") && !page.contains("<b>failed"));
        for part in
            ["All &amp; everything", "1 &lt; 2", "id=\"scores\"", "figure-c", "&lt;i&gt;one"]
        {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(page, sheet.html());
    }
}
