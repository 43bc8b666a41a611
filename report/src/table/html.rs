//! Tables as HTML, for the page.

use super::{Cell, Kind, Table};
use crate::drawing::{plain, shortened};
use maud::{Markup, html};

/// Characters of a cell, and of one that is a single word, such as a hash; more are shown on hover.
const MOST: usize = 60;
const MOST_WORD: usize = 24;

impl Table {
    /// As a `<table>` with a caption and headings; the page's script sorts it by the numbers
    /// in `data-value`.
    pub fn html(&self) -> Markup {
        let number = |kind: Kind| (kind != Kind::Text).then_some("n");
        html! {
            table.sorts id={ "table-" (self.name) } {
                caption { bdi { (shortened(&self.title, MOST)) } }
                thead { tr {
                    @for column in &self.columns {
                        th scope="col" class=[number(column.kind)] title=[said(&column.about)] { bdi { (shortened(&column.heading, MOST)) } }
                    }
                } }
                tbody {
                    @for row in &self.rows { tr {
                        @for (at, (cell, column)) in row.iter().zip(&self.columns).enumerate() {
                            @if at == 0 {
                                th scope="row" { (inside(cell)) }
                            } @else {
                                td class=[number(column.kind)] data-value=[value(cell)] title=[why(cell)] { (inside(cell)) }
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// What a cell shows.
fn inside(cell: &Cell) -> Markup {
    let shown = cell.shown();
    let one_word = !shown.contains(' ');
    let short = shortened(&shown, if one_word { MOST_WORD } else { MOST });
    let whole = (short != plain(&shown)).then(|| plain(&shown));
    match cell {
        Cell::Explained { text, about, link } => html! {
            @if link.is_empty() { abbr title=(about) { bdi { (breakable(text)) } } }
            @else { a href=(link) title=(about) { bdi { (breakable(text)) } } }
        },
        Cell::Text(_) => html! { bdi title=[whole] { (short) } },
        // A line ends before an interval, not within.
        Cell::Estimate(_, Some(_)) => html! { (short.replace(", ", ",\u{a0}")) },
        _ => html! { (short) },
    }
}

/// A name whose lines may end after a full stop or an underscore.
fn breakable(name: &str) -> Markup {
    html! { @for part in name.split_inclusive(['.', '_']) { (part) wbr; } }
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The number to sort by.
fn value(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Number(value) | Cell::Estimate(value, _) if value.is_finite() => {
            Some(value.to_string())
        }
        Cell::Count(count) => Some(count.to_string()),
        _ => None,
    }
}

/// Why there is nothing.
fn why(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Nothing(why) => Some(why),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::table::sample;

    #[test]
    fn cells_make_no_element() {
        let text = sample::table().html().into_string();
        assert!(
            text.contains("<th scope=\"row\"><bdi>&lt;b&gt;&quot;&amp; |_% \\</bdi></th>"),
            "{text}"
        );
        assert!(text.contains("data-value=\"-1234.5\">−1,234</td>"));
        assert!(text.contains("title=\"too few\">–</td>"));
        assert!(text.contains("title=\"what was &lt;learnt&gt;\"><bdi>Task</bdi></th>"));
    }
}
