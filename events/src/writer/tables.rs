//! The tables of a lifetime, and the thread that writes them.
//!
//! Columns, content hash and compression are most of what a row costs. They are made on a
//! thread beside the one that lives the lifetime, which goes on meanwhile. Rows reach the
//! tables in the order they were handed over, at most [`WAITING`] packs of them wait, and
//! whoever asks how far the files are waits for all.

use super::LogPosition;
use super::gathered::Gathered;
use super::scribe::Scribe;
use crate::content_hash::ContentHash;
use crate::error::EventError;
use crate::schema::TableKind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Packs of rows that wait to be written before whoever brings another waits.
const WAITING: usize = 4;

/// The tables whose frame ends, in the order of [`TableKind::ALL`].
pub(super) type Ends = [bool; 4];

/// What the thread is asked for.
enum Order {
    /// Take in rows, then end the frames of these tables.
    Write(Gathered, Ends),
    /// Say when everything before this is done.
    Settle(SyncSender<()>),
}

/// The tables, and the first error of the thread, after which it writes nothing more.
struct Shared {
    scribe: Scribe,
    failed: Option<EventError>,
}

/// A lifetime's tables in the writing.
pub(super) struct Tables {
    shared: Arc<Mutex<Shared>>,
    /// `None` once the thread is to end.
    orders: Option<SyncSender<Order>>,
    /// Packs that were written and can be filled again.
    emptied: Receiver<Gathered>,
    thread: Option<JoinHandle<()>>,
}

impl Tables {
    pub(super) fn new(scribe: Scribe) -> Tables {
        let shared = Arc::new(Mutex::new(Shared { scribe, failed: None }));
        let (orders, given) = sync_channel(WAITING);
        let (back, emptied) = sync_channel(WAITING + 2);
        let with = Arc::clone(&shared);
        let thread = std::thread::spawn(move || serve(&with, &given, &back));
        Tables { shared, orders: Some(orders), emptied, thread: Some(thread) }
    }

    /// Hands rows over and says which tables' frames end with them; `gathered` is empty
    /// afterwards. An error is that of these rows or of some before them.
    pub(super) fn write(&self, gathered: &mut Gathered, ends: Ends) -> Result<(), EventError> {
        let next = self.emptied.try_recv().unwrap_or_default();
        self.order(Order::Write(std::mem::replace(gathered, next), ends));
        // Not waited for: an error that is not there yet is told next time.
        match self.shared.try_lock() {
            Ok(mut shared) => shared.failed.take().map_or(Ok(()), Err),
            Err(_) => Ok(()),
        }
    }

    /// Waits until everything handed over is written.
    pub(super) fn settle(&self) -> Result<(), EventError> {
        self.wait();
        self.lock().failed.take().map_or(Ok(()), Err)
    }

    fn wait(&self) {
        let (done, wait) = sync_channel(1);
        self.order(Order::Settle(done));
        // An answer that does not come is a thread that is gone; what it left is seen next.
        let _ = wait.recv();
    }

    /// Makes everything handed over durable.
    pub(super) fn sync(&self) -> Result<(), EventError> {
        self.settle()?;
        self.lock().scribe.sync()
    }

    /// Ends the streams.
    pub(super) fn finish(&self) -> Result<(), EventError> {
        self.settle()?;
        self.lock().scribe.finish()
    }

    /// Where the frames that were handed over end.
    pub(super) fn position(&self) -> LogPosition {
        self.wait();
        self.lock().scribe.position()
    }

    /// The content hash of everything handed over.
    pub(super) fn content_hash(&self) -> ContentHash {
        self.wait();
        self.lock().scribe.hasher.finish()
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
fn serve(shared: &Mutex<Shared>, orders: &Receiver<Order>, back: &SyncSender<Gathered>) {
    let mut stopped = false;
    for order in orders {
        match order {
            Order::Write(mut gathered, ends) => {
                // Behind an error nothing is written, so that the log is sound up to it.
                if !stopped {
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    let scribe = &mut shared.scribe;
                    scribe.take(&gathered);
                    let mut ending = TableKind::ALL.into_iter().zip(ends).filter(|(_, ends)| *ends);
                    let written = ending.try_for_each(|(table, _)| scribe.end_frame(table));
                    if let Err(error) = written {
                        shared.failed = Some(error);
                        stopped = true;
                    }
                }
                gathered.clear();
                // Where nobody takes it back, the log is at its end.
                let _ = back.try_send(gathered);
            }
            // Who asked may be gone.
            Order::Settle(done) => drop(done.send(())),
        }
    }
}

impl Drop for Tables {
    /// Writes what was handed over, as if it had been written at once.
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
