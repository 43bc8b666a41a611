//! One agent's way through a curriculum: blocks, hooks, isolation, checkpoints.

use super::checkpoint::{self, Checkpoint, Cursor};
use super::make::{AgentChoice, is_continuing, make_agent, make_envs, schedule, spaces};
use super::variant::{Advance, Rules, VariantRun, World, agent_fault, params_json, unix_nanos};
use super::{
    Control, Fault, FaultKind, IsolationReport, Party, Phase, Place, Request, Stop, VariantState,
    isolation,
};
use crate::App;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tella_agents::{Agent, AgentError, AgentState};
use tella_curricula::{
    Block, BlockSubtype, BlockType, Curriculum, Isolation, Length, RewardVisibility, TaskLabels,
    TaskVariant,
};
use tella_envs::{EnvError, Params, fixed_params};
use tella_events::{BlockEvent, BlockEventKind, LifetimeWriter, Segment};

/// Everything that fixes a lifetime, and its surroundings.
pub struct Lifetime<'a> {
    /// Environments and agents by name.
    pub app: &'a App,
    /// The explicit curriculum of this lifetime.
    pub curriculum: &'a Curriculum,
    /// The lifetime's index.
    pub index: u64,
    /// The agent's name.
    pub agent: &'a str,
    /// Its parameters, complete and checked.
    pub agent_config: &'a Params,
    /// The agent's seed for this lifetime.
    pub agent_seed: u64,
    /// Environments stepped together.
    pub num_envs: usize,
    /// Threads that step them.
    pub threads: usize,
    /// An episode that takes more steps than this is taken for endless.
    pub max_episode_steps: u64,
    /// Whether the first environment is drawn on standard error after each step.
    pub render: bool,
    /// What the outside sees of the lifetime.
    pub control: &'a Control,
    /// The log.
    pub log: &'a Mutex<LifetimeWriter>,
}

/// What a lifetime that met its curriculum's end leaves besides its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was seen of the agent in evaluation.
    pub isolation: IsolationReport,
}

/// The lifetime under way.
struct Life<'a> {
    spec: Lifetime<'a>,
    agent: Box<dyn Agent>,
    /// Where it is, for the place of a fault.
    place: Place,
    exp_num: u64,
    /// The index of the first episode of a variant that goes on from the one learned last.
    next_episode: u64,
    /// How much of each variant tuning may see, by its position; empty where nothing is said.
    tuning: HashMap<Cursor, u64>,
    isolation: IsolationReport,
    /// The agent on entering the evaluation block under way.
    entered: Option<AgentState>,
    /// Work of the variants that are over.
    work_done: u64,
    /// A checkpoint was asked for where the environments could not be saved.
    checkpoint_due: bool,
    /// The number of the variant under way, where the log keeps transitions.
    steps_of: Option<u64>,
}

impl Lifetime<'_> {
    /// Steps that one episode counts as in the estimate of work done.
    pub const STEPS_AN_EPISODE: u64 = 50;

    /// The curriculum's work in steps, an episode counting as a fixed number of them.
    pub fn total_work(curriculum: &Curriculum) -> u64 {
        total(curriculum.variants())
    }

    /// The work done where so many variants are over, and of the next one `done` episodes or
    /// steps.
    pub fn work_done(curriculum: &Curriculum, over: usize, done: u64) -> u64 {
        let under_way = curriculum.variants().nth(over).map_or(0, |v| work(v.length, done));
        total(curriculum.variants().take(over)).saturating_add(under_way)
    }

    /// Lives from the start, or goes on from a checkpoint.
    pub fn run(self, from: Option<Checkpoint>) -> Result<Outcome, Stop> {
        self.control.set_place(Place { lifetime: self.index, ..Place::default() });
        let agent = self.make_agent()?;
        self.control.enter(Phase::Harness);
        let tuning = tuning(self.curriculum);
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let steps_of = log.action_columns().map(|_| 0);
        drop(log);
        let mut life = Life {
            spec: self,
            agent,
            place: Place::default(),
            exp_num: 0,
            next_episode: 0,
            tuning,
            isolation: IsolationReport::default(),
            entered: None,
            work_done: 0,
            checkpoint_due: false,
            steps_of,
        };
        life.live(from)?;
        Ok(Outcome { isolation: life.isolation })
    }

    fn make_agent(&self) -> Result<Box<dyn Agent>, Stop> {
        let choice = AgentChoice {
            name: self.agent,
            config: self.agent_config,
            seed: self.agent_seed,
            num_envs: self.num_envs,
        };
        let place = Place { lifetime: self.index, ..Place::default() };
        self.control.enter(Phase::Environment);
        let spaces = spaces(self.app, self.curriculum).map_err(|e| env_fault(&place, e))?;
        self.control.enter(Phase::Agent);
        make_agent(self.app, &spaces, choice).map_err(|e| agent_fault(&place, e))
    }
}

