"""A folder of the guide's files: what stands where, read but not yet judged against the rest of the guide."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide.publishing import documents
from guide.publishing.faults import Fault, SourceError
from guide.publishing.frontmatter import line_of
from guide.publishing.source import Source, decode, examine

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})

_NUMBERED = re.compile(r"(?P<place>\d{2,})-(?P<id>[a-z][a-z0-9-]*)")
_PLAIN = re.compile(r"[a-z][a-z0-9-]*")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FoundPage:
    """A page's file and where it stands. `parent` is the id of the page above, empty for a chapter."""

    source: Source
    parent: str
    position: int


@dataclass(frozen=True)
class FoundDocument:
    name: str
    text: str


@dataclass
class Folder:
    """All that was found below one folder, with the faults that can be seen there."""

    pages: list[FoundPage] = field(default_factory=list)
    documents: list[FoundDocument] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)  # name below the folder -> its file
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """A file still to be read: `expected` is the id that its name gives, `kind` what it is unless it says otherwise."""

    file: Path
    name: str
    expected: str
    kind: str
    parent: str
    position: int


def read(directory: Path, progress: Progress = lambda stage, done, total: None) -> Folder:
    """Read every file below `directory`. Faults are collected, not raised; a folder that is not there is one."""
    folder = Folder()
    if not directory.is_dir():
        folder.faults.append(Fault(str(directory), 1, "front-matter"))
        return folder
    places = list(_walk(directory, folder))
    for done, place in enumerate(places, start=1):
        _read_page(place, folder)
        progress("读取", done, len(places))
    folder.faults += _duplicates(folder.pages)
    return folder


def _walk(directory: Path, folder: Folder) -> Iterator[_Place]:
    for entry in sorted(directory.iterdir()):
        numbered = _NUMBERED.fullmatch(entry.name)
        if entry.is_dir() and numbered:
            yield from _walk_chapter(entry, numbered, directory, folder)
        elif entry.is_dir() and entry.name == "media":
            _take_pictures(entry, directory, folder)
        elif entry.name in documents.NAMES:
            _take_document(entry, directory, folder)
        elif entry.name != ".git":  # the folder may be a repository itself
            _stray(entry, directory, folder)


def _walk_chapter(chapter: Path, numbered: re.Match[str], top: Path, folder: Folder) -> Iterator[_Place]:
    index = chapter / "index.md"
    name = _name(index, top)
    if not index.is_file():
        folder.faults.append(Fault(name, 1, "no-chapter-page"))
    else:
        yield _Place(index, name, numbered["id"], "chapter", "", int(numbered["place"]))
    yield from _walk_below(chapter, numbered["id"], top, folder)


def _walk_below(directory: Path, parent: str, top: Path, folder: Folder) -> Iterator[_Place]:
    is_chapter = directory.parent == top
    for entry in sorted(directory.iterdir()):
        numbered = _NUMBERED.fullmatch(entry.name.split(".")[0])
        if entry.is_dir() and numbered and entry.with_suffix(".md").is_file():
            yield from _walk_below(entry, numbered["id"], top, folder)
        elif numbered and entry.name == f"{numbered[0]}.md":
            yield _Place(entry, _name(entry, top), numbered["id"], "section", parent, int(numbered["place"]))
        elif numbered and entry.name == f"{numbered[0]}{documents.QUESTIONS}" and (directory / f"{numbered[0]}.md").is_file():
            _take_document(entry, top, folder)
        elif entry.suffix == ".md" and _PLAIN.fullmatch(entry.stem) and not is_chapter:
            yield _Place(entry, _name(entry, top), entry.stem, "case", parent, 0)
        elif not (is_chapter and entry.name == "index.md"):
            _stray(entry, top, folder)


def _read_page(place: _Place, folder: Folder) -> None:
    try:
        text = decode(place.file.read_bytes(), place.name)
    except SourceError as error:
        folder.faults += error.faults
        return
    source, faults = examine(text, place.name, place.kind)
    folder.faults += faults
    if source is None:
        return
    folder.pages.append(FoundPage(source, place.parent, place.position))
    if source.id and source.id != place.expected:
        expected = _expected_name(place, source.id)
        folder.faults.append(Fault(place.name, line_of(text, "id"), "file-name", {"value": source.id, "expected": expected}))
    if place.kind in ("chapter", "section") and source.kind != place.kind:
        folder.faults.append(Fault(place.name, line_of(text, "kind"), "misplaced", {"kind": source.kind}))
    if place.kind == "case" and source.kind in ("chapter", "section"):
        folder.faults.append(Fault(place.name, line_of(text, "kind"), "misplaced", {"kind": source.kind}))


def _expected_name(place: _Place, slug: str) -> str:
    if place.kind == "chapter":
        return f"{place.position:02}-{slug}/index.md"
    return f"{place.position:02}-{slug}.md" if place.kind == "section" else f"{slug}.md"


def _take_document(file: Path, top: Path, folder: Folder) -> None:
    name = _name(file, top)
    try:
        folder.documents.append(FoundDocument(name, decode(file.read_bytes(), name)))
    except SourceError as error:
        folder.faults += error.faults


def _take_pictures(directory: Path, top: Path, folder: Folder) -> None:
    for file in sorted(path for path in directory.rglob("*") if not path.is_dir()):
        if file.suffix.lower() in PICTURES:
            folder.pictures[_name(file, top)] = file
        else:
            _stray(file, top, folder)


def _stray(entry: Path, top: Path, folder: Folder) -> None:
    files = [entry] if not entry.is_dir() else [path for path in sorted(entry.rglob("*")) if path.is_file()]
    folder.faults += [Fault(_name(file, top), 1, "stray-file") for file in files]


def _duplicates(pages: list[FoundPage]) -> list[Fault]:
    faults, seen = [], dict[str, str]()
    for page in pages:
        source = page.source
        here = f"{source.path}:{line_of(source.text, 'id')}"
        if source.id in seen:
            details = {"value": source.id, "other": seen[source.id]}
            faults.append(Fault(source.path, line_of(source.text, "id"), "duplicate-id", details))
        elif source.id:
            seen[source.id] = here
    return faults


def _name(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()
