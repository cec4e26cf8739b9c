"""Batch: checked texts that are to be published together, and what each of them brings along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide.pages.models import Revision
from guide.publishing.recording import Stamp
from guide.publishing.source import Source


@dataclass(frozen=True)
class PageChange:
    """A page's new text. `parent` (an id; "" for a root) and `position` are None where the page stays put.

    `file_text` is what the file says, where the change comes with one; it differs from the text after a merge.
    `revision` is the one that was proposed with this text; without it a new one is recorded.
    """

    source: Source
    parent: str | None = None
    position: int | None = None
    file_text: str | None = None
    file_path: str | None = None
    revision: Revision | None = None


@dataclass(frozen=True)
class DocumentChange:
    """A document's new text and the records it was read into; the rest as in PageChange."""

    name: str
    text: str
    records: list[Any]
    file_text: str | None = None
    revision: Revision | None = None


@dataclass(frozen=True)
class FoundConflict:
    """A page (by id) or document (by name) whose guide's text and file do not go together; the guide's stays."""

    name: str
    kind: str
    base_text: str
    live_text: str
    file_text: str
    why: str = ""


@dataclass
class Batch:
    """Checked texts, to be published together. `agreed_*` only note that file and guide now say the same."""

    pages: list[PageChange] = field(default_factory=list)
    documents: list[DocumentChange] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    is_file_gone: bool = False  # whether pages are withdrawn because their files are gone
    removed_documents: list[str] = field(default_factory=list)
    conflicts: list[FoundConflict] = field(default_factory=list)
    knows_conflicts: bool = False  # whether open conflicts that are not among these are over
    pictures: dict[str, Path] = field(default_factory=dict)  # name below content/ -> its file
    agreed_pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (file text, file path)
    agreed_documents: dict[str, str] = field(default_factory=dict)  # name -> file text
    stamp: Stamp = field(default_factory=Stamp)  # for texts without a revision
    decision: Mapping[str, Any] = field(default_factory=dict)  # reviewer, decided_at, note: for those with one

    @property
    def is_empty(self) -> bool:
        return not (self.pages or self.documents or self.withdrawn or self.removed_documents)
