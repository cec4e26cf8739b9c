"""Every write of the guide's texts ends here: `publish` takes checked texts into the live guide, all or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guide.pages import tree
from guide.pages.changes import conclude_write
from guide.pages.models import Page, Picture, Revision
from guide.publishing import conflicts, entries, linking, page_rows, pictures, recording, rows
from guide.publishing.batch import Batch, DocumentChange
from guide.publishing.models import Document
from guide.publishing.recording import Told
from guide.publishing.source import Source, parse
from guide.reference.models import Term


class GuideMoved(Exception):
    """The guide changed between the checking of a batch and its writing: check again against the guide as it is."""


@dataclass(frozen=True)
class Written:
    """What publishing a batch came to: the guide's version, and the live revisions it made."""

    version: int
    revisions: list[Revision] = field(default_factory=list)


def publish(batch: Batch, *, expected_version: int | None = None) -> Written:
    """Write `batch` into the live guide in one transaction.

    Raises GuideMoved, with nothing written, when the guide is no longer at `expected_version`.
    """
    kept = {name: pictures.keep(file.read_bytes()) for name, file in batch.pictures.items()}
    with transaction.atomic():
        version = tree.lock_tree()
        if expected_version is not None and version.number != expected_version:
            raise GuideMoved(f"指南已从版本 {expected_version} 变为 {version.number}，请重新检查。")
        _note_agreement(batch)
        conflicts.note(batch)
        has_new_pictures = _write_pictures(kept)
        if batch.is_empty and not has_new_pictures:
            return Written(version.number)
        return _write(batch)


def _write(batch: Batch) -> Written:
    now = timezone.now()
    before, after = _terms(batch)
    sweeps = [sweep for change in batch.documents for sweep in _write_document(change, now)]
    pages = page_rows.write(batch.pages, now)
    revisions = recording.record([*_told_documents(batch), *_told_pages(batch, pages)], now)
    written = {pages.rows[change.source.id].pk: change.source for change in batch.pages} | _withdraw(batch, now)
    gone_terms = {slug for slug, _ in before or ()} - {slug for slug, _ in after or ()}
    linking.derive(_sources_touched(batch, before, after) | written, gone_terms)
    _run(sweeps)
    conflicts.close_agreed(batch)
    version = conclude_write(
        written,
        is_tree_changed=pages.is_tree_changed or bool(batch.withdrawn),
        is_reference_changed=bool(batch.documents),
    )
    return Written(version, revisions)


Terms = set[tuple[str, str]] | None


def _terms(batch: Batch) -> tuple[Terms, Terms]:
    """Id and word of each term before and after a write of the glossary; None where it is not written."""
    for change in batch.documents:
        if change.name == "glossary.yml":
            return set(Term.objects.values_list("slug", "term")), {(row.id, row.term) for row in change.records}
    return None, None


def _told_pages(batch: Batch, pages: page_rows.Pages) -> Iterator[Told]:
    """The texts that are new; a page that only moved or came back says what it said."""
    for change in batch.pages:
        source = change.source
        if source.id in pages.reworded or change.revision:
            stamp = batch.stamp.merged_with("" if change.file_text in (None, source.text) else change.file_text or "")
            yield Told(pages.rows[source.id], source.title, source.text, stamp, change.revision, batch.decision)


def _told_documents(batch: Batch) -> Iterator[Told]:
    documents = {row.name: row for row in Document.objects.filter(name__in=[change.name for change in batch.documents])}
    for change in batch.documents:
        stamp = batch.stamp.merged_with("" if change.file_text in (None, change.text) else change.file_text or "")
        yield Told(documents[change.name], change.name, change.text, stamp, change.revision, batch.decision)


def move(page: Page, parent: Page | None, index: int) -> int:
    """Stand `page` under `parent` at `index` among its siblings; returns the guide's new version.

    Raises tree.InvalidMove, with nothing written.
    """
    with transaction.atomic():
        tree.lock_tree()
        tree.put(page, parent, index)
        return conclude_write([page.pk])


def _run(sweeps: Iterable[Callable[[], None]]) -> None:
    for sweep in sweeps:
        sweep()


def _note_agreement(batch: Batch) -> None:
    pages = {page.slug: page for page in Page.objects.filter(slug__in=batch.agreed_pages)}
    for slug, page in pages.items():
        page.file_text, page.file_path = batch.agreed_pages[slug]
    Page.objects.bulk_update(pages.values(), ["file_text", "file_path"], batch_size=rows.BATCH)
    for name, text in batch.agreed_documents.items():
        Document.objects.filter(name=name).update(file_text=text)


def _write_pictures(kept: dict[str, str]) -> bool:
    """Note which file each picture is; returns whether anything changed."""
    stored = dict(Picture.objects.values_list("name", "file"))
    changed = {name: file for name, file in kept.items() if stored.get(name) != file}
    for name, file in changed.items():
        Picture.objects.update_or_create(name=name, defaults={"file": file})
    return bool(changed)


def _write_document(change: DocumentChange, now: datetime) -> list[Callable[[], None]]:
    values: dict[str, Any] = {"text": change.text, "changed_at": now, "is_withdrawn": False}
    if change.file_text is not None:
        values["file_text"] = change.file_text
    Document.everything.update_or_create(name=change.name, defaults=values)
    return entries.write(change.name, change.records)


def _withdraw(batch: Batch, now: datetime) -> dict[int, Source | None]:
    """Take pages and documents out of the guide. What goes with its file may come back with one, as if it were new."""
    Document.objects.filter(name__in=batch.removed_documents).update(is_withdrawn=True, file_text="", changed_at=now)
    pages = Page.objects.published().filter(slug__in=batch.withdrawn)
    pks = list(pages.values_list("pk", flat=True))
    leaving = Q(page__in=pks) | Q(page=None, document__in=batch.removed_documents)
    recording.return_scheduled(Revision.objects.scheduled().filter(leaving), "离开了指南，重回审核")
    values: dict[str, Any] = {"withdrawn_at": now, "changed_at": now}
    if batch.is_file_gone:
        values |= {"file_text": "", "file_path": ""}
    Page.objects.filter(pk__in=pks).update(**values)
    return dict.fromkeys(pks)


def _sources_touched(batch: Batch, before: Terms, after: Terms) -> dict[int, Source | None]:
    """The Source of every page that may mention a term which came, went, or has another word or id now.

    Everything else that documents hold keeps its row, so that what points to it stays as it is.
    """
    words = {word for _, word in (before or set()) ^ (after or set()) if len(word) >= linking.PLAIN_TERM_LENGTH}
    every = Page.objects.published().exclude(slug__in={change.source.id for change in batch.pages})
    touched = (page for page in every if any(word in page.body for word in words)) if words else ()
    return {page.pk: parse(page.text, page.file_path or page.slug, page.kind) for page in touched}
