//! A lifetime's log followed while it is written: each poll reads what came since the last.

use super::decode::{decode_blocks, decode_experiences, decode_timing};
use super::table::{BlockEventRow, Table};
use crate::error::EventError;
use crate::folder::RunFolder;
use crate::frames::FrameReader;
use crate::schema::TableKind;
use crate::writer::place;
use arrow_array::RecordBatch;

/// Follows the log of one lifetime, which need not be there yet. It only reads, and holds no
/// lock: rows that a resume cuts away are noticed at the next poll.
pub struct Tail {
    run: RunFolder,
    lifetime_idx: u32,
    /// Of experiences, blocks and timing, once they are there.
    readers: Option<[FrameReader; 3]>,
}

/// What came since the last poll.
#[derive(Debug, Default)]
pub struct News {
    /// The log does not go on from what was told before: all of it is told again.
    pub anew: bool,
    /// Experiences, without times.
    pub experiences: Table,
    /// When experiences began and ended, in microseconds since 1970 UTC, in their order. They
    /// may come a poll earlier or later than the experience.
    pub times: Vec<(Option<i64>, i64)>,
    /// Block events, without times.
    pub events: Vec<BlockEventRow>,
    /// What cannot be read: of a log that is being written most likely a tail that will be
    /// whole at the next poll.
    pub unread: Option<EventError>,
}

const FOLLOWED: [TableKind; 3] = [TableKind::Experiences, TableKind::Blocks, TableKind::Timing];

impl Tail {
    /// Follows a lifetime from its beginning.
    pub fn new(run: &RunFolder, lifetime_idx: u32) -> Self {
        Self { run: run.clone(), lifetime_idx, readers: None }
    }

    /// Reads on.
    pub fn poll(&mut self) -> News {
        let mut news = News::default();
        if let Err(e) = self.read_on(&mut news) {
            news.unread = Some(e);
        }
        news
    }

    fn read_on(&mut self, news: &mut News) -> Result<(), EventError> {
        if let Some(readers) = &mut self.readers {
            let mut same = true;
            for reader in readers {
                same &= reader.refresh().unwrap_or(false);
            }
            if !same {
                self.readers = None;
            }
        }
        if self.readers.is_none() {
            news.anew = true;
            let open = |table| FrameReader::open(place(&self.run, self.lifetime_idx, table));
            let [experiences, blocks, timing] = FOLLOWED.map(open);
            self.readers = Some([experiences?, blocks?, timing?]);
        }
        let Some([experiences, blocks, timing]) = &mut self.readers else { return Ok(()) };
        each(blocks, |batch| decode_blocks(batch, &mut news.events))?;
        each(experiences, |batch| decode_experiences(batch, &mut news.experiences))?;
        each(timing, |batch| {
            let rows = decode_timing(batch)?.into_iter().filter(|row| row.0);
            news.times.extend(rows.map(|(_, started, finished)| (started, finished)));
            Ok(())
        })
    }
}

fn each(
    reader: &mut FrameReader,
    mut decode: impl FnMut(&RecordBatch) -> Result<(), String>,
) -> Result<(), EventError> {
    while let Some(batch) = reader.next_batch()? {
        let place = reader.place().data.clone();
        decode(&batch).map_err(|what| EventError::damaged(place, 0, what))?;
    }
    Ok(())
}
