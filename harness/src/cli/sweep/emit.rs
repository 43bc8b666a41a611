//! Scripts for schedulers that live the lifetimes of a sweep, one a task, by `tella run --resume`, so
//! that a task that is begun again goes on where it was; at the end `tella sweep` gathers.

use super::Args;
use crate::cli::CliError;
use crate::cli::on::RETRIES;
use crate::sweep::{Sweep, SweepRun};
use clap::ValueEnum;
use tella_curricula::MAX_EPISODE_STEPS;
use tella_metrics::told::counted;
use tella_report::shell;

/// A scheduler that scripts can be printed for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Emit {
    /// An array job of Slurm, as a shell script that submits itself
    Slurm,
    /// An indexed Job of Kubernetes and a Job that gathers, as a manifest
    K8s,
}

/// Most tasks of an array job: Slurm's own limit unless an administrator raised it. Where there are
/// more lifetimes a task lives several.
const MOST_TASKS: u64 = 1000;

/// The script for `scheduler`.
///
/// # Errors
///
/// Where an option was given that cannot be said to this scheduler.
pub(super) fn script(
    scheduler: Emit,
    sweep: &Sweep,
    name: &str,
    args: &Args,
) -> Result<String, CliError> {
    let words = args.lifetimes.words();
    let gather = gather(sweep, args, &words);
    match scheduler {
        Emit::Slurm if args.on.retries != RETRIES => {
            let message = "--retries cannot be said to Slurm, which begins a task again as often as its nodes fail";
            Err(CliError::usage(message))
        }
        Emit::Slurm => Ok(slurm(sweep, name, args, &words, &gather)),
        Emit::K8s => Ok(k8s(sweep, name, args, &words, &gather)),
    }
}

/// Shell functions: `live N` lives lifetime N of the sweep, counted over all runs.
fn functions(sweep: &Sweep, words: &[String]) -> String {
    let mut text = String::from(
        "# Lives one lifetime of one run; given again, it goes on where it was.\nlive() {\n",
    );
    text.push_str(&format!("    lifetime=$(($1 % {}))\n", sweep.lifetimes));
    text.push_str(&format!("    case $(($1 / {})) in\n", sweep.lifetimes));
    for (at, run) in sweep.runs.iter().enumerate() {
        text.push_str(&format!("    {at}) set -- {} ;;\n", quoted(&arguments(sweep, run))));
    }
    text.push_str("    *) echo \"there is no lifetime $1\" >&2; return 2 ;;\n    esac\n");
    let words = words.iter().map(|word| format!(" {}", shell::word(word))).collect::<String>();
    text.push_str(&format!(
        "    tella run \"$@\" --lifetime-idx \"$lifetime\" --resume{words}\n}}\n"
    ));
    text
}

/// What `tella run` is told of a run, but for the lifetime.
fn arguments(sweep: &Sweep, run: &SweepRun) -> Vec<String> {
    let (cell, spec) = (&run.cell, &run.spec);
    let mut words = vec![cell.curriculum.clone()];
    let mut put = |option: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [format!("--{option}"), value]));
    };
    put("agent", Some(cell.agent.clone()));
    put("agent-config", cell.agent_config.clone());
    put("curriculum-config", cell.curriculum_config.clone());
    for set in &cell.set {
        put("set", Some(set.clone()));
    }
    put("agent-seed", Some(cell.seed.to_string()));
    put("curriculum-seed", Some(cell.seed.to_string()));
    put("num-parallel-envs", (spec.num_envs != 1).then(|| spec.num_envs.to_string()));
    let steps = spec.max_episode_steps;
    put("max-episode-steps", (steps != MAX_EPISODE_STEPS).then(|| steps.to_string()));
    put("log", spec.transitions.then(|| "transitions".to_owned()));
    put("out", Some(sweep.run_dir(run).to_string_lossy().into_owned()));
    words
}

/// The command that gathers: what is complete is left as it is, and what a lost task left is lived.
fn gather(sweep: &Sweep, args: &Args, words: &[String]) -> String {
    let mut all = vec!["tella".into(), "sweep".into(), args.grid.clone(), "-o".into()];
    all.push(sweep.dir.to_string_lossy().into_owned());
    all.extend(args.resume.then(|| "--resume".to_owned()));
    all.extend(words.iter().cloned());
    quoted(&all)
}

