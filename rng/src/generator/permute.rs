//! Orders and selections: `shuffle`, `permutation`, `choice`.

use super::Generator;
use std::collections::HashSet;

impl Generator {
    /// `shuffle(items)`, of a Python list or along an array's first axis: from the
    /// last place down, each swaps with a place drawn from those up to it.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.interval(place as u64) as usize);
        }
    }

    /// `permutation(n)`: 0 to n-1 in random order. `permutation(list)` makes the
    /// same draws and gives the list in this order.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }

    /// `choice(n)`: an index below `n`. `choice(list)` makes the same draw and
    /// gives the item there.
    ///
    /// # Panics
    ///
    /// Where `n` is zero.
    #[inline]
    pub fn choice(&mut self, n: usize) -> usize {
        assert!(n > 0, "choice: nothing to choose from");
        self.below_or_equal(n as u64 - 1) as usize
    }

    /// `choice(n, size=k, replace=False)`: `k` different numbers below `n`, in
    /// random order, without probabilities.
    ///
    /// NumPy has two methods. Where `n` is over 10,000 and `k` over a fiftieth of
    /// it, the last `k` places of a shuffle of all `n` (`n` numbers of memory);
    /// else R. W. Floyd's sampling, followed by a shuffle. These shuffles draw by
    /// Lemire's method, unlike [`Generator::shuffle`].
    ///
    /// # Panics
    ///
    /// Where `k` is over `n`.
    pub fn choice_without_replacement(&mut self, n: u64, k: usize) -> Vec<u64> {
        let size = k as u64;
        assert!(size <= n, "choice: {k} different numbers of {n}");
        if n > 10_000 && size > n / 50 {
            let mut all: Vec<u64> = (0..n).collect();
            let tail = all.len() - k;
            self.shuffle_tail(&mut all, tail.max(1));
            return all.split_off(tail);
        }
        let mut chosen = HashSet::with_capacity(k);
        let mut order: Vec<u64> = (n - size..n)
            .map(|last| {
                let number = self.below_or_equal(last);
                // `last` was out of reach of all draws before this one.
                let number = if chosen.contains(&number) { last } else { number };
                chosen.insert(number);
                number
            })
            .collect();
        self.shuffle_tail(&mut order, 1);
        order
    }

    /// Shuffles only the places from `first` (1 or more) on, which may swap with
    /// any place before them.
    fn shuffle_tail(&mut self, items: &mut [u64], first: usize) {
        for place in (first..items.len()).rev() {
            items.swap(place, self.below_or_equal(place as u64) as usize);
        }
    }

    /// Uniform in [0, span] by masking a draw to the bits of `span` (not zero) and
    /// rejecting what lies above: the method of NumPy's `shuffle`.
    #[inline]
    fn interval(&mut self, span: u64) -> u64 {
        let mask = u64::MAX >> span.leading_zeros();
        loop {
            let draw = match u32::try_from(span) {
                Ok(_) => u64::from(self.next_u32()),
                Err(_) => self.random_raw(),
            };
            if draw & mask <= span {
                return draw & mask;
            }
        }
    }
}
