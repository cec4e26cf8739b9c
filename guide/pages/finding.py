"""A page by its address, in one query with the pages next to it that are shown on it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from guide.pages.models import Page
from guide.pages.outline import Entry, Outline

MANY = 30  # pages below a section that are no longer listed one by one


@dataclass(frozen=True)
class Found:
    """A page, and around it: for a case, card or drill those of its kind beside it, for a section what stands below."""

    page: Page
    before: Page | None = None
    after: Page | None = None
    below: tuple[Page, ...] = ()  # empty where there are MANY

    @property
    def is_crowded(self) -> bool:
        """Whether it is a section with so MANY pages below it that they are counted instead of listed."""
        return self.page.kind == Page.Kind.SECTION and not self.page.is_leaf_node() and not self.below


def find(path: str, user: Any, outline: Outline) -> Found | None:
    """The page at `path` if `user` may read it."""
    entry = next((entry for entry in outline.entries if entry.path == path), None)
    wanted = _below(entry) if entry else _beside(path)
    rows = list(Page.objects.visible_to(user).filter(wanted).defer("text", "file_text").in_reading_order())
    place = next((place for place, row in enumerate(rows) if row.path == path), None)
    if place is None:
        return None
    page, earlier, later = rows[place], rows[:place], rows[place + 1 :]
    if page.is_numbered:
        return Found(page, below=tuple(later))
    return Found(page, before=earlier[-1] if earlier else None, after=later[0] if later else None)


def _below(entry: Entry) -> Q:
    if entry.kind != Page.Kind.SECTION:
        return Q(pk=entry.pk)
    return Q(pk=entry.pk) | Q(parent=entry.pk, parent__rght__lte=F("parent__lft") + 1 + 2 * MANY)


def _beside(path: str) -> Q:
    """The page itself and, of its kind and under its parent, those right before and right after it."""
    own = "parent__children__"
    near = Q(pk=F(f"{own}pk")) | Q(rght=F(f"{own}lft") - 1) | Q(lft=F(f"{own}rght") + 1)
    return Q(**{f"{own}path": path}) & Q(kind=F(f"{own}kind")) & near
