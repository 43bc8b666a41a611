//! `tella run`: an agent through a curriculum, lifetime by lifetime.

use super::chosen::{Chosen, choose};
use super::numbers::whole;
use super::on::{OnArgs, config_to_try};
use super::refusal::{Asked, refusal};
use super::{CliError, CliResult, lifetimes, overrides};
use crate::App;
use crate::engine::{AgentChoice, make_agent, spaces};
use crate::run::{Isolate, Plan, PlanSpec, disk_warning};
use clap::ValueEnum;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tella_curricula::{MAX_EPISODE_STEPS, TellaConfig, agent_in, lifetime_seeds};

/// Arguments of `tella run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The curriculum: a name from `tella curriculum list`, or a YAML file
    curriculum: String,

    /// The agent: a name from `tella agent list`
    #[arg(long)]
    agent: String,

    /// Index of the first lifetime; earlier ones' seeds are skipped
    #[arg(long, value_name = "I", default_value_t = 0, value_parser = whole::<u64>(..=4_000_000_000))]
    lifetime_idx: u64,

    /// Number of lifetimes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=10_000))]
    num_lifetimes: u64,

    /// Environments stepped together
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=65_536))]
    num_parallel_envs: u64,

    /// Parent of the run folder, which is named after curriculum, agent and time
    #[arg(long, value_name = "DIR", default_value = "logs")]
    log_dir: PathBuf,

    /// The run folder itself
    #[arg(short, long, value_name = "DIR", conflicts_with = "log_dir")]
    out: Option<PathBuf>,

    /// Seed of the agents; random where not given
    #[arg(long, value_name = "SEED", value_parser = whole::<u64>(..))]
    agent_seed: Option<u64>,

    /// Seed of the curricula; random where not given
    #[arg(long, value_name = "SEED", value_parser = whole::<u64>(..))]
    curriculum_seed: Option<u64>,

    /// The agent's parameters, a YAML mapping; an agent in Python gets the path
    #[arg(long, value_name = "FILE")]
    agent_config: Option<PathBuf>,

    /// The curriculum's lengths, in TELLA's own YAML
    #[arg(long, value_name = "FILE")]
    curriculum_config: Option<PathBuf>,

    /// Overrides a key of the curriculum, or with `agent.` before it a parameter of the agent
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// What the log keeps besides experiences: each step with its action, for `tella replay`
    #[arg(long, value_enum, value_name = "WHAT")]
    log: Vec<Kept>,

    /// Draws the first environment on standard error after each step
    #[arg(long)]
    render: bool,

    /// Deletes the run folder first, where it exists
    #[arg(long)]
    force: bool,

    /// Goes on with lifetimes that were begun, and leaves those that are complete as they are, so
    /// that the same command can be given again
    #[arg(long, conflicts_with = "force", requires_all = ["out", "agent_seed", "curriculum_seed"])]
    resume: bool,

    /// An episode that takes more steps than this is taken for endless
    #[arg(long, value_name = "N", default_value_t = MAX_EPISODE_STEPS, value_parser = whole::<u64>(1..))]
    max_episode_steps: u64,

    #[command(flatten)]
    on: OnArgs,

    #[command(flatten)]
    lifetimes: lifetimes::LifetimeArgs,
}

/// What a log may keep besides experiences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kept {
    /// Every step: its action, its reward, and whether it ended the episode
    Transitions,
}

