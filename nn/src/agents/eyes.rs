//! What a network sees of an observation.

use tella_agents::AgentError;
use tella_envs::{Batch, Leaf, Space};

/// Values that a code may have; greater ones count as the greatest.
pub(super) const ALPHABET: i64 = 32;

const MOST: i64 = ALPHABET - 1;

/// A grid of codes has sides of at most this many cells.
const GRID: usize = 16;

/// How each leaf of an observation is seen.
///
/// Floats are numbers. Bytes in a small grid, such as MiniGrid's view, are codes: what 2 stands for is no nearer to
/// what 3 stands for than to any other, so each value gets weights of its own. Bytes in a larger array are an image's and
/// become numbers between 0 and 1. Integers of a few values are codes, texts are not seen.
#[derive(Debug)]
pub(super) struct Eyes {
    leaves: Vec<Kind>,
    numbers: usize,
    codes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Numbers { scale: f32 },
    Codes { first: i64 },
    Unseen,
}

/// Observations as they are kept: one row after another.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Rows {
    pub(super) numbers: Vec<f32>,
    #[serde(serialize_with = "at_once")]
    pub(super) codes: Vec<u8>,
}

/// Bytes written in one go, as they would be one by one: a checkpoint may hold millions of codes.
fn at_once<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl Eyes {
    pub(super) fn new(agent: &str, space: &Space) -> Result<Self, AgentError> {
        let batch = Batch::new(space, 1);
        let mut eyes = Self { leaves: Vec::new(), numbers: 0, codes: 0 };
        for leaf in &batch.layout().leaves {
            let kind = kind(&leaf.space, &leaf.shape);
            match kind {
                Kind::Numbers { .. } => eyes.numbers += leaf.width,
                Kind::Codes { .. } => eyes.codes += leaf.width,
                Kind::Unseen => {}
            }
            eyes.leaves.push(kind);
        }
        if eyes.numbers + eyes.codes == 0 {
            return Err(AgentError::Failed(format!(
                "`{agent}` sees numbers; the observation space {space} has none"
            )));
        }
        Ok(eyes)
    }

    /// Numbers and codes of one observation.
    pub(super) fn widths(&self) -> (usize, usize) {
        (self.numbers, self.codes)
    }

    /// Adds the observations of all lanes to `rows`, those that are not active as nothing.
    pub(super) fn look_at_all(&self, batch: &Batch, active: &[bool], rows: &mut Rows) {
        debug_assert_eq!(batch.lanes(), active.len());
        let of = |row: usize, had: usize| had..had + active.len() * row;
        let (numbers, codes) =
            (of(self.numbers, rows.numbers.len()), of(self.codes, rows.codes.len()));
        rows.numbers.resize(numbers.end, 0.0);
        rows.codes.resize(codes.end, 0);
        let mut numbers =
            Columns { rows: &mut rows.numbers[numbers], row: self.numbers, active, begin: 0 };
        let mut codes = Columns { rows: &mut rows.codes[codes], row: self.codes, active, begin: 0 };
        for (kind, leaf) in self.leaves.iter().zip(batch.leaves()) {
            match (*kind, leaf) {
                (Kind::Numbers { scale }, Leaf::F32(x)) => numbers.put(x, |x| x * scale),
                (Kind::Numbers { scale }, Leaf::F64(x)) => numbers.put(x, |x| x as f32 * scale),
                (Kind::Numbers { scale }, Leaf::U8(x)) => numbers.put(x, |x| f32::from(x) * scale),
                (Kind::Numbers { scale }, Leaf::I64(x)) => numbers.put(x, |x| x as f32 * scale),
                // Bytes begin at 0.
                (Kind::Codes { .. }, Leaf::U8(x)) => codes.put(x, |x| x.min(MOST as u8)),
                (Kind::Codes { first }, Leaf::I64(x)) => {
                    codes.put(x, |x| (x - first).clamp(0, MOST) as u8);
                }
                _ => {}
            }
        }
    }

    /// Whether `rows` are this many observations.
    pub(super) fn holds(&self, rows: &Rows, count: usize) -> bool {
        rows.numbers.len() == count * self.numbers
            && rows.codes.len() == count * self.codes
            && rows.codes.iter().all(|code| i64::from(*code) < ALPHABET)
    }

    /// The rows `chosen`, in that order.
    pub(super) fn chosen(&self, rows: &Rows, chosen: &[usize]) -> Rows {
        let mut picked = Rows::default();
        for &i in chosen {
            let (numbers, codes) = (i * self.numbers, i * self.codes);
            picked.numbers.extend_from_slice(&rows.numbers[numbers..numbers + self.numbers]);
            picked.codes.extend_from_slice(&rows.codes[codes..codes + self.codes]);
        }
        picked
    }

    /// Puts `others` in the place of as many of `rows` from `at` on.
    pub(super) fn replace(&self, rows: &mut Rows, at: usize, others: &Rows) {
        let (numbers, codes) = (at * self.numbers, at * self.codes);
        rows.numbers[numbers..numbers + others.numbers.len()].copy_from_slice(&others.numbers);
        rows.codes[codes..codes + others.codes.len()].copy_from_slice(&others.codes);
    }

    /// Whether row `a` of `first` is row `b` of `second`.
    pub(super) fn same(&self, first: &Rows, a: usize, second: &Rows, b: usize) -> bool {
        let numbers = |i: usize| i * self.numbers..(i + 1) * self.numbers;
        let bits = |x: &f32| x.to_bits();
        let codes = |i: usize| i * self.codes..(i + 1) * self.codes;
        first.codes[codes(a)] == second.codes[codes(b)]
            && first.numbers[numbers(a)]
                .iter()
                .map(bits)
                .eq(second.numbers[numbers(b)].iter().map(bits))
    }
}