fn slurm(sweep: &Sweep, name: &str, args: &Args, words: &[String], gather: &str) -> String {
    let count = sweep.lifetimes * sweep.runs.len() as u64;
    let tasks = count.min(MOST_TASKS);
    let at_a_time = args.lifetimes.jobs.map_or_else(String::new, |jobs| format!("%{jobs}"));
    let cpus = (args.on.num_cpus.ceil() as u64).max(1);
    let gpus = match args.on.num_gpus.ceil() as u64 {
        0 => String::new(),
        n => format!("#SBATCH --gpus-per-task={n}\n"),
    };
    let (lifetimes, functions) = (counted(count, "lifetime"), functions(sweep, words));
    let (name, last) = (label(name), tasks - 1);
    format!(
        r#"#!/bin/sh
#SBATCH --job-name={name}
#SBATCH --array=0-{last}{at_a_time}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={cpus}
{gpus}#SBATCH --requeue
# {lifetimes}, one a task. Add what your cluster wants (--time, --partition, --account), and run
# this file with `sh`, in the folder in which it was made and which all machines share: it submits
# itself, and a task behind it that gathers.
set -eu

{functions}
if [ "${{1-}}" = gather ]; then
    exec {gather}
elif [ -z "${{SLURM_ARRAY_TASK_ID-}}" ]; then
    job=$(sbatch --parsable "$0")
    exec sbatch --dependency="afterany:${{job%%;*}}" --array=0 "$0" gather
fi
worst=0
task=$SLURM_ARRAY_TASK_ID
while [ "$task" -lt {count} ]; do
    live "$task" || worst=$?
    task=$((task + {tasks}))
done
exit "$worst"
"#
    )
}

fn k8s(sweep: &Sweep, name: &str, args: &Args, words: &[String], gather: &str) -> String {
    let count = sweep.lifetimes * sweep.runs.len() as u64;
    let name = label(name);
    let live =
        indented(&format!("{}live \"$JOB_COMPLETION_INDEX\"\n", functions(sweep, words)), 12);
    let gather = indented(&format!("{gather}\n"), 12);
    let version = env!("CARGO_PKG_VERSION");
    let (parallelism, retries) = (args.lifetimes.jobs.unwrap_or(count).min(count), args.on.retries);
    let (cpu, gpus) = (args.on.num_cpus, args.on.num_gpus.ceil() as u64);
    let gpu = if gpus > 0 { format!(", nvidia.com/gpu: {gpus}") } else { String::new() };
    let container = |script: &str| {
        format!(
            r#"      restartPolicy: Never
      containers:
      - name: tella
        image: tella:{version}
        workingDir: /work
        command:
        - sh
        - -euc
        - |
{script}        resources:
          requests: {{cpu: "{cpu}"}}
          limits: {{cpu: "{cpu}"{gpu}}}
        volumeMounts:
        - {{name: work, mountPath: /work}}
      volumes:
      - name: work
        persistentVolumeClaim: {{claimName: {name}}}
"#
        )
    };
    let (live, gather) = (container(&live), container(&gather));
    format!(
        r#"# {lifetimes}, one an index. Put in your image with `tella` in it and your claim: a volume that
# all pods share, with the grid and its files in it as they lie here. Then
#   kubectl apply -f THIS
#   until kubectl get job/{name} -o 'jsonpath={{.status.conditions[*].type}}' | grep -qwE 'Complete|Failed'; do sleep 10; done
#   kubectl patch job/{name}-gather -p '{{"spec":{{"suspend":false}}}}'
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
spec:
  completionMode: Indexed
  completions: {count}
  parallelism: {parallelism}
  backoffLimitPerIndex: {retries}
  podFailurePolicy:
    rules:
    # A command that is wrong, a fault of the agent's, a damaged log: it would come again.
    - action: FailIndex
      onExitCodes: {{operator: In, values: [2, 3, 4]}}
  template:
    spec:
{live}---
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}-gather
spec:
  suspend: true
  template:
    spec:
{gather}"#,
        lifetimes = counted(count, "lifetime"),
    )
}

/// A name that job schedulers take: lower-case letters, digits and `-`.
fn label(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(plain).take(40).collect();
    match label.trim_matches('-') {
        "" => "sweep".to_owned(),
        label => label.to_owned(),
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| shell::word(word)).collect::<Vec<_>>().join(" ")
}
