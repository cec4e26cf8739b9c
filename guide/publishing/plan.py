"""Plan: what a load would do, by page id or document name, and the batch that does it."""

from dataclasses import dataclass, field

from guide.publishing.batch import Batch
from guide.publishing.source import Source


@dataclass(frozen=True)
class Proposal:
    """A text for a page (by id) or document (by name) that waits for review. `place` is a new page's parent and number."""

    name: str
    title: str
    text: str
    file_text: str = ""  # the file's, where the text is a merge with it
    source: Source | None = None
    place: tuple[str, int] | None = None


@dataclass(frozen=True)
class Place:
    """Where a file puts a page (by id) that stands elsewhere: under which page (by id), with which number."""

    name: str
    parent: str
    position: int


@dataclass
class Plan:
    """What a load would do. Every name stands in one list only, but for `moved`."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)  # changed on both sides, in different places
    moved: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # changed in the admin, unchanged in the file
    conflicts: list[str] = field(default_factory=list)  # changed on both sides: the admin's text stays
    waiting: list[str] = field(default_factory=list)  # the file's text is in review, or was rejected
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)
    # Where loads go through review: texts, moves and withdrawals that are asked for.
    proposals: list[Proposal] = field(default_factory=list)
    moves: list[Place] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)
    version: int = 0
    is_through_review: bool = False
    is_foreign: bool = False  # the folder does not carry on from the one of last time

    @property
    def exit_status(self) -> int:
        """0 done; 2 done, with conflicts left for a person."""
        return 2 if self.conflicts else 0

    @property
    def changes(self) -> dict[str, list[str]]:
        """The names by kind of change, to be compared and shown."""
        review = "，交审核" if self.is_through_review else ""
        return {
            f"新增{review}": self.created, f"更新{review}": self.updated, f"合并（两边改了不同的地方）{review}": self.merged,
            f"移动{review}": self.moved, f"撤下{review}": self.withdrawn, "保留（后台改过，文件没改）": self.kept,
            "冲突（两边都改过，保留后台的文字）": self.conflicts, "已在审核或已退回": self.waiting,
        }  # fmt: skip

    def as_text(self, most: int | None = None) -> str:
        """What would happen, a line for each kind of change, naming at most `most` pages in each."""
        lines = [
            f"{label} {len(ids)}：{'、'.join(ids[:most])}{'……' if most and len(ids) > most else ''}"
            for label, ids in self.changes.items()
            if ids
        ]
        return "\n".join([*lines, f"不变 {self.unchanged}"])
