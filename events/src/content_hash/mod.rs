//! The canonical content hash of a lifetime, version 1.
//!
//! Two lifetimes have equal hashes exactly where they have equal experience rows and equal
//! block events. Frame boundaries, dictionaries, compression and wall times do not enter.
//! The hash is streamed while writing and recomputed by reading.
//!
//! All integers are little-endian; a text is its length in bytes as `u64`, then its UTF-8
//! bytes; an optional text is one byte 0 or 1, then the text where 1. BLAKE3 runs over:
//!
//! - **experiences** `E`: where there are extra columns, first `b'X'`, their number as `u32`,
//!   and for each its name as text and its kind (`u8`: 0 float, 1 text). Then for every row:
//!   where it is the first, or its segment differs from the row's before, a segment record
//!   `b'S'`, block_num `u64`, block_type `u8` (0 train, 1 test), block_subtype `u8` (0 wake,
//!   1 sleep), and the texts worker_id, task_name, task, variant, task_params; then the row
//!   record `b'R'`, flags `u8` (1 exp_num present, 2 seed present, 4 terminated,
//!   8 truncated, 16 complete), exp_num `u64` (0 where absent), episode_index `u64`,
//!   env_index `u32`, seed `u64` (0 where absent), the bits of reward `u64` (every NaN as
//!   7ff8000000000000), episode_step_count `u64`; then each extra value: one byte 0 or 1 for
//!   presence, and where 1 the float's bits or the text.
//! - **blocks** `B`: for every event `b'B'`, kind `u8` (its place in
//!   [`BlockEventKind::ALL`]), at_row `u64`, block_num `u64`, block_type `u8`,
//!   block_subtype `u8`, and the optional texts task, variant, detail.
//! - **content**: the bytes `tella-events content 1\n`, the number of experiences `u64`, the
//!   32 bytes of `E`, the number of block events `u64`, the 32 bytes of `B`.
//!
//! It is shown as 64 lower-case hexadecimal digits.

mod transitions;

pub(crate) use transitions::TransitionHasher;
pub use transitions::TransitionsHash;

use crate::record::{BlockEvent, BlockEventKind, BlockSubtype, BlockType, Experience, Segment};
use crate::schema::{ExtraColumn, ExtraKind};
use crate::transition::ActionColumn;

/// The bytes gathered before they go through BLAKE3, which is fastest on long inputs.
const GATHER: usize = 64 * 1024;

/// The one NaN that is stored and hashed, so that equal tables have equal bytes.
pub(crate) fn canonical(value: f64) -> f64 {
    if value.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { value }
}

/// A value of an extra column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExtraValue<'a> {
    /// A float, or null.
    Float(Option<f64>),
    /// A text, or null.
    Text(Option<&'a str>),
}

/// What a lifetime's rows hash to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ContentHash {
    /// Over experiences and block events, 64 hexadecimal digits: what runs are compared by.
    pub content: String,
    /// Over the experiences alone.
    pub experiences: String,
    /// Number of experiences.
    pub experience_rows: u64,
    /// Number of block events.
    pub block_rows: u64,
    /// Over the transitions, where they are kept; no part of `content`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transitions: Option<TransitionsHash>,
}

/// The running hash.
#[derive(Clone)]
pub(crate) struct ContentHasher {
    gathered: Vec<u8>,
    experiences: blake3::Hasher,
    experience_rows: u64,
    blocks: blake3::Hasher,
    block_rows: u64,
    /// The segment record of the row before, and the record the next row will need.
    last_segment: Vec<u8>,
    next_segment: Vec<u8>,
    segment_changed: bool,
    /// The transitions' own hash, where they are kept.
    pub(crate) transitions: Option<TransitionHasher>,
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    if let Some(text) = text {
        put_text(out, text);
    }
}

fn type_code(block_type: BlockType) -> u8 {
    match block_type {
        BlockType::Train => 0,
        BlockType::Test => 1,
    }
}

fn subtype_code(subtype: BlockSubtype) -> u8 {
    match subtype {
        BlockSubtype::Wake => 0,
        BlockSubtype::Sleep => 1,
    }
}

