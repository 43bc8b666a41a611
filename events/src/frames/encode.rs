//! A frame's bytes: messages of Arrow's IPC stream format.
//!
//! Schema and dictionaries are encoded by Arrow's library, a batch's own message here: the
//! library compresses each buffer by itself, and most of ours are compressed
//! [faster](super::planes).

use super::planes;
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::writer::{
    DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions, write_message,
};
use arrow_ipc::{
    BodyCompressionBuilder, BodyCompressionMethod, CompressionType, FieldNode, MessageBuilder,
    MessageHeader, MetadataVersion, RecordBatchBuilder,
};
use arrow_schema::{ArrowError, DataType, Schema};
use flatbuffers::FlatBufferBuilder;
use std::collections::HashMap;

/// zstd at level 1: on logs of CartPole and MiniGrid level 3 saves nothing and lz4 takes
/// 1.7 times the room.
const ZSTD_LEVEL: i32 = 1;

/// What begins every message.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// Messages and buffers begin at multiples of so many bytes.
const ALIGNMENT: usize = 8;

/// Encodes the frames of one table, one after the other.
pub(super) struct Encoder {
    options: IpcWriteOptions,
    library: IpcDataGenerator,
    context: IpcWriteContext,
    dictionaries: DictionaryTracker,
    compressor: zstd::bulk::Compressor<'static>,
    metadata: FlatBufferBuilder<'static>,
    body: Vec<u8>,
    /// Codes of the batch before and what they were compressed to, by the place of their
    /// buffer: a column of one code is often the same again.
    before: HashMap<usize, (Buffer, Vec<u8>)>,
}

impl Encoder {
    /// The bytes that end a stream.
    pub(super) const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

    /// Begins a stream; returns the bytes of its schema as well.
    pub(super) fn new(schema: &Schema) -> Result<(Self, Vec<u8>), ArrowError> {
        let options = IpcWriteOptions::try_new(ALIGNMENT, false, MetadataVersion::V5)?
            .try_with_compression(Some(CompressionType::ZSTD))?
            .try_with_compression_level(Some(ZSTD_LEVEL))?;
        let mut encoder = Self {
            options,
            library: IpcDataGenerator::default(),
            context: IpcWriteContext::default(),
            dictionaries: DictionaryTracker::new(false),
            compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
            metadata: FlatBufferBuilder::new(),
            body: Vec::new(),
            before: HashMap::new(),
        };
        let message = encoder.library.schema_to_bytes_with_dictionary_tracker(
            schema,
            &mut encoder.dictionaries,
            &encoder.options,
        );
        let mut frame = Vec::new();
        write_message(&mut frame, message, &encoder.options)?;
        Ok((encoder, frame))
    }

    /// Appends the dictionaries that changed, and the batch.
    pub(super) fn batch(
        &mut self,
        batch: &RecordBatch,
        frame: &mut Vec<u8>,
    ) -> Result<(), ArrowError> {
        // The library has no way to ask for the dictionaries alone: they come with any rows.
        let (dictionaries, _) = self.library.encode(
            &batch.slice(0, 0),
            &mut self.dictionaries,
            &self.options,
            &mut self.context,
        )?;
        for message in dictionaries {
            write_message(&mut *frame, message, &self.options)?;
        }
        self.message(batch)?;
        let metadata = self.metadata.finished_data();
        let padded = metadata.len().next_multiple_of(ALIGNMENT);
        frame.extend_from_slice(&CONTINUATION);
        frame.extend_from_slice(&(padded as u32).to_le_bytes());
        frame.extend_from_slice(metadata);
        frame.resize(frame.len() + padded - metadata.len(), 0);
        frame.extend_from_slice(&self.body);
        Ok(())
    }

    /// Makes the batch's message: its body, and its metadata, which tells where in it each
    /// column's buffers lie.
    fn message(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.body.clear();
        let (mut nodes, mut buffers) = (Vec::new(), Vec::new());
        for column in batch.columns() {
            self.column(column, &mut nodes, &mut buffers)?;
        }
        let fbb = &mut self.metadata;
        fbb.reset();
        let mut compression = BodyCompressionBuilder::new(fbb);
        compression.add_method(BodyCompressionMethod::BUFFER);
        compression.add_codec(CompressionType::ZSTD);
        let compression = compression.finish();
        let (nodes, buffers) = (fbb.create_vector(&nodes), fbb.create_vector(&buffers));
        let mut rows = RecordBatchBuilder::new(fbb);
        rows.add_length(batch.num_rows() as i64);
        rows.add_nodes(nodes);
        rows.add_buffers(buffers);
        rows.add_compression(compression);
        let rows = rows.finish();
        let mut message = MessageBuilder::new(fbb);
        message.add_version(MetadataVersion::V5);
        message.add_header_type(MessageHeader::RecordBatch);
        message.add_bodyLength(self.body.len() as i64);
        message.add_header(rows.as_union_value());
        let message = message.finish();
        fbb.finish(message, None);
        Ok(())
    }

