//! Separated values, record by record, without copying them.

use std::borrow::Cow;

/// A field as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raw<'a> {
    /// Its bytes, quotes included.
    pub(super) bytes: &'a str,
    /// It begins with a quote: an empty one is an empty text, not a missing value.
    pub(super) quoted: bool,
}

impl<'a> Raw<'a> {
    /// Its text.
    pub(super) fn text(self) -> Cow<'a, str> {
        if !self.quoted {
            return Cow::Borrowed(self.bytes);
        }
        let inner = &self.bytes[1..];
        if let Some(plain) = inner.strip_suffix('"').filter(|inner| !inner.contains('"')) {
            return Cow::Borrowed(plain);
        }
        // Behind the closing quote everything stands for itself.
        let (mut text, mut open) = (String::with_capacity(inner.len()), true);
        let mut chars = inner.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if open && chars.peek() == Some(&'"') => {
                    chars.next();
                    text.push('"');
                }
                '"' if open => open = false,
                c => text.push(c),
            }
        }
        Cow::Owned(text)
    }
}

/// Goes through a text record by record. Blank lines hold none.
pub(super) struct Scanner<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
    line: u64,
}

/// A quoted field that is never closed, and the line its record begins at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclosed(pub(super) u64);

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, separator: u8) -> Self {
        Self { text, separator, at: 0, line: 1 }
    }

    /// The next record's fields, in place of what `fields` held, and the line it begins at;
    /// `None` at the end.
    #[inline]
    pub(super) fn next(&mut self, fields: &mut Vec<Raw<'a>>) -> Result<Option<u64>, Unclosed> {
        let bytes = self.text.as_bytes();
        loop {
            fields.clear();
            let began = self.line;
            let ended = self.record(bytes, began, fields)?;
            if !ended && fields.is_empty() {
                return Ok(None);
            }
            let blank = matches!(fields.as_slice(), [Raw { bytes: "", quoted: false }]);
            if !blank {
                return Ok(Some(began));
            }
        }
    }

    /// Reads up to the end of a line (`true`) or of the text (`false`).
    #[inline]
    fn record(
        &mut self,
        bytes: &'a [u8],
        began: u64,
        fields: &mut Vec<Raw<'a>>,
    ) -> Result<bool, Unclosed> {
        if self.at == bytes.len() {
            return Ok(false);
        }
        loop {
            let start = self.at;
            let quoted = bytes.get(start) == Some(&b'"');
            if quoted {
                self.close_quote(bytes, began)?;
            }
            let separator = self.separator;
            let rest = bytes[self.at..].iter().position(|b| *b == separator || *b == b'\n');
            let end = rest.map_or(bytes.len(), |n| self.at + n);
            self.at = (end + 1).min(bytes.len());
            let at_newline = bytes.get(end) == Some(&b'\n');
            let carriage_return = at_newline && end > start && bytes[end - 1] == b'\r';
            let stop = end - usize::from(carriage_return);
            fields.push(Raw { bytes: &self.text[start..stop], quoted });
            if at_newline {
                self.line += 1;
                return Ok(true);
            }
            if end == bytes.len() {
                return Ok(false);
            }
        }
    }

    /// Goes behind the quote that closes the field that begins here.
    fn close_quote(&mut self, bytes: &[u8], began: u64) -> Result<(), Unclosed> {
        self.at += 1;
        loop {
            match bytes.get(self.at) {
                None => return Err(Unclosed(began)),
                Some(b'"') if bytes.get(self.at + 1) == Some(&b'"') => self.at += 2,
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(byte) => {
                    self.line += u64::from(*byte == b'\n');
                    self.at += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record: the line it begins on, and its fields, with whether each was quoted.
    type Record = (u64, Vec<(String, bool)>);

    /// The records of a text by the definition, character by character.
    fn slowly(text: &str) -> Option<Vec<Record>> {
        let (mut records, mut record) = (Vec::new(), Vec::new());
        let (mut field, mut quoted, mut open, mut first) = (String::new(), false, false, true);
        let (mut line, mut began) = (1, 1);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            line += u64::from(c == '\n');
            match c {
                '"' if first => (open, quoted) = (true, true),
                '"' if open && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                '"' if open => open = false,
                c if open => field.push(c),
                '\r' if chars.peek() == Some(&'\n') => {}
                '\t' => record.push((std::mem::take(&mut field), std::mem::take(&mut quoted))),
                '\n' => {
                    record.push((std::mem::take(&mut field), std::mem::take(&mut quoted)));
                    if record != [(String::new(), false)] {
                        records.push((began, std::mem::take(&mut record)));
                    }
                    record.clear();
                    began = line;
                }
                c => field.push(c),
            }
            first = !open && (c == '\t' || c == '\n');
        }
        if !record.is_empty() || !field.is_empty() || quoted {
            record.push((field, quoted));
            records.push((began, record));
        }
        (!open).then_some(records)
    }

    /// All texts of up to six of these characters.
    #[test]
    fn as_the_definition_has_it() {
        let alphabet = ['a', '"', '\t', '\n', '\r'];
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            let longer = texts.iter().flat_map(|t| alphabet.map(|c| format!("{t}{c}")));
            let longer: Vec<String> = longer.collect();
            for text in &longer {
                let mut scanner = Scanner::new(text, b'\t');
                let (mut records, mut fields) = (Vec::new(), Vec::new());
                let found = loop {
                    match scanner.next(&mut fields) {
                        Ok(Some(line)) => {
                            let fields = fields.iter().map(|f| (f.text().into_owned(), f.quoted));
                            records.push((line, fields.collect::<Vec<_>>()));
                        }
                        Ok(None) => break Some(records),
                        Err(_) => break None,
                    }
                };
                assert_eq!(found, slowly(text), "{text:?}");
            }
            texts = longer;
        }
    }
}
