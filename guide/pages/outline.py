"""The outline: chapters and sections in reading order with what every page of the site shows of the guide itself.

Made once for each version of the guide, by the process that wrote that version, and held beside the kept pages; every
other process reads it from there, so that the first page drawn after an edit has its queries to itself.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import serializers
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from guide.pages import kept as shelf
from guide.pages import version as shown
from guide.pages.models import GuideVersion, Page
from guide.reference.models import GuideInfo


@dataclass(frozen=True)
class Entry:
    """A chapter or section as lists show it."""

    pk: int
    kind: str
    slug: str
    number: str
    title: str
    summary: str
    path: str
    level: int
    parent_pk: int | None

    @property
    def url(self) -> str:
        return reverse("pages:page", args=[self.path])


@dataclass(frozen=True)
class Chapter:
    """A chapter's own entry and its sections, sub-sections included."""

    entry: Entry
    sections: tuple[Entry, ...]


@dataclass(frozen=True)
class Outline:
    """The guide at one version, as one reader sees it."""

    version: int
    info: GuideInfo
    chapters: tuple[Chapter, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Chapters and sections in reading order."""
        return tuple(entry for chapter in self.chapters for entry in (chapter.entry, *chapter.sections))

    @cached_property
    def by_pk(self) -> dict[int, Entry]:
        return {entry.pk: entry for entry in self.entries}

    def neighbours(self, pk: int) -> tuple[Entry | None, Entry | None]:
        """The entries before and after `pk` in reading order."""
        places = {entry.pk: place for place, entry in enumerate(self.entries)}
        place = places.get(pk)
        if place is None:
            return None, None
        before = self.entries[place - 1] if place else None
        return before, self.entries[place + 1] if place + 1 < len(self.entries) else None

    def chapter_of(self, page: Page) -> Chapter | None:
        """The chapter in whose tree `page` stands."""
        slug = page.path.partition("/")[0]
        return next((chapter for chapter in self.chapters if chapter.entry.slug == slug), None)

    def above(self, page: Page) -> tuple[Entry, ...]:
        """The breadcrumb: every page above `page`, the chapter first."""
        found, pk = [], page.parent_id
        while pk is not None and (entry := self.by_pk.get(pk)):
            found.append(entry)
            pk = entry.parent_pk
        return tuple(reversed(found))


def outline_for(user: Any) -> Outline:
    """The outline that `user` may see, at the guide's current version."""
    version = shown.current()
    key = f"outline:{version}:{settings.READING}:{bool(user.is_authenticated)}"
    kept: Outline | None = cache.get(key) if version else None
    if kept is None:
        kept = _held(version) or _make(version, user)
        cache.set(key, kept)
    return kept


def prepare() -> None:
    """Hold the outline of the guide as it is now, for all processes. Called after each commit; harmless to repeat."""
    if settings.KEPT_PAGES:
        outline = _make(GuideVersion.current(), AnonymousUser())
        held = {
            "info": serializers.serialize("json", [outline.info]),
            "entries": [[*vars(row).values()] for row in outline.entries],
        }
        shelf.hold(outline.version, "outline.json", json.dumps(held, ensure_ascii=False).encode())


def outline_of(request: HttpRequest) -> Outline:
    """The outline for whoever sent `request`, made once a request."""
    kept: Outline | None = getattr(request, "_outline", None)
    if kept is None:
        kept = outline_for(request.user)
        request._outline = kept  # type: ignore[attr-defined]
    return kept


def guide(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `guide` in every template, asked of the database only where it is used."""
    return {"guide": SimpleLazyObject(lambda: outline_of(request))}


def _held(version: int) -> Outline | None:
    """The outline that was held for `version`: where pages are kept, everybody sees the same."""
    text = shelf.held(version, "outline.json") if settings.KEPT_PAGES else None
    try:
        found = json.loads(text) if text else None
        info = next(serializers.deserialize("json", found["info"])).object if found else None
        return _arranged(version, info, found["entries"]) if found else None
    except (ValueError, KeyError, TypeError, StopIteration, serializers.base.DeserializationError):
        return None  # torn by a full disk: the database knows as well


def _make(version: int, user: Any) -> Outline:
    names = ("pk", "kind", "slug", "number", "title", "summary", "path", "level", "parent_id")
    rows = Page.objects.visible_to(user).numbered().in_reading_order().values_list(*names)
    info = GuideInfo.objects.first() or GuideInfo(title="服务规范指南", edition="", scope="")
    return _arranged(version, info, rows)


def _arranged(version: int, info: Any, rows: Iterable[Any]) -> Outline:
    chapters: list[tuple[Entry, list[Entry]]] = []
    for row in rows:
        entry = Entry(*row)
        if entry.kind == Page.Kind.CHAPTER:
            chapters.append((entry, []))
        elif chapters:
            chapters[-1][1].append(entry)
    return Outline(version, info, tuple(Chapter(entry, tuple(sections)) for entry, sections in chapters))
