"""Seconds and peak memory of a command.

    python bench_peak.py COMMAND ARGUMENTS...

Prints {"seconds", "peak_bytes"} as JSON; the command's own output is dropped.
"""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "peak_bytes": peak}))
