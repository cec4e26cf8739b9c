"""Every write of the guide's texts ends here: `publish` takes checked texts into the live guide, all or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from guide.pages import tree
from guide.pages.changes import conclude_write
from guide.pages.models import Page, Picture
from guide.publishing import entries, linking, pictures, rows
from guide.publishing.models import Document
from guide.publishing.source import Source, parse


class GuideMoved(Exception):
    """The guide changed between the checking of a batch and its writing: check again against the guide as it is."""


@dataclass(frozen=True)
class PageChange:
    """A page's new text. `parent` (an id; "" for a root) and `position` are None where the page stays put."""

    source: Source
    parent: str | None = None
    position: int | None = None
    is_from_file: bool = False


@dataclass(frozen=True)
class DocumentChange:
    """A document's new text and the records it was read into."""

    name: str
    text: str
    records: list[Any]
    is_from_file: bool = False


@dataclass
class Batch:
    """Checked texts, to be published together. `agreed_*` only note that file and guide now say the same."""

    pages: list[PageChange] = field(default_factory=list)
    documents: list[DocumentChange] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)  # name below content/ -> its file
    agreed_pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (file text, file path)
    agreed_documents: dict[str, str] = field(default_factory=dict)  # name -> file text

    @property
    def is_empty(self) -> bool:
        return not (self.pages or self.documents or self.withdrawn)


def publish(batch: Batch, *, expected_version: int | None = None) -> int:
    """Write `batch` into the live guide in one transaction and return the guide's new version.

    Raises GuideMoved, with nothing written, when the guide is no longer at `expected_version`.
    """
    kept = {name: pictures.keep(file.read_bytes()) for name, file in batch.pictures.items()}
    with transaction.atomic():
        version = tree.lock_tree()
        if expected_version is not None and version.number != expected_version:
            raise GuideMoved(f"指南已从版本 {expected_version} 变为 {version.number}，请重新检查。")
        _note_agreement(batch)
        has_new_pictures = _write_pictures(kept)
        if batch.is_empty and not has_new_pictures:
            return version.number
        sweeps = [sweep for change in batch.documents for sweep in _write_document(change)]
        written = _write_pages(batch.pages) | _withdraw(batch.withdrawn)
        sources = _sources_of_all(written) if batch.documents else written
        linking.derive(sources)
        _run(sweeps)
        return conclude_write(written, is_reference_changed=bool(batch.documents))


def move(page: Page, parent: Page | None, index: int) -> int:
    """Stand `page` under `parent` at `index` among its siblings; returns the guide's new version.

    Raises tree.InvalidMove, with nothing written.
    """
    with transaction.atomic():
        tree.lock_tree()
        tree.put(page, parent, index)
        return conclude_write([page.pk])


def move_beside(page: Page, onto: Page, where: str) -> int:
    """Move `page` to the "left" or "right" of `onto`, or make it its "last-child". Raises tree.InvalidMove."""
    if where == "last-child":
        return move(page, onto, Page.objects.filter(parent=onto).count())
    if where not in ("left", "right") or page.pk == onto.pk:
        raise tree.InvalidMove("没有看懂要移到哪里。")
    around = Page.objects.filter(parent=onto.parent, kind=page.kind).exclude(pk=page.pk).order_by("position", "slug")
    siblings = list(around.values_list("pk", flat=True))
    index = siblings.index(onto.pk) if onto.pk in siblings else len(siblings)
    return move(page, onto.parent, index + (where == "right"))


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


def _write_document(change: DocumentChange) -> list[Callable[[], None]]:
    values: dict[str, Any] = {"text": change.text, "changed_at": timezone.now()}
    if change.is_from_file:
        values["file_text"] = change.text
    Document.objects.update_or_create(name=change.name, defaults=values)
    return entries.write(change.name, change.records)


def _write_pages(changes: list[PageChange]) -> dict[int, Source | None]:
    """Create and update the pages' own rows, parents before their children; the tree is put right afterwards."""
    slugs = {change.source.id for change in changes} | {change.parent for change in changes if change.parent}
    known: dict[str, Page] = {page.slug: page for page in _named(slugs)}
    waiting = {change.source.id: change for change in changes}
    written: dict[int, Source | None] = {}
    while waiting:
        ready = [change for change in waiting.values() if not change.parent or change.parent in known]
        if not ready:
            raise ValueError(f"parents missing for {sorted(waiting)}")
        known |= _write_level(ready, known)
        for change in ready:
            written[known[change.source.id].pk] = change.source
            del waiting[change.source.id]
    return written


def _named(slugs: set[str]) -> Iterable[Page]:
    if len(slugs) > rows.BATCH:
        return (page for page in Page.objects.all() if page.slug in slugs)
    return iter(Page.objects.filter(slug__in=slugs))


def _write_level(changes: list[PageChange], known: dict[str, Page]) -> dict[str, Page]:
    """Write pages whose parents are all there, in two statements however many they are."""
    existing = {change.source.id: known[change.source.id] for change in changes if change.source.id in known}
    wanted = {change.source.id: _columns(change, known) for change in changes}
    agreed = rows.agree(Page, existing, wanted)
    return dict(agreed.rows)


def _columns(change: PageChange, known: dict[str, Page]) -> dict[str, Any]:
    source = change.source
    columns: dict[str, Any] = {
        "slug": source.id, "kind": source.kind, "text": source.text, "title": source.title, "summary": source.summary,
        "posts": list(source.posts), "keywords": list(source.keywords), "topics": list(source.topics),
        "owner": source.owner, "review_by": source.review_by, "card": source.card, "case_type": source.case_type,
        "choices": [{"text": row.text, "outcome": row.outcome, "principle": row.principle} for row in source.choices],
        "body": source.body, "changed_at": timezone.now(), "withdrawn_at": None,
    }  # fmt: skip
    stored = known.get(source.id)
    is_placed = change.parent is not None
    columns["parent_id"] = (known[change.parent].pk if change.parent else None) if is_placed else stored and stored.parent_id
    columns["position"] = change.position if change.position is not None else (stored.position if stored else 0)
    columns["file_text"] = source.text if change.is_from_file else (stored.file_text if stored else "")
    columns["file_path"] = source.path if change.is_from_file else (stored.file_path if stored else "")
    # The tree's own columns are computed by conclude_write; a new row needs some value until then.
    columns |= {name: getattr(stored, name) if stored else 0 for name in ("lft", "rght", "tree_id", "level")}
    return columns


def _withdraw(slugs: list[str]) -> dict[int, Source | None]:
    pages = list(Page.objects.filter(slug__in=slugs))
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(withdrawn_at=timezone.now(), changed_at=timezone.now())
    return {page.pk: None for page in pages}


def _sources_of_all(written: dict[int, Source | None]) -> dict[int, Source | None]:
    """The Source of every published page: terms may be mentioned, and provisions cited, anywhere."""
    others = Page.objects.published().exclude(pk__in=written) if len(written) < rows.BATCH else Page.objects.published()
    every = {page.pk: parse(page.text, page.file_path or page.slug, page.kind) for page in others if page.pk not in written}
    return every | written
