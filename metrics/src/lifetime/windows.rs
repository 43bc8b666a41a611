//! Windows: two evaluations of a task, and what was learnt between them.

use super::Scaled;

/// Two evaluations of a task and the tasks that were learnt between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The task that was evaluated.
    pub task: usize,
    /// Its performance before.
    pub before: f64,
    /// Its performance after.
    pub after: f64,
    /// The tasks that were learnt between, ascending; never empty.
    pub learnt: Vec<usize>,
    /// The task itself had been learnt before the window.
    pub known: bool,
    /// The gap of the second evaluation.
    end: usize,
}

impl Scaled<'_> {
    /// The windows of a task, in order: one from each evaluation to the next. Windows that
    /// follow each other with the same tasks learnt are one, so that evaluating more often
    /// does not change what learning a task is credited with.
    pub fn windows(&self, task: usize) -> Vec<Window> {
        let learning = &self.lifetime.learning;
        let first = learning.iter().position(|t| *t == task).unwrap_or(learning.len());
        let mut windows: Vec<Window> = Vec::new();
        for pair in self.evaluations(task).windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let mut learnt = learning[from.gap..to.gap].to_vec();
            learnt.sort_unstable();
            learnt.dedup();
            match windows.last_mut() {
                Some(last) if last.end == from.gap && last.learnt == learnt => {
                    (last.after, last.end) = (to.mean, to.gap);
                }
                _ => windows.push(Window {
                    task,
                    before: from.mean,
                    after: to.mean,
                    learnt,
                    known: first < from.gap,
                    end: to.gap,
                }),
            }
        }
        windows
    }

    /// The windows of all tasks in which the task itself was not learnt.
    pub fn windows_of_others(&self) -> impl Iterator<Item = Window> {
        let all = (0..self.lifetime.tasks.len()).flat_map(|task| self.windows(task));
        all.filter(|window| !window.learnt.contains(&window.task))
    }
}

#[cfg(test)]
mod tests {
    use super::super::worked::{lifetime, raw};

    #[test]
    fn windows_span_what_was_learnt_between_two_evaluations() {
        let life = lifetime("e x=1 | l a 0 | l b 0 | e x=2 | l x 0 | e x=3 | l a 0 | e x=4");
        let raw = raw(&life);
        let x = life.tasks.iter().position(|t| t == "x").unwrap();
        let windows = raw.windows(x);
        let learnt: Vec<_> = windows.iter().map(|w| w.learnt.clone()).collect();
        // Tasks are numbered by first learning: a, b, x.
        assert_eq!(learnt, [vec![0, 1], vec![2], vec![0]]);
        let known: Vec<_> = windows.iter().map(|w| w.known).collect();
        assert_eq!(known, [false, false, true]);
        assert_eq!((windows[0].before, windows[0].after), (1.0, 2.0));
    }

    /// Evaluating between does not split what one task's learning did.
    #[test]
    fn windows_with_the_same_learning_are_one() {
        let life = lifetime("e x=1 | l a 0 | e x=2 | l a 0 | e x=5 | l b 0 | e x=6");
        let windows = raw(&life).windows(2);
        assert_eq!(windows.len(), 2);
        assert_eq!((windows[0].before, windows[0].after), (1.0, 5.0));
    }
}
