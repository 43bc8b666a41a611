"""Draws steps per second against the number of environments.

usage: plot_speed.py FROM.json TO.svg

Reads what `cargo xtask bench curve` printed.
"""

import json
import sys

import matplotlib

matplotlib.use("svg")
# The same picture from the same numbers, and text as text.
matplotlib.rcParams.update({"svg.hashsalt": "tella", "svg.fonttype": "none"})

import matplotlib.pyplot as plt

with open(sys.argv[1]) as file:
    points = json.load(file)["points"]
envs = list(dict.fromkeys(point["env"] for point in points))
styles = {"tella, 2 threads": "o-", "tella, 1 thread": "o--"}
figure, axes = plt.subplots(1, len(envs), figsize=(5 * len(envs), 3.6), sharey=True)
for axis, env in zip(axes, envs):
    of_env = [point for point in points if point["env"] == env]
    for name in sorted(of_env[0]["speeds"], key=lambda name: (name not in styles, name)):
        x = [point["num_envs"] for point in of_env]
        y = [point["speeds"][name] for point in of_env]
        axis.plot(x, y, styles.get(name, "s:"), label=name, markersize=4)
    axis.set(title=env, xlabel="environments", xscale="log", yscale="log")
    axis.set_xticks(x, [f"{n:,}" for n in x], rotation=45, minor=False)
    axis.minorticks_off()
    axis.grid(True, which="major", alpha=0.3)
axes[0].set_ylabel("steps a second")
axes[0].legend()
figure.tight_layout()
figure.savefig(sys.argv[2], metadata={"Date": None})