impl ContentHasher {
    pub(crate) fn new(extra: &[ExtraColumn], actions: Option<&[ActionColumn]>) -> Self {
        let mut gathered = Vec::with_capacity(GATHER + 1024);
        if !extra.is_empty() {
            gathered.push(b'X');
            gathered.extend_from_slice(&(extra.len() as u32).to_le_bytes());
            for column in extra {
                put_text(&mut gathered, &column.name);
                gathered.push(match column.kind {
                    ExtraKind::Float => 0,
                    ExtraKind::Text => 1,
                });
            }
        }
        Self {
            gathered,
            experiences: blake3::Hasher::new(),
            experience_rows: 0,
            blocks: blake3::Hasher::new(),
            block_rows: 0,
            last_segment: Vec::new(),
            next_segment: Vec::new(),
            segment_changed: false,
            transitions: actions.map(TransitionHasher::new),
        }
    }

    /// The segment of the rows that follow.
    pub(crate) fn segment(&mut self, segment: &Segment) {
        let out = &mut self.next_segment;
        out.clear();
        out.push(b'S');
        out.extend_from_slice(&segment.block_num.to_le_bytes());
        out.push(type_code(segment.block_type));
        out.push(subtype_code(segment.block_subtype));
        for text in [
            &segment.worker_id,
            &segment.task_name,
            &segment.task,
            &segment.variant,
            &segment.task_params,
        ] {
            put_text(out, text);
        }
        self.segment_changed = self.next_segment != self.last_segment;
    }

    /// One row of the current segment.
    pub(crate) fn experience(&mut self, row: &Experience) {
        if self.segment_changed {
            self.gathered.extend_from_slice(&self.next_segment);
            self.last_segment.clone_from(&self.next_segment);
            self.segment_changed = false;
        }
        let flags = u8::from(row.exp_num.is_some())
            | u8::from(row.seed.is_some()) << 1
            | u8::from(row.terminated) << 2
            | u8::from(row.truncated) << 3
            | u8::from(row.complete) << 4;
        let mut record = [0; 46];
        record[0] = b'R';
        record[1] = flags;
        record[2..10].copy_from_slice(&row.exp_num.unwrap_or(0).to_le_bytes());
        record[10..18].copy_from_slice(&row.episode_index.to_le_bytes());
        record[18..22].copy_from_slice(&row.env_index.to_le_bytes());
        record[22..30].copy_from_slice(&row.seed.unwrap_or(0).to_le_bytes());
        record[30..38].copy_from_slice(&canonical(row.reward).to_bits().to_le_bytes());
        record[38..46].copy_from_slice(&row.episode_step_count.to_le_bytes());
        self.gathered.extend_from_slice(&record);
        self.experience_rows += 1;
        if self.gathered.len() >= GATHER {
            self.absorb();
        }
    }

    /// A value of the row just given, in the order of the extra columns.
    pub(crate) fn extra(&mut self, value: ExtraValue<'_>) {
        match value {
            ExtraValue::Float(float) => {
                self.gathered.push(u8::from(float.is_some()));
                if let Some(float) = float {
                    self.gathered.extend_from_slice(&canonical(float).to_bits().to_le_bytes());
                }
            }
            ExtraValue::Text(text) => put_optional(&mut self.gathered, text),
        }
    }

    pub(crate) fn block_event(&mut self, event: &BlockEvent, at_row: u64) {
        let mut out = vec![b'B'];
        let code = BlockEventKind::ALL.iter().position(|k| *k == event.kind);
        out.push(code.expect("ALL holds every kind") as u8);
        out.extend_from_slice(&at_row.to_le_bytes());
        out.extend_from_slice(&event.block_num.to_le_bytes());
        out.push(type_code(event.block_type));
        out.push(subtype_code(event.block_subtype));
        put_optional(&mut out, event.task.as_deref());
        put_optional(&mut out, event.variant.as_deref());
        put_optional(&mut out, event.detail.as_deref());
        self.blocks.update(&out);
        self.block_rows += 1;
    }

    fn absorb(&mut self) {
        self.experiences.update(&self.gathered);
        self.gathered.clear();
    }

    /// The hash of everything so far.
    pub(crate) fn finish(&mut self) -> ContentHash {
        self.absorb();
        let experiences = self.experiences.finalize();
        let mut content = blake3::Hasher::new();
        content.update(b"tella-events content 1\n");
        content.update(&self.experience_rows.to_le_bytes());
        content.update(experiences.as_bytes());
        content.update(&self.block_rows.to_le_bytes());
        content.update(self.blocks.finalize().as_bytes());
        ContentHash {
            content: content.finalize().to_hex().to_string(),
            experiences: experiences.to_hex().to_string(),
            experience_rows: self.experience_rows,
            block_rows: self.block_rows,
            transitions: self.transitions.as_mut().map(TransitionHasher::finish),
        }
    }
}
