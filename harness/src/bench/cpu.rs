//! Processor time, which a machine that is busy with other work distorts less than
//! time on the clock.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Time that all threads of this process have spent on a processor.
pub(super) fn spent() -> Duration {
    read(ClockId::ProcessCPUTime)
}

/// Time that this thread has spent on a processor.
pub(super) fn spent_here() -> Duration {
    read(ClockId::ThreadCPUTime)
}

fn read(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
