//! Once warm, native environments and adapters allocate nothing, neither in a step
//! nor in a reset.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use tella_envs::wrappers::{Adapter, adapt};
use tella_envs::{Batch, Catalog, Params, Registry, StepBatch};

/// The system's allocator, counting what each thread asks for.
struct Counting;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; the counter is
// a plain number that needs neither allocation nor destruction.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps `dealloc`'s contract.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn nothing_is_allocated_once_warm() {
    const LANES: usize = 4;
    let registry = Registry::builtin();
    for (name, flat) in registry.names().into_iter().flat_map(|n| [(n.clone(), false), (n, true)]) {
        let params = registry.resolve_params(&name, &Params::new()).unwrap();
        let mut env = registry.make(&name, &params, LANES, 1).unwrap();
        if flat {
            let Ok(adapted) = adapt(env, &[Adapter::Flatten]) else { continue };
            env = adapted;
        }
        let space = env.action_space().clone();
        let mut actions = Batch::new(env.action_space(), LANES);
        let mut out = StepBatch::new(env.observation_space(), LANES);
        for lane in 0..LANES {
            env.reset(lane, Some(lane as u64), &mut out.observations).unwrap();
        }
        let mut chooser = tella_rng::Generator::new(8);
        let mut resets = 0;
        let mut play = |steps| {
            for _ in 0..steps {
                for lane in 0..LANES {
                    space.sample(&mut chooser, &mut actions.lane_mut(lane));
                }
                env.step(&actions, &[true; LANES], &mut out).unwrap();
                for lane in 0..LANES {
                    if out.terminated[lane] || out.truncated[lane] {
                        env.reset(lane, None, &mut out.observations).unwrap();
                        resets += 1;
                    }
                }
            }
        };
        play(3000);
        let before = ASKED.get();
        assert!(before > 0, "the counter counts");
        play(3000);
        assert_eq!(ASKED.get() - before, 0, "{name}");
        assert!(resets > 2, "{name}: {resets} resets");
    }
}
