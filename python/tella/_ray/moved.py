"""Lifetimes moved between the machine of their run folder and one that does not see it. Rows are never lost on the
way: what is longer stays."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from pathlib import Path

from .. import _native
from .._api.call import call
from .._errors import CorruptLog

#: What a run folder has besides its lifetimes.
OF_THE_RUN = ("curriculum.yaml", "run.json")


def name(lifetime: int) -> str:
    """The folder of a lifetime in its run's."""
    return f"lifetime-{lifetime:04}"


def scratch(files: dict[str, bytes]) -> Path:
    """The run's folder on a machine that does not see the run's own. It is the same in every try, so that what was begun
    here is gone on with."""
    told = hashlib.blake2b(files["run.json"], digest_size=12).hexdigest()
    place = Path(tempfile.gettempdir()) / f"tella-{os.getuid()}-{told}"
    place.mkdir(mode=0o700, exist_ok=True)
    for file in OF_THE_RUN:
        made, to = tempfile.mkstemp(dir=place, suffix=".tmp")
        with open(made, "wb") as whole:
            whole.write(files[file])
        os.replace(to, place / file)
    return place


def packed(folder: Path) -> bytes | None:
    """A lifetime's folder as an archive; None where it was not begun."""
    if not folder.is_dir():
        return None
    archived = io.BytesIO()
    with tarfile.open(fileobj=archived, mode="w") as archive:
        archive.add(folder, folder.name)
    return archived.getvalue()


def put(archived: bytes, run: Path, lifetime: int) -> str | None:
    """Puts a lifetime's folder into its run, whole or not at all, unless that is complete; why not, where what is
    there stays."""
    place = run / name(lifetime)
    with tempfile.TemporaryDirectory(dir=run.parent, prefix=".gathered-") as there:
        with tarfile.open(fileobj=io.BytesIO(archived)) as archive:
            # Python before 3.10.12 has no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(there)
        for file in OF_THE_RUN:
            os.link(run / file, Path(there, file))
        refused, is_over = _compared(run, Path(there), lifetime)
        if refused or is_over:
            return refused
        if place.exists():
            os.rename(place, Path(there, "before"))
        os.rename(Path(there, place.name), place)
    return None


def _compared(run: Path, there: Path, lifetime: int) -> tuple[str | None, bool]:
    """Why a lifetime in the run folder `there` shall not take the place of the one in `run`, and whether that one is
    complete."""
    try:
        status, experiences = _stands(run, lifetime)
    except CorruptLog as error:
        return f"what is here is damaged, and is left as it is: {error}", False
    if status == "complete":
        return None, True
    if status == "running":
        return "another process is living it here", False
    try:
        came, brought = _stands(there, lifetime)
        damage = call("log", "check", there)
    except CorruptLog as error:
        return f"what came is damaged: {error}", False
    if damage.exit:
        return f"what came is damaged: {damage.out}", False
    if came != "complete" and brought < experiences:
        return f"what came has {brought} experiences, fewer than the {experiences} here, which are kept", False
    return None, False


def is_lived(run: Path, lifetime: int) -> bool:
    """Whether a process is living it."""
    try:
        return _stands(run, lifetime)[0] == "running"
    except CorruptLog:
        return False


def _stands(run: Path, lifetime: int) -> tuple[str, int]:
    """How a lifetime stands, and its experiences."""
    told = json.loads(_native.describe_lifetime(run, lifetime))
    return told["status"], told.get("experiences", 0)
