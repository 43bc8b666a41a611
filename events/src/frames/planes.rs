//! Columns of numbers as zstd frames, without zstd's search.
//!
//! The numbers of a column that counts, times or is drawn differ from row to row in a few
//! of their bytes and agree in the others. zstd finds that out anew at every number, which
//! costs more than all else that is done for a row. Here it is found once, by a pass over the
//! column, and written down in the format's own words (RFC 8878): a sequence for every
//! number, each of as many literal bytes and then a match of as many bytes one number back.
//! Since all sequences are alike, their codes are told once and cost no bit each. Any
//! decoder of zstd reads it.

/// The bytes of a number that differ between the numbers of a column: from `low`, `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plane {
    low: usize,
    len: usize,
}

/// The shortest match that the format knows.
const SHORTEST_MATCH: usize = 3;

/// Numbers in one block, whose size is limited to 128 KiB. Their count fits two bytes.
const BLOCK: usize = 16_000;

/// Fewer numbers are not worth it.
const FEWEST: usize = 64;

/// A frame's magic number, and the descriptor that says: four bytes of content size, one
/// segment, no checksum, no dictionary.
const HEAD: [u8; 5] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0];

/// Each of a block's three codes stands once for all sequences.
const CODES_ONCE: u8 = 0b01_01_01_00;

/// Appends `bytes`, numbers of `WIDTH` bytes, to `out` as a zstd frame; `false`, and nothing
/// appended, where they are of another kind: too few, mostly equal to the number before,
/// or different in too many bytes.
pub(super) fn compress<const WIDTH: usize>(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let (numbers, rest) = bytes.as_chunks::<WIDTH>();
    if numbers.len() < FEWEST || !rest.is_empty() || u32::try_from(bytes.len()).is_err() {
        return false;
    }
    let Some(plane) = plane(numbers) else { return false };
    out.extend_from_slice(&HEAD);
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    // What comes before the first match: the first number and the second as far as it differs.
    let ahead = WIDTH + plane.low + plane.len;
    first_block::<WIDTH>(&bytes[..ahead], plane, out);
    let (between, last) = numbers[2..].split_at(numbers.len() - 3);
    let mut blocks = between.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let tail = if blocks.peek().is_none() { &last[0][plane.low..] } else { &[] };
        later_block(block, tail, plane, out);
    }
    true
}

/// Unpacks a frame that [`compress`] wrote, some ten times as fast as zstd does; `false` where
/// it is another's, or not of as many bytes as `out` has room for: `out` is in no defined
/// state then.
///
/// What it takes for its own it has compared to the last byte with what it would have written.
pub(super) fn decompress<const WIDTH: usize>(frame: &[u8], out: &mut [u8]) -> bool {
    unpack::<WIDTH>(frame, out).is_some()
}

fn unpack<const WIDTH: usize>(frame: &[u8], out: &mut [u8]) -> Option<()> {
    let rest = frame.strip_prefix(&HEAD)?;
    let (size, rest) = rest.split_first_chunk()?;
    let (numbers, odd) = out.as_chunks_mut::<WIDTH>();
    if u32::from_le_bytes(*size) as usize != WIDTH * numbers.len() + odd.len() || !odd.is_empty() {
        return None;
    }
    let (first, mut rest) = block(rest)?;
    let (ahead, sequences) = first.literals()?;
    // Its sequence ends with the code of the match, and its one byte of bits.
    let [.., code, _] = sequences else { return None };
    let len = WIDTH.checked_sub(usize::from(*code) + SHORTEST_MATCH)?;
    let low = ahead.len().checked_sub(WIDTH + len)?;
    let plane = Plane { low, len };
    if len == 0 || low + len > WIDTH || ahead[..low] != ahead[WIDTH..WIDTH + low] {
        return None;
    }
    let mut own = Vec::with_capacity(first.bytes.len());
    first_block::<WIDTH>(ahead, plane, &mut own);
    if first.bytes != own {
        return None;
    }
    let mask = (u64::MAX >> (64 - 8 * len)) << (8 * low);
    let alike = number::<WIDTH>(ahead.first_chunk()?) & !mask;
    let put = |numbers: &mut [[u8; WIDTH]], literals: &[u8]| {
        let mut from = 0;
        for out in numbers {
            // Eight bytes are read at once, but for the last few numbers.
            let bytes = match literals.get(from..from + 8) {
                Some(bytes) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
                None => {
                    let mut wide = [0; 8];
                    wide[..len].copy_from_slice(&literals[from..from + len]);
                    u64::from_le_bytes(wide)
                }
            };
            let number = alike | (bytes << (8 * low)) & mask;
            out.copy_from_slice(&number.to_le_bytes()[..WIDTH]);
            from += len;
        }
    };
    let [head @ .., last] = numbers else { return None };
    let (two, mut between) = head.split_at_mut_checked(2)?;
    two[0].copy_from_slice(&ahead[..WIDTH]);
    put(&mut two[1..], &ahead[WIDTH + low..]);
    loop {
        let (this, after) = block(rest)?;
        rest = after;
        let (literals, sequences) = this.literals()?;
        let tail = if this.last { WIDTH - low } else { 0 };
        let body = literals.len().checked_sub(tail)?;
        let count = body / len;
        let mut own = Vec::new();
        sequences_of::<WIDTH>(count, plane, &mut own);
        if !(1..=BLOCK).contains(&count) || body % len != 0 || sequences != own {
            return None;
        }
        let (now, later) = between.split_at_mut_checked(count)?;
        put(now, &literals[..body]);
        between = later;
        if this.last {
            last[..low].copy_from_slice(&ahead[..low]);
            last[low..].copy_from_slice(&literals[body..]);
            return (between.is_empty() && rest.is_empty()).then_some(());
        }
    }
}

