//! What is odd about a data range that was given: it is used all the same, and told.

use crate::l2metrics::DataRange;
use crate::told::label;
use std::collections::BTreeMap;

/// Notes on the ranges that were given for tasks whose values span `found`: values outside, ranges
/// that are empty, entries of tasks that are not there. Letter case does not count.
pub(crate) fn notes<'a>(
    given: &BTreeMap<String, DataRange>,
    found: impl IntoIterator<Item = (&'a str, DataRange)>,
) -> Vec<String> {
    let found: BTreeMap<String, DataRange> =
        found.into_iter().map(|(task, range)| (task.to_lowercase(), range)).collect();
    let mut notes = Vec::new();
    let mut absent = Vec::new();
    for (task, range) in given {
        let name = label(task);
        let Some(values) = found.get(&task.to_lowercase()) else {
            absent.push(format!("`{name}`"));
            continue;
        };
        if range.min == range.max {
            notes.push(format!(
                "the data range of `{name}` is empty (min and max are {}): all its values count as \
                 the lowest",
                range.min
            ));
        } else if values.min < range.min || values.max > range.max {
            notes.push(format!(
                "values of `{name}` from {} to {} reach beyond its data range, {} to {}: they are \
                 scaled beyond its ends",
                values.min, values.max, range.min, range.max
            ));
        }
    }
    if !absent.is_empty() {
        notes.push(format!(
            "the data range names tasks that are not in the log: {}",
            absent.join(", ")
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_told_once() {
        let range = |min, max| DataRange { min, max };
        let given = BTreeMap::from([
            ("a_x".to_owned(), range(0.0, 1.0)),
            ("b_x".to_owned(), range(2.0, 2.0)),
            ("c_x".to_owned(), range(0.0, 9.0)),
            ("d_x".to_owned(), range(0.0, 1.0)),
        ]);
        let found = [("A_x", range(-1.0, 0.5)), ("b_x", range(2.0, 2.0)), ("c_x", range(0.0, 9.0))];
        assert_eq!(
            notes(&given, found),
            [
                "values of `a_x` from -1 to 0.5 reach beyond its data range, 0 to 1: they are scaled beyond its ends",
                "the data range of `b_x` is empty (min and max are 2): all its values count as the lowest",
                "the data range names tasks that are not in the log: `d_x`",
            ]
        );
    }
}