    /// Appends a column's buffers to the body, then those of the column that its lists lie in.
    fn column(
        &mut self,
        column: &dyn Array,
        nodes: &mut Vec<FieldNode>,
        buffers: &mut Vec<arrow_ipc::Buffer>,
    ) -> Result<(), ArrowError> {
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        let null_count = nulls.map_or(0, |nulls| nulls.null_count());
        nodes.push(FieldNode::new(column.len() as i64, null_count as i64));
        let present = nulls.map(|nulls| nulls.inner().sliced());
        let present = (present.unwrap_or_else(|| Buffer::from(&[])), 1);
        for (buffer, width) in std::iter::once(present).chain(values(column)?) {
            let start = self.body.len();
            match self.before.get(&buffers.len()) {
                Some((before, compressed)) if before.ptr_eq(&buffer) => {
                    self.body.extend_from_slice(compressed);
                }
                _ => {
                    self.compress(&buffer, width)?;
                    if matches!(column.data_type(), DataType::Dictionary(..)) {
                        let compressed = self.body[start..].to_vec();
                        self.before.insert(buffers.len(), (buffer, compressed));
                    }
                }
            }
            let len = self.body.len() - start;
            buffers.push(arrow_ipc::Buffer::new(start as i64, len as i64));
            self.body.resize(self.body.len().next_multiple_of(ALIGNMENT), 0);
        }
        match column.as_fixed_size_list_opt() {
            Some(lists) => {
                let (from, len) = (lists.value_offset_at(0), lists.value_length() as usize);
                let elements = lists.values().slice(from, lists.len() * len);
                self.column(&elements, nodes, buffers)
            }
            None => Ok(()),
        }
    }

    /// Appends a buffer of numbers so wide to the body: its size, then a zstd frame; or -1,
    /// then the bytes as they are where zstd would make more of them.
    fn compress(&mut self, bytes: &[u8], width: usize) -> Result<(), ArrowError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let start = self.body.len();
        self.body.extend_from_slice(&(bytes.len() as i64).to_le_bytes());
        let done = match width {
            8 => planes::compress::<8>(bytes, &mut self.body),
            4 => planes::compress::<4>(bytes, &mut self.body),
            _ => false,
        };
        if !done {
            let bound = zstd::zstd_safe::compress_bound(bytes.len());
            let from = self.body.len();
            self.body.resize(from + bound, 0);
            let len = self.compressor.compress_to_buffer(bytes, &mut self.body[from..])?;
            self.body.truncate(from + len);
        }
        if self.body.len() - start - 8 > bytes.len() {
            self.body.truncate(start);
            self.body.extend_from_slice(&(-1i64).to_le_bytes());
            self.body.extend_from_slice(bytes);
        }
        Ok(())
    }
}

/// A column's buffers without that of its nulls, and how wide the numbers in each are.
fn values(column: &dyn Array) -> Result<Vec<(Buffer, usize)>, ArrowError> {
    let data = column.to_data();
    let (start, len) = (data.offset(), data.len());
    let sliced =
        |buffer: &Buffer, from: usize, to: usize| buffer.slice_with_length(from, to - from);
    match data.data_type() {
        DataType::FixedSizeList(..) => Ok(Vec::new()),
        DataType::Boolean => Ok(vec![(data.buffers()[0].bit_slice(start, len), 1)]),
        DataType::Utf8 if start == 0 => {
            let (offsets, text) = (&data.buffers()[0], &data.buffers()[1]);
            let end = data.buffer::<i32>(0)[len] as usize;
            Ok(vec![(sliced(offsets, 0, 4 * (len + 1)), 4), (sliced(text, 0, end), 1)])
        }
        kind => {
            let kind = if let DataType::Dictionary(codes, _) = kind { codes } else { kind };
            let width = kind.primitive_width().ok_or_else(|| {
                ArrowError::NotYetImplemented(format!("a column of {kind} in a frame"))
            })?;
            Ok(vec![(sliced(&data.buffers()[0], width * start, width * (start + len)), width)])
        }
    }
}
