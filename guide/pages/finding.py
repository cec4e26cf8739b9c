"""A page by its address, in one query with the pages next to it that are shown on it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, F, JSONField, OuterRef, Q, Subquery
from django.db.models.functions import JSONArray

from guide.pages.models import CaseLink, Page
from guide.pages.outline import Entry, Outline

MANY = 30  # pages below a section that are no longer listed one by one


@dataclass(frozen=True)
class Found:
    """A page, and around it: for a case, card or drill those of its kind beside it, for a section what stands below."""

    page: Page
    before: Page | None = None
    after: Page | None = None
    below: tuple[Page, ...] = ()  # empty where there are many: then `told_below` tells of them
    told_below: tuple["ToldBelow", ...] = ()


@dataclass(frozen=True)
class ToldBelow:
    """A case below a section, and the address of the page whose principle it shows."""

    case: int
    posts: tuple[str, ...]
    case_type: str
    shows: str


class _AsList(Aggregate):
    """The values of all rows as one JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()


def find(path: str, user: Any, outline: Outline) -> Found | None:
    """The page at `path` if `user` may read it."""
    entry = next((entry for entry in outline.entries if entry.path == path), None)
    wanted = _below(entry) if entry else _beside(path)
    pages = Page.objects.visible_to(user).filter(wanted).defer("text", "file_text").in_reading_order()
    rows = list(pages.annotate(told_below=_told_below()) if entry and entry.kind == Page.Kind.SECTION else pages)
    place = next((place for place, row in enumerate(rows) if row.path == path), None)
    if place is None:
        return None
    page, earlier, later = rows[place], rows[:place], rows[place + 1 :]
    if page.is_numbered:
        return Found(page, below=tuple(later), told_below=tuple(_read(getattr(page, "told_below", None))))
    return Found(page, before=earlier[-1] if earlier else None, after=later[0] if later else None)


def _told_below() -> Subquery:
    """What is told of the cases below a page that has many, as one value of the page's row."""
    links = CaseLink.objects.filter(
        case__withdrawn_at=None, case__kind=Page.Kind.CASE, case__parent=OuterRef("pk"),
        case__parent__rght__gt=F("case__parent__lft") + 1 + 2 * MANY,
    )  # fmt: skip
    told = _AsList(JSONArray("case_id", "case__posts", "case__case_type", "principle__page__path"))
    return Subquery(links.order_by().values("case__parent").annotate(told=told).values("told"))


def _read(told: list[Any] | None) -> Iterator[ToldBelow]:
    for case, posts, case_type, shows in told or ():
        yield ToldBelow(case, tuple(json.loads(posts)), case_type, shows)


def _below(entry: Entry) -> Q:
    if entry.kind != Page.Kind.SECTION:
        return Q(pk=entry.pk)
    return Q(pk=entry.pk) | Q(parent=entry.pk, parent__rght__lte=F("parent__lft") + 1 + 2 * MANY)


def _beside(path: str) -> Q:
    """The page itself and, of its kind and under its parent, those right before and right after it."""
    own = "parent__children__"
    near = Q(pk=F(f"{own}pk")) | Q(rght=F(f"{own}lft") - 1) | Q(lft=F(f"{own}rght") + 1)
    return Q(**{f"{own}path": path}) & Q(kind=F(f"{own}kind")) & near
