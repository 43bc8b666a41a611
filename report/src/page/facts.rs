//! A table turned on its side: what its columns are about reads downwards, a row of it across. For
//! few rows of many columns.

use crate::table::{Cell, Table};
use maud::{Markup, html};

/// Rows that still fit beside each other.
const MOST: usize = 4;

/// The table, turned where it has few rows. What no row says is left out.
pub(super) fn table(table: &Table) -> Markup {
    if table.rows.len() > MOST {
        return super::table(table);
    }
    let said = |at: &usize| table.rows.iter().any(|row| !matches!(row[*at], Cell::Nothing(_)));
    let columns: Vec<usize> = (1..table.columns.len()).filter(said).collect();
    html! {
        div.wide role="region" tabindex="0" aria-labelledby="run" {
            table.facts {
                thead { tr {
                    th scope="col" { (table.columns[0].heading) }
                    @for row in &table.rows { th scope="col" { (whole(&row[0])) } }
                } }
                tbody {
                    @for at in columns { tr {
                        th scope="row" title=(table.columns[at].about) { (table.columns[at].heading) }
                        @for row in &table.rows { td { (whole(&row[at])) } }
                    } }
                }
            }
        }
    }
}

/// A cell without an end to its length, as far as that is sane: these are facts to copy.
fn whole(cell: &Cell) -> Markup {
    let shown = crate::drawing::shortened(&cell.shown(), 600);
    match cell {
        Cell::Nothing(why) => html! { span title=(why) { "–" } },
        _ => html! { bdi { (shown) } },
    }
}
