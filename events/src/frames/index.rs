//! The frame index, format version 1.
//!
//! A header of 32 bytes: `TELLAIDX`, version `u32`, table `u32` (0 experiences, 1 blocks,
//! 2 timing, 3 transitions), stream id `u64`, and XXH3-64 of those 24 bytes. Then an entry of
//! 48 bytes for each frame: kind `u32` (0 schema, 1 batch, 2 end), rows `u32`, sequence `u64`, offset
//! `u64`, length `u64`, XXH3-64 of the frame's bytes `u64`, and the chain `u64`: XXH3-64 of
//! the chain before (of the header's checksum, for the first) followed by the entry's first
//! 40 bytes. All little-endian. The chain makes every entry vouch for all before it, so that
//! flipped, swapped, dropped and doubled entries are seen.

use super::FilePosition;
use crate::error::{AtPath, Damage, EventError};
use crate::schema::{FORMAT_VERSION, TableKind};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 8] = b"TELLAIDX";
pub(crate) const HEADER_LEN: usize = 32;
pub(crate) const ENTRY_LEN: usize = 48;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Schema,
    Batch,
    End,
}

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: FrameKind,
    pub(crate) rows: u32,
    pub(crate) sequence: u64,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) hash: u64,
    pub(crate) chain: u64,
}

impl Entry {
    /// The entry that follows `before`, with its chain.
    pub(crate) fn next(before: &FilePosition, kind: FrameKind, rows: u32, frame: &[u8]) -> Self {
        let mut entry = Self {
            kind,
            rows,
            sequence: before.frames,
            offset: before.bytes,
            length: frame.len() as u64,
            hash: xxh3_64(frame),
            chain: 0,
        };
        entry.chain = chain(before.chain, &entry.encode());
        entry
    }

    pub(crate) fn encode(&self) -> [u8; ENTRY_LEN] {
        let mut out = [0; ENTRY_LEN];
        let kind: u32 = match self.kind {
            FrameKind::Schema => 0,
            FrameKind::Batch => 1,
            FrameKind::End => 2,
        };
        out[..4].copy_from_slice(&kind.to_le_bytes());
        out[4..8].copy_from_slice(&self.rows.to_le_bytes());
        let longs = [self.sequence, self.offset, self.length, self.hash, self.chain];
        for (place, long) in out[8..].chunks_exact_mut(8).zip(longs) {
            place.copy_from_slice(&long.to_le_bytes());
        }
        out
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let kind = match u32_at(bytes, 0) {
            0 => FrameKind::Schema,
            1 => FrameKind::Batch,
            2 => FrameKind::End,
            _ => return None,
        };
        Some(Self {
            kind,
            rows: u32_at(bytes, 4),
            sequence: u64_at(bytes, 8),
            offset: u64_at(bytes, 16),
            length: u64_at(bytes, 24),
            hash: u64_at(bytes, 32),
            chain: u64_at(bytes, 40),
        })
    }

    /// The position after this entry.
    pub(crate) fn after(&self, before: &FilePosition) -> FilePosition {
        FilePosition {
            frames: before.frames + 1,
            rows: before.rows + u64::from(self.rows),
            bytes: before.bytes.saturating_add(self.length),
            chain: self.chain,
        }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

fn chain(before: u64, entry: &[u8; ENTRY_LEN]) -> u64 {
    let mut bytes = [0; ENTRY_LEN];
    bytes[..8].copy_from_slice(&before.to_le_bytes());
    bytes[8..].copy_from_slice(&entry[..40]);
    xxh3_64(&bytes)
}

/// The number that ties an index to its place: run, lifetime and file name.
pub(crate) fn stream_id(identity_hash: &str, lifetime_idx: u32, name: &str) -> u64 {
    xxh3_64(format!("{identity_hash}\n{lifetime_idx}\n{name}").as_bytes())
}

/// The header, and the position before the first frame.
pub(crate) fn header(table: TableKind, stream_id: u64) -> ([u8; HEADER_LEN], FilePosition) {
    let mut out = [0; HEADER_LEN];
    out[..8].copy_from_slice(MAGIC);
    out[8..12].copy_from_slice(&(FORMAT_VERSION as u32).to_le_bytes());
    out[12..16].copy_from_slice(&table.code().to_le_bytes());
    out[16..24].copy_from_slice(&stream_id.to_le_bytes());
    let check = xxh3_64(&out[..24]);
    out[24..].copy_from_slice(&check.to_le_bytes());
    (out, FilePosition { frames: 0, rows: 0, bytes: 0, chain: check })
}

/// A frame index as found on disk.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The entries that verify, in order.
    pub(crate) entries: Vec<Entry>,
    /// The position after each entry; same length as `entries`.
    pub(crate) positions: Vec<FilePosition>,
    /// The position before the first entry.
    pub(crate) start: FilePosition,
    /// Bytes after the last whole entry: an entry that was being written.
    pub(crate) torn: u64,
    /// The first entry that does not verify.
    pub(crate) damage: Option<Damage>,
}

impl Index {
    /// Reads an index. Fails only where no entry at all can be trusted.
    pub(crate) fn read(path: &Path, table: TableKind, stream_id: u64) -> Result<Self, EventError> {
        let bytes = fs_err::read(path).must(path)?;
        Self::parse(path, &bytes, table, stream_id)
    }

