//! Where each stretch of a lifetime lies on a strip.

use super::{Preview, Stretch};
use tella_curricula::BlockType;

/// What a place of the strip shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Learn,
    Eval,
    HeldOut,
}

/// The kind of a stretch.
pub(super) fn kind(stretch: &Stretch<'_>) -> Kind {
    match (stretch.block_type, stretch.variant.held_out) {
        (BlockType::Learn, _) => Kind::Learn,
        (BlockType::Eval, false) => Kind::Eval,
        (BlockType::Eval, true) => Kind::HeldOut,
    }
}

/// Start and end of every stretch on a strip of `width` cells, to scale. Where there is
/// room for all, each has one whole cell at least.
pub(super) fn places(preview: &Preview<'_>, width: usize) -> Vec<(f64, f64)> {
    let lengths: Vec<f64> = preview.stretches.iter().map(|s| s.estimate.steps).collect();
    to_scale(&lengths, width)
}

fn to_scale(lengths: &[f64], width: usize) -> Vec<(f64, f64)> {
    let total: f64 = lengths.iter().sum();
    let least = if lengths.len() <= width { 1.0 } else { 0.0 };
    let rest = width as f64 - least * lengths.len() as f64;
    let mut at = 0.0;
    let mut done = 0.0;
    let mut places = Vec::with_capacity(lengths.len());
    for (n, length) in lengths.iter().enumerate() {
        done += length;
        let share = if total > 0.0 { done / total } else { 1.0 };
        let mut end = least * (n + 1) as f64 + rest * share;
        if least > 0.0 {
            end = end.round();
        }
        places.push((at, end));
        at = end;
    }
    places
}

/// For each of `width` cells of a task's row what fills the greatest part of it.
pub(super) fn row(
    preview: &Preview<'_>,
    places: &[(f64, f64)],
    task: &str,
    width: usize,
) -> Vec<Option<Kind>> {
    let mut filled = vec![[0.0f64; 3]; width];
    for (stretch, (start, end)) in preview.stretches.iter().zip(places) {
        if stretch.task != task {
            continue;
        }
        let first = *start as usize;
        let after = (end.ceil() as usize).min(width);
        for (cell, parts) in filled[..after].iter_mut().enumerate().skip(first) {
            let part = end.min(cell as f64 + 1.0) - start.max(cell as f64);
            parts[kind(stretch) as usize] += part.max(0.0);
        }
    }
    let kinds = [Kind::Learn, Kind::Eval, Kind::HeldOut];
    let greatest = |parts: [f64; 3]| {
        let most = parts.iter().copied().fold(0.0, f64::max);
        kinds.into_iter().find(|kind| most > 0.0 && parts[*kind as usize] == most)
    };
    filled.into_iter().map(greatest).collect()
}

/// Where the part that tuning may see ends.
pub(super) fn tuned_end(preview: &Preview<'_>, places: &[(f64, f64)]) -> Option<f64> {
    let last = preview.stretches.iter().zip(places).rfind(|(s, _)| s.tuned > 0);
    last.map(|(s, (start, end))| start + (end - start) * s.tuned_part())
}

#[cfg(test)]
mod tests {
    use super::to_scale;

    #[test]
    fn stretches_are_to_scale_and_meet() {
        assert_eq!(to_scale(&[1.0, 2.0, 1.0], 8), [(0.0, 2.0), (2.0, 6.0), (6.0, 8.0)]);
        // One that is short keeps a cell; the last ends at the end.
        let places = to_scale(&[0.001, 100.0, 0.001], 20);
        assert_eq!(places, [(0.0, 1.0), (1.0, 19.0), (19.0, 20.0)]);
        let many = to_scale(&vec![1.0; 50], 10);
        assert!(many.iter().all(|(start, end)| (end - start - 0.2).abs() < 1e-9));
        assert_eq!(to_scale(&[0.0, 0.0], 2), [(0.0, 1.0), (1.0, 2.0)]);
    }
}
