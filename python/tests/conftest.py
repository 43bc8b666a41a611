"""Other Pythons that tests compare with: TELLA's own, and those of its gym and of minigrid with this
package in them."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import tella

HERE = Path(__file__).parent


class Interpreter:
    """A Python with its packages."""

    def __init__(self, python, path=None):
        self.python, self.path = python, path

    def command(self, folder):
        """The command `tella` of this interpreter, as a file made in `folder`."""
        path = folder / "tella"
        main = "import sys; from tella._command import main; sys.exit(main())"
        lines = ["#!/bin/sh", f"PYTHONPATH='{self.path}' exec '{self.python}' -c '{main}' \"$@\""]
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o755)
        return path

    def run(self, script, *args, check=True, cwd=None):
        """Runs a script of the tests; the JSON that it printed."""
        env = dict(os.environ, PYTHONPATH=str(self.path) if self.path else "")
        done = subprocess.run(
            [self.python, HERE / script, *map(str, args)],
            env=env,
            cwd=cwd,
            capture_output=True,
            text=True,
        )
        if check and done.returncode != 0:
            pytest.fail(f"{script} {args} in {self.python}:\n{done.stderr}")
        return json.loads(done.stdout) if check else done


@pytest.fixture(scope="session")
def upstream():
    """TELLA 2.1.0 with gym 0.23.1 and gym-minigrid 1.0.3, where `TELLA_REFERENCE_VENV` says."""
    venv = os.environ.get("TELLA_REFERENCE_VENV")
    if venv is None:
        pytest.skip("TELLA_REFERENCE_VENV names no venv with TELLA in it")
    return Interpreter(Path(venv) / "bin" / "python")


@pytest.fixture(scope="session")
def with_gym(upstream, tmp_path_factory):
    """This package, as it is installed here, in the place of TELLA in TELLA's venv."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "tella").symlink_to(Path(tella.__file__).parent)
    return Interpreter(upstream.python, folder)


@pytest.fixture(scope="session")
def with_farama(tmp_path_factory):
    """This package in the venv with Gymnasium 1.4.0 and minigrid 3.2.0 that `TELLA_FARAMA_VENV` names."""
    venv = os.environ.get("TELLA_FARAMA_VENV")
    if venv is None:
        pytest.skip("TELLA_FARAMA_VENV names no venv with minigrid in it")
    folder = tmp_path_factory.mktemp("packages")
    (folder / "tella").symlink_to(Path(tella.__file__).parent)
    return Interpreter(Path(venv) / "bin" / "python", folder)


@pytest.fixture(scope="session")
def with_baselines(tmp_path_factory):
    """This package in the venv with PyTorch and Stable-Baselines3 that `TELLA_BASELINES_VENV` names."""
    venv = os.environ.get("TELLA_BASELINES_VENV")
    if venv is None:
        pytest.skip("TELLA_BASELINES_VENV names no venv with Stable-Baselines3 in it")
    folder = tmp_path_factory.mktemp("packages")
    (folder / "tella").symlink_to(Path(tella.__file__).parent)
    return Interpreter(Path(venv) / "bin" / "python", folder)
