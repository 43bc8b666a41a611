//! Settings measured in turns.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// By which seconds a speed is told.
#[derive(Clone, Copy)]
pub(super) enum Clock {
    /// Time on the clock: what counts where a side has several threads.
    Wall,
    /// Processor time, which other work on the machine does not lengthen; for sides
    /// with one thread each.
    Cpu,
}

impl Clock {
    /// Steps a second of a measurement that tells `steps`, `seconds` and `cpu_seconds`.
    pub(super) fn speed(self, told: &Value) -> Result<f64> {
        let number = |key: &str| told[key].as_f64().with_context(|| format!("no {key}"));
        let seconds = match self {
            Clock::Wall => "seconds",
            Clock::Cpu => "cpu_seconds",
        };
        Ok(number("steps")? / number(seconds)?)
    }
}

/// Something that has a speed, in steps a second.
pub(super) struct Setting<'a> {
    /// What tells it from the others.
    pub(super) name: String,
    measure: Box<dyn FnMut() -> Result<f64> + 'a>,
}

impl<'a> Setting<'a> {
    pub(super) fn new(
        name: impl Into<String>,
        measure: impl FnMut() -> Result<f64> + 'a,
    ) -> Setting<'a> {
        Setting { name: name.into(), measure: Box::new(measure) }
    }
}

/// The speeds of some settings.
pub(super) struct Speeds(Vec<(String, f64)>);

impl Speeds {
    /// The fastest setting: its name and its speed.
    pub(super) fn best(&self) -> (&str, f64) {
        let best = self.0.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map_or(("", 0.0), |(name, speed)| (name, *speed))
    }

    /// The speed of a setting; 0 where there is none of this name.
    pub(super) fn of(&self, name: &str) -> f64 {
        self.0.iter().find(|(n, _)| n == name).map_or(0.0, |(_, speed)| *speed)
    }

    /// Name and speed of each.
    pub(super) fn to_json(&self) -> Value {
        self.0.iter().map(|(name, speed)| (name.clone(), json!(speed.round()))).collect()
    }
}

/// Measures all `sides` in `turns` turns, each turn every setting of every side once;
/// the medians, side by side.
pub(super) fn in_turns<const N: usize>(
    turns: usize,
    mut sides: [Vec<Setting<'_>>; N],
) -> Result<[Speeds; N]> {
    let mut measured = sides.each_ref().map(|side| vec![Vec::new(); side.len()]);
    for _ in 0..turns.max(1) {
        for (side, measured) in sides.iter_mut().zip(&mut measured) {
            for (setting, measured) in side.iter_mut().zip(measured) {
                measured.push((setting.measure)()?);
            }
        }
    }
    let mut measured = measured.into_iter();
    Ok(sides.map(|side| {
        let medians = measured.next().into_iter().flatten().map(median);
        Speeds(side.into_iter().map(|setting| setting.name).zip(medians).collect())
    }))
}

/// The median; the upper one of an even number of values.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
