//! A square grid whose opposite sides meet, laid out for views that cross them.

/// Cells of a torus. Around them lies a margin as wide as a view reaches, which repeats
/// the cells of the opposite side: a view is a few runs of bytes, wherever it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Torus {
    size: usize,
    /// Cells a view reaches in each direction.
    reach: usize,
    /// Rows of `size + 2 * reach`.
    padded: Vec<u8>,
}

impl Torus {
    /// An empty torus of `size` by `size` cells, seen through views of `view_size` by
    /// `view_size`, which is odd and at most `size`.
    pub fn new(size: usize, view_size: usize) -> Self {
        assert!(view_size % 2 == 1 && view_size <= size, "a view of {view_size} on {size}");
        let reach = view_size / 2;
        let side = size + 2 * reach;
        Torus { size, reach, padded: vec![0; side * side] }
    }

    fn side(&self) -> usize {
        self.size + 2 * self.reach
    }

    /// Cells along each side.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Empties every cell.
    pub fn clear(&mut self) {
        self.padded.fill(0);
    }

    /// The cell in column `x` and row `y`.
    #[inline]
    pub fn get(&self, x: usize, y: usize) -> u8 {
        self.padded[(y + self.reach) * self.side() + x + self.reach]
    }

    /// Fills the cell in column `x` and row `y`, and where it is repeated.
    #[inline]
    pub fn set(&mut self, x: usize, y: usize, value: u8) {
        let side = self.side();
        for row in self.places(y).into_iter().flatten() {
            for column in self.places(x).into_iter().flatten() {
                self.padded[row * side + column] = value;
            }
        }
    }

    /// Where a coordinate lies in the margins and between them.
    #[inline]
    fn places(&self, at: usize) -> [Option<usize>; 2] {
        let inside = at + self.reach;
        let repeated = if at < self.reach {
            Some(inside + self.size)
        } else if at + self.reach >= self.size {
            Some(inside - self.size)
        } else {
            None
        };
        [Some(inside), repeated]
    }

    /// Writes the view around column `x` and row `y`, row by row, to `out`.
    #[inline]
    pub fn view(&self, x: usize, y: usize, out: &mut [u8]) {
        let view = &self.padded[y * self.side() + x..];
        // Rows of a length known when compiled are copied without a call.
        match self.reach {
            1 => self.rows::<3>(view, out),
            2 => self.rows::<5>(view, out),
            3 => self.rows::<7>(view, out),
            4 => self.rows::<9>(view, out),
            5 => self.rows::<11>(view, out),
            reach => {
                let length = 2 * reach + 1;
                for (row, out) in view.chunks(self.side()).zip(out.chunks_exact_mut(length)) {
                    out.copy_from_slice(&row[..length]);
                }
            }
        }
    }

    #[inline]
    fn rows<const N: usize>(&self, view: &[u8], out: &mut [u8]) {
        let (rows, _) = out.as_chunks_mut::<N>();
        for (i, out) in rows.iter_mut().take(N).enumerate() {
            let start = i * self.side();
            out.copy_from_slice(&view[start..start + N]);
        }
    }
}
