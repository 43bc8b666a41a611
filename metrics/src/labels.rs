//! A column of labels that repeat: each distinct text once, a small number a row.

use std::collections::HashMap;

/// A text column stored as codes into its distinct texts.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    names: Vec<String>,
    codes: Vec<u32>,
    code_of: HashMap<String, u32>,
}

impl Labels {
    /// Adds a row.
    pub fn push(&mut self, label: &str) {
        let code = match self.code_of.get(label) {
            Some(code) => *code,
            None => {
                let code = self.names.len() as u32;
                self.names.push(label.to_owned());
                self.code_of.insert(label.to_owned(), code);
                code
            }
        };
        self.codes.push(code);
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The distinct texts, in order of first appearance.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rows, as positions in [`Labels::names`].
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        &self.names[self.codes[row] as usize]
    }
}

impl<T: AsRef<str>> FromIterator<T> for Labels {
    fn from_iter<I: IntoIterator<Item = T>>(labels: I) -> Self {
        let mut column = Self::default();
        for label in labels {
            column.push(label.as_ref());
        }
        column
    }
}
