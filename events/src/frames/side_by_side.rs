//! All frames of a table at once, on as many threads as there are cores.

use super::guard;
use super::index::{Entry, FrameKind};
use super::raw::{Layout, RawFrame, Unpacker};
use super::read::FrameReader;
use arrow_schema::SchemaRef;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Frames that are worth a further thread.
const FRAMES_A_THREAD: usize = 4;

impl FrameReader {
    /// Where the columns lie; `None` where that is not as this program writes it.
    pub(crate) fn layout(&mut self) -> Option<Layout> {
        let schema: SchemaRef = self.schema().ok()?;
        let mut frame = Vec::new();
        self.verify(self.index().entries.first()?, &mut frame).ok()?;
        Layout::of(&frame, &schema)
    }

    /// The rows of each batch, where the index is whole and nothing but batches lies between the
    /// schema and the end.
    pub(crate) fn batch_rows(&self) -> Option<Vec<usize>> {
        let index = self.index();
        if index.damage.is_some() {
            return None;
        }
        let [schema, entries @ ..] = index.entries.as_slice() else { return None };
        let entries = match entries {
            [entries @ .., last] if last.kind == FrameKind::End => entries,
            entries => entries,
        };
        let whole = schema.kind == FrameKind::Schema
            && entries.iter().all(|entry| entry.kind == FrameKind::Batch);
        whole.then(|| entries.iter().map(|entry| entry.rows as usize).collect())
    }

    /// Verifies every batch's frame and hands it to `task`, each with its own of `room`. What
    /// the tasks answer, in the frames' order; `None` where a frame cannot be read or a task has
    /// no answer.
    pub(crate) fn side_by_side<R: Send, T: Send>(
        &self,
        room: Vec<R>,
        task: impl Fn(&RawFrame<'_>, &mut Unpacker, R) -> Option<T> + Sync,
    ) -> Option<Vec<T>> {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = (room.len() / FRAMES_A_THREAD).clamp(1, cores);
        let answers: Vec<Mutex<Option<T>>> = room.iter().map(|_| Mutex::new(None)).collect();
        let work = Mutex::new(self.index().entries.iter().skip(1).zip(room).zip(&answers));
        let next = || work.lock().unwrap_or_else(PoisonError::into_inner).next();
        let run = || -> Option<()> {
            let mut unpacker = Unpacker::new().ok()?;
            let mut frame = Vec::new();
            while let Some(((entry, room), answer)) = next() {
                let answered = self.one(entry, &mut frame, &mut unpacker, room, &task)?;
                *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
            }
            Some(())
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(run);
            }
            run();
        });
        answers
            .into_iter()
            .map(|a| a.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect()
    }

    fn one<R, T>(
        &self,
        entry: &Entry,
        frame: &mut Vec<u8>,
        unpacker: &mut Unpacker,
        room: R,
        task: &impl Fn(&RawFrame<'_>, &mut Unpacker, R) -> Option<T>,
    ) -> Option<T> {
        self.verify(entry, frame).ok()?;
        guard::check(frame).ok()?;
        let raw = RawFrame::of(frame)?;
        (raw.len()? == entry.rows as usize).then(|| task(&raw, unpacker, room))?
    }
}
