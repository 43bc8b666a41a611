//! The tasks of a study, and how each is drawn.

use super::Side;
use crate::drawing::Ink;
use tella_metrics::lifetime::{Experts, Lifetime};

/// A task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name, `<Task>_<Variant>`.
    pub name: String,
    /// How it is drawn, in every figure.
    pub ink: Ink,
    /// It is learnt in some lifetime.
    pub learnt: bool,
}

impl Task {
    /// The tasks of all sides: in the order in which they are first learnt where all lifetimes
    /// have one order, else by name. So a report of the same tasks has the same colours.
    pub(super) fn of(sides: &[Side]) -> Vec<Self> {
        let lifetimes = || sides.iter().flat_map(|side| side.cohort.lifetimes());
        let mut names: Vec<&str> = Vec::new();
        let mut learnt: Vec<&str> = Vec::new();
        for lifetime in lifetimes() {
            for (n, name) in lifetime.tasks.iter().enumerate() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
                if n < lifetime.learnt && !learnt.contains(&name.as_str()) {
                    learnt.push(name);
                }
            }
        }
        let mut orders = lifetimes().map(|lifetime| &lifetime.tasks);
        let first = orders.next();
        if orders.any(|order| Some(order) != first) {
            names.sort_by_cached_key(|name| natural(name));
        }
        let task = |(number, name): (usize, &str)| Self {
            name: name.to_owned(),
            ink: Ink { number },
            learnt: learnt.contains(&name),
        };
        names.into_iter().enumerate().map(task).collect()
    }
}

/// A key that puts numbers within names in the order of their size.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0u64)];
    let mut in_number = false;
    for c in name.to_lowercase().chars() {
        if let Some(digit) = c.to_digit(10) {
            if let Some((_, number)) = parts.last_mut() {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            in_number = true;
            continue;
        }
        if in_number {
            parts.push((String::new(), 0));
            in_number = false;
        }
        if let Some((text, _)) = parts.last_mut() {
            text.push(c);
        }
    }
    parts
}

/// Takes lifetimes that learn a single task for experts of it, where there are others that
/// learn more.
pub(super) fn add_own_experts(experts: &mut Experts, sides: &[Side]) {
    let lifetimes = || sides.iter().flat_map(|side| side.cohort.lifetimes());
    if lifetimes().all(|lifetime| lifetime.learnt < 2) {
        return;
    }
    let alone = |lifetime: &&Lifetime| lifetime.learnt == 1;
    for lifetime in lifetimes().filter(alone) {
        experts.add(&lifetime.tasks[0], lifetime.raw.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_ordered_by_size() {
        let mut names = ["Fetch_S10", "Fetch_S8", "Door_S5", "fetch_s9"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["Door_S5", "Fetch_S8", "fetch_s9", "Fetch_S10"]);
    }
}
