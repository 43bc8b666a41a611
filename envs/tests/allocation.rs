//! Once warm, native environments and adapters allocate nothing, neither in a step
//! nor in a reset.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use tella_envs::wrappers::{Adapter, adapt};
use tella_envs::{Batch, Catalog, ParamKind, ParamValue, Params, Registry, StepBatch};

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

/// One grid world with every observation it offers, once with another view.
fn ways_to_show_a_grid() -> Vec<(String, Params)> {
    let name = "MiniGrid-Empty-Random-6x6-v0";
    let specs = Registry::builtin().spec(name).unwrap().params;
    let observation = specs.iter().find(|spec| spec.name == "observation").unwrap();
    let ParamKind::Choice { choices } = &observation.kind else { panic!("{observation:?}") };
    let with = |way: &String, view_size| {
        let way = ("observation".into(), ParamValue::Text(way.clone()));
        Params::from([way, ("agent_view_size".into(), ParamValue::Int(view_size))])
    };
    choices.iter().flat_map(|way| [7, 5].map(|size| (name.into(), with(way, size)))).collect()
}

#[test]
fn nothing_is_allocated_once_warm() {
    const LANES: usize = 4;
    let registry = Registry::builtin();
    let plain = registry.names().into_iter().map(|name| (name, Params::new()));
    let cases: Vec<(String, Params)> = plain.chain(ways_to_show_a_grid()).collect();
    for ((name, given), flat) in cases.into_iter().flat_map(|c| [(c.clone(), false), (c, true)]) {
        let params = registry.resolve_params(&name, &given).unwrap();
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
        assert_eq!(ASKED.get() - before, 0, "{name}, {given:?}");
        assert!(resets > 2, "{name}: {resets} resets");
    }
}
