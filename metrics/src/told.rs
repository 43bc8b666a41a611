//! Numbers, counts and labels as people are told them: one rule for text tables, figures and pages.
//!
//! Commas stand between thousands; an exponent only where digits would run on (a thousand
//! million and more) or hide (where nothing would be left). What programs read (JSON, TSV, Parquet)
//! has the whole number, and nothing of this.

use std::fmt::Display;

/// From here on numbers have an exponent.
const RUNS_ON: f64 = 1e9;

/// A number with three digits that count at least, `–` where it is none.
pub fn number(value: f64) -> String {
    let size = value.abs();
    match value {
        v if !v.is_finite() => "–".to_owned(),
        v if size >= RUNS_ON || (size > 0.0 && size < 5e-4) => exponent(v, 2).replace('-', "−"),
        v => {
            let places = match size {
                _ if v == v.trunc() => 0,
                1000.0.. => 0,
                100.0.. => 1,
                0.1.. => 3,
                0.01.. => 4,
                _ => 5,
            };
            fixed(v, places).replace('-', "−")
        }
    }
}

/// A number with so many decimals, none from a thousand on, as the columns of a text table have it;
/// `-` for none.
pub fn in_column(value: Option<f64>, places: usize) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) => {
            let size = value.abs();
            let hidden = size > 0.0 && size < 0.5 * 0.1f64.powi(places as i32);
            match size >= RUNS_ON || hidden {
                true => exponent(value, 2),
                false if size >= 1000.0 => fixed(value, 0),
                false => fixed(value, places),
            }
        }
    }
}

/// A number with so many decimals and commas between thousands; no "-0".
pub fn fixed(value: f64, places: usize) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let negative = value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0');
    format!("{}{}{rest}", if negative { "-" } else { "" }, thousands(whole))
}

/// A number with an exponent and so many decimals; no "-0".
pub fn exponent(value: f64, places: usize) -> String {
    format!("{:.places$e}", value + 0.0)
}

/// A whole number with commas.
pub fn thousands(whole: impl Display) -> String {
    let digits = whole.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// So many of a thing: `1 task`, `2,000 tasks`.
pub fn counted(n: impl Display, one: &str) -> String {
    let n = thousands(n);
    let ending = if n == "1" { "" } else { "s" };
    format!("{n} {one}{ending}")
}

/// Characters of a label that are shown, an ellipsis among them.
const LABEL: usize = 60;
/// Characters of a word of a message that are shown: paths are longer than labels.
const WORD: usize = 500;

/// A label as a line of a terminal may show it: on one line, in the order it is written in, and
/// not longer than [`LABEL`] characters. What would move the cursor, turn the direction of
/// writing or cannot be seen is written as Rust escapes it.
pub fn label(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * LABEL));
    // No more is looked at than can be shown.
    for c in clipped(text, LABEL) {
        put(&mut shown, c);
    }
    shown
}

/// A text that may hold labels as a terminal may show it: as [`label`], but its lines stay lines,
/// and only words that no path is as long as are cut.
pub fn message(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\n']) {
        for c in clipped(word, WORD) {
            match c {
                '\n' => shown.push('\n'),
                c => put(&mut shown, c),
            }
        }
    }
    shown
}

/// The characters of a text, the middle of them an ellipsis where there are more than `most`.
fn clipped(text: &str, most: usize) -> impl Iterator<Item = char> {
    let long = text.char_indices().nth(most).is_some();
    let (head, tail) = if long { (most * 2 / 3, most - most * 2 / 3 - 1) } else { (most, 0) };
    let rest: Vec<char> = text.chars().rev().take(tail).collect();
    let middle = long.then_some('…');
    text.chars().take(head).chain(middle).chain(rest.into_iter().rev())
}

fn put(shown: &mut String, c: char) {
    match unseen(c) {
        true => shown.extend(c.escape_default()),
        false => shown.push(c),
    }
}

/// Whether a character is none that is seen where it stands: controls, marks of direction, of no
/// width, and of lines and paragraphs.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_nothing_and_are_short() {
        assert_eq!(label("a\x1b[2Jb\n\u{202e}c\tü"), "a\\u{1b}[2Jb\\n\\u{202e}c\\tü");
        let long = label(&format!("{}{}", "x".repeat(10_000), "end"));
        assert_eq!((long.chars().count(), long.ends_with("xend")), (60, true));
        assert!(long.starts_with(&"x".repeat(40)) && long.contains('…'));
        assert_eq!(label("Nav_v1"), "Nav_v1");
    }

    #[test]
    fn messages_keep_their_lines() {
        assert_eq!(message("a `b\u{2066}`\n  c"), "a `b\\u{2066}`\n  c");
        assert_eq!(message(&"y".repeat(2000)).chars().count(), 500);
        let path = format!("{}/data-log.tsv:3: no", "d/".repeat(120));
        assert_eq!(message(&path), path);
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(
            [0.0, -0.0, 1234.0, -0.12345, 1e-5, 1.5e7, 123.456, 54321.5, 0.0018].map(number),
            ["0", "0", "1,234", "−0.123", "1.00e−5", "15,000,000", "123.5", "54,322", "0.00180"]
        );
    }

    /// Whole or not, numbers of one size look alike.
    #[test]
    fn numbers_of_one_size_have_one_style() {
        assert_eq!([1_017_263.0, 1_180_432.4].map(number), ["1,017,263", "1,180,432"]);
        assert_eq!([2e9, 2e9 + 0.5, -7e30].map(number), ["2.00e9", "2.00e9", "−7.00e30"]);
        assert_eq!(in_column(Some(1_180_432.4), 3), "1,180,432");
    }

    #[test]
    fn numbers_in_columns_stay_visible() {
        assert_eq!(in_column(Some(1.005), 2), "1.00");
        assert_eq!(in_column(Some(-0.0), 2), "0.00");
        assert_eq!(in_column(Some(0.00012), 3), "1.20e-4");
        assert_eq!(in_column(Some(-3e9), 2), "-3.00e9");
        assert_eq!(in_column(None, 2), "-");
    }

    #[test]
    fn commas_stand_between_thousands() {
        assert_eq!(
            [0, 999, 1000, 12_345_678, i64::MAX].map(thousands),
            ["0", "999", "1,000", "12,345,678", "9,223,372,036,854,775,807"]
        );
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([0, 1, 2000].map(|n| counted(n, "task")), ["0 tasks", "1 task", "2,000 tasks"]);
    }
}
