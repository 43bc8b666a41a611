//! A view on a screen, as lines of text.

use super::view::{LifetimeView, RunView, TaskView};
use crate::run::State;
use std::fmt::Write;
use tella_metrics::told::{counted, in_column, label, message};

/// Decimals of returns.
const PLACES: usize = 3;

/// Lifetimes at most of which complete ones show their tasks too.
const FEW: usize = 3;

/// What a sparkline is made of, from the lowest to the highest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The lines of a view, `now` being the time in microseconds since 1970 UTC.
pub fn picture(view: &RunView, now: i64) -> Vec<String> {
    let complete = view.lifetimes.iter().filter(|l| l.state == State::Complete).count();
    let all = view.lifetimes.len();
    let mut lines = vec![format!(
        "{} with agent {}   {}   {complete} of {all} {} complete",
        label(&view.curriculum),
        label(&view.agent),
        message(&view.run.display().to_string()),
        if all == 1 { "lifetime" } else { "lifetimes" },
    )];
    for lifetime in &view.lifetimes {
        lines.push(String::new());
        lines.push(head(lifetime, now));
        lines.extend(lifetime.fault.iter().map(|fault| format!("  {}", message(fault))));
        lines.extend(
            lifetime.unread.iter().map(|why| format!("  not all can be read: {}", message(why))),
        );
        let done = matches!(lifetime.state, State::Complete | State::Planned);
        if !lifetime.tasks.is_empty() && (!done || all <= FEW) {
            lines.extend(table(&lifetime.tasks));
        }
    }
    lines
}

/// One line on a lifetime.
fn head(l: &LifetimeView, now: i64) -> String {
    let mut line = format!("lifetime {}  {}", l.lifetime, l.state.as_str());
    let mut put = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = write!(line, "{text}");
    };
    if let (State::Killed, Some(at)) = (l.state, l.last_at) {
        put(format_args!(" for {}", span((now - at) as f64 / 1e6)));
    }
    if let (Some(progress), false) = (l.progress, l.state == State::Complete) {
        put(format_args!("  {:.0}%", (progress * 100.0).floor()));
    }
    if let Some(eta) = l.eta_seconds {
        put(format_args!("  eta {}", span(eta)));
    }
    if let (Some(block), false) = (l.block_num, l.state == State::Complete) {
        put(format_args!("  block {block}"));
        if let Some(last) = l.blocks.and_then(|blocks| blocks.checked_sub(1)) {
            put(format_args!(" of 0 to {last}"));
        }
        if let Some(kind) = l.block_type {
            put(format_args!(" ({kind})"));
        }
        if let Some(task) = &l.task_name {
            put(format_args!(" {}", label(task)));
        }
    }
    if l.state != State::Planned {
        put(format_args!("  {}", counted(l.experiences, "experience")));
    }
    if let Some(speed) = l.steps_per_second {
        put(format_args!("  {} steps/s", short(speed)));
    }
    line
}

/// The tasks of a lifetime.
fn table(tasks: &[TaskView]) -> Vec<String> {
    let names: Vec<String> = tasks.iter().map(|task| label(&task.task_name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(4);
    let curves: Vec<String> = tasks.iter().map(|task| sparkline(&task.curve)).collect();
    let drawn = curves.iter().map(|curve| curve.chars().count()).max().unwrap_or(0).max(8);
    let mut lines = vec![format!(
        "  {:width$}  {:>9}  {:>12}  {:drawn$}  {:>12}  in block",
        "task", "learned", "mean of last", "learning", "evaluation"
    )];
    for ((task, name), curve) in tasks.iter().zip(names).zip(curves) {
        let recent = in_column(task.recent_reward, PLACES);
        let (evaluated, block) = match &task.evaluation {
            Some(e) => (in_column(Some(e.mean_reward), PLACES), e.block_num.to_string()),
            None => ("-".into(), "-".into()),
        };
        let recent = match task.recent {
            0 => recent,
            n => format!("{recent} ({n})"),
        };
        lines.push(format!(
            "  {name:width$}  {:>9}  {recent:>12}  {curve:drawn$}  {evaluated:>12}  {block:>8}",
            task.learned
        ));
    }
    lines
}

/// Values as bars, the lowest and the highest of them at the ends of the scale.
fn sparkline(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bar = |value: &f64| match high > low {
        // A value that is no number stands at the bottom.
        true => BARS[((value - low) / (high - low) * 7.0).round() as usize],
        false => BARS[3],
    };
    values.iter().map(bar).collect()
}

/// A count for people.
fn short(value: f64) -> String {
    match value {
        v if v >= 1e6 => format!("{:.1} M", v / 1e6),
        v if v >= 1e4 => format!("{:.0} k", v / 1e3),
        v => format!("{v:.0}"),
    }
}

/// A stretch of time for people.
fn span(seconds: f64) -> String {
    let seconds = seconds.max(0.0).ceil() as u64;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if days > 0 => format!("{days} d {} h", hours % 24),
        () if hours > 0 => format!("{hours} h {} min", minutes % 60),
        () if minutes > 0 => format!("{minutes} min {} s", seconds % 60),
        () => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_spans_lowest_to_highest() {
        assert_eq!(sparkline(&[0.0, 0.5, 1.0, 0.9]), "▁▅█▇");
        assert_eq!(sparkline(&[2.0, 2.0]), "▄▄");
        assert_eq!(sparkline(&[f64::NAN, 1.0, 0.0]), "▁█▁");
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn times_and_counts_are_short() {
        assert_eq!(span(0.2), "1 s");
        assert_eq!(span(125.0), "2 min 5 s");
        assert_eq!(span(90_000.0), "1 d 1 h");

        assert_eq!((short(123_456.0), short(2.5e6)), ("123 k".into(), "2.5 M".into()));
    }
}
