//! A stack over rows that hold several episodes.
//!
//! What acting collects is a row of steps for each lane, in which episodes end and begin. A layer
//! sees none but its own episode: rows are cut where episodes begin, the pieces become sequences of
//! their own, filled up behind to one length (no causal layer looks there), and the results are put
//! back in their places. So no layer knows of episodes.

use super::Stack;
use crate::{Layer, NnError, State};
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
        let pieces = pieces(starts, length);
        let longest = pieces.iter().map(|piece| piece.length).max().unwrap_or(0);
        let place = |p: &Piece, i: i64| p.row * length + p.from + i.min(p.length - 1);
        let gathered: Vec<i64> =
            pieces.iter().flat_map(|piece| (0..longest).map(move |i| place(piece, i))).collect();
        let returned: Vec<i64> = (0..)
            .zip(&pieces)
            .flat_map(|(s, piece)| (0..piece.length).map(move |i| s * longest + i))
            .collect();
        let lanes: Vec<Option<i64>> =
            pieces.iter().map(|piece| piece.goes_on.then_some(piece.row)).collect();
        let before = before.map(|state| state.select(&lanes));
        let index = |places: &[i64]| Tensor::from_slice(places).to_device(x.device());
        let cut = x.flatten(0, 1).index_select(0, &index(&gathered)).unflatten(0, [-1, longest]);
        let y = self.parallel(&cut, before.as_ref(), train);
        Ok(y.flatten(0, 1).index_select(0, &index(&returned)).unflatten(0, [rows, length]))
    }
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
}
