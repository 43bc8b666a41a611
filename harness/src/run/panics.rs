//! Panics of agents, environments and libtorch, caught and turned into words.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on panics on this thread print nothing; whoever catches them speaks.
pub(super) fn quiet_thread() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if QUIET.get() {
                let place = info.location().map(|l| format!("{}:{}", l.file(), l.line()));
                PLACE.with_borrow_mut(|p| *p = place);
            } else {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
}

/// Calls `f`; a panic in it comes back as its message and place in the source.
pub(crate) fn catch<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    quiet_thread();
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    QUIET.set(false);
    result.map_err(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "panic without a message".into());
        match PLACE.take() {
            Some(place) => format!("panicked: {message} ({place})"),
            None => format!("panicked: {message}"),
        }
    })
}
