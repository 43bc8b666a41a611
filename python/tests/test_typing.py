"""What the type checker is told of the native module is true."""

import subprocess
import sys


def test_stubs_say_what_is_there():
    command = [sys.executable, "-m", "mypy.stubtest", "tella._native"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_api_is_typed(tmp_path):
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
    command += ["--cache-dir", str(tmp_path), "-p", "tella._api"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
