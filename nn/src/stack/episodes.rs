//! A stack over rows that hold several episodes.
//!
//! What acting collects is a row of steps for each lane, in which episodes end and begin. A layer
//! sees none but its own episode: rows are cut where episodes begin, the pieces become sequences of
//! their own, and the results are put back in their places. So no layer knows of episodes.
//!
//! Pieces of like length are run together, filled up behind to the longest of them (no causal layer
//! looks there). A group's lengths lie between two powers of two, so that what is filled up is less than what
//! is there: the cost follows the number of steps, however lengths differ.

use super::Stack;
use crate::{Layer, NnError, State};
use std::collections::BTreeMap;
use tch::Tensor;

/// A stretch of one episode within a row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    row: i64,
    from: i64,
    length: i64,
    /// Whether the episode began before the row did.
    goes_on: bool,
}

impl Stack {
    /// As [`Layer::parallel`], for rows x (B, L, D) of which `starts` (B rows of L, one after
    /// another) says which positions begin an episode. `before` is the state from before the rows;
    /// a row that begins with a start does not see it.
    ///
    /// # Errors
    ///
    /// [`NnError::NotCausal`] where a layer looks at later positions.
    pub fn over_episodes(
        &self,
        x: &Tensor,
        starts: &[bool],
        before: Option<&State>,
        train: bool,
    ) -> Result<Tensor, NnError> {
        self.state(0)?;
        let (rows, length) = (x.size()[0], x.size()[1]);
        assert_eq!(starts.len() as i64, rows * length, "a start for each position");
        let flat = x.flatten(0, 1);
        let mut outputs = Vec::new();
        // Where in the outputs, one after another, each position of the rows lies.
        let (mut places, mut filled) = (vec![0; starts.len()], 0);
        for group in by_length(pieces(starts, length)) {
            let longest = group.iter().map(|piece| piece.length).max().unwrap_or(0);
            let position = |p: &Piece, i: i64| p.row * length + p.from + i;
            let mut gathered = Vec::new();
            for piece in &group {
                for i in 0..longest {
                    gathered.push(position(piece, i.min(piece.length - 1)));
                    if i < piece.length {
                        places[position(piece, i) as usize] = filled;
                    }
                    filled += 1;
                }
            }
            let lanes: Vec<Option<i64>> =
                group.iter().map(|piece| piece.goes_on.then_some(piece.row)).collect();
            let before = before.map(|state| state.select(&lanes));
            let gathered = Tensor::from_slice(&gathered).to_device(x.device());
            let cut = flat.index_select(0, &gathered).unflatten(0, [-1, longest]);
            outputs.push(self.parallel(&cut, before.as_ref(), train).flatten(0, 1));
        }
        let places = Tensor::from_slice(&places).to_device(x.device());
        Ok(Tensor::cat(&outputs, 0).index_select(0, &places).unflatten(0, [rows, length]))
    }
}

/// Pieces whose lengths lie between the same powers of two, the shortest first.
fn by_length(pieces: Vec<Piece>) -> impl Iterator<Item = Vec<Piece>> {
    let mut groups = BTreeMap::<u32, Vec<Piece>>::new();
    for piece in pieces {
        groups.entry(piece.length.ilog2()).or_default().push(piece);
    }
    groups.into_values()
}

/// The pieces of all rows, in order, so that they cover every position once.
fn pieces(starts: &[bool], length: i64) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (row, starts) in (0..).zip(starts.chunks(length as usize)) {
        for (i, &start) in (0..).zip(starts) {
            match pieces.last_mut() {
                Some(piece) if i > 0 && !start => piece.length += 1,
                _ => pieces.push(Piece { row, from: i, length: 1, goes_on: i == 0 && !start }),
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_where_episodes_begin() {
        let starts = [false, true, false, true, false, false];
        let found: Vec<_> =
            pieces(&starts, 3).iter().map(|p| (p.row, p.from, p.length, p.goes_on)).collect();
        assert_eq!(found, [(0, 0, 1, true), (0, 1, 2, false), (1, 0, 3, false)]);
    }

    /// Rows of one long episode and many short ones.
    #[test]
    fn less_is_filled_up_than_is_there() {
        let length = 500;
        let row = |every: usize| (0..length).map(move |i| i % every == 0).collect::<Vec<_>>();
        let starts: Vec<bool> = [500, 300, 64, 7, 3, 1].into_iter().flat_map(row).collect();
        let mut pieces_run = 0;
        let run: i64 = by_length(pieces(&starts, length as i64))
            .map(|group| {
                pieces_run += group.len();
                group.iter().map(|piece| piece.length).max().unwrap() * group.len() as i64
            })
            .sum();
        assert_eq!(pieces_run, starts.iter().filter(|start| **start).count());
        assert!(run < 2 * starts.len() as i64, "{run}");
    }
}
