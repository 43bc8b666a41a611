//! Accuracy as mad-lab has it, and by token.
//!
//! Macro accuracy: the share of each class's targets that are right, averaged over the classes that
//! are target or prediction anywhere in a batch of 128 examples, then over batches. A class that is
//! predicted but never a target counts as 0. Micro accuracy: the share of all scored targets.

use tella_envs::mad::IGNORED;

/// The share of right predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Accuracy {
    /// Over classes.
    pub macro_accuracy: f64,
    /// Over targets.
    pub micro_accuracy: f64,
}

/// How well a model does on some examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// Macro accuracy.
    pub macro_accuracy: f64,
    /// Micro accuracy.
    pub micro_accuracy: f64,
    /// The exponential of the mean cross entropy of scored targets.
    pub perplexity: f64,
}

/// Counts right and wrong predictions.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Right predictions, targets, and whether it was predicted, of each class in the present batch.
    classes: Vec<(u32, u32, bool)>,
    macros: f64,
    batches: u32,
    right: u64,
    scored: u64,
}

impl Tally {
    /// Examples of a batch.
    pub const BATCH: usize = 128;

    /// Nothing counted yet, of so many classes.
    pub fn new(classes: i64) -> Self {
        let classes = vec![(0, 0, false); classes as usize];
        Self { classes, macros: 0.0, batches: 0, right: 0, scored: 0 }
    }

    /// Counts a batch of predictions and targets. A prediction that is no class is wrong.
    pub fn add(&mut self, batch: impl Iterator<Item = (i64, i64)>) {
        self.classes.fill((0, 0, false));
        for (prediction, target) in batch.filter(|(_, target)| *target != IGNORED) {
            let is_right = prediction == target;
            let class = &mut self.classes[target as usize];
            class.0 += u32::from(is_right);
            class.1 += 1;
            self.right += u64::from(is_right);
            self.scored += 1;
            let predicted = usize::try_from(prediction).ok();
            if let Some(class) = predicted.and_then(|class| self.classes.get_mut(class)) {
                class.2 = true;
            }
        }
        let there =
            self.classes.iter().filter(|(_, targets, predicted)| *targets > 0 || *predicted);
        let (mut sum, mut count) = (0.0, 0_u32);
        for (right, targets, _) in there {
            sum += f64::from(*right) / f64::from((*targets).max(1));
            count += 1;
        }
        if count > 0 {
            self.macros += sum / f64::from(count);
            self.batches += 1;
        }
    }

    /// Of all that was counted.
    pub fn accuracy(&self) -> Accuracy {
        Accuracy {
            macro_accuracy: self.macros / f64::from(self.batches.max(1)),
            micro_accuracy: self.right as f64 / self.scored.max(1) as f64,
        }
    }

    /// The accuracies, with the sum of cross entropies of the targets.
    pub fn score(&self, loss: f64) -> Score {
        let Accuracy { macro_accuracy, micro_accuracy } = self.accuracy();
        let perplexity = (loss / self.scored.max(1) as f64).exp().min(f64::MAX);
        Score { macro_accuracy, micro_accuracy, perplexity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition of torchmetrics' `MulticlassAccuracy(num_classes=5, ignore_index=-100)`.
    #[test]
    fn classes_that_are_predicted_alone_count_as_nothing() {
        let mut tally = Tally::new(5);
        // Class 0: 1 of 2; class 1: 1 of 1; class 3: 0 of 1; class 4 is predicted alone; 2 is absent.
        tally.add([(0, 0), (4, 0), (1, 1), (0, 3), (2, IGNORED)].into_iter());
        let score = tally.score(4.0);
        assert_eq!(score.macro_accuracy, (0.5 + 1.0) / 4.0);
        assert_eq!((score.micro_accuracy, score.perplexity), (0.5, 1_f64.exp()));
        // A second batch, all right: macro accuracy is the mean of batches.
        tally.add([(2, 2)].into_iter());
        assert_eq!(tally.accuracy().macro_accuracy, (0.375 + 1.0) / 2.0);
        assert_eq!(tally.accuracy().micro_accuracy, 0.6);
        // No answer is wrong.
        tally.add([(IGNORED, 2)].into_iter());
        assert_eq!(tally.accuracy().micro_accuracy, 0.5);
    }
}
