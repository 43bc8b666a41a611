//! How far a run is: a bar for each lifetime under way on a terminal, a line every
//! ten seconds elsewhere, nothing where `TELLA_NO_PROGRESS` is set.

use crate::engine::{Party, Place};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use tella_metrics::told::counted;

const LINE_EVERY: Duration = Duration::from_secs(10);

/// What is known of a lifetime under way.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// Work done, in steps by estimate.
    pub done: u64,
    /// Work in all.
    pub total: u64,
    /// Experiences logged.
    pub experiences: u64,
    /// Steps taken by this process.
    pub steps: u64,
    /// Block, task and variant, in words.
    pub at: String,
    /// Where it is.
    pub place: Place,
    /// Whose code was running.
    pub party: Option<Party>,
}

/// Somebody who is shown the lifetimes under way, by index, many times a second.
pub(super) trait Watcher {
    /// Shows them.
    fn show(&mut self, under_way: &BTreeMap<u64, Progress>);

    /// Says once that they were asked to stop, which takes as long as their step under way.
    fn stopping(&mut self) {}
}

/// Shows progress on standard error.
pub struct Display {
    kind: Kind,
    /// When each lifetime was first seen, and how far it was then: it may have been
    /// resumed.
    seen: BTreeMap<u64, (Instant, u64)>,
}

enum Kind {
    None,
    Lines { last: Instant },
    Bars { all: MultiProgress, bars: BTreeMap<u64, ProgressBar> },
}

impl Display {
    const STOPPING: &str =
        "stopping after the step under way; once more ends at once, without a checkpoint";

    /// The display that suits standard error.
    pub fn new() -> Self {
        let kind = if std::env::var_os("TELLA_NO_PROGRESS").is_some_and(|v| !v.is_empty()) {
            Kind::None
        } else if std::io::stderr().is_terminal() {
            Kind::Bars { all: MultiProgress::new(), bars: BTreeMap::new() }
        } else {
            Kind::Lines { last: Instant::now() }
        };
        Display { kind, seen: BTreeMap::new() }
    }

    /// Nothing is shown.
    pub fn silent() -> Self {
        Display { kind: Kind::None, seen: BTreeMap::new() }
    }
}

impl Watcher for Display {
    fn show(&mut self, under_way: &BTreeMap<u64, Progress>) {
        for (lifetime, progress) in under_way {
            self.seen.entry(*lifetime).or_insert_with(|| (Instant::now(), progress.done));
        }
        let since = |lifetime: &u64| self.seen[lifetime].0.elapsed();
        match &mut self.kind {
            Kind::None => {}
            Kind::Lines { last } => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    for (lifetime, progress) in under_way {
                        let began_at = self.seen[lifetime].1;
                        eprintln!("{}", line(*lifetime, progress, began_at, since(lifetime)));
                    }
                }
            }
            Kind::Bars { all, bars } => {
                bars.retain(|lifetime, bar| {
                    let keep = under_way.contains_key(lifetime);
                    if !keep {
                        bar.finish_and_clear();
                    }
                    keep
                });
                for (lifetime, progress) in under_way {
                    let bar = bars.entry(*lifetime).or_insert_with(|| {
                        let bar = all.add(ProgressBar::new(progress.total).with_style(style()));
                        bar.set_position(progress.done);
                        bar.reset_eta();
                        bar.set_prefix(format!("lifetime {lifetime}"));
                        bar
                    });
                    bar.set_length(progress.total);
                    bar.set_position(progress.done);
                    let rate = rate(progress.steps, since(lifetime));
                    bar.set_message(format!("{}  {rate}", progress.at));
                }
            }
        }
    }

    fn stopping(&mut self) {
        match &self.kind {
            Kind::None => {}
            Kind::Lines { .. } => eprintln!("{}", Self::STOPPING),
            Kind::Bars { all, .. } => {
                // The terminal may be gone, as below.
                let _ = all.println(Self::STOPPING);
            }
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Kind::Bars { all, .. } = &self.kind {
            // The terminal may be gone; there is nothing left to tell then.
            let _ = all.clear();
        }
    }
}

impl Default for Display {
    fn default() -> Self {
        Self::new()
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix} {wide_bar} {percent:>3}%  eta {eta}  {msg}")
        .expect("the template is well-formed")
}

/// One line on a lifetime that had done `began_at` when it was first seen.
fn line(lifetime: u64, p: &Progress, began_at: u64, elapsed: Duration) -> String {
    let share = if p.total == 0 { 0.0 } else { p.done as f64 / p.total as f64 };
    let (done, left) = (p.done.saturating_sub(began_at), p.total.saturating_sub(p.done));
    let eta = match done {
        0 => "unknown".into(),
        _ => format!("{} s", (elapsed.as_secs_f64() * left as f64 / done as f64).round()),
    };
    format!(
        "lifetime {lifetime}: {:.0}%  {}  {}  {}  eta {eta}",
        share * 100.0,
        counted(p.experiences, "experience"),
        p.at,
        rate(p.steps, elapsed),
    )
}

fn rate(steps: u64, elapsed: Duration) -> String {
    let per_second = steps as f64 / elapsed.as_secs_f64().max(1e-3);
    match per_second {
        r if r >= 1e6 => format!("{:.1} M steps/s", r / 1e6),
        r if r >= 1e3 => format!("{:.0} k steps/s", r / 1e3),
        r => format!("{r:.0} steps/s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_share_rate_and_time_left() {
        let p = Progress {
            done: 250,
            total: 1000,
            experiences: 5,
            steps: 200_000,
            at: "block 1".into(),
            ..Progress::default()
        };
        let expected = "lifetime 3: 25%  5 experiences  block 1  20 k steps/s  eta 30 s";
        assert_eq!(line(3, &p, 0, Duration::from_secs(10)), expected);
        // Resumed at 150: 100 were done in 10 seconds, 750 are left.
        assert!(line(3, &p, 150, Duration::from_secs(10)).ends_with("eta 75 s"));
    }
}
