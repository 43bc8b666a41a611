//! Acting and learning allocate nothing once every state is known.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{Field, Life, agent};
use tella_agents::{AgentResolver, builtin};
use tella_envs::Params;

struct Counting;

thread_local! {
    /// Of this thread: the one that runs tests may say that a test takes long.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn no_agent_allocates_in_the_steady_state() {
    for spec in builtin().specs() {
        for learning in [true, false] {
            let mut env = Field::lanes(4);
            let mut agent = agent(&spec.name, &env, 3, &Params::new());
            let mut life = Life::start(&mut env, &mut *agent, learning, 100_000, 3);
            (0..20_000).for_each(|_| assert!(life.step(&mut *agent)));
            let before = ALLOCATIONS.get();
            (0..5_000).for_each(|_| assert!(life.step(&mut *agent)));
            let after = ALLOCATIONS.get();
            assert_eq!(after - before, 0, "{} learning {learning}", spec.name);
        }
    }
}
