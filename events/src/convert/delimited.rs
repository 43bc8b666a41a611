//! Tab- and comma-separated text, quoted as Python's `csv` module does at its defaults:
//! a field is quoted where it holds the separator, a quote or a line break.

use super::scan::{Raw, Scanner, Unclosed};
use crate::error::{AtPath, EventError};
use std::path::Path;

/// Appends a field. `force` quotes it in any case.
pub(super) fn put_field(out: &mut String, field: &str, separator: char, force: bool) {
    if force || field.contains([separator, '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(field);
    }
}

/// Appends a line of fields.
pub(super) fn put_line<'a>(
    out: &mut String,
    fields: impl IntoIterator<Item = &'a str>,
    separator: char,
) {
    for (n, field) in fields.into_iter().enumerate() {
        if n > 0 {
            out.push(separator);
        }
        put_field(out, field, separator, false);
    }
    out.push('\n');
}

/// A field as read: an empty field that was quoted is an empty text, not a missing value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) quoted: bool,
}

/// A file of separated values, with the line each record begins at.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<(u64, Vec<Field>)>,
    /// The last line has an end.
    pub(super) ended: bool,
}

/// Reads a file whose first record names the columns.
pub(super) fn read(path: &Path, separator: char) -> Result<Records, EventError> {
    let text = read_text(path)?;
    let mut records =
        parse(without_mark(&text), separator).map_err(|(line, why)| error(path, line, why))?;
    if records.is_empty() {
        return Err(error(path, 1, EMPTY));
    }
    let header: Vec<String> = records.remove(0).1.into_iter().map(|f| f.text).collect();
    check_header(path, &header)?;
    for (line, row) in &records {
        if row.len() != header.len() {
            let why = format!("{} fields where {} columns are named", row.len(), header.len());
            return Err(error(path, *line, why));
        }
    }
    Ok(Records { header, rows: records, ended: text.ends_with('\n') })
}

/// A file's text.
pub(super) fn read_text(path: &Path) -> Result<String, EventError> {
    String::from_utf8(fs_err::read(path).at(path)?).map_err(|e| {
        let valid = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|b| **b == b'\n').count() + 1;
        error(path, line as u64, "not UTF-8")
    })
}

/// The text without a byte-order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

pub(super) const EMPTY: &str = "the file is empty; its first line must name the columns";
pub(super) const UNCLOSED: &str = "a quoted field is not closed";

/// Refuses columns without a name or with another's, and says which.
pub(super) fn check_header(path: &Path, header: &[String]) -> Result<(), EventError> {
    for (n, name) in header.iter().enumerate() {
        if name.is_empty() {
            return Err(error(path, 1, format!("column {} has no name", n + 1)));
        }
        if let Some(first) = header[..n].iter().position(|earlier| earlier == name) {
            let (first, second) = (first + 1, n + 1);
            let why = format!("columns {first} and {second} are both called `{name}`");
            return Err(error(path, 1, why));
        }
    }
    Ok(())
}

pub(super) fn error(path: &Path, line: u64, why: impl Into<String>) -> EventError {
    EventError::Import { path: path.to_owned(), line: Some(line), why: why.into() }
}

type Parsed = Vec<(u64, Vec<Field>)>;

fn parse(text: &str, separator: char) -> Result<Parsed, (u64, &'static str)> {
    // Only tabs and commas separate.
    let mut scanner = Scanner::new(text, separator as u8);
    let (mut records, mut fields) = (Parsed::new(), Vec::new());
    while let Some(line) = scanner.next(&mut fields).map_err(|Unclosed(line)| (line, UNCLOSED))? {
        let owned = |raw: &Raw<'_>| Field { text: raw.text().into_owned(), quoted: raw.quoted };
        records.push((line, fields.iter().map(owned).collect()));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_there_and_back() {
        let rows = [
            vec!["a", "b c", "d"],
            vec!["", "x\ty", "he said \"no\""],
            vec!["line\nbreak", "cr\rlf\r\n", "\""],
        ];
        for separator in ['\t', ','] {
            let mut text = String::new();
            for row in &rows {
                put_line(&mut text, row.iter().copied(), separator);
            }
            let parsed = parse(&text, separator).unwrap();
            let found: Vec<Vec<&str>> =
                parsed.iter().map(|(_, r)| r.iter().map(|f| f.text.as_str()).collect()).collect();
            assert_eq!(found, rows);
            assert_eq!(parsed.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3]);
        }
    }

    #[test]
    fn odd_files() {
        assert_eq!(parse("a\tb", '\t').unwrap().len(), 1);
        assert_eq!(parse("a\r\n\r\nb\r\n", '\t').unwrap().len(), 2);
        assert!(parse("a\n\"b", '\t').is_err_and(|(line, _)| line == 2));
        let quoted = parse("\"\"\t\n", '\t').unwrap();
        assert_eq!((quoted[0].1[0].quoted, quoted[0].1[1].quoted), (true, false));
    }
}
