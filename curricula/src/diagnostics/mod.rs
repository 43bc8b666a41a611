//! What is wrong with a curriculum, where, and what would be right.

mod render;
mod source;

use serde::Serialize;
pub(crate) use source::{Sources, Span};

/// Messages kept of each severity, so that warnings crowd out no error: more than a person
/// works through before looking again.
const MOST: usize = 50;

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The curriculum cannot be used.
    Error,
    /// It can, but perhaps not as meant.
    Warning,
}

/// A position in a source text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Name of the file, or of what stands for one (`--set`, a library name).
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Number of characters meant; at least 1.
    pub width: usize,
    /// The line's text, or the part of it around the column.
    pub snippet: String,
    /// Characters of `snippet` before the column.
    #[serde(skip)]
    pub snippet_column: usize,
}

/// Another place that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Other places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// All messages on one curriculum, in the order of the text.
///
/// `Display` writes them as a compiler does: message, `file:line:column`, the
/// source line with a caret, and a `hint:`. `Serialize` is the JSON form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnostics {
    /// The messages.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were.
    pub omitted: usize,
}

impl Diagnostics {
    /// Whether nothing was found at all.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether something makes the curriculum unusable.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Takes in the messages of `other`.
    pub fn merge(&mut self, other: Diagnostics) {
        self.omitted += other.omitted;
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
        self.sort();
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Puts the messages into the order of the text.
    pub(crate) fn sort(&mut self) {
        self.diagnostics.sort_by(|a, b| {
            (&a.place.file, a.place.line, a.place.column).cmp(&(
                &b.place.file,
                b.place.line,
                b.place.column,
            ))
        });
    }
}

impl std::error::Error for Diagnostics {}

/// Collects messages about one document's [`Sources`].
pub(crate) struct Reporter<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) found: Diagnostics,
    /// How many errors and warnings were found.
    counts: [usize; 2],
    /// The key whose value is being read, for messages about its type.
    pub(crate) key: Option<&'static str>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        Reporter { sources, found: Diagnostics::default(), counts: [0; 2], key: None }
    }

    /// Reports an error; the builder it returns adds a hint and other places.
    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>) -> Report<'_, 'a> {
        self.report(Severity::Error, span, message.into())
    }

    /// Reports a warning.
    pub(crate) fn warning(&mut self, span: Span, message: impl Into<String>) -> Report<'_, 'a> {
        self.report(Severity::Warning, span, message.into())
    }

    fn report(&mut self, severity: Severity, span: Span, message: String) -> Report<'_, 'a> {
        // Finding a place reads the line, so it is not done for what is not shown.
        let count = &mut self.counts[severity as usize];
        *count += 1;
        if *count > MOST {
            self.found.omitted += 1;
            return Report { reporter: self, diagnostic: None };
        }
        let place = self.sources.place(span);
        let diagnostic = Diagnostic { severity, message, place, related: Vec::new(), hint: None };
        Report { reporter: self, diagnostic: Some(diagnostic) }
    }

    /// Counts an error that is not shown; what [`full`](Self::full) is asked for.
    pub(crate) fn omit(&mut self) {
        self.counts[Severity::Error as usize] += 1;
        self.found.omitted += 1;
    }

    /// How many errors were found until now.
    pub(crate) fn errors(&self) -> usize {
        self.counts[Severity::Error as usize]
    }

    /// Whether further errors are only counted, so that nobody reads their hints.
    pub(crate) fn full(&self) -> bool {
        self.errors() >= MOST
    }

    /// The messages in the order of the text.
    pub(crate) fn finish(mut self) -> Diagnostics {
        self.found.sort();
        self.found
    }
}

/// A message under construction; filed when dropped.
pub(crate) struct Report<'r, 'a> {
    reporter: &'r mut Reporter<'a>,
    diagnostic: Option<Diagnostic>,
}

impl Report<'_, '_> {
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.maybe_hint(Some(hint))
    }

    /// A hint that is made only where it is shown.
    pub(crate) fn hint_with(mut self, hint: impl FnOnce() -> String) -> Self {
        if let Some(d) = &mut self.diagnostic {
            d.hint = Some(hint());
        }
        self
    }

    pub(crate) fn maybe_hint(mut self, hint: Option<impl Into<String>>) -> Self {
        if let Some(d) = &mut self.diagnostic {
            d.hint = hint.map(Into::into);
        }
        self
    }

    pub(crate) fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        if let Some(d) = &mut self.diagnostic {
            let place = self.reporter.sources.place(span);
            d.related.push(Related { message: message.into(), place });
        }
        self
    }
}

impl Drop for Report<'_, '_> {
    fn drop(&mut self) {
        if let Some(diagnostic) = self.diagnostic.take() {
            self.reporter.found.push(diagnostic);
        }
    }
}
