//! The catalogue: every metric there is, and finding one by name.

use crate::added;
use crate::definition::Definition;
use crate::family::Family;

/// Every metric, family by family, those that were added last.
pub fn metrics() -> impl Iterator<Item = &'static Definition> {
    built_in().chain(added::metrics())
}

fn built_in() -> impl Iterator<Item = &'static Definition> {
    Family::ALL.into_iter().flat_map(|family| family.metrics().iter().copied())
}

/// No metric, or more than one, has a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// None has it.
    #[error("no metric is called `{0}`")]
    Unknown(String),
    /// Several families have a metric of this name.
    #[error("`{name}` is the name of several metrics: {}", among.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// The full names.
        among: Vec<String>,
    },
}

/// The metrics that a name stands for: a full name (`gem.bwt`), a name that one family
/// alone has (`bwt`), or a family (`gem`), which stands for all of its metrics.
///
/// # Errors
///
/// Where no metric, or more than one, has the name.
pub fn find(name: &str) -> Result<Vec<&'static Definition>, FindError> {
    if let Some(family) = Family::ALL.into_iter().find(|family| family.key() == name) {
        return Ok(family.metrics().to_vec());
    }
    let mut added = added::metrics();
    added.retain(|metric| metric.family.key() == name);
    if !added.is_empty() {
        return Ok(added);
    }
    let found: Vec<_> =
        metrics().filter(|metric| metric.full_name() == name || metric.name == name).collect();
    match found.as_slice() {
        [] => Err(FindError::Unknown(name.to_owned())),
        [_] => Ok(found),
        _ => Err(FindError::Ambiguous {
            name: name.to_owned(),
            among: found.iter().map(|metric| metric.full_name()).collect(),
        }),
    }
}

/// Every name that [`find`] takes without ambiguity.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for metric in metrics() {
        if names.last().is_none_or(|last| last != metric.family.key()) {
            names.push(metric.family.key().to_owned());
        }
    }
    names.extend(metrics().map(Definition::full_name));
    let bare = metrics().map(|metric| metric.name);
    names.extend(bare.filter(|name| find(name).is_ok()).map(str::to_owned));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn full_names_are_unique_and_no_metric_is_called_like_a_family() {
        let names: Vec<String> = built_in().map(Definition::full_name).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert!(Family::ALL.iter().all(|family| built_in().all(|m| m.name != family.key())));
        assert!(built_in().all(|m| m.family.metrics().iter().any(|own| std::ptr::eq(*own, m))));
    }

    #[test]
    fn metrics_are_found_by_full_name_unambiguous_name_and_family() {
        let one =
            |name: &str| find(name).unwrap().iter().map(|m| m.full_name()).collect::<Vec<_>>();
        assert_eq!(one("gem.bwt"), ["gem.bwt"]);
        assert_eq!(one("bwt"), ["gem.bwt"]);
        assert_eq!(one("gem"), ["gem.acc", "gem.bwt", "gem.fwt"]);
        assert_eq!(find("bw").unwrap_err(), FindError::Unknown("bw".to_owned()));
        let ambiguous = find("forgetting").unwrap_err().to_string();
        assert!(ambiguous.contains("continual-world.forgetting, coom.forgetting"), "{ambiguous}");
    }

    /// Every part of a definition says something.
    #[test]
    fn definitions_are_complete() {
        for metric in built_in() {
            for text in
                [metric.meaning, metric.formula, metric.inputs, metric.undefined, metric.source]
            {
                assert!(text.len() > 8 && !text.ends_with('.'), "{}: {text}", metric.full_name());
            }
        }
    }
}
