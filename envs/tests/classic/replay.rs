//! Our environments, taken through what an original went through.

use crate::original::{Game, Record};
use tella_envs::{Batch, Catalog, LeafMut, Params, Registry, StepBatch, VecEnv};

/// One of our environments, alone in its batch.
pub(crate) struct Ours {
    env: Box<dyn VecEnv>,
    actions: Batch,
    out: StepBatch,
}

/// What happened in a comparison.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) steps: usize,
    pub(crate) terminated: usize,
    pub(crate) truncated: usize,
    /// Steps that are both.
    pub(crate) both: usize,
}

impl Ours {
    pub(crate) fn new(game: &Game) -> Self {
        let registry = Registry::builtin();
        let given: Params = serde_json::from_value(game.params.clone()).unwrap();
        let params = registry.resolve_params(game.env, &given).unwrap();
        let env = registry.make(game.env, &params, 1, 1).unwrap();
        let actions = Batch::new(env.action_space(), 1);
        let out = StepBatch::new(env.observation_space(), 1);
        Ours { env, actions, out }
    }

    /// Does what the record says was done.
    pub(crate) fn follow(&mut self, record: &Record, seed: Option<u64>) {
        if record.reset {
            self.env.reset(0, seed, &mut self.out.observations).unwrap();
            (self.out.terminated[0], self.out.truncated[0], self.out.rewards[0]) =
                (false, false, 0.0);
            return;
        }
        match self.actions.lane_mut(0).leaf(0) {
            LeafMut::I64(action) => action[0] = record.action as i64,
            LeafMut::F32(action) => action[0] = record.action,
            other => panic!("an action of {other:?}"),
        }
        self.env.step(&self.actions, &[true], &mut self.out).unwrap();
    }

    pub(crate) fn observation(&self) -> &[f32] {
        self.out.observations.lane(0).f32(0)
    }

    pub(crate) fn reward(&self) -> f64 {
        self.out.rewards[0]
    }

    /// Terminated, truncated.
    pub(crate) fn ends(&self) -> (bool, bool) {
        (self.out.terminated[0], self.out.truncated[0])
    }

    /// The first `n` numbers of the state.
    pub(crate) fn state(&self, n: usize) -> Vec<f64> {
        let (_, rest) = self.saved();
        rest[..8 * n].chunks(8).map(|x| f64::from_le_bytes(x.try_into().unwrap())).collect()
    }

    /// Puts other numbers in their place.
    pub(crate) fn set_state(&mut self, state: &[f64]) {
        let (mut clock, rest) = self.saved();
        clock.extend(state.iter().flat_map(|x| x.to_le_bytes()));
        clock.extend(&rest[8 * state.len()..]);
        self.env.restore(&postcard::to_stdvec(&vec![clock]).unwrap()).unwrap();
    }

    /// What is saved of the environment: the time limit's clock, then the state's
    /// numbers and more.
    fn saved(&self) -> (Vec<u8>, Vec<u8>) {
        let lanes: Vec<Vec<u8>> = postcard::from_bytes(&self.env.save().unwrap()).unwrap();
        let (_, rest) = postcard::take_from_bytes::<(u64, bool)>(&lanes[0]).unwrap();
        let (clock, rest) = lanes[0].split_at(lanes[0].len() - rest.len());
        (clock.to_vec(), rest.to_vec())
    }
}

/// How many numbers an environment's state has.
pub(crate) fn state_len(env: &str) -> usize {
    if env.starts_with("CartPole") || env.starts_with("Acrobot") { 4 } else { 2 }
}

/// Replays the records: everything must be equal, bit for bit. The state is compared
/// too: what differs in its last places shows in few 32-bit observations.
pub(crate) fn equal(game: &Game, records: &[Record]) -> Seen {
    let mut ours = Ours::new(game);
    let mut seen = Seen::default();
    for (i, record) in records.iter().enumerate() {
        ours.follow(record, (i == 0).then_some(game.seed));
        let place = || format!("{game:?}, record {i}: {record:?}");
        let state = ours.state(state_len(game.env));
        assert_eq!(bits_f64(&state), bits_f64(&record.state[..state.len()]), "{}", place());
        assert_eq!(bits_f32(ours.observation()), bits_f32(&record.observation), "{}", place());
        assert_eq!(ours.reward().to_bits(), record.reward.to_bits(), "{}", place());
        assert_eq!(ours.ends(), (record.terminated, record.truncated), "{}", place());
        seen.steps += usize::from(!record.reset);
        seen.terminated += usize::from(record.terminated);
        seen.truncated += usize::from(record.truncated);
        seen.both += usize::from(record.terminated && record.truncated);
    }
    seen
}

/// Whether some state differs where `game` follows what another one went through, up to
/// the first end that does.
pub(crate) fn differs(game: &Game, records: &[Record]) -> bool {
    let mut ours = Ours::new(game);
    records.iter().enumerate().any(|(i, record)| {
        ours.follow(record, (i == 0).then_some(game.seed));
        let state = ours.state(state_len(game.env));
        bits_f64(&state) != bits_f64(&record.state[..state.len()])
            || ours.reward().to_bits() != record.reward.to_bits()
            || ours.ends() != (record.terminated, record.truncated)
    })
}

fn bits_f64(x: &[f64]) -> Vec<u64> {
    x.iter().map(|x| x.to_bits()).collect()
}

fn bits_f32(x: &[f32]) -> Vec<u32> {
    x.iter().map(|x| x.to_bits()).collect()
}
