"""A query to Results: one row a section with its best principle, then cases, then terms and sources.

The index only proposes; what is shown, and whether it may be shown, is read from the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from guide.pages import syntax
from guide.pages.models import Page, Principle
from guide.pages.outline import Outline
from guide.reference.models import Source, Term
from guide.search import index, passages
from guide.search.documents import PRINCIPLE, SOURCE, TERM
from guide.search.matching import Match, match
from guide.search.queries import Query, parse

NUMBERED = (Page.Kind.CHAPTER, Page.Kind.SECTION)
TELLING = (Page.Kind.CASE, Page.Kind.CARD, Page.Kind.DRILL)
# The order of groups; within a group the best comes first.
GROUPS: tuple[tuple[str, ...], ...] = (NUMBERED, TELLING, (TERM,), (SOURCE,))
KINDS = (*NUMBERED, *TELLING, TERM, SOURCE)


@dataclass(frozen=True)
class Hit:
    """One row of the results. `section` is the number of the section it lies in, such as "3.5"."""

    kind: str
    id: str
    number: str
    section: str
    title: str
    url: str
    passage: SafeString
    principle: Principle | None = None


@dataclass(frozen=True)
class Results:
    query: Query
    total: int
    hits: tuple[Hit, ...]
    is_partial: bool = False
    is_makeshift: bool = False  # the index could not be read: titles and keywords were compared instead


def search(text: str, user: Any, outline: Outline, *, kind: str = "", limit: int = 20) -> Results:
    """What `user` finds for `text`, at most `limit` rows; `total` counts all rows that may be seen.

    `outline` is the guide as `user` sees it.
    """
    query = parse(text)
    if query.is_empty:
        return Results(query, 0, ())
    try:
        found = match(query)
        matches, is_partial, is_makeshift = found.rows, found.is_partial, False
    except index.IndexUnavailable:
        matches, is_partial, is_makeshift = _by_titles(query, user), False, True
    rows = _rows(query, matches, user, outline, kind)
    hits = tuple(row.hit(query, outline) for row in rows[:limit])
    return Results(query, len(rows), hits, is_partial, is_makeshift)


@dataclass
class _Row:
    """A row before its passage is cut; `best` is the principle of a section that matched best."""

    kind: str
    row: Any
    section: str
    best: Principle | None = None

    def hit(self, query: Query, outline: Outline) -> Hit:
        if self.kind == TERM:
            url, text, slug = reverse("pages:term", args=[self.row.slug]), self.row.definition, self.row.slug
        elif self.kind == SOURCE:
            url, slug = reverse("pages:source", args=[self.row.key]), self.row.key
            text = "；".join(provision.text for provision in self.row.provisions.all())
        else:
            url, text, slug = self.row.get_absolute_url(), _quoted_text(self.row, outline), self.row.slug
        number = getattr(self.row, "number", "") if self.kind in NUMBERED else ""
        title = getattr(self.row, "title", "") or getattr(self.row, "term", "")
        return Hit(self.kind, slug, number, self.section, title, url, passages.cut(text, query.marked), self.best)


def _rows(query: Query, matches: Iterable[Match], user: Any, outline: Outline, kind: str) -> list[_Row]:
    matches = list(matches)
    pages = _pages(query, matches, user)
    rules = Principle.objects.in_bulk([found.pk for found in matches if found.kind == PRINCIPLE])
    terms = Term.objects.visible_to(user).in_bulk([found.pk for found in matches if found.kind == TERM])
    laws = (
        Source.objects.visible_to(user)
        .prefetch_related("provisions")
        .in_bulk([found.pk for found in matches if found.kind == SOURCE])
    )
    rows: dict[tuple[str, int], _Row] = {}
    for found in _numbers_first(query, pages, matches):
        page = pages.get(found.page_pk)
        if page is not None:
            row = rows.setdefault((page.kind, page.pk), _Row(page.kind, page, _section_number(page, outline)))
            if row.best is None and found.kind == PRINCIPLE:
                row.best = rules.get(found.pk)
        elif found.kind == TERM and found.pk in terms:
            rows[TERM, found.pk] = _Row(TERM, terms[found.pk], "")
        elif found.kind == SOURCE and found.pk in laws:
            rows[SOURCE, found.pk] = _Row(SOURCE, laws[found.pk], "")
    wanted = [group for group in GROUPS if not kind or kind in group]
    return [row for group in wanted for row in rows.values() if row.kind in group and kind in ("", row.kind)]


def _numbers_first(query: Query, pages: dict[int, Page], matches: list[Match]) -> list[Match]:
    """A page asked for by its number comes before all that only mention it."""
    named = [Match(page.kind, page.pk, page.pk, 0.0) for page in pages.values() if query.number and page.number == query.number]
    return named + matches


def _pages(query: Query, matches: list[Match], user: Any) -> dict[int, Page]:
    wanted = Q(pk__in={found.page_pk for found in matches if found.page_pk})
    if query.number:
        wanted |= Q(number=query.number)
    return {page.pk: page for page in Page.objects.visible_to(user).filter(wanted).defer("text", "file_text")}


def _quoted_text(page: Page, outline: Outline) -> str:
    """The text of a page as passages quote it: a reference reads as the number of its section."""
    numbers = {entry.slug: f"{entry.number}节" for entry in outline.entries}

    def name(mark: syntax.Mark) -> str:
        is_page = not mark.is_citation and ":" not in mark.target
        return mark.words or (numbers.get(mark.target.partition("#")[0], "相关页") if is_page else "")

    return f"{page.summary} {syntax.plain(page.body, name)}"


def _section_number(page: Page, outline: Outline) -> str:
    """The number of the section that `page` is or lies in; empty for a chapter."""
    if page.kind == Page.Kind.CHAPTER:
        return ""
    section = page if page.kind == Page.Kind.SECTION else outline.by_pk.get(page.parent_id or 0)
    return section.number if section else ""


def _by_titles(query: Query, user: Any) -> tuple[Match, ...]:
    """Without an index: pages whose title, summary or text holds every word. Slow, and better than nothing."""
    pages = Page.objects.visible_to(user)
    for word in query.marked:
        pages = pages.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word))
    return tuple(Match(kind, pk, pk, 0.0) for kind, pk in pages.in_reading_order().values_list("kind", "pk"))