/// A compressed block.
struct Block<'a> {
    last: bool,
    /// All of it.
    bytes: &'a [u8],
}

/// The block that bytes begin with, and what follows it.
fn block(bytes: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let header = bytes.get(..3)?;
    let header = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    let size = (header >> 3) as usize;
    let whole = bytes.split_at_checked(3 + size);
    let (bytes, rest) = whole.filter(|_| header >> 1 & 3 == 2)?;
    Some((Block { last: header & 1 == 1, bytes }, rest))
}

impl<'a> Block<'a> {
    /// The literals, told as [`literals`] tells them, and what follows them.
    fn literals(&self) -> Option<(&'a [u8], &'a [u8])> {
        let header = self.bytes.get(3..6)?;
        let header = u32::from_le_bytes([header[0], header[1], header[2], 0]);
        let count = (header >> 4) as usize;
        self.bytes[6..].split_at_checked(count).filter(|_| header & 0b1111 == 0b11_00)
    }
}

/// Which bytes differ, where this way of writing pays.
fn plane<const WIDTH: usize>(numbers: &[[u8; WIDTH]]) -> Option<Plane> {
    let first = number(&numbers[0]);
    let mut differ = 0;
    let mut changes = 0usize;
    let mut before = first;
    for chunk in numbers {
        let this = number(chunk);
        differ |= this ^ first;
        changes += usize::from(this != before);
        before = this;
    }
    // Long runs of one number are what zstd's own search is good at.
    if changes < numbers.len() / 2 {
        return None;
    }
    let low = differ.trailing_zeros() as usize / 8;
    let len = 8 - differ.leading_zeros() as usize / 8 - low;
    (WIDTH - len >= SHORTEST_MATCH).then_some(Plane { low, len })
}

fn number<const WIDTH: usize>(bytes: &[u8; WIDTH]) -> u64 {
    let mut wide = [0; 8];
    wide[..WIDTH].copy_from_slice(bytes);
    u64::from_le_bytes(wide)
}

/// A block of one sequence, which says how far back the matches of the others lie as well.
fn first_block<const WIDTH: usize>(ahead: &[u8], plane: Plane, out: &mut Vec<u8>) {
    let at = begin_block(false, out);
    literals(ahead.len(), out);
    out.extend_from_slice(ahead);
    // A distance is told as a number 3 above it, whose highest bit is the code.
    let distance = WIDTH as u32 + 3;
    let code = distance.ilog2();
    // Sixteen literals have a code with one bit more, which is 0 and comes before.
    let bits = u32::from(ahead.len() == 16);
    let literal_code = ahead.len() as u8;
    out.extend_from_slice(&[1, CODES_ONCE, literal_code, code as u8, match_code::<WIDTH>(plane)]);
    // The highest bit of the last byte marks the end.
    out.push((distance << bits) as u8);
    end_block(at, out);
}

/// A block of a sequence for each number, then `tail`, the last number of the column where
/// the block is the last.
fn later_block<const WIDTH: usize>(
    numbers: &[[u8; WIDTH]],
    tail: &[u8],
    plane: Plane,
    out: &mut Vec<u8>,
) {
    let at = begin_block(!tail.is_empty(), out);
    literals(numbers.len() * plane.len + tail.len(), out);
    let mut end = out.len();
    // Each number is written whole and its surplus overwritten by the next.
    out.resize(end + numbers.len() * plane.len + 8, 0);
    for bytes in numbers {
        let shifted = number(bytes) >> (8 * plane.low);
        out[end..end + 8].copy_from_slice(&shifted.to_le_bytes());
        end += plane.len;
    }
    out.truncate(end);
    out.extend_from_slice(tail);
    sequences_of::<WIDTH>(numbers.len(), plane, out);
    end_block(at, out);
}

/// So many sequences, all alike.
fn sequences_of<const WIDTH: usize>(count: usize, plane: Plane, out: &mut Vec<u8>) {
    let count = count as u16;
    match count {
        0..128 => out.push(count as u8),
        _ => out.extend_from_slice(&(count | 0x8000).to_be_bytes()),
    }
    // The code of the distance, 0, is that of the distance before. Nothing but the end's mark follows.
    out.extend_from_slice(&[CODES_ONCE, plane.len as u8, 0, match_code::<WIDTH>(plane), 1]);
}

