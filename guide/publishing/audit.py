"""The audit log: who did what, to what, when, from where. It only grows."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from guide.pages.models import Page, Revision
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
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["时间", "谁", "做了什么", "页面", "文档", "版本", "说明", "从哪里"])
    for entry in entries:
        row = [
            timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds"), entry.who, entry.get_act_display(),
            entry.page.slug if entry.page else "", entry.document, str(entry.revision.number) if entry.revision else "",
            entry.detail, entry.where,
        ]  # fmt: skip
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
    return "\ufeff" + table.getvalue()
