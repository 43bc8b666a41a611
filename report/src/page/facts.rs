//! A table turned on its side: what its columns are about reads downwards, a row of it across. For
//! few rows of many columns.

use crate::table::{Cell, Table};
use maud::{Markup, html};

/// Rows that still fit beside each other.
const MOST: usize = 4;

/// Hexadecimal digits that a hash has at least, and that stand together.
const HASH: usize = 32;
const GROUP: usize = 8;

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
        _ => html! { bdi { @for word in shown.split_inclusive(' ') { (grouped(word)) } } },
    }
}

/// A word; where it is a hash, lines may end after every eight of its digits. What is copied is
/// whole.
fn grouped(word: &str) -> Markup {
    let digits = word.bytes().filter(u8::is_ascii_hexdigit).count();
    let is_hash = digits >= HASH && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    // A time breaks behind its day.
    let is_time = word.ends_with('Z') && word.starts_with(|c: char| c.is_ascii_digit());
    match is_hash {
        _ if is_time => html! { @for part in word.split_inclusive('T') { (part) wbr; } },
        true => html! { @for group in word.as_bytes().chunks(GROUP) {
            (String::from_utf8_lossy(group)) wbr;
        } },
        false => html! { (word) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_break_at_groups_and_words_do_not() {
        let hash = "0123456789abcdef0123456789abcdef";
        let text = grouped(hash).into_string();
        assert_eq!(text, "01234567<wbr>89abcdef<wbr>01234567<wbr>89abcdef<wbr>");
        assert_eq!(text.replace("<wbr>", ""), hash);
        assert_eq!(
            grouped("<b>-a-word-that-is-no-hash-at-all ").into_string(),
            "&lt;b&gt;-a-word-that-is-no-hash-at-all "
        );
    }
}
