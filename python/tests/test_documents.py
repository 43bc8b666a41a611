"""What the pages on Python show works: files are written, commands run in their order."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
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
    "how-to/use-environments-in-gymnasium.md": None,
    "how-to/agents-of-other-libraries.md": "with_baselines",
}

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
