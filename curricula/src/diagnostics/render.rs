//! Messages as text for a terminal, without colour.

use super::{Diagnostic, Diagnostics, Place, Severity};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Diagnostics {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_char('\n')?;
            }
            write!(f, "{diagnostic}")?;
        }
        if self.omitted > 0 {
            writeln!(f, "\n... and {} more", self.omitted)?;
        }
        Ok(())
    }
}

impl Display for Diagnostic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{word}: {}", Plain(&self.message))?;
        snippet(f, "-->", &self.place)?;
        for related in &self.related {
            writeln!(f, "note: {}", Plain(&related.message))?;
            snippet(f, "-->", &related.place)?;
        }
        match &self.hint {
            Some(hint) => writeln!(f, "hint: {}", Plain(hint)),
            None => Ok(()),
        }
    }
}

fn snippet(f: &mut Formatter<'_>, arrow: &str, place: &Place) -> fmt::Result {
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    writeln!(f, "{margin}{arrow} {}:{}:{}", Plain(&place.file), place.line, place.column)?;
    writeln!(f, "{margin} |")?;
    writeln!(f, "{number} | {}", Line(&place.snippet))?;
    let gap = " ".repeat(place.snippet_column);
    writeln!(f, "{margin} | {gap}{}", "^".repeat(place.width))
}

/// Whether a character could move the cursor, change the reading order or break
/// the line where a terminal shows it.
fn hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || c == '\u{feff}'
}

/// Text with hostile characters escaped.
struct Plain<'a>(&'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if hostile(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// A source line: every character keeps its one column, so that the caret fits.
struct Line<'a>(&'a str);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = |c| match c {
            '\t' => ' ',
            c if hostile(c) => '\u{fffd}',
            c => c,
        };
        self.0.chars().map(shown).try_for_each(|c| f.write_char(c))
    }
}
