//! TensorBoard's event files: one a lifetime, a scalar for each task and measure.
//!
//! The file is a sequence of TFRecords: the length (`u64`), its checksum (`u32`), the
//! message, its checksum, all little-endian, where a checksum is the CRC-32C rotated right by
//! 15 bits plus 0xa282ead8. A message is TensorFlow's `Event`, of which four fields are
//! written by hand here; the first names the version, `brain.Event:2`.
//!
//! | tag | a point is |
//! |---|---|
//! | `learning/reward/TASK`, `learning/length/TASK` | a complete experience of a learning block |
//! | `evaluation/reward/TASK`, `evaluation/length/TASK` | an evaluation block: means over its complete experiences of the task |
//!
//! TASK is the `task_name`. The step is the experience's `exp_num`, of an evaluation that of
//! its last; the wall time is when that ended, or 0 where the log does not know. Values are
//! 32-bit floats, as `simple_value` is.

use crate::error::{AtPath, EventError};
use crate::reader::{LifetimeLog, Table};
use crate::record::BlockType;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes a lifetime's event file into the folder `out`.
pub(super) fn export(log: &LifetimeLog, out: &Path) -> Result<(), EventError> {
    let table = log.table()?;
    fs_err::create_dir_all(out).at(out)?;
    let began = table.started_at.iter().chain(&table.finished_at).flatten().min();
    let began = began.copied().unwrap_or(0);
    // TensorBoard reads files whose names hold `tfevents`, in the order of their names.
    let path = out.join(format!("events.out.tfevents.{:010}.tella", began.div_euclid(1_000_000)));
    let file = fs_err::OpenOptions::new().write(true).create_new(true).open(&path).at(&path)?;
    let mut file = EventFile { out: BufWriter::new(file), record: Vec::new() };
    file.write_all(&table, began).and_then(|()| file.out.flush()).at(&path)
}

/// A file in the writing.
struct EventFile {
    out: BufWriter<fs_err::File>,
    record: Vec<u8>,
}

/// Where a point stands: wall time in microseconds since 1970 UTC, and step.
#[derive(Clone, Copy, Default)]
struct At {
    micros: i64,
    step: u64,
}

/// What an evaluation block adds up to for a task.
#[derive(Default)]
struct Evaluation {
    at: At,
    reward: f64,
    length: u64,
    experiences: u64,
}

impl EventFile {
    fn write_all(&mut self, table: &Table, began: i64) -> std::io::Result<()> {
        let mut event = header(At { micros: began, step: 0 });
        put_bytes(&mut event, FILE_VERSION, b"brain.Event:2");
        self.write(&event)?;
        let mut block = None;
        let mut evaluations: BTreeMap<&str, Evaluation> = BTreeMap::new();
        for row in (0..table.len()).filter(|&row| table.complete[row]) {
            // A log without numbers is numbered by its rows.
            let step = table.exp_num[row].unwrap_or(row as u64);
            let at = At { micros: table.finished_at[row].unwrap_or(0), step };
            let (reward, length) = (table.reward[row], table.episode_step_count[row]);
            let name = table.task_name.get(row);
            if block != Some(table.block_num[row]) {
                block = Some(table.block_num[row]);
                self.evaluations(&mut evaluations)?;
            }
            match table.block_type[row] {
                BlockType::Train => {
                    self.point(at, &format!("learning/reward/{name}"), reward)?;
                    self.point(at, &format!("learning/length/{name}"), length as f64)?;
                }
                BlockType::Test => {
                    let evaluation = evaluations.entry(name).or_default();
                    evaluation.at = at;
                    evaluation.reward += reward;
                    evaluation.length += length;
                    evaluation.experiences += 1;
                }
            }
        }
        self.evaluations(&mut evaluations)
    }

    /// Writes the evaluations of a block that is over.
    fn evaluations(&mut self, all: &mut BTreeMap<&str, Evaluation>) -> std::io::Result<()> {
        for (name, e) in std::mem::take(all) {
            let n = e.experiences as f64;
            self.point(e.at, &format!("evaluation/reward/{name}"), e.reward / n)?;
            self.point(e.at, &format!("evaluation/length/{name}"), e.length as f64 / n)?;
        }
        Ok(())
    }

    /// Writes one point of a scalar.
    fn point(&mut self, at: At, tag: &str, value: f64) -> std::io::Result<()> {
        let mut summary = Vec::with_capacity(tag.len() + 8);
        put_bytes(&mut summary, TAG, tag.as_bytes());
        summary.push(SIMPLE_VALUE << 3 | FIXED32);
        summary.extend_from_slice(&(value as f32).to_le_bytes());
        let mut values = Vec::with_capacity(summary.len() + 4);
        put_bytes(&mut values, VALUE, &summary);
        let mut event = header(at);
        put_bytes(&mut event, SUMMARY, &values);
        self.write(&event)
    }

    /// Writes one record.
    fn write(&mut self, message: &[u8]) -> std::io::Result<()> {
        let length = (message.len() as u64).to_le_bytes();
        self.record.clear();
        self.record.extend_from_slice(&length);
        self.record.extend_from_slice(&masked(&length).to_le_bytes());
        self.record.extend_from_slice(message);
        self.record.extend_from_slice(&masked(message).to_le_bytes());
        self.out.write_all(&self.record)
    }
}

/// The checksum of TFRecords.
fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Field numbers of `Event`, `Summary` and `Summary.Value`.
const WALL_TIME: u8 = 1;
const STEP: u8 = 2;
const FILE_VERSION: u8 = 3;
const SUMMARY: u8 = 5;
const VALUE: u8 = 1;
const TAG: u8 = 1;
const SIMPLE_VALUE: u8 = 2;

/// Wire types of protocol buffers.
const VARINT: u8 = 0;
const FIXED64: u8 = 1;
const BYTES: u8 = 2;
const FIXED32: u8 = 5;

/// The fields that every event begins with.
fn header(at: At) -> Vec<u8> {
    let mut event = vec![WALL_TIME << 3 | FIXED64];
    event.extend_from_slice(&(at.micros as f64 / 1e6).to_le_bytes());
    event.push(STEP << 3 | VARINT);
    put_varint(&mut event, at.step);
    event
}

fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field << 3 | BYTES);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CRC-32C of `123456789` is 0xe3069283 by its definition; TensorFlow's mask of that by
    /// Python's integers.
    #[test]
    fn checksums_are_masked() {
        assert_eq!(masked(b"123456789"), 0xc78a_b0e5);
    }

    #[test]
    fn numbers_are_varints() {
        let mut out = Vec::new();
        [0, 127, 128, 300, u64::MAX].into_iter().for_each(|n| put_varint(&mut out, n));
        let expected = [0, 0x7f, 0x80, 1, 0xac, 2];
        assert_eq!(out[..6], expected);
        assert_eq!(out[6..], [&[0xff; 9][..], &[1]].concat());
    }
}
