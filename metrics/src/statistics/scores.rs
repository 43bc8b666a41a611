//! Scores: a row a lifetime, in strata.

/// Lifetimes that repeat the same thing: rows of scores, one a lifetime, with as many
/// columns each (tasks; one column for a metric of the lifetime).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stratum {
    columns: usize,
    /// Row by row.
    values: Vec<f64>,
}

impl Stratum {
    /// A stratum of lifetimes with one score each.
    pub fn of_lifetimes(scores: impl IntoIterator<Item = f64>) -> Self {
        Self::of_rows(scores.into_iter().map(|score| vec![score]).collect::<Vec<_>>())
    }

    /// A stratum of lifetimes with a row of scores each.
    ///
    /// # Panics
    ///
    /// Where rows differ in length, or a score is not finite: a lifetime without a score
    /// must be left out, and told of, before.
    pub fn of_rows(rows: impl IntoIterator<Item = Vec<f64>>) -> Self {
        let mut stratum = Self::default();
        for (at, row) in rows.into_iter().enumerate() {
            assert!(at == 0 || row.len() == stratum.columns, "rows of different length");
            assert!(row.iter().all(|score| score.is_finite()), "a score that is no number");
            stratum.columns = row.len();
            stratum.values.extend(row);
        }
        stratum
    }

    /// The number of lifetimes.
    pub fn lifetimes(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }
}

/// The scores of an agent: strata of lifetimes.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// For each stratum: its number of lifetimes, and the first of its columns.
    shapes: Vec<Shape>,
    columns: usize,
    /// All scores ascending, each with its place.
    sorted: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    lifetimes: usize,
    columns: usize,
}

/// A score and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) value: f64,
    /// Its lifetime, counted through all strata.
    pub(crate) lifetime: u32,
    /// Its column, counted through all strata.
    pub(crate) column: u32,
}

/// How often each lifetime was drawn, counted through all strata.
pub(crate) type Weights = [u32];

impl Scores {
    /// The scores of these strata; empty ones are left out.
    pub fn new(strata: impl IntoIterator<Item = Stratum>) -> Self {
        let mut scores = Self::default();
        let mut first = 0;
        for stratum in strata {
            let lifetimes = stratum.lifetimes();
            if lifetimes == 0 {
                continue;
            }
            for (at, value) in stratum.values.iter().enumerate() {
                scores.sorted.push(Entry {
                    value: *value,
                    lifetime: (first + at / stratum.columns) as u32,
                    column: (scores.columns + at % stratum.columns) as u32,
                });
            }
            first += lifetimes;
            scores.columns += stratum.columns;
            scores.shapes.push(Shape { lifetimes, columns: stratum.columns });
        }
        scores.sorted.sort_by(|a, b| a.value.total_cmp(&b.value));
        scores
    }

    /// The scores of lifetimes that all repeat the same thing.
    pub fn of_lifetimes(scores: impl IntoIterator<Item = f64>) -> Self {
        Self::new([Stratum::of_lifetimes(scores)])
    }

    /// The number of lifetimes.
    pub fn lifetimes(&self) -> usize {
        self.shapes.iter().map(|shape| shape.lifetimes).sum()
    }

    /// No lifetime.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The numbers of lifetimes of the strata.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        self.shapes.iter().map(|shape| shape.lifetimes).collect()
    }

    /// The columns of all strata.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// The number of lifetimes behind each column.
    pub(crate) fn lifetimes_by_column(&self) -> Vec<usize> {
        let of = |shape: &Shape| std::iter::repeat_n(shape.lifetimes, shape.columns);
        self.shapes.iter().flat_map(of).collect()
    }

    /// The scores, ascending.
    pub(crate) fn sorted(&self) -> &[Entry] {
        &self.sorted
    }
}
