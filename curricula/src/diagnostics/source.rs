//! The texts that messages point into: the curriculum's file, overrides from the
//! command line, a configuration file.

use super::Place;
use std::ops::Range;

/// Widest part of a source line that a message shows, in characters.
const WINDOW: usize = 100;

/// A byte range of one of the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) source: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A text with its name.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    name: String,
    text: String,
    /// Byte offset of the start of each line.
    lines: Vec<usize>,
}

/// All texts one document came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its number.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> u32 {
        let starts = text.match_indices('\n').map(|(i, _)| i + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        self.0.push(Source { name: name.to_owned(), text: text.to_owned(), lines });
        (self.0.len() - 1) as u32
    }

    /// The text number `source`.
    pub(crate) fn text(&self, source: u32) -> &str {
        &self.0[source as usize].text
    }

    /// The part of the text that `span` covers.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text(span.source).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The span of `len` characters from a 1-based line and column, both brought
    /// inside the text.
    pub(crate) fn span_at(&self, source: u32, line: u64, column: u64, len: usize) -> Span {
        let s = &self.0[source as usize];
        let line = (line.max(1) as usize - 1).min(s.lines.len() - 1);
        let range = s.line(line);
        let text = &s.text[range.clone()];
        let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
        let column = column.max(1) as usize - 1;
        Span {
            source,
            start: (range.start + at(column)) as u32,
            end: (range.start + at(column.saturating_add(len))) as u32,
        }
    }

    /// Where `span` starts, as a person reads it.
    pub(crate) fn place(&self, span: Span) -> Place {
        let s = &self.0[span.source as usize];
        let start = s.text.floor_char_boundary(span.start as usize);
        let end = s.text.floor_char_boundary(span.end as usize);
        let line = s.lines.partition_point(|l| *l <= start) - 1;
        let range = s.line(line);
        let start = start.min(range.end);
        let (before, after) = (&s.text[range.start..start], &s.text[start..range.end]);
        let lead = before.chars().rev().take(WINDOW / 2).map(char::len_utf8).sum::<usize>();
        let lead = &before[before.len() - lead..];
        let snippet_column = lead.chars().count();
        let room = WINDOW - snippet_column;
        let marked = s.text[start..end.clamp(start, range.end)].chars().take(room).count();
        Place {
            file: s.name.clone(),
            line: line + 1,
            column: before.chars().count() + 1,
            width: marked.max(1),
            snippet: lead.chars().chain(after.chars().take(room)).collect(),
            snippet_column,
        }
    }
}

impl Source {
    /// The byte range of a line without its line break.
    fn line(&self, line: usize) -> Range<usize> {
        let start = self.lines[line];
        let end = self.lines.get(line + 1).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end];
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }
}
