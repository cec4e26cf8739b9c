"""The audit log: who did what, to what, when, from where. It only grows."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from guide.pages.models import Page, Revision
from guide.pages.spreadsheet import harmless
from guide.publishing.models import AuditEntry, Document

Act = AuditEntry.Act


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where: an address, or the name of a command. Without a user it is the site itself."""

    user: Any = None
    where: str = ""

    @property
    def name(self) -> str:
        return self.user.get_username() if self.user else "（系统）"


SYSTEM = Actor()


def note(
    by: Actor, act: str, target: Page | Document | None = None, revision: Revision | None = None, detail: str = ""
) -> AuditEntry:
    """Add an entry, in the transaction of what it tells of."""
    return AuditEntry.objects.create(
        user=by.user, who=by.name, act=act, page=target if isinstance(target, Page) else None,
        document=target.name if isinstance(target, Document) else "", revision=revision, detail=detail, where=by.where,
    )  # fmt: skip


def as_csv(entries: Iterable[AuditEntry]) -> str:
    """The entries as a table that a spreadsheet opens, the header first. No cell can be taken for a formula."""
    return "".join(csv_lines(entries))


def csv_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """The lines of `as_csv`, one at a time, so that a log of any length can be sent as it is read."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(["时间", "谁", "做了什么", "页面", "文档", "版本", "说明", "从哪里"])
    for entry in entries:
        row = [
            timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"), entry.who, entry.get_act_display(),
            entry.page.slug if entry.page else "", entry.document, str(entry.revision.number) if entry.revision else "",
            entry.detail, entry.where,
        ]  # fmt: skip
        yield writer.writerow([harmless(cell) for cell in row])


class _Echo:
    """What csv.writer writes to: it hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line
