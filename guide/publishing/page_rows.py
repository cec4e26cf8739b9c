"""The pages' own rows: columns that follow from a page's text and from where it is put."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guide.pages.models import NUMBERED, Page
from guide.publishing import rows
from guide.publishing.batch import PageChange

# Columns by which the tree is computed: a write that leaves them alone leaves the tree alone.
_OF_TREE = ("kind", "parent_id", "position", "withdrawn_at")


@dataclass
class Pages:
    """The rows by slug after a write, the slugs of those whose text is new, and whether the tree is to be put right."""

    rows: dict[str, Page] = field(default_factory=dict)
    reworded: set[str] = field(default_factory=set)
    is_tree_changed: bool = False


def write(changes: list[PageChange], now: datetime) -> Pages:
    """Create and update the rows of `changes`, parents before their children; the tree is put right afterwards."""
    slugs = {change.source.id for change in changes} | {change.parent for change in changes if change.parent}
    pages = Pages({page.slug: page for page in _named(slugs)})
    waiting = {change.source.id: change for change in changes}
    while waiting:
        ready = [change for change in waiting.values() if not change.parent or change.parent in pages.rows]
        if not ready:
            raise ValueError(f"parents missing for {sorted(waiting)}")
        _write_level(ready, pages, now)
        for change in ready:
            del waiting[change.source.id]
    return pages


def _named(slugs: set[str]) -> Iterable[Page]:
    if len(slugs) > rows.BATCH:
        return (page for page in Page.objects.all() if page.slug in slugs)
    return iter(Page.objects.filter(slug__in=slugs))


def _write_level(changes: list[PageChange], pages: Pages, now: datetime) -> None:
    """Write pages whose parents are all there, in two statements however many they are."""
    existing = {change.source.id: pages.rows[change.source.id] for change in changes if change.source.id in pages.rows}
    wanted = {change.source.id: _columns(change, pages.rows, now) for change in changes}
    for slug, columns in wanted.items():
        stored = existing.get(slug)
        if stored is None or stored.is_proposed or stored.text != columns["text"]:
            pages.reworded.add(slug)
        if stored is None or _disturbs(stored, columns):
            pages.is_tree_changed = True
    pages.rows |= rows.agree(Page, existing, wanted).rows


def _disturbs(stored: Page, columns: dict[str, Any]) -> bool:
    """Whether writing `columns` moves pages. Cases, cards and drills stand in the order of their titles."""
    if any(getattr(stored, name) != columns[name] for name in _OF_TREE):
        return True
    return stored.kind not in NUMBERED and stored.title != columns["title"]


def _columns(change: PageChange, known: dict[str, Page], now: datetime) -> dict[str, Any]:
    source, stored = change.source, known.get(change.source.id)
    columns: dict[str, Any] = {
        "slug": source.id, "kind": source.kind, "text": source.text, "title": source.title, "summary": source.summary,
        "posts": list(source.posts), "keywords": list(source.keywords), "topics": list(source.topics),
        "asked": list(source.asked), "owner": source.owner,
        "review_by": source.review_by, "card": source.card, "case_type": source.case_type,
        "choices": [{"text": row.text, "outcome": row.outcome, "principle": row.principle} for row in source.choices],
        "body": source.body, "changed_at": now, "withdrawn_at": None, "is_proposed": False,
    }  # fmt: skip
    return columns | _place(change, known, stored) | _file(change, stored) | _tree(stored)


def _place(change: PageChange, known: dict[str, Page], stored: Page | None) -> dict[str, Any]:
    if change.parent is None:
        parent = stored.parent_id if stored else None
    else:
        parent = known[change.parent].pk if change.parent else None
    position = change.position if change.position is not None else (stored.position if stored else 0)
    if stored and stored.kind not in NUMBERED:
        position = stored.position  # they stand by title
    return {"parent_id": parent, "position": position}


def _file(change: PageChange, stored: Page | None) -> dict[str, Any]:
    text, path = change.file_text, change.file_path
    return {
        "file_text": text if text is not None else (stored.file_text if stored else ""),
        "file_path": path if path is not None else (stored.file_path if stored else ""),
    }


def _tree(stored: Page | None) -> dict[str, Any]:
    # The tree's own columns are computed by conclude_write; a new row needs some value until then.
    return {name: getattr(stored, name) if stored else 0 for name in ("lft", "rght", "tree_id", "level")}