impl Life<'_> {
    fn live(&mut self, mut from: Option<Checkpoint>) -> Result<(), Stop> {
        let cursor = from.as_mut().map(|checkpoint| self.take_back(checkpoint)).transpose()?;
        let curriculum = self.spec.curriculum;
        let start = cursor.unwrap_or_default();
        for (b, block) in curriculum.blocks.iter().enumerate().skip(start.block) {
            let resumed = cursor.filter(|c| c.block == b);
            if resumed.is_none() {
                self.enter_block(b, block)?;
            }
            let first_task = resumed.map_or(0, |c| c.task_block);
            for (t, task_block) in block.task_blocks.iter().enumerate().skip(first_task) {
                let resumed = resumed.filter(|c| c.task_block == t);
                let task = &task_block.task;
                if resumed.is_none() {
                    self.go_to(b, Some(task), None);
                    self.log_event(BlockEventKind::TaskStart, block)?;
                    self.tell_labels(|agent, shown| agent.task_start(shown.then_some(task)))?;
                }
                let first_variant = resumed.map_or(0, |c| c.variant);
                for (v, variant) in task_block.variants.iter().enumerate().skip(first_variant) {
                    let cursor = Cursor { block: b, task_block: t, variant: v };
                    self.live_variant(cursor, task, block, variant, from.take())?;
                }
                self.go_to(b, Some(task), None);
                self.tell_labels(|agent, shown| agent.task_end(shown.then_some(task)))?;
                self.log_event(BlockEventKind::TaskEnd, block)?;
            }
            self.leave_block(b, block)?;
        }
        Ok(())
    }

    fn enter_block(&mut self, b: usize, block: &Block) -> Result<(), Stop> {
        self.go_to(b, None, None);
        self.log_event(BlockEventKind::BlockStart, block)?;
        if block.block_type == BlockType::Eval
            && self.spec.curriculum.isolation == Isolation::Restore
        {
            self.spec.control.enter(Phase::Agent);
            self.entered = isolation::enter(&*self.agent, &mut self.isolation);
        }
        let allowed = block.block_type == BlockType::Learn;
        self.tell(|agent| agent.block_start(allowed))
    }

    fn leave_block(&mut self, b: usize, block: &Block) -> Result<(), Stop> {
        self.go_to(b, None, None);
        let allowed = block.block_type == BlockType::Learn;
        self.tell(|agent| agent.block_end(allowed))?;
        // It leaves an evaluation as it entered it.
        let mut memory = self.entered.as_ref().map(AgentState::size);
        if let Some(entered) = self.entered.take() {
            let mut report = std::mem::take(&mut self.isolation);
            self.tell(|agent| isolation::leave(agent, &entered, b as u64, &mut report))?;
            self.isolation = report;
            if self.isolation.learned_in_evaluation.last() == Some(&(b as u64)) {
                self.log_event(BlockEventKind::LearnedInEvaluation, block)?;
            }
        }
        if memory.is_none() {
            self.tell(|agent| {
                memory = agent.memory();
                Ok(())
            })?;
        }
        let end = self.event(BlockEventKind::BlockEnd, block);
        Ok(self.log().block_event(&BlockEvent { agent_memory: memory, ..end })?)
    }

    fn live_variant(
        &mut self,
        cursor: Cursor,
        task: &str,
        block: &Block,
        variant: &TaskVariant,
        from: Option<Checkpoint>,
    ) -> Result<(), Stop> {
        self.go_to(cursor.block, Some(task), Some(&variant.variant));
        self.spec.control.enter(Phase::Environment);
        let envs = make_envs(self.spec.app, variant, self.spec.num_envs, self.spec.threads)
            .map_err(|error| env_fault(&self.place, error))?;
        self.spec.control.enter(Phase::Harness);
        let continuing = is_continuing(self.spec.app, variant);
        let first_episode = if variant.continues { self.next_episode } else { 0 };
        let varies = fixed_params(&variant.params).is_none();
        let schedule = varies.then(|| schedule(self.spec.app, variant));
        self.spec.control.enter(Phase::Agent);
        self.agent.set_spaces(envs.observation_space(), envs.action_space());
        self.spec.control.enter(Phase::Harness);
        let mut run = VariantRun::new(variant, envs, schedule, continuing, first_episode);
        if self.checkpoint_due {
            self.write_checkpoint(cursor, None)?;
        }
        self.log().set_segment(&segment(cursor.block, block, task, variant))?;
        match from.and_then(|c| c.variant_state) {
            Some(state) => run.restore(state, &self.world(block))?,
            None => {
                let detail = self.variant_detail(cursor, variant);
                let start = self.event(BlockEventKind::VariantStart, block);
                self.log().block_event(&BlockEvent { detail, ..start })?;
                self.tell_labels(|agent, shown| {
                    let shown = |label| shown.then_some(label);
                    agent.task_variant_start(shown(task), shown(&variant.variant))
                })?;
                run.start(&self.world(block))?;
            }
        }
        while let Advance::Asked(request) = run.advance(&mut self.world(block))? {
            self.report(work(variant.length, run.done()));
            self.answer(request, cursor, &run)?;
        }
        run.log_cut(&mut self.world(block))?;
        if block.block_type == BlockType::Learn {
            self.next_episode = run.next_variant_first();
        }
        self.work_done = self.work_done.saturating_add(work(variant.length, u64::MAX));
        self.report(0);
        self.tell_labels(|agent, shown| {
            let shown = |label| shown.then_some(label);
            agent.task_variant_end(shown(task), shown(&variant.variant))
        })?;
        self.steps_of = self.steps_of.map(|variant| variant + 1);
        self.log_event(BlockEventKind::VariantEnd, block)
    }

    /// Does what was asked for in the middle of a variant.
    fn answer(&mut self, request: Request, cursor: Cursor, run: &VariantRun) -> Result<(), Stop> {
        if request == Request::Flush {
            self.log().flush()?;
            return Ok(());
        }
        self.spec.control.enter(Phase::Environment);
        let saved = run.save();
        self.spec.control.enter(Phase::Harness);
        match saved {
            Some(state) => self.write_checkpoint(cursor, Some(state))?,
            None => {
                self.checkpoint_due = true;
                self.log().flush()?;
            }
        }
        if request == Request::Stop { Err(Stop::Requested) } else { Ok(()) }
    }

    /// Writes a checkpoint, where the agent can be saved; flushes the log in any case.
    fn write_checkpoint(
        &mut self,
        cursor: Cursor,
        variant_state: Option<VariantState>,
    ) -> Result<(), Stop> {
        self.checkpoint_due = false;
        self.spec.control.enter(Phase::Agent);
        let saved = self.agent.save();
        self.spec.control.enter(Phase::Harness);
        let log = self.log().flush()?;
        let Some(agent) = saved else { return Ok(()) };
        let checkpoint = Checkpoint {
            cursor,
            log,
            exp_num: self.exp_num,
            next_episode: self.next_episode,
            agent: checkpoint::sections(agent),
            entered: self.entered.clone().map(checkpoint::sections),
            isolation: self.isolation.clone(),
            variant_state,
        };
        Ok(checkpoint.write(&mut self.log())?)
    }

    /// Takes back a checkpoint's state and returns its position.
    fn take_back(&mut self, checkpoint: &mut Checkpoint) -> Result<Cursor, Stop> {
        let agent = checkpoint::agent_state(std::mem::take(&mut checkpoint.agent));
        self.go_to(checkpoint.cursor.block, None, None);
        self.tell(|a| a.restore(&agent))?;
        self.entered = checkpoint.entered.take().map(checkpoint::agent_state);
        self.isolation = std::mem::take(&mut checkpoint.isolation);
        self.exp_num = checkpoint.exp_num;
        self.next_episode = checkpoint.next_episode;
        self.work_done = work_before(self.spec.curriculum, checkpoint.cursor);
        let before = cursors(self.spec.curriculum).take_while(|(at, _)| *at < checkpoint.cursor);
        let before = before.count() as u64;
        self.steps_of = self.steps_of.map(|_| before);
        Ok(checkpoint.cursor)
    }

    fn go_to(&mut self, block: usize, task: Option<&str>, variant: Option<&str>) {
        self.place = Place {
            lifetime: self.spec.index,
            block: block as u64,
            task: task.unwrap_or_default().to_owned(),
            variant: variant.unwrap_or_default().to_owned(),
            ..Place::default()
        };
        self.spec.control.set_place(self.place.clone());
    }

    /// Calls the agent.
    fn tell(
        &mut self,
        call: impl FnOnce(&mut dyn Agent) -> Result<(), AgentError>,
    ) -> Result<(), Stop> {
        self.spec.control.enter(Phase::Agent);
        call(&mut *self.agent).map_err(|e| agent_fault(&self.place, e))?;
        self.spec.control.enter(Phase::Harness);
        Ok(())
    }

    /// Calls one of the hooks for tasks and variants, unless they are hidden; the
    /// hook is told whether it may show names.
    fn tell_labels(
        &mut self,
        call: impl FnOnce(&mut dyn Agent, bool) -> Result<(), AgentError>,
    ) -> Result<(), Stop> {
        match self.spec.curriculum.task_labels {
            TaskLabels::Visible => self.tell(|agent| call(agent, true)),
            TaskLabels::Boundaries => self.tell(|agent| call(agent, false)),
            TaskLabels::Hidden => Ok(()),
        }
    }

    fn world<'b>(&'b mut self, block: &Block) -> World<'b> {
        let curriculum = self.spec.curriculum;
        World {
            agent: &mut *self.agent,
            control: self.spec.control,
            log: self.spec.log,
            exp_num: &mut self.exp_num,
            rules: Rules {
                seeding: curriculum.seeding,
                number_incomplete: curriculum.number_incomplete,
                rewards_visible: block.block_type == BlockType::Learn
                    || curriculum.eval_rewards == RewardVisibility::Visible,
                max_episode_steps: self.spec.max_episode_steps,
                render: self.spec.render,
            },
            place: &self.place,
            steps_of: self.steps_of,
        }
    }

    fn report(&self, done_in_variant: u64) {
        let done = self.work_done.saturating_add(done_in_variant);
        self.spec.control.set_progress(self.exp_num, done);
    }

    fn log(&self) -> MutexGuard<'_, LifetimeWriter> {
        self.spec.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the start of a variant tells besides its labels, as JSON.
    fn variant_detail(&self, cursor: Cursor, variant: &TaskVariant) -> Option<String> {
        let mut detail = serde_json::Map::new();
        if fixed_params(&variant.params).is_none() {
            detail.insert("params".into(), json!(variant.params));
        }
        for (flag, key) in [(variant.continues, "continues"), (variant.held_out, "held_out")] {
            if flag {
                detail.insert(key.into(), true.into());
            }
        }
        if let Some(amount) = self.tuning.get(&cursor).filter(|amount| **amount > 0) {
            detail.insert("tune".into(), json!({ variant.length.unit(): amount }));
        }
        (!detail.is_empty()).then(|| json!(detail).to_string())
    }

    /// Logs an event at the present place, which lies in `block`.
    fn log_event(&self, kind: BlockEventKind, block: &Block) -> Result<(), Stop> {
        Ok(self.log().block_event(&self.event(kind, block))?)
    }

    /// An event at the present place and time.
    fn event(&self, kind: BlockEventKind, block: &Block) -> BlockEvent {
        let named = |label: &str| (!label.is_empty()).then(|| label.to_owned());
        BlockEvent {
            kind,
            block_num: self.place.block,
            block_type: block_type(block),
            block_subtype: block_subtype(block),
            task: named(&self.place.task),
            variant: named(&self.place.variant),
            detail: None,
            at: unix_nanos(),
            agent_memory: None,
        }
    }
}

