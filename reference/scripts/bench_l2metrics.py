"""Seconds that L2Metrics 3.1.0 takes to measure an L2Logger scenario.

    python bench_l2metrics.py SCENARIO

Prints {"seconds"} as JSON: from the reading of the log to the values, imports and plots left out.
"""

import json
import logging
import os
import sys
import tempfile
import time
import types
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
sys.modules["ipympl"] = types.ModuleType("ipympl")
os.environ["MPLBACKEND"] = "Agg"
os.environ["L2DATA"] = tempfile.mkdtemp()

from l2metrics.report import MetricsReport  # noqa: E402

start = time.perf_counter()
report = MetricsReport(log_dir=sys.argv[1])
report.calculate()
print(json.dumps({"seconds": time.perf_counter() - start}))
