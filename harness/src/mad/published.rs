//! Scores of others.
//!
//! MAD scores (means over all settings, the best of six pairs of learning rate and weight decay) as the figure in
//! mad-lab's README shows them, read off by eye to about .01; and scores of the baseline settings measured with
//! mad-lab's own layers and data on one H200 (PyTorch 2.11, bfloat16, learning rate 5e-4, the epoch of lowest
//! test perplexity).

/// Scores of an architecture by task.
pub(super) struct Published {
    /// Its name.
    pub(super) name: &'static str,
    /// Whether they are MAD scores, or of the baseline settings.
    pub(super) full: bool,
    /// The mixers, as a declaration names them, in order and without repetition.
    pub(super) mixers: &'static [&'static str],
    /// In the order of [`TASKS`].
    pub(super) scores: [f64; 6],
}

/// The tasks, in the order of the scores.
pub(super) const TASKS: [&str; 6] = [
    "in-context-recall",
    "fuzzy-in-context-recall",
    "noisy-in-context-recall",
    "selective-copying",
    "compression",
    "memorization",
];

/// All that are known.
pub(super) const PUBLISHED: &[Published] = &[
    Published {
        name: "Hyena (mad-lab's README)",
        full: true,
        mixers: &["hyena"],
        scores: [0.82, 0.08, 0.79, 0.93, 0.45, 0.895],
    },
    Published {
        name: "multi-head Hyena (mad-lab's README)",
        full: true,
        mixers: &["multi-head-hyena"],
        scores: [0.99, 0.145, 0.985, 0.93, 0.45, 0.894],
    },
    Published {
        name: "striped Hyena (mad-lab's README)",
        full: true,
        mixers: &["hyena", "attention"],
        scores: [1.0, 0.235, 1.0, 1.0, 0.47, 0.892],
    },
    Published {
        name: "attention (mad-lab's layers, H200)",
        full: false,
        mixers: &["attention"],
        scores: [0.9998, 0.5188, 0.8153, 0.9994, 0.8063, 0.9990],
    },
    Published {
        name: "multi-head Hyena (mad-lab's layers, H200)",
        full: false,
        mixers: &["multi-head-hyena"],
        scores: [0.9992, 0.1521, 0.9992, 0.9903, 0.7896, 0.9991],
    },
    Published {
        name: "Hyena (mad-lab's layers, H200)",
        full: false,
        mixers: &["hyena"],
        scores: [0.9978, 0.1158, 0.9978, 0.9753, 0.6524, 0.9995],
    },
];