/// An environment could not be made at `place`.
fn env_fault(place: &Place, error: EnvError) -> Stop {
    Fault {
        party: Party::Environment,
        kind: FaultKind::Error,
        message: error.to_string(),
        place: place.clone(),
    }
    .into()
}

/// What the log keeps of a variant besides its experiences.
fn segment(block_num: usize, block: &Block, task: &str, variant: &TaskVariant) -> Segment {
    Segment {
        block_subtype: block_subtype(block),
        task_params: params_json(&variant.params),
        ..Segment::new(block_num as u64, block_type(block), task, &variant.variant)
    }
}

fn block_type(block: &Block) -> tella_events::BlockType {
    match block.block_type {
        BlockType::Learn => tella_events::BlockType::Train,
        BlockType::Eval => tella_events::BlockType::Test,
    }
}

fn block_subtype(block: &Block) -> tella_events::BlockSubtype {
    match block.block_subtype {
        BlockSubtype::Wake => tella_events::BlockSubtype::Wake,
        BlockSubtype::Sleep => tella_events::BlockSubtype::Sleep,
    }
}

/// The work of a variant of `length` of which `done` episodes or steps are done.
fn work(length: Length, done: u64) -> u64 {
    match length {
        Length::Episodes(n) => n.min(done).saturating_mul(Lifetime::STEPS_AN_EPISODE),
        Length::Steps(n) => n.min(done),
    }
}

/// The position of every variant, in the order in which they are lived.
fn cursors(curriculum: &Curriculum) -> impl Iterator<Item = (Cursor, &TaskVariant)> {
    curriculum.blocks.iter().enumerate().flat_map(|(block, b)| {
        b.task_blocks.iter().enumerate().flat_map(move |(task_block, t)| {
            t.variants
                .iter()
                .enumerate()
                .map(move |(variant, v)| (Cursor { block, task_block, variant }, v))
        })
    })
}

/// How much of each variant tuning may see.
fn tuning(curriculum: &Curriculum) -> HashMap<Cursor, u64> {
    let amounts = curriculum.tuning().unwrap_or_default();
    cursors(curriculum).map(|(cursor, _)| cursor).zip(amounts).collect()
}

fn work_before(curriculum: &Curriculum, cursor: Cursor) -> u64 {
    total(cursors(curriculum).take_while(|(at, _)| *at < cursor).map(|(_, v)| v))
}

fn total<'a>(variants: impl Iterator<Item = &'a TaskVariant>) -> u64 {
    variants.fold(0, |sum, v| sum.saturating_add(work(v.length, u64::MAX)))
}
