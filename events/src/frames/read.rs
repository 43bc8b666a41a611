//! Reading a table: every frame is verified before it is decoded.

use super::guard;
use super::index::{Entry, FrameKind, Index, Place};
use crate::error::{AtPath, Damage, EventError};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::root_as_message;
use arrow_schema::SchemaRef;
use fs_err::File;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Reads frames in order. The index is read once, at opening: rows that a running writer
/// adds afterwards are not seen.
pub(crate) struct FrameReader {
    place: Place,
    index: Index,
    data: File,
    data_len: u64,
    decoder: StreamDecoder,
    next: usize,
}

impl FrameReader {
    /// Opens a table. The index is read before the data's length, so that with a writer at
    /// work no entry points behind the data seen.
    pub(crate) fn open(place: Place) -> Result<Self, EventError> {
        let index = Index::read(&place.index, place.table, place.stream_id)?;
        let data = File::open(&place.data).must(&place.data)?;
        let data_len = data.metadata().at(&place.data)?.len();
        Ok(Self { place, index, data, data_len, decoder: StreamDecoder::new(), next: 0 })
    }

    /// Looks again at what is there, to read on where a writer has gone on. `false` where the
    /// frames read so far are not there any more: then the reader is of no use.
    pub(crate) fn refresh(&mut self) -> Result<bool, EventError> {
        let now = Self::open(self.place.clone())?;
        let read = self.next as u64;
        let goes_on = now.index.at(read).is_some_and(|at| self.index.at(read) == Some(at));
        (self.index, self.data, self.data_len) = (now.index, now.data, now.data_len);
        Ok(goes_on)
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Bytes of data after the last frame of the index.
    pub(crate) fn torn_data(&self) -> u64 {
        self.data_len.saturating_sub(self.index.position().bytes)
    }

    /// Verifies and decodes the next record batch; `None` after the last one the index
    /// knows. After an error the reader stays where it is.
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>, EventError> {
        self.next_batch_within(u64::MAX)
    }

    /// As [`next_batch`](Self::next_batch), but of the first so many frames only.
    pub(crate) fn next_batch_within(
        &mut self,
        frames: u64,
    ) -> Result<Option<RecordBatch>, EventError> {
        while let Some(entry) = self.index.entries.get(self.next).copied() {
            if entry.sequence >= frames {
                return Ok(None);
            }
            let frame = self.verified(&entry)?;
            let batch = self.decode(&entry, frame)?;
            self.next += 1;
            if batch.is_some() {
                return Ok(batch);
            }
        }
        match &self.index.damage {
            Some(damage) => Err(EventError::Corrupt(Box::new(damage.clone()))),
            None => Ok(None),
        }
    }

    /// The table's schema, from its first frame.
    pub(crate) fn schema(&mut self) -> Result<SchemaRef, EventError> {
        let Some(entry) = self.index.entries.first().copied() else {
            return Err(match &self.index.damage {
                Some(damage) => EventError::Corrupt(Box::new(damage.clone())),
                None => EventError::damaged(&self.place.index, 0, "the schema's entry was cut"),
            });
        };
        let frame = self.verified(&entry)?;
        guard::check(&frame).map_err(|what| self.damage(&entry, what))?;
        // Arrow's decoder takes a schema in only when more bytes follow, so it is read here.
        root_as_message(frame.get(8..).unwrap_or_default())
            .ok()
            .and_then(|message| message.header_as_schema())
            .and_then(|schema| try_fb_to_schema(schema).ok())
            .map(Arc::new)
            .ok_or_else(|| self.damage(&entry, "the schema cannot be decoded"))
    }

    /// Position after the frames read so far.
    pub(crate) fn frames_read(&self) -> u64 {
        self.next as u64
    }

    fn damage(&self, entry: &Entry, what: impl Into<String>) -> EventError {
        let before = match self.next {
            0 => self.index.start,
            n => self.index.positions[n - 1],
        };
        EventError::Corrupt(Box::new(Damage {
            file: self.place.data.clone(),
            sequence: Some(entry.sequence),
            offset: entry.offset,
            what: what.into(),
            salvaged_rows: before.rows,
        }))
    }

    fn verified(&self, entry: &Entry) -> Result<Vec<u8>, EventError> {
        let mut frame = Vec::new();
        self.verify(entry, &mut frame)?;
        Ok(frame)
    }

    /// Reads a frame in place of what `frame` holds, and verifies it; by several threads at once.
    pub(super) fn verify(&self, entry: &Entry, frame: &mut Vec<u8>) -> Result<(), EventError> {
        let end = entry.offset.checked_add(entry.length);
        if end.is_none_or(|end| end > self.data_len) {
            let missing = end.map_or(u64::MAX, |end| end - self.data_len);
            return Err(self.damage(entry, format!("the file was cut: {missing} bytes missing")));
        }
        frame.resize(entry.length as usize, 0);
        self.data.file().read_exact_at(frame, entry.offset).at(&self.place.data)?;
        if xxh3_64(frame) != entry.hash {
            return Err(self.damage(entry, "the frame's checksum does not fit"));
        }
        Ok(())
    }

    fn decode(&mut self, entry: &Entry, frame: Vec<u8>) -> Result<Option<RecordBatch>, EventError> {
        if entry.kind == FrameKind::End {
            return Ok(None);
        }
        if let Err(what) = guard::check(&frame) {
            return Err(self.damage(entry, what));
        }
        let decoder = &mut self.decoder;
        // Arrow's reader is known to panic on some malformed input. Verified bytes are ours,
        // so this is the last line only, against files made to deceive.
        let decoded =
            catch_unwind(AssertUnwindSafe(|| decoder.decode(&mut Buffer::from_vec(frame))));
        let batch = match decoded {
            Ok(Ok(batch)) => batch,
            Ok(Err(e)) => return Err(self.damage(entry, e.to_string())),
            Err(_) => return Err(self.damage(entry, "the frame cannot be decoded")),
        };
        let rows = batch.as_ref().map_or(0, RecordBatch::num_rows);
        if rows != entry.rows as usize {
            let what = format!("the frame holds {rows} rows, its index entry says {}", entry.rows);
            return Err(self.damage(entry, what));
        }
        Ok(batch)
    }
}
