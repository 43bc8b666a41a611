//! The table at a sweep's end: each run, and how its lifetimes stand.

use crate::run::State;
use crate::sweep::{Standing, Sweep};
use tella_metrics::run::layout_whole;
use tella_metrics::told::{counted, thousands};

pub(super) fn table(sweep: &Sweep, standings: &[Vec<Standing>]) -> String {
    let headings = ["run", "complete", "experiences", "status"].map(str::to_owned);
    let row = |(run, lifetimes): (&crate::sweep::SweepRun, &Vec<Standing>)| {
        let complete = count(lifetimes, State::Complete);
        let experiences: u64 = lifetimes.iter().filter_map(|s| s.experiences).sum();
        vec![
            run.cell.name.clone(),
            format!("{complete}/{}", lifetimes.len()),
            thousands(experiences),
            status(lifetimes),
        ]
    };
    let rows: Vec<Vec<String>> = sweep.runs.iter().zip(standings).map(row).collect();
    let runs = counted(rows.len(), "run");
    let complete: usize = standings.iter().map(|s| count(s, State::Complete)).sum();
    let lifetimes = counted(sweep.lifetimes * rows.len() as u64, "lifetime");
    format!(
        "{}\n{runs}, {} of {lifetimes} complete\nsweep folder: {}\n",
        layout_whole(&headings, &rows),
        thousands(complete),
        sweep.dir.display()
    )
}

fn count(lifetimes: &[Standing], state: State) -> usize {
    lifetimes.iter().filter(|standing| standing.status == state).count()
}

/// How the lifetimes of a run stand, in words.
fn status(lifetimes: &[Standing]) -> String {
    let mut there = State::GRAVEST_FIRST.to_vec();
    there.retain(|state| count(lifetimes, *state) > 0);
    match there.as_slice() {
        [only] => only.as_str().to_owned(),
        several => {
            let told = several.iter().filter(|state| **state != State::Complete);
            let told = told.map(|state| format!("{} {}", count(lifetimes, *state), state.as_str()));
            told.collect::<Vec<_>>().join(", ")
        }
    }
}
