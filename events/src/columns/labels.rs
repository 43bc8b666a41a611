//! Dictionaries of text for columns that rarely change.

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, PrimitiveArray, StringArray};
use std::collections::HashMap;
use std::sync::Arc;

/// A dictionary above this size starts over at the next frame, so that a stream with ever
/// new texts sends each a bounded number of times.
const MOST_KEPT: usize = 64;

/// Texts in order of first use.
#[derive(Default)]
pub(super) struct Labels {
    values: Vec<String>,
    codes: HashMap<String, i32>,
    /// The values as Arrow's array, kept while they do not change: the writer then sees at
    /// a glance that the dictionary need not be sent again.
    array: Option<ArrayRef>,
    /// The last column of one code, and that code, while the values do not change.
    constant: Option<(i32, ArrayRef)>,
}

impl Labels {
    /// The code of a text.
    pub(super) fn code(&mut self, text: &str) -> i32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.values.len() as i32;
        self.values.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        self.array = None;
        self.constant = None;
        code
    }

    /// A column in which every row has the same code; otherwise as [`column`](Self::column).
    /// It is the last one again where that was the same, which whoever encodes it can see.
    pub(super) fn constant(&mut self, code: i32, rows: usize) -> (ArrayRef, bool) {
        match &self.constant {
            Some((last, column)) if *last == code && column.len() == rows => {
                (Arc::clone(column), false)
            }
            _ => {
                let (column, reset) = self.column(PrimitiveArray::from_value(code, rows));
                self.constant = (!reset).then(|| (code, Arc::clone(&column)));
                (column, reset)
            }
        }
    }

    /// A column of codes. Between frames only: a dictionary that has grown large starts over
    /// after it, and codes given before are void where this returns `true`.
    pub(super) fn column(&mut self, codes: PrimitiveArray<Int32Type>) -> (ArrayRef, bool) {
        let values = self
            .array
            .get_or_insert_with(|| Arc::new(StringArray::from_iter_values(&self.values)))
            .clone();
        let column = DictionaryArray::new(codes, values);
        let reset = self.values.len() > MOST_KEPT;
        if reset {
            *self = Self::default();
        }
        (Arc::new(column), reset)
    }
}
