"""Runs lifetimes on a local Ray of two processors, for the tests: the first argument says how, the others are
`tella.ray.run`'s and `tella.ray.live`'s."""

import json
import sys

import ray
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
        curriculum, agent, out, num_lifetimes, *options = words
        seeds = {"agent_seed": 3, "curriculum_seed": 4}
        return tella.ray.run(
            curriculum, agent, *options, out=out, num_lifetimes=int(num_lifetimes), **seeds
        )
    folder, *lifetimes = words
    units = [(folder, int(lifetime)) for lifetime in lifetimes]
    failures = tella.ray.live(units, options=["--checkpoint-every", "0.2"], shared=False)
    print(json.dumps(failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
