//! Parameters of grid worlds: what is refused, in which words, and that whatever
//! is not refused can be played.

use proptest::prelude::*;
use tella_envs::{Batch, Catalog, ParamKind, ParamSpec, ParamValue, Params, Registry, StepBatch};
use tella_envs::{Space, parse_params};

/// The parameters of `MiniGrid-{id}` where `given` are set, or what is wrong.
fn resolve(id: &str, given: &str) -> Result<Params, String> {
    let registry = Registry::builtin();
    let name = format!("MiniGrid-{id}");
    let spec = registry.spec(&name).unwrap_or_else(|| panic!("{name}"));
    let given: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
    parse_params(&spec.params, &given)
        .and_then(|given| registry.resolve_params(&name, &given))
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

#[test]
fn impossible_levels_are_refused_in_words() {
    let cases = [
        ("Empty-5x5-v0", "size=2", "`size`: expected an integer from 4 to 255, found 2"),
        (
            "Empty-5x5-v0",
            "agent_start_pos=4,1",
            "`agent_start_pos`: expected `random` or X,Y with X from 1 to 3 and Y from 1 to 3, \
             found `4,1`",
        ),
        ("Empty-8x8-v0", "agent_start_pos=here", "found `here`"),
        ("Empty-8x8-v0", "agent_start_dir=4", "expected an integer from 0 to 3, found 4"),
        (
            "LavaCrossingS9N1-v0",
            "size=8",
            "`size`: expected an odd integer, such as 7 or 9, found 8",
        ),
        (
            "SimpleCrossingS11N5-v0",
            "size=7",
            "`num_crossings`: expected an integer from 0 to 4 where size is 7, found 5",
        ),
        ("LavaCrossingS9N1-v0", "obstacle_type=water", "`water` is not one of lava, wall"),
        (
            "DistShift1-v0",
            "height=4",
            "`strip2_row`: expected 1 where width is 9 and height is 4, found 2",
        ),
        ("DistShift2-v0", "strip2_row=6", "expected an integer from 1 to 5"),
        ("DoorKey-8x8-v0", "size=4", "from 5 to 255"),
        (
            "Fetch-5x5-N2-v0",
            "numObjs=9",
            "`numObjs`: expected an integer from 1 to 8 where size is 5, found 9",
        ),
        ("FourRooms-v0", "goal_pos=9,9", "no way leads to 9,9"),
        ("FourRooms-v0", "agent_pos=0,4", "X from 1 to 17"),
        ("GoToObject-6x6-N2-v0", "numObjs=19", "from 1 to 18"),
        ("GoToObject-6x6-N2-v0", "size=4 numObjs=4", "from 1 to 3 where size is 4"),
        ("KeyCorridorS3R1-v0", "room_size=60 num_rows=9", "from 1 to 4 where room_size is 60"),
        ("LockedRoom-v0", "size=15", "`size`: expected an odd integer that 3 does not divide"),
        ("LockedRoom-v0", "size=14", "expected an odd integer"),
        ("MemoryS7-v0", "size=12", "`size`: expected an odd integer, such as 11 or 13"),
        (
            "MultiRoom-N6-v0",
            "minNumRooms=7",
            "`maxNumRooms`: expected an integer from 7 to 255 where minNumRooms is 7, found 6",
        ),
        (
            "MultiRoom-N6-v0",
            "maxNumRooms=200",
            "`maxNumRooms`: no chain of 200 rooms was found in 10000 tries with maxRoomSize 10 \
             in a grid of 25 by 25",
        ),
        ("MultiRoom-N2-S4-v0", "width=4 height=5", "`maxNumRooms`: no chain of 2 rooms"),
        (
            "ObstructedMaze-1Q-v0",
            "agent_room=0,1",
            "`agent_room`: from room 0,1 nothing can be reached where num_quarters is 1; \
             expected one of 1,1 2,1",
        ),
        ("ObstructedMaze-Full-v0", "agent_room=random", "expected X,Y with X from 0 to 2"),
        (
            "PutNear-6x6-N2-v0",
            "numObjs=5",
            "`numObjs`: expected an integer from 2 to 4 where size is 6, found 5",
        ),
        ("Unlock-v0", "room_size=5", "unknown parameter `room_size`"),
        ("Unlock-v0", "max_steps=0", "`max_steps`: expected an integer from 1"),
    ];
    for (id, given, expected) in cases {
        let error = resolve(id, given).expect_err(&format!("{id}, {given}"));
        assert!(error.contains(expected), "{id}, {given}: {error}");
    }
}

/// As in the constructors: `max_steps` follows the others unless it is given.
#[test]
fn the_time_limit_follows_the_level() {
    let steps = |id, given| match &resolve(id, given).unwrap()["max_steps"] {
        ParamValue::Int(steps) => *steps,
        other => panic!("{other:?}"),
    };
    assert_eq!(steps("Empty-5x5-v0", ""), 100);
    assert_eq!(steps("Empty-5x5-v0", "size=7"), 196);
    assert_eq!(steps("Empty-5x5-v0", "size=7 max_steps=9"), 9);
    assert_eq!(steps("MultiRoom-N2-S4-v0", "maxNumRooms=3"), 60);
    assert_eq!(steps("ObstructedMaze-1Q-v1", "num_rooms_visited=2"), 288);
    assert_eq!(steps("KeyCorridorS3R1-v0", "room_size=4"), 480);
}

/// What an API user who skips `resolve_params` meets.
#[test]
fn parameters_that_were_not_resolved_are_no_panic() {
    let registry = Registry::builtin();
    let make = |params: &Params| {
        registry.make("MiniGrid-PutNear-6x6-N2-v0", params, 1, 1).err().map(|e| e.to_string())
    };
    let error = make(&Params::new()).unwrap();
    assert!(error.contains("`size`") && error.contains("resolved first"), "{error}");
    let text = Params::from([("size".into(), ParamValue::Text("six".into()))]);
    let error = make(&text).unwrap();
    assert!(error.contains("expected an integer, found the string `six`"), "{error}");
}

/// A value of the kind, mostly a small one.
fn value(spec: &ParamSpec) -> BoxedStrategy<ParamValue> {
    match spec.kind.clone() {
        ParamKind::Bool => any::<bool>().prop_map(ParamValue::Bool).boxed(),
        ParamKind::Int { min, max } => {
            prop_oneof![8 => min..=max.min(min + 30), 1 => min..=max.min(min + 300)]
                .prop_map(ParamValue::Int)
                .boxed()
        }
        ParamKind::Choice { choices } => {
            proptest::sample::select(choices).prop_map(ParamValue::Text).boxed()
        }
        ParamKind::Place { .. } => {
            let pair = (-1..20, -1..20).prop_map(|(x, y)| format!("{x},{y}"));
            prop_oneof![pair, Just("random".to_owned())].prop_map(ParamValue::Text).boxed()
        }
        other => panic!("no parameter of a grid world is {other:?}"),
    }
}

/// An environment with some of its parameters set.
fn environment() -> impl Strategy<Value = (String, Params)> {
    let specs = Registry::builtin().specs();
    let specs: Vec<_> = specs.into_iter().filter(|s| s.name.starts_with("MiniGrid-")).collect();
    proptest::sample::select(specs).prop_flat_map(|spec| {
        let one =
            |param: &ParamSpec| (Just(param.name.clone()), proptest::option::of(value(param)));
        let all: Vec<_> = spec.params.iter().map(one).collect();
        (Just(spec.name), all).prop_map(|(name, all)| {
            let given = all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            (name, given)
        })
    })
}

proptest! {
    // So many cases are played, besides those that are refused.
    #![proptest_config(ProptestConfig {
        max_global_rejects: 100_000,
        ..ProptestConfig::with_cases(400)
    })]

    /// Either the parameters are refused, naming one of them, or the environment is
    /// made and played; a level may fail to come about, with an error.
    #[test]
    fn what_is_not_refused_is_played((name, given) in environment(), seed: u64) {
        let registry = Registry::builtin();
        let params = match registry.resolve_params(&name, &given) {
            Ok(params) => params,
            Err(errors) => {
                let params = registry.spec(&name).unwrap().params;
                let known = |named: &str| params.iter().any(|p| p.name == named);
                prop_assert!(!errors.is_empty() && errors.iter().all(|e| known(e.name())));
                return Err(TestCaseError::reject("refused"));
            }
        };
        let mut env = registry.make(&name, &params, 1, 1).unwrap();
        let mut actions = Batch::new(env.action_space(), 1);
        let mut out = StepBatch::new(env.observation_space(), 1);
        let Space::Discrete { n, .. } = *env.action_space() else { panic!("{name}") };
        let mut chooser = tella_rng::Generator::new(seed);
        let mut start = Some(seed);
        let mut running = false;
        for _ in 0..200 {
            if !running && let Err(fault) = env.reset(0, start.take(), &mut out.observations) {
                let fault = fault.to_string();
                prop_assert!(fault.contains("no level could be made"), "{}", fault);
                return Ok(());
            }
            actions.lane_mut(0).i64(0)[0] = chooser.integers(0, n);
            env.step(&actions, &[true], &mut out).unwrap();
            running = !out.terminated[0] && !out.truncated[0];
        }
    }
}
