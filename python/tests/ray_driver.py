"""Runs lifetimes on a local Ray of two processors, for the tests: the first argument says how, the others are
the run's."""

import json
import sys

import ray
import tella
import tella.ray


def main():
    how, *words = sys.argv[1:]
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=100 * 2**20,
        log_to_driver=False,
    )
    if how == "run":
        curriculum, agent, out, lifetimes = words
        run = tella.ray.run(
            curriculum,
            agent,
            out=out,
            num_lifetimes=int(lifetimes),
            agent_seed=3,
            curriculum_seed=4,
            checkpoint_every=0.2,
        )
        print(len(run.lifetimes))
        return 0
    if how == "sweep":
        grid, out = words
        try:
            tella.ray.sweep(grid, out=out, resume=True)
        except tella.TellaError as error:
            told = {"kind": type(error).__name__, "text": str(error), "faults": error.faults}
            print(json.dumps(told))
        return 0
    folder, *lifetimes = words
    units = [(folder, int(lifetime)) for lifetime in lifetimes]
    failures = tella.ray.live(units, options=["--checkpoint-every", "0.2"], shared=False)
    print(json.dumps(failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
