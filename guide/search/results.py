"""A query to Results: one row a section with its best principle, then cases, then terms and sources.

The index only proposes; what is shown, and whether it may be shown, is read from the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from guide.pages import syntax
from guide.pages.models import CaseLink, Page, Principle
from guide.pages.outline import Outline
from guide.reference.models import Provision, Source, Term
from guide.search import index, passages
from guide.search.documents import SOURCE, TERM
from guide.search.lexicon import Lexicon
from guide.search.matching import is_known, match
from guide.search.queries import Query, correct, parse
from guide.search.ranking import Evidence, Row, rank

NUMBERED = (Page.Kind.CHAPTER, Page.Kind.SECTION)
TELLING = (Page.Kind.CASE, Page.Kind.CARD, Page.Kind.DRILL)
# The order of groups; within a group the best comes first.
GROUPS: tuple[tuple[str, ...], ...] = (NUMBERED, TELLING, (TERM,), (SOURCE,))
KINDS = (*NUMBERED, *TELLING, TERM, SOURCE)
_WHOLE = 0.999


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
    score: float
    principle: Principle | None = None


@dataclass(frozen=True)
class Results:
    query: Query
    total: int
    hits: tuple[Hit, ...]
    is_partial: bool = False
    is_makeshift: bool = False  # the index could not be read: titles and keywords were compared instead


@dataclass(frozen=True)
class _Law:
    """A source with the text of its provisions."""

    source: Source
    text: str


@dataclass
class _Found:
    """Ranked rows with the database's rows that they stand for."""

    query: Query
    rows: list[Row]
    objects: dict[tuple[str, int], Any]
    is_makeshift: bool = False


def search(text: str, user: Any, outline: Outline, *, kind: str = "", limit: int = 20, as_typed: bool = False) -> Results:
    """What `user` finds for `text`, at most `limit` rows; `total` counts all rows that may be seen.

    `outline` is the guide as `user` sees it. `as_typed` searches for slips of spelling as they are.
    """
    found = _find(text, user, as_typed)
    rows = [row for row in found.rows if kind in ("", row.kind)]
    ordered = [row for group in GROUPS for row in rows if row.kind in group]
    hits = tuple(_hit(row, found, outline) for row in ordered[:limit])
    is_partial = bool(rows) and all(row.coverage < _WHOLE for row in rows) and not found.is_makeshift
    return Results(found.query, len(ordered), hits, is_partial, found.is_makeshift)


def _find(text: str, user: Any, as_typed: bool) -> _Found:
    try:
        lexicon = index.lexicon()
        query = parse(text, lexicon)
        found = _ranked(query, user)
        return found if as_typed or _has_sections(found) else _corrected(found, lexicon, user)
    except index.IndexUnavailable:
        return _by_titles(parse(text, Lexicon()), user)


def _has_sections(found: _Found) -> bool:
    return _best_coverage(found) > _WHOLE or bool(found.query.number)


def _corrected(found: _Found, lexicon: Lexicon, user: Any) -> _Found:
    """What is found for the query without its slip, when there is one and more is found without it."""
    query = correct(found.query, lexicon, is_known)
    better = _ranked(query, user) if query else None
    return better if better and _best_coverage(better) > _best_coverage(found) else found


def _best_coverage(found: _Found) -> float:
    """The largest share of what was asked that one section holds."""
    return max((row.coverage for row in found.rows if row.kind == Page.Kind.SECTION), default=0.0)


def _ranked(query: Query, user: Any) -> _Found:
    if query.is_empty:
        return _Found(query, [], {})
    matches = match(query)
    pages = _pages(query, {found.page_pk for found in matches.rows if found.page_pk}, user)
    documents = [
        Evidence(found.kind, found.pk, found.page_pk, found.scores, found.beside)
        for found in matches.rows
        if found.page_pk == 0 or found.page_pk in pages
    ]
    telling = (page for page in pages.values() if not page.is_numbered)
    rows = rank(documents, matches.weights, _sections_of(telling), is_at_home=matches.is_at_home)
    objects = _objects(rows, pages, user)
    shown = [row for row in _numbers_first(query, rows, pages) if (row.kind, row.pk) in objects]
    return _Found(query, shown, objects)


