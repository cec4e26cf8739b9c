"""Sums of the index's files, by which a file that has rotted or was cut off is told from one that is as it was written."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from guide.search.generations import replace

_FILE = "sums"


def seal(directory: Path, suffixes: tuple[str, ...]) -> None:
    """Note the sum of every file with one of `suffixes`. A file that has one keeps it: none is written to twice."""
    known = _known(directory)
    files = [path for path in directory.iterdir() if path.suffix in suffixes]
    sums = {path.name: known.get(path.name) or _sum(path) for path in files}
    replace(directory / _FILE, json.dumps(sums))


def is_intact(directory: Path, segments: Iterable[str], suffix: str = "") -> bool:
    """Whether every file that was sealed is as it was; with `suffix`, only files with that one are looked at. Only those
    of `segments` must be there: a commit removes files of others before it seals."""
    live, known = tuple(segments), _known(directory)
    return bool(known) and all(
        _sum(directory / name) == noted if (directory / name).exists() else not name.startswith(live)
        for name, noted in known.items()
        if name.endswith(suffix)
    )


def _known(directory: Path) -> dict[str, str]:
    try:
        return dict(json.loads((directory / _FILE).read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return {}


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
