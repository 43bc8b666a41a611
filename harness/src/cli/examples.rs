//! What stands at the end of every `--help`: examples, which a test runs one after the other
//! in a fresh folder, and, at the top, the exit codes.

use clap::Command;

/// Examples of each command, by its words after `tella`, in the order in which they work.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "tella curriculum list",
            "tella run SimpleMiniGrid --agent q-learning --out runs/first",
            "tella metrics runs/first",
        ],
    ),
    (
        "run",
        &[
            "tella run SimpleCartPole --agent random --out runs/random",
            "tella run SimpleCartPole --agent random --num-lifetimes 3 --jobs 2 --out runs/three",
            "tella run quickstart --agent q-learning --log transitions --out runs/kept",
        ],
    ),
    ("resume", &["tella resume runs/first", "tella resume runs/three --jobs 2"]),
    (
        "sweep",
        &[
            "tella sweep quickstart --jobs 2",
            "tella sweep quickstart --dry-run --json",
            "tella sweep quickstart --emit slurm > sweep.sh",
        ],
    ),
    ("verify", &["tella verify runs/random"]),
    (
        "watch",
        &[
            "tella watch runs/three",
            "tella watch runs/three --once",
            "tella watch runs/three --lifetime 1 --json",
        ],
    ),
    (
        "replay",
        &[
            "tella replay runs/kept --experience 4",
            "tella replay runs/kept --experience 4 --ascii",
            "tella replay runs/kept --experience 4 --gif episode.gif",
        ],
    ),
    ("curriculum", &["tella curriculum list", "tella curriculum check quickstart"]),
    ("curriculum list", &["tella curriculum list", "tella curriculum list --json"]),
    (
        "curriculum check",
        &[
            "tella curriculum check SimpleCartPole quickstart",
            "tella curriculum check --json SimpleCartPole",
        ],
    ),
    (
        "curriculum show",
        &[
            "tella curriculum show SimpleCartPole > explicit.yaml",
            "tella curriculum show MiniGridDispersed --curriculum-seed 7 --lifetime-idx 2",
            "tella curriculum show SimpleCartPole --json",
        ],
    ),
    (
        "curriculum preview",
        &[
            "tella curriculum preview MiniGridDispersed",
            "tella curriculum preview MiniGridDispersed --svg dispersed.svg --json",
        ],
    ),
    ("curriculum schema", &["tella curriculum schema > curriculum.schema.json"]),
    ("env", &["tella env list", "tella env trace CartPole-v1 --seed 7 --random 5"]),
    (
        "env list",
        &["tella env list", "tella env list CartPole-v1", "tella env list --json CartPole-v1"],
    ),
    (
        "env trace",
        &[
            "tella env trace CartPole-v1 --seed 7 --actions 0,1,1",
            "tella env trace CartPole-v1 -p gravity=3.7 --seed 7 --random 100",
        ],
    ),
    (
        "env render",
        &[
            "tella env render MiniGrid-DoorKey-5x5-v0 --seed 7 --actions 0,2",
            "tella env render MiniGrid-Empty-5x5-v0 --seed 7 --random 9 -o room.png",
        ],
    ),
    ("agent", &["tella agent list"]),
    ("agent list", &["tella agent list", "tella agent list --json"]),
    ("log", &["tella log show runs/first", "tella log check runs/first"]),
    (
        "log show",
        &[
            "tella log show runs/first",
            "tella log show runs/first --json",
            "tella log show runs/kept --transitions",
        ],
    ),
    ("log check", &["tella log check runs/first"]),
    ("log hash", &["tella log hash runs/three"]),
    (
        "log export",
        &[
            "tella log export runs/first --format csv -o first.csv",
            "tella log export runs/three --format l2logger -o three-l2logger",
            "tella log export runs/three --format tensorboard -o three-tensorboard",
        ],
    ),
    ("log import", &["tella log import three-l2logger -o runs/imported"]),
    (
        "metrics",
        &[
            "tella metrics runs/first",
            "tella metrics runs/three --json",
            "tella metrics runs/three --metric gem,cost",
        ],
    ),
    (
        "ste",
        &["tella ste add runs/random --ste-store experts", "tella ste list --ste-store experts"],
    ),
    ("ste add", &["tella ste add runs/three --ste-store experts --mode a"]),
    ("ste list", &["tella ste list --ste-store experts --json"]),
    ("ste clear", &["tella ste clear --ste-store experts"]),
    ("metric", &["tella metric list gem"]),
    (
        "metric list",
        &["tella metric list", "tella metric list bwt", "tella metric list formalism --json"],
    ),
    (
        "compare",
        &[
            "tella compare runs/three vs runs/random",
            "tella compare runs/three vs runs/random --metric cost,curve.area --json",
        ],
    ),
    (
        "report",
        &[
            "tella report runs/three -o report-three",
            "tella report runs/three runs/random -o both --formats html,png --json",
        ],
    ),
    ("completions", &["tella completions bash > tella.bash", "tella completions zsh > _tella"]),
    (
        "bench",
        &[
            "tella bench env CartPole-v1 --num-envs 64 --seconds 0.1",
            "tella bench run SimpleCartPole --agent random --seconds 0.1",
        ],
    ),
    (
        "bench env",
        &[
            "tella bench env MiniGrid-FourRooms-v0 --num-envs 64 --seconds 0.1",
            "tella bench env CartPole-v1 -p length=0.7 --threads 2 --num-envs 256 --seconds 0.1 --json",
        ],
    ),
    (
        "bench run",
        &[
            "tella bench run SimpleCartPole --agent random --num-envs 16 --seconds 0.1",
            "tella bench run SimpleCartPole --agent sarsa-tiles --seconds 0.1 --json",
        ],
    ),
    (
        "mad",
        &["tella mad data in-context-recall --n 3", "tella mad data memorization --n 256 --json"],
    ),
    (
        "mad data",
        &[
            "tella mad data noisy-in-context-recall --setting frac_noise=0.4 --n 2",
            "tella mad data selective-copying --seed 7 --n 10 --split test --generator mad-lab --json",
        ],
    ),
    ("man", &["tella man > tella.1", "tella man -o man1"]),
];

const EXIT_CODES: &str = "Exit codes:
  0    all went well
  1    a check or a comparison found problems
  2    usage, curriculum, or a folder that exists or cannot be written
  3    a lifetime ended with a fault of the agent or an environment
  4    a log is corrupt, or a file of it is missing
  70   a bug of tella
  75   stopped by a full disk or SIGTERM, or lived by another process; `tella resume` goes on
  130  stopped by SIGINT; `tella resume` goes on";

/// The tree of commands with the ends of their help.
pub(super) fn add(command: Command) -> Command {
    let with_codes = add_below(command, "");
    let help = with_codes.get_after_help().map(ToString::to_string).unwrap_or_default();
    with_codes.after_help(format!("{help}\n\n{EXIT_CODES}"))
}

fn add_below(command: Command, path: &str) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}").trim_start().to_owned();
        command.mut_subcommand(name, |below| add_below(below, &path))
    });
    match EXAMPLES.iter().find(|(of, _)| *of == path) {
        Some((_, examples)) => {
            command.after_help(format!("Examples:\n  {}", examples.join("\n  ")))
        }
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_of_a_command_that_is_there() {
        for (path, _) in EXAMPLES {
            let mut command = &super::super::command();
            for word in path.split_whitespace() {
                command = command.find_subcommand(word).unwrap_or_else(|| panic!("`{path}`"));
            }
        }
    }
}