def _numbers_first(query: Query, rows: list[Row], pages: dict[int, Page]) -> list[Row]:
    """A page asked for by its number comes before all that only mention it."""
    named = [page for page in pages.values() if query.number and page.number == query.number]
    others = [row for row in rows if row.pk not in {page.pk for page in named} or row.kind not in NUMBERED]
    return [Row(page.kind, page.pk, score=1000.0, coverage=1.0) for page in named] + others


def _pages(query: Query, pks: set[int], user: Any) -> dict[int, Page]:
    wanted = Q(pk__in=pks)
    if query.number:
        wanted |= Q(number=query.number)
    return {page.pk: page for page in Page.objects.visible_to(user).filter(wanted).defer("text", "file_text")}


def _sections_of(cases: Iterable[Page]) -> dict[int, set[int]]:
    """The sections whose principles each case tells of."""
    sections: dict[int, set[int]] = defaultdict(set)
    pks = [case.pk for case in cases]
    for case, section in CaseLink.objects.filter(case__in=pks).values_list("case", "principle__page"):
        sections[case].add(section)
    return sections


def _objects(rows: list[Row], pages: dict[int, Page], user: Any) -> dict[tuple[str, int], Any]:
    """The database's row for each ranked row that `user` may see, and the principles that matched best."""
    objects: dict[tuple[str, int], Any] = {(page.kind, page.pk): page for page in pages.values()}
    terms = Term.objects.visible_to(user).filter(pk__in=[row.pk for row in rows if row.kind == TERM])
    rules = Principle.objects.filter(pk__in=[row.principle_pk for row in rows if row.principle_pk])
    objects |= {(TERM, term.pk): term for term in terms}
    objects |= {(SOURCE, law.source.pk): law for law in _laws([row.pk for row in rows if row.kind == SOURCE], user)}
    return objects | {("principle", rule.pk): rule for rule in rules}


def _laws(pks: list[int], user: Any) -> list[_Law]:
    """The sources among `pks` that `user` may see, each with what it provides, in one query."""
    seen = Provision.objects.filter(source__in=Source.objects.visible_to(user).filter(pk__in=pks))
    rows = seen.select_related("source").order_by("source", "position")
    return [_Law(source, "；".join(row.text for row in group)) for source, group in groupby(rows, key=lambda row: row.source)]


def _hit(row: Row, found: _Found, outline: Outline) -> Hit:
    shown = found.objects[row.kind, row.pk]
    url, slug, title, text = _told(shown, outline)
    number, section = (shown.number, _section_number(shown, outline)) if isinstance(shown, Page) else ("", "")
    passage = passages.cut(text, found.query.marked)
    best = found.objects.get(("principle", row.principle_pk))
    return Hit(row.kind, slug, number, section, title, url, passage, round(row.score, 4), best)


def _told(shown: Any, outline: Outline) -> tuple[str, str, str, str]:
    """Address, id, title and text of a page, term or source."""
    if isinstance(shown, Term):
        return reverse("pages:term", args=[shown.slug]), shown.slug, shown.term, shown.definition
    if isinstance(shown, _Law):
        return reverse("pages:source", args=[shown.source.key]), shown.source.key, shown.source.title, shown.text
    return shown.get_absolute_url(), shown.slug, shown.title, _quoted_text(shown, outline)


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


def _by_titles(query: Query, user: Any) -> _Found:
    """Without an index: pages whose title, summary or text holds every word. Slow, and better than nothing."""
    pages = Page.objects.visible_to(user)
    for concept in query.concepts:
        word = concept.text
        pages = pages.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word))
    found = list(pages.in_reading_order().defer("text", "file_text")) if query.concepts else []
    rows = [Row(page.kind, page.pk, score=1.0, coverage=1.0) for page in found]
    return _Found(query, rows, {(page.kind, page.pk): page for page in found}, is_makeshift=True)
