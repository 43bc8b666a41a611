//! The three tables of a lifetime, and the thread that writes their frames.
//!
//! Compressing a frame takes longer than everything else a row costs. It is done on a
//! thread beside the one that gathers the rows, so that the lifetime goes on meanwhile.
//! Frames reach their files in the order they were handed over, at most [`WAITING`] of
//! them wait, and whoever asks how far the files are waits for all.

use super::LogPosition;
use crate::error::EventError;
use crate::frames::FrameWriter;
use crate::schema::TableKind;
use arrow_array::RecordBatch;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Frames that wait to be written before whoever brings another waits.
const WAITING: usize = 4;

/// The tables' files.
pub(super) struct Files {
    pub(super) experiences: FrameWriter,
    pub(super) blocks: FrameWriter,
    pub(super) timing: FrameWriter,
}

impl Files {
    fn of(&mut self, table: TableKind) -> &mut FrameWriter {
        match table {
            TableKind::Experiences => &mut self.experiences,
            TableKind::Blocks => &mut self.blocks,
            TableKind::Timing => &mut self.timing,
        }
    }

    fn position(&self) -> LogPosition {
        LogPosition {
            experiences: self.experiences.position(),
            blocks: self.blocks.position(),
            timing: self.timing.position(),
        }
    }
}

/// What the thread is asked for.
enum Order {
    /// Append a frame.
    Frame(TableKind, RecordBatch),
    /// Say when everything before this is done.
    Settle(SyncSender<()>),
}

/// The files, and the first error of the thread, after which it writes nothing more.
struct Shared {
    files: Files,
    failed: Option<EventError>,
}

/// A lifetime's tables in the writing.
pub(super) struct Tables {
    shared: Arc<Mutex<Shared>>,
    /// `None` once the thread is to end.
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Tables {
    pub(super) fn new(files: Files) -> Tables {
        let shared = Arc::new(Mutex::new(Shared { files, failed: None }));
        let (orders, given) = sync_channel(WAITING);
        let with = Arc::clone(&shared);
        let thread = std::thread::spawn(move || serve(&with, &given));
        Tables { shared, orders: Some(orders), thread: Some(thread) }
    }

    /// Hands over a frame. An error is that of this frame or of one before it.
    pub(super) fn write(&self, table: TableKind, batch: RecordBatch) -> Result<(), EventError> {
        self.order(Order::Frame(table, batch));
        // Not waited for: an error that is not there yet is told next time.
        match self.shared.try_lock() {
            Ok(mut shared) => shared.failed.take().map_or(Ok(()), Err),
            Err(_) => Ok(()),
        }
    }

    /// Waits until all frames are in their files.
    pub(super) fn settle(&self) -> Result<(), EventError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Settle(done));
        // An answer that does not come is a thread that is gone; what it left is seen next.
        let _ = wait.recv();
        self.lock().failed.take().map_or(Ok(()), Err)
    }

    /// Makes everything handed over durable.
    pub(super) fn sync(&self) -> Result<(), EventError> {
        self.settle()?;
        let files = &mut self.lock().files;
        files.experiences.sync()?;
        files.blocks.sync()?;
        files.timing.sync()
    }

    /// Ends the three streams.
    pub(super) fn finish(&self) -> Result<(), EventError> {
        self.settle()?;
        let files = &mut self.lock().files;
        files.experiences.finish()?;
        files.blocks.finish()?;
        files.timing.finish()
    }

    /// Where the frames that were handed over end.
    pub(super) fn position(&self) -> LogPosition {
        let (done, wait) = sync_channel(1);
        self.order(Order::Settle(done));
        let _ = wait.recv();
        self.lock().files.position()
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread lives as long as there is somebody to order; a panic in it,
            // our bug, is told where it is joined.
            let _ = orders.send(order);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread's life: one order after the other until nobody can give any.
fn serve(shared: &Mutex<Shared>, orders: &Receiver<Order>) {
    let mut stopped = false;
    for order in orders {
        match order {
            Order::Frame(table, batch) if !stopped => {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if let Err(error) = shared.files.of(table).write(&batch) {
                    shared.failed = Some(error);
                    stopped = true;
                }
            }
            // Behind an error nothing is written, so that the log is sound up to it.
            Order::Frame(..) => {}
            // Who asked may be gone.
            Order::Settle(done) => drop(done.send(())),
        }
    }
}

impl Drop for Tables {
    /// Writes what was handed over, as if each frame had been written at once.
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
