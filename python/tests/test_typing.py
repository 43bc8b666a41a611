"""What the type checker is told of the native module is true."""

import subprocess
import sys


def test_stubs_say_what_is_there():
    command = [sys.executable, "-m", "mypy.stubtest", "tella._native"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