    fn parse(
        path: &Path,
        bytes: &[u8],
        table: TableKind,
        stream_id: u64,
    ) -> Result<Self, EventError> {
        let (expected, start) = header(table, stream_id);
        let Some(found) = bytes.get(..HEADER_LEN) else {
            return Err(EventError::damaged(path, bytes.len() as u64, "the header was cut"));
        };
        if found != expected {
            let version = u64::from(u32_at(found, 8));
            let intact = xxh3_64(&found[..24]) == u64_at(found, 24) && &found[..8] == MAGIC;
            return Err(if intact && version > FORMAT_VERSION {
                EventError::Version {
                    path: path.to_owned(),
                    found: version,
                    supported: FORMAT_VERSION,
                }
            } else if intact {
                EventError::damaged(path, 12, "the index belongs to another table or lifetime")
            } else {
                EventError::damaged(path, 0, "the header's checksum does not fit")
            });
        }
        let body = &bytes[HEADER_LEN..];
        let mut index = Self {
            entries: Vec::with_capacity(body.len() / ENTRY_LEN),
            positions: Vec::with_capacity(body.len() / ENTRY_LEN),
            start,
            torn: (body.len() % ENTRY_LEN) as u64,
            damage: None,
        };
        for raw in body.chunks_exact(ENTRY_LEN) {
            let before = index.position();
            match Self::verify(raw, &before, index.entries.last()) {
                Ok(entry) => {
                    index.entries.push(entry);
                    index.positions.push(entry.after(&before));
                }
                Err(what) => {
                    let sequence = index.entries.len() as u64;
                    index.damage = Some(Damage {
                        file: path.to_owned(),
                        sequence: Some(sequence),
                        offset: (HEADER_LEN + ENTRY_LEN * index.entries.len()) as u64,
                        what: what.into(),
                        salvaged_rows: before.rows,
                    });
                    break;
                }
            }
        }
        Ok(index)
    }

    fn verify(
        raw: &[u8],
        before: &FilePosition,
        last: Option<&Entry>,
    ) -> Result<Entry, &'static str> {
        let fixed: &[u8; ENTRY_LEN] = raw.try_into().expect("chunks have an entry's length");
        if chain(before.chain, fixed) != u64_at(raw, 40) {
            return Err("the index entry's checksum does not fit");
        }
        let entry = Entry::decode(raw).ok_or("the index entry is of no known kind")?;
        let first = entry.sequence == 0;
        if entry.sequence != before.frames
            || entry.offset != before.bytes
            || (entry.kind == FrameKind::Schema) != first
            || (entry.kind != FrameKind::Batch && entry.rows != 0)
            || last.is_some_and(|l| l.kind == FrameKind::End)
        {
            return Err("the index entry is out of order");
        }
        Ok(entry)
    }

    /// The position after the last entry that verifies.
    pub(crate) fn position(&self) -> FilePosition {
        self.positions.last().copied().unwrap_or(self.start)
    }

    /// The position after so many entries.
    pub(crate) fn at(&self, entries: u64) -> Option<FilePosition> {
        match entries {
            0 => Some(self.start),
            n => self.positions.get(usize::try_from(n).ok()? - 1).copied(),
        }
    }

    /// Whether the stream was ended.
    pub(crate) fn ended(&self) -> bool {
        self.entries.last().is_some_and(|e| e.kind == FrameKind::End)
    }

    /// The bytes of the index file up to and with the n-th entry.
    pub(crate) fn len_of(entries: u64) -> u64 {
        HEADER_LEN as u64 + entries * ENTRY_LEN as u64
    }
}

/// Both paths of a table and what its index must say of it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) data: PathBuf,
    pub(crate) index: PathBuf,
    pub(crate) table: TableKind,
    pub(crate) stream_id: u64,
}

impl Place {
    /// The position before the first frame.
    pub(crate) fn start(&self) -> FilePosition {
        header(self.table, self.stream_id).1
    }

    /// The files `NAME.arrow` and `NAME.index` in a lifetime's folder.
    pub(crate) fn new(
        dir: &Path,
        name: &str,
        table: TableKind,
        identity_hash: &str,
        lifetime_idx: u32,
    ) -> Self {
        Self {
            data: super::data_path(dir, name),
            index: super::index_path(dir, name),
            table,
            stream_id: stream_id(identity_hash, lifetime_idx, name),
        }
    }
}
