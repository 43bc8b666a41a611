//! Bounds on what a frame may claim, checked before Arrow's reader allocates for it.

use arrow_ipc::{MessageHeader, root_as_message};

/// The most bytes one frame may unpack to. A frame of 16,384 rows takes about 2 MiB; the
/// rest is room for long `task_params`.
const MOST_UNPACKED: u64 = 1 << 30;

/// Checks that every message of a frame is well formed, lies within it, and does not
/// unpack to more than [`MOST_UNPACKED`] bytes.
pub(crate) fn check(frame: &[u8]) -> Result<(), String> {
    let mut rest = frame;
    let mut unpacked = 0u64;
    while !rest.is_empty() {
        let prefix = rest.get(..8).ok_or("a message prefix is cut")?;
        if prefix[..4] != [0xff; 4] {
            return Err("a message does not begin with the continuation marker".into());
        }
        let metadata_len = u32::from_le_bytes(prefix[4..].try_into().expect("four bytes")) as usize;
        let metadata = rest.get(8..8 + metadata_len).ok_or("message metadata is cut")?;
        let message = root_as_message(metadata).map_err(|e| format!("message metadata: {e}"))?;
        let body_len = usize::try_from(message.bodyLength()).map_err(|e| e.to_string())?;
        let body = rest[8 + metadata_len..].get(..body_len).ok_or("a message body is cut")?;
        let batch = match message.header_type() {
            MessageHeader::RecordBatch => message.header_as_record_batch(),
            MessageHeader::DictionaryBatch => {
                message.header_as_dictionary_batch().and_then(|d| d.data())
            }
            _ => None,
        };
        if let Some(batch) = batch {
            let compressed = batch.compression().is_some();
            for buffer in batch.buffers().iter().flatten() {
                unpacked = unpacked.saturating_add(buffer_size(
                    body,
                    buffer.offset(),
                    buffer.length(),
                    compressed,
                )?);
            }
        }
        if unpacked > MOST_UNPACKED {
            return Err(format!("the frame claims to unpack to {unpacked} bytes"));
        }
        rest = &rest[8 + metadata_len + body_len..];
    }
    Ok(())
}

/// The size of a buffer once unpacked.
fn buffer_size(body: &[u8], offset: i64, length: i64, compressed: bool) -> Result<u64, String> {
    let outside = || "a buffer lies outside its message".to_owned();
    let offset = usize::try_from(offset).map_err(|_| outside())?;
    let length = usize::try_from(length).map_err(|_| outside())?;
    let end = offset.checked_add(length).ok_or_else(outside)?;
    let bytes = body.get(offset..end).ok_or_else(outside)?;
    match bytes.first_chunk() {
        Some(prefix) if compressed => match i64::from_le_bytes(*prefix) {
            -1 => Ok(length as u64),
            size => u64::try_from(size).map_err(|_| "a buffer has a negative size".into()),
        },
        _ => Ok(length as u64),
    }
}