pub(super) fn run(app: Arc<App>, mut args: Args, out: &mut impl Write) -> CliResult {
    if args.lifetime_idx > 0 && args.curriculum_seed.is_none() {
        return Err(CliError::usage(
            "--lifetime-idx above 0 needs --curriculum-seed: the seeds of the lifetimes before it are skipped",
        ));
    }
    args.agent = agent_in(Path::new(""), &args.agent);
    let elsewhere = args.on.is_elsewhere(&app, &args.lifetimes)?;
    if elsewhere && args.render {
        return Err(CliError::usage("--render draws in this process only: --on local"));
    }
    let Chosen { document, agent_config, overrides, places, warnings } =
        choose(&app, &args.curriculum, &args.agent, args.agent_config.as_deref(), &args.set)
            .map_err(|refused| refused.told(&app, &args.agent))?;
    if !warnings.is_empty() {
        eprintln!("{warnings}");
    }
    let config_file = args.curriculum_config.as_deref();
    let config = config_file.map(TellaConfig::load).transpose()?;
    let spec = PlanSpec {
        agent: args.agent,
        agent_config,
        agent_seed: args.agent_seed.unwrap_or_else(random_seed),
        curriculum_seed: args.curriculum_seed.unwrap_or_else(random_seed),
        num_envs: args.num_parallel_envs as usize,
        max_episode_steps: args.max_episode_steps,
        overrides,
        curriculum_config: config_file.map(overrides::read).transpose()?,
        transitions: args.log.contains(&Kept::Transitions),
    };
    let lifetimes = args.lifetime_idx..args.lifetime_idx + args.num_lifetimes;
    let first = lifetime_seeds(spec.curriculum_seed, lifetimes.start);
    // An agent that cannot work here says so before a folder is made.
    let choice = AgentChoice {
        name: &spec.agent,
        config: &spec.agent_config,
        seed: spec.agent_seed,
        num_envs: spec.num_envs,
    };
    let curriculum = document.resolve(first, config.as_ref())?;
    let fitting = match args.render {
        true => Isolate::None,
        false => Isolate::fitting(&app, &spec.agent, &curriculum),
    };
    let isolation = *args.lifetimes.isolation.get_or_insert(fitting);
    if args.render && isolation == Isolate::Process {
        return Err(CliError::usage("--render draws in this process only: --isolation none"));
    }
    // An agent from outside is made where it is lived with.
    if !app.agents.is_foreign(&spec.agent) {
        let spaces = spaces(&app, &curriculum).map_err(CliError::usage)?;
        let config = config_to_try(&spec.agent_config, elsewhere);
        if let Err(error) = make_agent(&app, &spaces, AgentChoice { config: &config, ..choice }) {
            let (document, curriculum) = (&document, &curriculum);
            let asked = Asked { document, curriculum, places: &places, spaces: &spaces, choice };
            return Err(refusal(&app, &asked, &error).into());
        }
    }
    let dir = match args.out {
        Some(dir) => dir,
        None => automatic_dir(&args.log_dir, document.name(), &spec.agent),
    };
    if let Some(warning) =
        disk_warning(&app, &curriculum, args.num_lifetimes, spec.transitions, &dir)
    {
        eprintln!("warning: {warning}");
    }
    let plan = match args.resume {
        true => Plan::join(Arc::clone(&app), spec, document, &dir, lifetimes.clone())?,
        false => {
            Plan::create(Arc::clone(&app), spec, document, &dir, lifetimes.clone(), args.force)?
        }
    };
    let plan = plan.with_threads(args.lifetimes.threads as usize).with_render(args.render);
    let unfinished = plan.unfinished_of(lifetimes)?;
    let plan = Arc::new(plan);
    if elsewhere && !unfinished.is_empty() {
        let dir = plan.dir().to_owned();
        let work = unfinished.iter().map(|lifetime| (dir.clone(), *lifetime)).collect();
        let end = args.on.live(&app, work, &args.lifetimes)?;
        return lifetimes::told_by_folder(&plan, &unfinished, &end, &args.lifetimes, out);
    }
    lifetimes::live(plan, &unfinished, &args.lifetimes, out)
}

/// `<parent>/<curriculum>-<agent>-<unix time>`, TELLA's name for a run.
fn automatic_dir(parent: &Path, curriculum: &str, agent: &str) -> PathBuf {
    let now = jiff::Timestamp::now();
    let time = format!("{}-{:07}", now.as_second(), now.subsec_nanosecond() / 100);
    parent.join(format!("{curriculum}-{agent}-{time}"))
}

/// A seed from the system's own randomness.
fn random_seed() -> u64 {
    // The standard library seeds its hash tables from the system.
    RandomState::new().build_hasher().finish()
}
