"""Conflicts between guide and files as rows: noted by a load, over when both agree again."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from guide.pages.models import Page
from guide.publishing.batch import Batch, FoundConflict
from guide.publishing.models import Conflict, Document, keys_of


def open_conflicts() -> Any:
    """The conflicts that wait for a person."""
    return Conflict.objects.filter(settled_at=None).select_related("page")


def note(batch: Batch) -> None:
    """Make the open conflicts agree with those that a load found. Runs inside the transaction of the load."""
    if not batch.knows_conflicts:
        return
    now = timezone.now()
    targets = _targets(batch.conflicts)
    waiting = {row.page.slug if row.page else row.document: row for row in open_conflicts()}
    over = [row.pk for name, row in waiting.items() if name not in targets]
    Conflict.objects.filter(pk__in=over).update(settled_at=now, why="文件与后台又一致了")
    for found in batch.conflicts:
        values = {"kind": found.kind, "base_text": found.base_text, "live_text": found.live_text,
                  "file_text": found.file_text, "why": found.why}  # fmt: skip
        if found.name in waiting:
            Conflict.objects.filter(pk=waiting[found.name].pk).update(**values)
        else:
            Conflict.objects.create(**keys_of(targets[found.name]), found_at=now, **values)


def close_agreed(batch: Batch) -> None:
    """A text that was made of a file and the guide's own is live: the conflict between those two is over."""
    for change in batch.pages:
        if change.revision and change.file_text is not None:
            _close(open_conflicts().filter(page__slug=change.source.id, file_text=change.file_text), change.revision)
    for document in batch.documents:
        if document.revision and document.file_text is not None:
            _close(open_conflicts().filter(document=document.name, file_text=document.file_text), document.revision)


def _close(rows: Any, revision: Any) -> None:
    Conflict.objects.filter(pk__in=rows.values("pk")).update(settled_at=timezone.now(), revision=revision)


def _targets(found: Iterable[FoundConflict]) -> dict[str, Page | Document]:
    names = [one.name for one in found]
    targets: dict[str, Page | Document] = {page.slug: page for page in Page.objects.filter(slug__in=names)}
    return targets | {row.name: row for row in Document.objects.filter(name__in=names)}
