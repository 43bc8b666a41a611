//! Appending frames to a table.

use super::FilePosition;
use super::encode::Encoder;
use super::index::{self, Entry, FrameKind, Index, Place};
use crate::error::{AtPath, EventError};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use fs_err::{File, OpenOptions};
use std::io::Write;

/// Writes one table. A frame is on disk whole or, after an error, not at all.
pub(crate) struct FrameWriter {
    place: Place,
    data: File,
    index: File,
    encoder: Encoder,
    /// The frame in the making, written in one go.
    frame: Vec<u8>,
    position: FilePosition,
}

impl FrameWriter {
    /// Makes both files, which must not exist, and writes the schema.
    pub(crate) fn create(place: Place, schema: &SchemaRef) -> Result<Self, EventError> {
        let mut writer = Self::begin(place, schema)?;
        let (header, start) = index::header(writer.place.table, writer.place.stream_id);
        writer.index.write_all(&header).at(&writer.place.index)?;
        writer.position = start;
        writer.append(FrameKind::Schema, 0)?;
        Ok(writer)
    }

    fn begin(place: Place, schema: &SchemaRef) -> Result<Self, EventError> {
        let open = |path| OpenOptions::new().append(true).create_new(true).open(path).at(path);
        let (data, index) = (open(&place.data)?, open(&place.index)?);
        Self::with_files(place, data, index, schema)
    }

    fn with_files(
        place: Place,
        data: File,
        index: File,
        schema: &SchemaRef,
    ) -> Result<Self, EventError> {
        let (encoder, frame) = Encoder::new(schema).map_err(|e| internal(&place, &e))?;
        let (_, position) = index::header(place.table, place.stream_id);
        Ok(Self { place, data, index, encoder, frame, position })
    }

    /// Opens a table for appending after `position`, which the caller has verified, and
    /// cuts away what comes after.
    pub(crate) fn reopen(
        place: Place,
        schema: &SchemaRef,
        position: FilePosition,
    ) -> Result<Self, EventError> {
        let open = |path| OpenOptions::new().append(true).open(path).at(path);
        let (data, index) = (open(&place.data)?, open(&place.index)?);
        let mut writer = Self::with_files(place, data, index, schema)?;
        // The schema is in the file already; the dictionaries are sent again.
        writer.frame.clear();
        writer.position = position;
        writer.cut()?;
        writer.sync()?;
        Ok(writer)
    }

    /// Appends a frame of rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), EventError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if let Err(e) = self.encoder.batch(batch, &mut self.frame) {
            self.frame.clear();
            return Err(internal(&self.place, &e));
        }
        self.append(FrameKind::Batch, batch.num_rows() as u32)
    }

    /// Appends the end-of-stream marker, after which nothing may follow.
    pub(crate) fn finish(&mut self) -> Result<(), EventError> {
        self.frame.extend_from_slice(&Encoder::END);
        self.append(FrameKind::End, 0)
    }

    fn append(&mut self, kind: FrameKind, rows: u32) -> Result<(), EventError> {
        let frame = &mut self.frame;
        let entry = Entry::next(&self.position, kind, rows, frame);
        let written = self
            .data
            .write_all(frame)
            .at(&self.place.data)
            .and_then(|()| self.index.write_all(&entry.encode()).at(&self.place.index));
        frame.clear();
        if let Err(e) = written {
            // The first error is the one to tell; a tail that could not be cut here is
            // cut at the next opening.
            let _ = self.cut();
            return Err(e);
        }
        self.position = entry.after(&self.position);
        Ok(())
    }

    /// Cuts both files back to the position.
    fn cut(&mut self) -> Result<(), EventError> {
        self.index.set_len(Index::len_of(self.position.frames)).at(&self.place.index)?;
        self.data.set_len(self.position.bytes).at(&self.place.data)
    }

    /// Makes everything written durable, data before index.
    pub(crate) fn sync(&mut self) -> Result<(), EventError> {
        self.data.sync_data().at(&self.place.data)?;
        self.index.sync_data().at(&self.place.index)
    }

    pub(crate) fn position(&self) -> FilePosition {
        self.position
    }
}

fn internal(place: &Place, error: &ArrowError) -> EventError {
    EventError::Internal { path: place.data.clone(), why: error.to_string() }
}
