"""Lists that cross the guide: cases, terms, sources, and who uses them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from unicodedata import normalize

from django.db.models import Prefetch

from guide.pages.models import CaseLink, Citation, Page, PageQuerySet, Principle, Reference
from guide.pages.outline import Outline
from guide.reference.models import Provision, Source, Term


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    name: str
    rows: Sequence[Any]


@dataclass(frozen=True)
class UsedSource:
    """A source and the pages that rest on it."""

    source: Source
    pages: Sequence[Page]


@dataclass(frozen=True)
class UsedProvision:
    """A provision and the places of the guide that rest on it."""

    provision: Provision
    citations: Sequence[Citation]


def cases(
    user: Any, *, chapter: str = "", post: str = "", type: str = "", relation: str = "", principle: str = ""
) -> list[Page]:
    """Cases that `user` may read, in title order, each with its principles, narrowed by what is given.

    `chapter` is the id of the chapter whose principles a case shows or breaks; `principle` is "section#principle".
    """
    found = Page.objects.visible_to(user).cases()
    links = _narrowed(CaseLink.objects.all(), chapter, relation, principle)
    if chapter or relation or principle:
        found = found.filter(pk__in=links.values("case"))
    if type:
        found = found.filter(case_type=type)
    if post:
        found = found.for_post(post)
    shown = CaseLink.objects.select_related("principle__page").order_by("position")
    shown = shown.defer("principle__text", "principle__page__text", "principle__page__file_text", "principle__page__body")
    return list(found.defer("text", "file_text").order_by("title").prefetch_related(Prefetch("principle_links", shown)))


def cases_by_chapter(found: Sequence[Page], outline: Outline) -> list[Group]:
    """`found` under the chapters of the guide, each case under that of its first principle."""
    rows: dict[str, list[Page]] = {chapter.entry.slug: [] for chapter in outline.chapters}
    for case in found:
        link = next(iter(case.principle_links.all()), None)
        rows.setdefault(link.principle.page.path.partition("/")[0] if link else "", []).append(case)
    names = {chapter.entry.slug: f"{chapter.entry.number} {chapter.entry.title}" for chapter in outline.chapters}
    return [Group(names.get(slug, ""), cases) for slug, cases in rows.items() if cases]


def _narrowed(links: Any, chapter: str, relation: str, principle: str) -> Any:
    if chapter:
        links = links.filter(principle__page__path__startswith=f"{chapter}/")
    if relation:
        links = links.filter(relation=relation)
    if principle:
        section, _, slug = principle.partition("#")
        links = links.filter(principle__page__slug=section, principle__slug=slug)
    return links


def cases_of_principle(rule: Principle) -> list[Group]:
    """The cases, cards and drills of `rule`, grouped by relation in the order of the relations."""
    links = list(
        CaseLink.objects.filter(principle=rule, case__withdrawn_at=None).select_related("case").order_by("case__title")
    )
    order = list(CaseLink.Relation.values)
    links.sort(key=lambda link: order.index(link.relation))
    return [Group(name, list(rows)) for name, rows in groupby(links, key=lambda link: link.relation)]


def pages_using_term(term: Term, user: Any) -> PageQuerySet:
    """Pages in which `term` is linked or mentioned."""
    references = Reference.objects.filter(to_term=term)
    pages: PageQuerySet = Page.objects.visible_to(user).filter(pk__in=references.values("page"))
    return pages.shaped_like_lists().in_reading_order()


def terms_by_letter(user: Any) -> list[Group]:
    """The terms that `user` may read by the first letter of their pinyin."""
    terms = sorted(Term.objects.visible_to(user), key=lambda term: _letters(term.pinyin or term.slug))
    return [
        Group(letter, list(rows)) for letter, rows in groupby(terms, key=lambda term: _letters(term.pinyin)[:1].upper() or "#")
    ]


def _letters(pinyin: str) -> str:
    """Pinyin without tone marks, for sorting."""
    return "".join(letter for letter in normalize("NFD", pinyin.lower()) if letter.isascii())


def sources_by_kind(user: Any) -> list[Group]:
    """All sources, laws first, each with the pages that rest on it, as far as `user` may read them."""
    kinds = list(Source.Kind.values)
    pages = {page.pk: page for page in Page.objects.visible_to(user).shaped_like_lists().in_reading_order()}
    using = defaultdict(set)
    for source_pk, page_pk in Citation.objects.values_list("provision__source", "page").distinct():
        using[source_pk].add(page_pk)
    rows = [
        UsedSource(source, [page for pk, page in pages.items() if pk in using[source.pk]])
        for source in sorted(Source.objects.visible_to(user), key=lambda row: (kinds.index(row.kind), row.position))
    ]
    return [Group(Source.Kind(kind).label, list(group)) for kind, group in groupby(rows, key=lambda row: row.source.kind)]


def provisions_of(source: Source, user: Any) -> list[UsedProvision]:
    """The provisions of `source` with the places that rest on each, as far as `user` may read them."""
    citations = Citation.objects.filter(provision__source=source, page__in=Page.objects.visible_to(user))
    citations = citations.select_related("page", "principle").order_by("page__tree_id", "page__lft", "position")
    found = list(citations.defer("page__text", "page__file_text", "page__body"))
    return [
        UsedProvision(provision, [row for row in found if row.provision_id == provision.pk])
        for provision in source.provisions.all()
    ]