/// Rows of a lane each, that are filled from left to right, a leaf after another.
struct Columns<'a, T> {
    rows: &'a mut [T],
    /// Length of a row.
    row: usize,
    active: &'a [bool],
    /// Where in each row the next leaf begins.
    begin: usize,
}

impl<T> Columns<'_, T> {
    /// Puts a leaf of all lanes, as `seen`, into the rows of those that are active.
    fn put<U: Copy>(&mut self, leaf: &[U], seen: impl Fn(U) -> T) {
        let width = leaf.len() / self.active.len();
        if width == 0 {
            return;
        }
        let places = self.begin..self.begin + width;
        let lanes = self.rows.chunks_exact_mut(self.row).zip(leaf.chunks_exact(width));
        for ((row, leaf), _) in lanes.zip(self.active).filter(|(_, active)| **active) {
            for (to, from) in row[places.clone()].iter_mut().zip(leaf) {
                *to = seen(*from);
            }
        }
        self.begin = places.end;
    }
}

impl Rows {
    /// Adds the rows of `other`.
    pub(super) fn extend(&mut self, other: &Rows) {
        self.numbers.extend_from_slice(&other.numbers);
        self.codes.extend_from_slice(&other.codes);
    }
}

fn kind(space: &Space, shape: &[usize]) -> Kind {
    match space {
        Space::Box(b) => match b.dtype {
            tella_envs::Dtype::Float32 | tella_envs::Dtype::Float64 => Kind::Numbers { scale: 1.0 },
            tella_envs::Dtype::Uint8 if shape.iter().take(2).all(|side| *side <= GRID) => {
                Kind::Codes { first: 0 }
            }
            tella_envs::Dtype::Uint8 => Kind::Numbers { scale: 1.0 / 255.0 },
            tella_envs::Dtype::Int64 => {
                let least = b.low.iter().copied().fold(f64::INFINITY, f64::min);
                let most = b.high.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                match most - least < ALPHABET as f64 {
                    true => Kind::Codes { first: least as i64 },
                    false => Kind::Numbers { scale: 1.0 },
                }
            }
        },
        Space::Discrete { n, start } if *n <= ALPHABET => Kind::Codes { first: *start },
        Space::MultiDiscrete { nvec } if nvec.iter().all(|n| *n <= ALPHABET) => {
            Kind::Codes { first: 0 }
        }
        Space::MultiBinary { .. } => Kind::Numbers { scale: 1.0 },
        Space::Discrete { .. } | Space::MultiDiscrete { .. } => Kind::Numbers { scale: 1.0 },
        Space::Text { .. } | Space::Tuple(_) | Space::Dict(_) => Kind::Unseen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_envs::Dtype;

    #[test]
    fn a_lane_is_a_row_of_numbers_and_one_of_codes() {
        let parts = [
            ("direction", Space::Discrete { n: 4, start: 1 }),
            ("empty", Space::uniform_box(0.0, 1.0, &[0], Dtype::Float32)),
            ("image", Space::uniform_box(0.0, 255.0, &[2, 1], Dtype::Uint8)),
            ("speed", Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float64)),
        ];
        let space = Space::Dict(parts.map(|(name, space)| (name.to_owned(), space)).into());
        let eyes = Eyes::new("ppo", &space).unwrap();
        assert_eq!(eyes.widths(), (2, 3));
        let mut batch = Batch::new(&space, 3);
        for leaf in batch.leaves_mut() {
            match leaf {
                Leaf::I64(x) => x.copy_from_slice(&[1, 2, 4]),
                Leaf::U8(x) => x.copy_from_slice(&[10, 11, 20, 21, 30, 200]),
                Leaf::F64(x) => x.copy_from_slice(&[0.5, 0.25, 1.0, 1.0, -0.5, -1.0]),
                _ => {}
            }
        }
        let mut rows = Rows { numbers: vec![7.0; 2], codes: vec![7; 3] };
        eyes.look_at_all(&batch, &[true, false, true], &mut rows);
        assert_eq!(rows.numbers, [7.0, 7.0, 0.5, 0.25, 0.0, 0.0, -0.5, -1.0]);
        // What is above the alphabet counts as its last.
        assert_eq!(rows.codes, [7, 7, 7, 0, 10, 11, 0, 0, 0, 3, 30, 31]);
        assert!(eyes.holds(&rows, 4));
    }
}