/// The code of a match over the bytes that agree.
fn match_code<const WIDTH: usize>(plane: Plane) -> u8 {
    (WIDTH - plane.len - SHORTEST_MATCH) as u8
}

/// The header of so many literals that follow as they are.
fn literals(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&((count as u32) << 4 | 0b11_00).to_le_bytes()[..3]);
}

/// Leaves room for a block's header and notes whether it is the last; returns its place.
fn begin_block(last: bool, out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(&[u8::from(last), 0, 0]);
    out.len() - 3
}

/// Fills in the header of a compressed block, now that its size is known.
fn end_block(at: usize, out: &mut [u8]) {
    let size = (out.len() - at - 3) as u32;
    let header = u32::from(out[at]) | 2 << 1 | size << 3;
    out[at..at + 3].copy_from_slice(&header.to_le_bytes()[..3]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What zstd's own library unpacks it to.
    fn unpacked(frame: &[u8]) -> Vec<u8> {
        zstd::decode_all(frame).unwrap()
    }

    fn longs(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
        numbers.into_iter().flat_map(u64::to_le_bytes).collect()
    }

    #[test]
    fn columns_that_count_take_a_byte_or_two_a_row() {
        let bytes = longs(1_000_000..1_008_192);
        let mut out = Vec::new();
        assert!(compress::<8>(&bytes, &mut out));
        assert_eq!(unpacked(&out), bytes);
        // 1,000,000 to 1,008,191 differ in their lower two bytes alone.
        assert!(out.len() < 2 * 8192 + 64, "{}", out.len());
    }

    #[test]
    fn other_columns_are_left_alone() {
        let runs = longs((0..8192).map(|n| n / 100));
        let drawn = longs((0..8192u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let few = longs(0..8);
        for bytes in [runs, drawn, few, Vec::new(), vec![0; 8193]] {
            let mut out = vec![7];
            assert!(!compress::<8>(&bytes, &mut out));
            assert_eq!(out, [7]);
        }
    }

    proptest! {
        /// Whichever bytes differ, however many numbers: zstd's library unpacks what went in.
        #[test]
        fn zstd_unpacks_what_went_in(
            seed: u64,
            constant: u64,
            low in 0usize..8,
            len in 1usize..=8,
            count in prop_oneof![64usize..600, 31_900usize..33_000, Just(BLOCK + 3), Just(70_000)],
        ) {
            let mask = (u64::MAX >> (64 - 8 * len)).checked_shl(8 * low as u32).unwrap_or(0);
            let mut state = seed | 1;
            let numbers = (0..count).map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
                constant & !mask | state.rotate_right(8) & mask
            });
            let numbers: Vec<u64> = numbers.collect();
            let mut out = Vec::new();
            let wide = longs(numbers.iter().copied());
            let differ = numbers.iter().fold(0, |all, n| all | (n ^ numbers[0]));
            let span = 8 - (differ.leading_zeros() / 8) - (differ.trailing_zeros() / 8).min(7);
            prop_assert_eq!(compress::<8>(&wide, &mut out), span <= 5);
            if span <= 5 {
                prop_assert_eq!(unpacked(&out), &wide[..]);
                let mut own = vec![0; wide.len()];
                prop_assert!(decompress::<8>(&out, &mut own));
                prop_assert_eq!(own, wide);
            }
            let narrow: Vec<u8> =
                numbers.iter().flat_map(|n| ((n >> 16) as u32).to_le_bytes()).collect();
            out.clear();
            if compress::<4>(&narrow, &mut out) {
                prop_assert_eq!(unpacked(&out), &narrow[..]);
                let mut own = vec![0; narrow.len()];
                prop_assert!(decompress::<4>(&out, &mut own));
                prop_assert_eq!(own, narrow);
            }
        }

        /// Changed, cut or another's, a frame is unpacked to what zstd's library makes of it, or left
        /// to that.
        #[test]
        fn nothing_is_unpacked_otherwise_than_zstd_does(
            first: u64,
            step in 1u64..70_000,
            count in 64u64..200,
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            cut in proptest::option::of(any::<prop::sample::Index>()),
        ) {
            let bytes = longs((0..count).map(|n| first.wrapping_add(n * step)));
            let mut frame = Vec::new();
            prop_assume!(compress::<8>(&bytes, &mut frame));
            for (at, byte) in edits {
                // Half of the edits fall on what is not numbers.
                let at = if byte % 2 == 0 { at.index(40.min(frame.len())) } else { at.index(frame.len()) };
                frame[at] = byte;
            }
            if let Some(cut) = cut {
                frame.truncate(cut.index(frame.len() + 1));
            }
            let mut own = vec![0; bytes.len()];
            if decompress::<8>(&frame, &mut own) {
                prop_assert_eq!(unpacked(&frame), own);
            }
        }
    }
}
