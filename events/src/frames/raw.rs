//! Single columns out of a frame's bytes, without the others.
//!
//! Arrow's reader unpacks all columns of a batch into memory of their own. Who looks at a few
//! columns of millions of rows takes them from here, unpacked to where they are wanted. What
//! is not as [`encode`](super::encode) writes it has no answer here: it is for Arrow's reader,
//! which also says what is wrong.

use super::planes;
use arrow_ipc::{CompressionType, DictionaryBatch, MessageHeader, RecordBatch, root_as_message};
use arrow_schema::{DataType, Schema};
use std::collections::BTreeMap;

/// Where the columns of a table lie.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    columns: BTreeMap<String, Place>,
}

/// Where a column lies.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its type.
    pub(crate) kind: DataType,
    node: usize,
    /// Its first buffer, that of its nulls.
    buffer: usize,
    /// The number of its dictionary.
    dictionary: Option<i64>,
}

impl Layout {
    /// Reads the frame of a schema. `schema` is what Arrow's reader makes of it.
    pub(crate) fn of(frame: &[u8], schema: &Schema) -> Option<Self> {
        let message = root_as_message(frame.get(8..)?).ok()?;
        let fields = message.header_as_schema()?.fields()?;
        let mut layout = Self::default();
        let mut buffer = 0;
        for (node, field) in schema.fields().iter().enumerate() {
            let kind = field.data_type().clone();
            let buffers = match &kind {
                DataType::Utf8 => 3,
                DataType::Boolean | DataType::Dictionary(..) => 2,
                kind if kind.is_primitive() => 2,
                _ => return None,
            };
            let dictionary = fields.get(node).dictionary().map(|dictionary| dictionary.id());
            layout.columns.insert(field.name().clone(), Place { kind, node, buffer, dictionary });
            buffer += buffers;
        }
        Some(layout)
    }

    /// All columns, in the order of their names.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.columns.iter().map(|(name, place)| (name.as_str(), place))
    }

    /// Where a column lies.
    pub(crate) fn column(&self, name: &str) -> Option<&Place> {
        self.columns.get(name)
    }
}

/// A frame of a batch, taken apart.
pub(crate) struct RawFrame<'a> {
    dictionaries: Vec<(i64, Rows<'a>)>,
    rows: Rows<'a>,
}

/// A batch, of rows or of a dictionary's texts.
struct Rows<'a> {
    batch: RecordBatch<'a>,
    body: &'a [u8],
}

