"""What is found, as readers see it: rows with passages, in one list or in groups: sections with their best principle,
then cases, cards and drills, rows of phrase tables, terms, and sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as PageOf
from django.core.paginator import Paginator

from guide.pages.outline import Outline
from guide.search import passages
from guide.search.catalogue import NUMBERED, PHRASE, TELLING, catalogue_for
from guide.search.documents import SOURCE, TERM
from guide.search.facets import Filters, passes
from guide.search.finding import Found, Item, find
from guide.search.hits import Hit, hits_of
from guide.search.queries import Query

# The order of groups; within a group the best comes first.
GROUPS: dict[str, tuple[str, ...]] = {
    "sections": NUMBERED, "told": TELLING, "phrases": (PHRASE,), "terms": (TERM,), "sources": (SOURCE,),
}  # fmt: skip
KINDS = tuple(kind for kinds in GROUPS.values() for kind in kinds)
# How many rows of each group are shown beside the others.
FIRST = {"sections": 5, "told": 5, "phrases": 3, "terms": 3, "sources": 3}
PAGE_SIZE = 20


@dataclass(frozen=True)
class Results:
    """The hits of one list; `found` is what was found before filters, `total` counts what they leave."""

    found: Found
    total: int
    hits: tuple[Hit, ...]
    is_partial: bool = False

    @property
    def query(self) -> Query:
        return self.found.query

    @property
    def is_makeshift(self) -> bool:
        return self.found.is_makeshift


@dataclass(frozen=True)
class View:
    """What of the groups is shown: one by itself, and which page of it; and whether slips are searched for as typed."""

    group: str = ""
    page: int = 1
    is_as_typed: bool = False


@dataclass(frozen=True)
class Group:
    """The hits of one group that are shown, of `total`; `page` tells of the pages when the group is shown by itself."""

    name: str
    total: int
    hits: tuple[Hit, ...]
    page: PageOf[Item] | None = None


@dataclass(frozen=True)
class Survey:
    """The results in groups; `found` is what was found before filters, `total` counts what they leave."""

    found: Found
    total: int
    groups: tuple[Group, ...]
    marked: tuple[str, ...]

    @property
    def query(self) -> Query:
        return self.found.query

    @property
    def is_partial(self) -> bool:
        """Whether no row holds all that was asked."""
        return _is_partial(self.found.items, self.found)

    @property
    def is_makeshift(self) -> bool:
        return self.found.is_makeshift


def search(
    text: str, user: Any, outline: Outline, *, kind: str = "", filters: Filters | None = None, limit: int = 20,
    offset: int = 0, as_typed: bool = False,
) -> Results:  # fmt: skip
    """What `user` finds for `text`, at most `limit` rows from `offset` on; `total` counts all rows that may be seen.

    `outline` is the guide as `user` sees it. `as_typed` searches for slips of spelling as they are.
    """
    catalogue = catalogue_for(user, outline)
    found = find(text, catalogue, user, as_typed=as_typed)
    items = narrowed(found, filters or Filters(kind=kind))
    ordered = [item for kinds in GROUPS.values() for item in items if item.kind in kinds]
    hits = hits_of(ordered[offset : offset + limit], found, catalogue, user, filters or Filters())
    return Results(found, len(ordered), hits, _is_partial(items, found))


def survey(text: str, user: Any, outline: Outline, filters: Filters, view: View) -> Survey:
    """What `user` finds for `text` in groups: the first rows of each, or one page of the group that `view` names, or of
    the only one that there is."""
    catalogue = catalogue_for(user, outline)
    found = find(text, catalogue, user, as_typed=view.is_as_typed)
    items = narrowed(found, filters)
    shelves = {name: [item for item in items if item.kind in kinds] for name, kinds in GROUPS.items()}
    filled = {name: shelf for name, shelf in shelves.items() if shelf}
    chosen = view.group if view.group in filled else next(iter(filled)) if len(filled) == 1 else ""
    pages = {name: _page(name, shelf, view.page if chosen else 0) for name, shelf in filled.items() if chosen in ("", name)}
    hits = iter(hits_of([item for shown in pages.values() for item in shown], found, catalogue, user, filters))
    groups = [
        Group(name, len(filled[name]), tuple(next(hits) for _ in shown), shown if chosen else None)
        for name, shown in pages.items()
    ]
    return Survey(found, len(items), tuple(groups), passages.markable(found.telling.marked))


def narrowed(found: Found, filters: Filters) -> list[Item]:
    """The rows that `filters` leave."""
    return [item for item in found.items if passes(item.traits, filters)] if filters.active else list(found.items)


def _page(name: str, shelf: Sequence[Item], number: int) -> PageOf[Item]:
    """One page of a group shown by itself; the first few rows (`number` 0) of one shown beside others."""
    return Paginator(shelf, PAGE_SIZE if number else FIRST[name], allow_empty_first_page=True).get_page(number or 1)


def _is_partial(items: Iterable[Item], found: Found) -> bool:
    items = list(items)
    return bool(items) and all(item.is_partial for item in items) and not found.is_makeshift
