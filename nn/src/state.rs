//! What acting remembers of each lane.

use crate::NnError;
use crate::checkpoint::fill;
use std::collections::BTreeMap;
use tch::Tensor;

/// The name of the clock in a checkpoint.
const CLOCK: &str = "clock";

/// What a layer, or a stack of them, remembers between two steps of acting.
///
/// It is a set of named tensors whose first dimension is the lane and in which zero means nothing
/// was seen, so that every layer's lanes are reset, chosen and saved by the same few lines. All
/// lanes share one clock: a lane that begins anew forgets what it saw, the clock goes on. What a
/// layer computes of its weights alone (spectra of kernels) is kept apart and belongs to no lane.
#[derive(Debug)]
pub struct State {
    lanes: i64,
    clock: i64,
    memory: BTreeMap<&'static str, Tensor>,
    shared: Vec<Tensor>,
    parts: Vec<State>,
}

impl State {
    /// A state that remembers nothing.
    pub fn new(lanes: i64) -> Self {
        let (memory, shared, parts) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { lanes, clock: 0, memory, shared, parts }
    }

    /// Adds the memory `name`: its shape is `lanes` and then `shape`, its kind and device are `like`'s.
    pub(crate) fn with(mut self, name: &'static str, shape: &[i64], like: &Tensor) -> Self {
        let shape = [&[self.lanes], shape].concat();
        self.memory.insert(name, Tensor::zeros(shape, (like.kind(), like.device())));
        self
    }

    /// Adds a state within this one.
    pub(crate) fn with_part(mut self, part: State) -> Self {
        self.parts.push(part);
        self
    }

    /// Sets what is computed of the weights.
    pub(crate) fn set_shared(&mut self, shared: Vec<Tensor>) {
        self.shared = shared;
    }

    /// What was set by [`State::set_shared`].
    pub(crate) fn shared(&self) -> &[Tensor] {
        &self.shared
    }

    /// The memory `name`; the same tensor, not a copy.
    pub(crate) fn get(&self, name: &'static str) -> Tensor {
        self.memory[name].shallow_clone()
    }

    /// Puts `tensor` in the place of the memory `name`.
    pub(crate) fn set(&mut self, name: &'static str, tensor: Tensor) {
        self.memory.insert(name, tensor);
    }

    /// The states within this one.
    pub(crate) fn parts(&self) -> &[State] {
        &self.parts
    }

    /// The states within this one, to be stepped.
    pub(crate) fn parts_mut(&mut self) -> &mut [State] {
        &mut self.parts
    }

    /// Steps since it was made.
    pub fn clock(&self) -> i64 {
        self.clock
    }

    /// Moves the clock on by one step.
    pub(crate) fn tick(&mut self) {
        self.clock += 1;
    }

    /// How many sequences act side by side.
    pub fn lanes(&self) -> i64 {
        self.lanes
    }

    /// Puts lanes back to the start of a sequence; the others keep what they remember.
    pub fn reset(&mut self, lanes: &[i64]) {
        let device = self.device();
        self.reset_at(&Tensor::from_slice(lanes).to_device(device));
    }

    fn reset_at(&mut self, lanes: &Tensor) {
        for tensor in self.memory.values_mut() {
            let _ = tensor.index_fill_(0, &lanes.to_device(tensor.device()), 0.0);
        }
        self.parts.iter_mut().for_each(|part| part.reset_at(lanes));
    }

    /// The state of the lanes `chosen`, in that order; `None` stands for one at its start. A copy.
    pub fn select(&self, chosen: &[Option<i64>]) -> State {
        let from: Vec<i64> = chosen.iter().map(|lane| lane.unwrap_or(0)).collect();
        let fresh: Vec<i64> =
            (0..).zip(chosen).filter(|(_, c)| c.is_none()).map(|(i, _)| i).collect();
        let device = self.device();
        let mut selected = self.select_at(&Tensor::from_slice(&from).to_device(device));
        selected.reset(&fresh);
        selected
    }

    fn select_at(&self, lanes: &Tensor) -> State {
        State {
            lanes: lanes.size()[0],
            clock: self.clock,
            memory: self.memory.iter().map(|(name, t)| (*name, t.index_select(0, lanes))).collect(),
            shared: self.shared.iter().map(Tensor::shallow_clone).collect(),
            parts: self.parts.iter().map(|part| part.select_at(lanes)).collect(),
        }
    }

    fn device(&self) -> tch::Device {
        let own = self.memory.values().next().map(Tensor::device);
        own.unwrap_or_else(|| self.parts.first().map_or(tch::Device::Cpu, State::device))
    }

    /// Bytes that each lane holds.
    pub fn lane_bytes(&self) -> usize {
        let bytes = |t: &Tensor| {
            t.size()[1..].iter().product::<i64>() as usize * t.kind().elt_size_in_bytes()
        };
        let own: usize = self.memory.values().map(bytes).sum();
        own + self.parts.iter().map(State::lane_bytes).sum::<usize>()
    }

    /// Bytes that are held once, however many lanes there are.
    pub fn shared_bytes(&self) -> usize {
        let bytes = |t: &Tensor| t.numel() * t.kind().elt_size_in_bytes();
        let own: usize = self.shared.iter().map(bytes).sum();
        own + self.parts.iter().map(State::shared_bytes).sum::<usize>()
    }

    /// Everything remembered, each with a name that tells its place, for a checkpoint.
    pub fn named(&self) -> Vec<(String, Tensor)> {
        let mut all: Vec<(String, Tensor)> =
            self.places("").into_iter().map(|(name, tensor)| (name, tensor.copy())).collect();
        all.push((CLOCK.to_owned(), Tensor::from(self.clock)));
        all
    }

    /// Takes up what [`State::named`] gave. What is computed of weights stays:
    /// [`Layer::refresh`](crate::Layer::refresh) renews it.
    ///
    /// # Errors
    ///
    /// [`NnError::Checkpoint`] where it is another stack's, or has another number of lanes.
    pub fn restore(&mut self, named: &[(String, Tensor)]) -> Result<(), NnError> {
        let clock = Tensor::from(0_i64);
        let mut places = self.places("");
        places.push((CLOCK.to_owned(), clock.shallow_clone()));
        fill(&places, named)?;
        self.set_clock(clock.int64_value(&[]));
        Ok(())
    }

    fn places(&self, at: &str) -> Vec<(String, Tensor)> {
        let own = self
            .memory
            .iter()
            .map(|(name, tensor)| (format!("{at}{name}"), tensor.shallow_clone()));
        let parts =
            self.parts.iter().enumerate().flat_map(|(i, part)| part.places(&format!("{at}{i}.")));
        own.chain(parts).collect()
    }

    fn set_clock(&mut self, clock: i64) {
        self.clock = clock;
        self.parts.iter_mut().for_each(|part| part.set_clock(clock));
    }
}

/// A ring of inputs (B, ..., P) that was written at each time before `clock`, oldest first.
pub(crate) fn unrolled(ring: &Tensor, clock: i64) -> Tensor {
    let period = ring.size()[ring.dim() - 1];
    ring.roll(-(clock % period), -1)
}

/// Writes `x` (B, ...) into the ring (B, ..., P) at the time `clock`.
pub(crate) fn write(ring: &Tensor, clock: i64, x: &Tensor) {
    let period = ring.size()[ring.dim() - 1];
    ring.select(-1, clock % period).copy_(x);
}