impl<'a> RawFrame<'a> {
    /// Takes a verified, checked frame apart.
    pub(crate) fn of(frame: &'a [u8]) -> Option<Self> {
        let mut dictionaries = Vec::new();
        let mut rest = frame;
        loop {
            let size = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
            let message = root_as_message(rest.get(8..8 + size)?).ok()?;
            let body_len = usize::try_from(message.bodyLength()).ok()?;
            let (body, after) = rest[8 + size..].split_at_checked(body_len)?;
            rest = after;
            match message.header_type() {
                MessageHeader::DictionaryBatch => {
                    let dictionary: DictionaryBatch<'a> = message.header_as_dictionary_batch()?;
                    let rows = Rows::of(dictionary.data()?, body)?;
                    dictionaries.push((dictionary.id(), rows));
                    if dictionary.isDelta() {
                        return None;
                    }
                }
                MessageHeader::RecordBatch => {
                    let rows = Rows::of(message.header_as_record_batch()?, body)?;
                    return rest.is_empty().then_some(Self { dictionaries, rows });
                }
                _ => return None,
            }
        }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> Option<usize> {
        self.rows.len()
    }

    /// Whether any row has a value in a column.
    pub(crate) fn has_values(&self, column: &Place) -> bool {
        self.rows.nulls(column.node).is_none_or(|nulls| nulls < self.rows.batch.length())
    }

    /// The new dictionary of a column, where the frame brings one.
    pub(crate) fn dictionary(
        &self,
        column: &Place,
        unpacker: &mut Unpacker,
    ) -> Option<Option<Vec<String>>> {
        let Some((_, texts)) =
            self.dictionaries.iter().find(|(id, _)| Some(*id) == column.dictionary)
        else {
            return Some(None);
        };
        let len = texts.len()?;
        if texts.nulls(0)? != 0 {
            return None;
        }
        let mut offsets = vec![0i32; len + 1];
        unpacker.unpack::<4>(texts.buffer(1)?, bytemuck::cast_slice_mut(&mut offsets))?;
        let mut text = vec![0; usize::try_from(*offsets.last()?).ok()?];
        unpacker.unpack::<1>(texts.buffer(2)?, &mut text)?;
        let text = String::from_utf8(text).ok()?;
        let one = |pair: &[i32]| {
            let (from, to) = (usize::try_from(pair[0]).ok()?, usize::try_from(pair[1]).ok()?);
            text.get(from..to).map(str::to_owned)
        };
        offsets.windows(2).map(one).collect::<Option<Vec<_>>>().map(Some)
    }

    /// Unpacks a column of numbers `WIDTH` bytes wide, of which each row has one.
    pub(crate) fn numbers<const WIDTH: usize>(
        &self,
        column: &Place,
        unpacker: &mut Unpacker,
        out: &mut [u8],
    ) -> Option<()> {
        if self.rows.nulls(column.node)? != 0 {
            return None;
        }
        unpacker.unpack::<WIDTH>(self.rows.buffer(column.buffer + 1)?, out)
    }

    /// Unpacks a column of numbers `WIDTH` bytes wide and says which rows have one; `None`
    /// in there where all do.
    pub(crate) fn optional_numbers<const WIDTH: usize>(
        &self,
        column: &Place,
        unpacker: &mut Unpacker,
        out: &mut [u8],
    ) -> Option<Option<Vec<u8>>> {
        unpacker.unpack::<WIDTH>(self.rows.buffer(column.buffer + 1)?, out)?;
        if self.rows.nulls(column.node)? == 0 {
            return Some(None);
        }
        let mut present = vec![0; self.rows.len()?.div_ceil(8)];
        unpacker.unpack::<1>(self.rows.buffer(column.buffer)?, &mut present)?;
        Some(Some(present))
    }
}

impl<'a> Rows<'a> {
    fn of(batch: RecordBatch<'a>, body: &'a [u8]) -> Option<Self> {
        let packed = batch.compression()?.codec() == CompressionType::ZSTD;
        packed.then_some(Self { batch, body })
    }

    fn len(&self) -> Option<usize> {
        usize::try_from(self.batch.length()).ok()
    }

    fn nulls(&self, node: usize) -> Option<i64> {
        let nodes = self.batch.nodes()?;
        let node = (node < nodes.len()).then(|| nodes.get(node))?;
        (node.length() == self.batch.length()).then(|| node.null_count())
    }

    fn buffer(&self, n: usize) -> Option<&'a [u8]> {
        let buffers = self.batch.buffers()?;
        let buffer = (n < buffers.len()).then(|| buffers.get(n))?;
        let from = usize::try_from(buffer.offset()).ok()?;
        let to = from.checked_add(usize::try_from(buffer.length()).ok()?)?;
        self.body.get(from..to)
    }
}

/// What unpacks buffers, one after the other.
pub(crate) struct Unpacker {
    zstd: zstd::bulk::Decompressor<'static>,
}

impl Unpacker {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self { zstd: zstd::bulk::Decompressor::new()? })
    }

    /// Unpacks a buffer of numbers so wide that has exactly as many bytes as `out`.
    fn unpack<const WIDTH: usize>(&mut self, packed: &[u8], out: &mut [u8]) -> Option<()> {
        if packed.is_empty() {
            return out.is_empty().then_some(());
        }
        let (size, bytes) = packed.split_first_chunk()?;
        if i64::from_le_bytes(*size) == -1 {
            let plain = bytes.len() == out.len();
            return plain.then(|| out.copy_from_slice(bytes));
        }
        if usize::try_from(i64::from_le_bytes(*size)).ok()? != out.len() {
            return None;
        }
        if WIDTH > 1 && planes::decompress::<WIDTH>(bytes, out) {
            return Some(());
        }
        let len = self.zstd.decompress_to_buffer(bytes, out).ok()?;
        (len == out.len()).then_some(())
    }
}
