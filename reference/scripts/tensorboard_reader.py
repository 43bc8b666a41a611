"""What TensorBoard reads from a folder of event files: for each run and tag its points as
[step, value, wall time], as JSON. Fails where a record's checksum does not fit.

    tensorboard_reader.py DIR
"""

import json
import os
import sys

from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

found = {}
for folder, _, files in sorted(os.walk(sys.argv[1])):
    files = [name for name in files if "tfevents" in name]
    if not files:
        continue
    # All points, not a sample of them.
    run = EventAccumulator(folder, size_guidance={"scalars": 0}).Reload()
    scalars = {
        tag: [[e.step, e.value, e.wall_time] for e in run.Scalars(tag)]
        for tag in run.Tags()["scalars"]
    }
    events = list(event_file_loader.RawEventFileLoader(os.path.join(folder, files[0])).Load())
    found[os.path.relpath(folder, sys.argv[1])] = {
        "scalars": scalars,
        "records": len(events),
        "files": files,
        "version": run.file_version if hasattr(run, "file_version") else None,
    }
print(json.dumps(found))
