"""What the pages on Python show works: files are written, commands run and programs go on in their
order, and what a program prints is what stands below it."""

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import tella
from rows import TELLA

DOCS = Path(__file__).parents[2] / "docs/src"


def blocks(page):
    """The fenced blocks of a page: language and text."""
    language, lines = None, []
    for line in page.read_text().splitlines():
        if language is None and line.startswith("```"):
            language, lines = line[3:].strip(), []
        elif line == "```":
            yield language, "\n".join(lines) + "\n"
            language = None
        elif language is not None:
            lines.append(line)


#: Pages, and the fixture of the interpreter that runs them where it is not this one.
PAGES = {
    "how-to/my-first-python-agent.md": None,
    "how-to/my-own-environment.md": None,
    "how-to/use-environments-in-gymnasium.md": None,
    "how-to/agents-of-other-libraries.md": "with_baselines",
}

#: Pages whose programs are cells of one notebook.
NOTEBOOKS = ["tutorial-python.md"]

#: Runs the cells that it reads, one after the other; what each printed.
NOTEBOOK = """
import contextlib, io, json, sys
printed = []
for number, cell in enumerate(json.load(sys.stdin)):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(cell, f"<cell {number}>", "exec"), globals())
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_works(page, tmp_path, request):
    commands_in = TELLA.parent
    if PAGES[page] is not None:
        commands_in = tmp_path / "bin"
        commands_in.mkdir()
        request.getfixturevalue(PAGES[page]).command(commands_in)
    path = f"{commands_in}{os.pathsep}{os.environ['PATH']}"
    environ = dict(os.environ, PATH=path, TELLA_NO_PROGRESS="1")
    commands = 0
    for language, text in blocks(DOCS / page):
        first = text.splitlines()[0]
        if language in ("python", "yaml") and first.startswith("# "):
            (tmp_path / first[2:]).write_text(text)
        elif language == "python":
            program = [sys.executable, "-c", text]
            subprocess.run(program, cwd=tmp_path, env=environ, check=True, timeout=300)
        for line in text.splitlines() if language == "console" else []:
            assert line.startswith("$ "), line
            command = shlex.split(line[2:])
            command[0] = sys.executable if command[0] == "python" else command[0]
            done = subprocess.run(
                command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            commands += 1
    assert commands >= 2


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_a_notebook_prints_what_it_says(page, tmp_path):
    cells, expected = [], []
    for language, text in blocks(DOCS / page):
        if language == "python":
            cells.append(text)
            expected.append("")
        else:
            assert language == "text", language
            expected[-1] = text
    done = subprocess.run(
        [sys.executable, "-c", NOTEBOOK],
        input=json.dumps(cells),
        cwd=tmp_path,
        env=dict(os.environ, TELLA_NO_PROGRESS="1"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == expected
    assert len(cells) > 10


def test_the_reference_names_everything():
    """Every public name, every parameter, every attribute."""
    page = (DOCS / "reference/python.md").read_text()
    tellas = {"Action", "ContinualRLAgent", "Observation", "Transition", "load_curriculum_registry",
              "rl_cli", "rl_experiment", "__version__"}  # fmt: skip
    for name in set(tella.__all__) - tellas:
        found = getattr(tella, name)
        assert f"`tella.{name}" in page or f"`{name}`" in page or f"@tella.{name}(" in page, name
        if inspect.isfunction(found):
            signature = str(inspect.signature(found)).split(" -> ")[0]
            bare = re.sub(r": '[^']*'( =)?", lambda m: "=" if m[1] else "", signature)
            bare = bare.replace("= ", "=").replace("'", '"')
            assert f"tella.{name}{bare}" in page, (name, bare)
        elif inspect.isclass(found) and not issubclass(found, BaseException):
            for member in vars(found):
                if not member.startswith("_"):
                    assert f".{member}" in page, (name, member)
