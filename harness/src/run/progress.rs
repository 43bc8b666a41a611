//! How far a run is: a bar for each lifetime under way on a terminal, a line every
//! ten seconds elsewhere, nothing where `TELLA_NO_PROGRESS` is set.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

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
}

/// Somebody who is shown the lifetimes under way, by index, many times a second.
pub(super) trait Watcher {
    /// Shows them.
    fn show(&mut self, under_way: &BTreeMap<u64, Progress>);
}

/// Shows progress on standard error.
pub struct Display {
    kind: Kind,
    started: Instant,
}

enum Kind {
    None,
    Lines { last: Instant },
    Bars { all: MultiProgress, bars: BTreeMap<u64, ProgressBar> },
}

impl Display {
    /// The display that suits standard error.
    pub fn new() -> Self {
        let started = Instant::now();
        let kind = if std::env::var_os("TELLA_NO_PROGRESS").is_some_and(|v| !v.is_empty()) {
            Kind::None
        } else if std::io::stderr().is_terminal() {
            Kind::Bars { all: MultiProgress::new(), bars: BTreeMap::new() }
        } else {
            Kind::Lines { last: started }
        };
        Display { kind, started }
    }

    /// Nothing is shown.
    pub fn silent() -> Self {
        Display { kind: Kind::None, started: Instant::now() }
    }
}

impl Watcher for Display {
    fn show(&mut self, under_way: &BTreeMap<u64, Progress>) {
        let elapsed = self.started.elapsed();
        match &mut self.kind {
            Kind::None => {}
            Kind::Lines { last } => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    for (lifetime, progress) in under_way {
                        eprintln!("{}", line(*lifetime, progress, elapsed));
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
                        bar.set_prefix(format!("lifetime {lifetime}"));
                        bar
                    });
                    bar.set_length(progress.total);
                    bar.set_position(progress.done);
                    let rate = rate(progress.steps, elapsed);
                    bar.set_message(format!("{}  {rate}", progress.at));
                }
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

fn line(lifetime: u64, p: &Progress, elapsed: Duration) -> String {
    let share = if p.total == 0 { 0.0 } else { p.done as f64 / p.total as f64 };
    let eta = if share > 0.0 {
        format!("{} s", (elapsed.as_secs_f64() * (1.0 - share) / share).round())
    } else {
        "unknown".into()
    };
    format!(
        "lifetime {lifetime}: {:.0}%  {} experiences  {}  {}  eta {eta}",
        share * 100.0,
        p.experiences,
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
        };
        let expected = "lifetime 3: 25%  5 experiences  block 1  20 k steps/s  eta 30 s";
        assert_eq!(line(3, &p, Duration::from_secs(10)), expected);
    }
}
