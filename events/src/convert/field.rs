//! One field of a log of text, to say in an error what stands there.

use super::scan::Scanner;
use std::path::Path;

/// What stands in a column of the record that begins on a line (from 1) of a tab-separated file;
/// `None` where there is no such field.
pub fn field(path: &Path, line: u32, column: &str) -> Option<String> {
    let text = fs_err::read_to_string(path).ok()?;
    let mut scanner = Scanner::new(text.strip_prefix('\u{feff}').unwrap_or(&text), b'\t');
    let mut fields = Vec::new();
    scanner.next(&mut fields).ok()??;
    let at = fields.iter().position(|name| name.text() == column)?;
    while let Some(began) = scanner.next(&mut fields).ok()? {
        if began == u64::from(line) {
            return Some(fields.get(at)?.text().into_owned());
        }
    }
    None
}
