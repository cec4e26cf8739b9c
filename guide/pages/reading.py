"""A page as readers see it: its text rendered and cut, with the cases of each principle and all that points here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString

from guide.pages import rendering, syntax
from guide.pages.answers import Answer, Block, answer_of, nearest_first, split_by_post
from guide.pages.finding import Found
from guide.pages.models import CaseLink, Citation, Page, Picture, Principle, Reference
from guide.pages.outline import Entry, Outline
from guide.pages.resolving import Resolver, longest_first, numbered
from guide.reference.models import Provision, Source, Term

__all__ = [
    "Block", "Reading", "pictures_of", "read_chapter", "read_draft", "read_page", "read_principle", "read_text", "render_text",
]  # fmt: skip


# Columns of a case that nothing shows where it is only named.
_UNREAD = (
    "text", "file_text", "file_path", "keywords", "topics", "asked", "choices", "card", "owner", "review_by", "changed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """Everything that the template of a page draws."""

    page: Page
    answer: Answer
    blocks: tuple[Block, ...]
    others: tuple[Block, ...]  # written for other posts than the reader's
    contents: tuple[rendering.Entry, ...]
    sources: tuple[tuple[Source, tuple[tuple[int, Provision], ...]], ...]  # each with its provisions by their numbers
    terms: tuple[Term, ...]
    referred_by: tuple[Page, ...]
    above: tuple[Entry, ...]
    before: Any
    after: Any
    told_below: tuple[Any, ...] = ()  # where there are MANY cases below: their links, each with the `path` of its principle


@dataclass(frozen=True)
class _Rows:
    """The derived rows that one page is put together from."""

    links: list[CaseLink]
    out: list[Reference]
    into: list[Reference]
    citations: list[Citation]
    below: list[CaseLink] = field(default_factory=list)  # whole only where it was asked for


def read_page(found: Found, outline: Outline, post: str = "") -> Reading:
    """Put together what a reader whose post is `post` reads on the page that was found."""
    rows = _rows_of([found.page], with_incoming=True, is_crowded=found.is_crowded)[found.page.pk]
    return _read(found.page, rows, outline, post, (found.before, found.after))


def read_draft(
    page: Page, links: list[CaseLink], references: list[Reference], citations: list[Citation], outline: Outline
) -> Reading:
    """As `read_page`, for a page of which nothing need be stored: its rows are handed in, and nothing is kept."""
    return _read(page, _Rows(links, references, [], citations), outline, "", (None, None))


def read_chapter(pages: Sequence[Page], outline: Outline) -> list[Reading]:
    """A chapter and its sections as one long read, for paper: nothing in it leads to other pages."""
    rows = _rows_of(pages, with_incoming=False)
    return [_read(page, rows[page.pk], outline, "", (None, None)) for page in pages]


def _read(page: Page, rows: _Rows, outline: Outline, post: str, siblings: tuple[Any, Any]) -> Reading:
    resolver = Resolver(page, rows.out, rows.citations)
    rendered = _rendered(page, rows, outline)
    blocks, others = split_by_post(_blocks(page, rendered, rows, post), post)
    before, after = outline.neighbours(page.pk) if page.is_numbered else siblings
    told = {link.case_id for link in rows.links}
    return Reading(
        page=page,
        answer=answer_of(page, _in_page_order(rows.links), post, lambda text: _inline(text, resolver)),
        blocks=blocks, others=others, contents=rendered.contents,
        sources=_sources(rows.citations),
        terms=tuple(reference.to_term for reference in rows.out if reference.to_term),
        referred_by=tuple(other for other in _pages_referring(rows.into, page) if other.pk not in told),
        above=outline.above(page), before=before, after=after, told_below=tuple(rows.below),
    )  # fmt: skip


def _blocks(page: Page, rendered: rendering.Rendered, rows: _Rows, post: str) -> list[Block]:
    cases, provisions = defaultdict(list), defaultdict(list)
    for link in rows.links:
        cases[link.principle.slug].append(link)
    numbers = {provision.pk: number for number, provision in numbered(rows.citations).items()}
    for row in rows.citations:
        if row.principle:
            provisions[row.principle.slug].append((numbers[row.provision_id], row.provision))
    return [
        Block(
            part.for_post(post),
            nearest_first(cases[part.slug], page, post),
            tuple(sorted(provisions[part.slug], key=itemgetter(0))),
        )
        for part in rendered.parts
    ]


def _inline(text: str, resolver: Resolver) -> SafeString:
    return rendering.render(text, resolver).html


def _in_page_order(links: list[CaseLink]) -> list[CaseLink]:
    return sorted(links, key=lambda link: link.principle.position)


def _sources(citations: list[Citation]) -> tuple[tuple[Source, tuple[tuple[int, Provision], ...]], ...]:
    found: dict[Source, list[tuple[int, Provision]]] = {}
    for number, provision in numbered(citations).items():
        found.setdefault(provision.source, []).append((number, provision))
    return tuple((source, tuple(provisions)) for source, provisions in found.items())


def read_principle(rule: Principle) -> tuple[rendering.Rendered, tuple[Page, ...], tuple[tuple[int, Provision], ...]]:
    """The text of one principle, rendered on its own, the pages that refer to it, and what it rests on."""
    rows = _rows_of([rule.page], with_incoming=True, with_cases=False)[rule.page_id]
    rendered = rendering.render(rule.text, Resolver(rule.page, rows.out, rows.citations))
    own = {row.provision_id for row in rows.citations if row.principle_id == rule.pk}
    provisions = tuple((number, row) for number, row in numbered(rows.citations).items() if row.pk in own)
    into = [row for row in rows.into if row.to_principle_id == rule.pk]
    return rendered, _pages_referring(into, rule.page), provisions


def read_text(page: Page) -> rendering.Rendered:
    """The text of `page` alone, as its readers see it; two queries."""
    rows = _rows_of([page], with_incoming=False, with_cases=False)[page.pk]
    return render_text(page, rows.out, rows.citations)


def _rows_of(pages: Sequence[Page], with_incoming: bool, with_cases: bool = True, is_crowded: bool = False) -> dict[int, _Rows]:
    """The rows of each of `pages`, in three queries however many they are; with those of the cases below where these
    are many."""
    rows = {page.pk: _Rows([], [], [], []) for page in pages}
    if with_cases and any(page.is_numbered for page in pages):
        _add_links(rows, _case_links(pages, is_crowded))
    for reference in _references(pages, with_incoming):
        if reference.page_id in rows:
            rows[reference.page_id].out.append(reference)
        if with_incoming and reference.to_page_id in rows and reference.page_id != reference.to_page_id:
            rows[reference.to_page_id].into.append(reference)
    if any("[@" in page.body for page in pages):
        for citation in Citation.objects.filter(page__in=pages).select_related("provision__source", "principle"):
            rows[citation.page_id].citations.append(citation)
    return rows


def _add_links(rows: dict[int, _Rows], links: Iterable[CaseLink]) -> None:
    for link in links:
        if link.principle.page_id in rows:
            rows[link.principle.page_id].links.append(link)
        if link.case.parent_id in rows:
            rows[link.case.parent_id].below.append(link)


def _case_links(pages: Sequence[Page], is_crowded: bool) -> Iterable[CaseLink]:
    """The links to the principles of `pages` and, where asked for, from the cases below them, in one query; each with the
    `path` of the page that its principle stands on."""
    wanted = Q(principle__page__in=pages, case__withdrawn_at=None)
    if is_crowded:
        wanted |= Q(case__in=Page.objects.published().cases().filter(parent__in=pages))
    links = CaseLink.objects.filter(wanted).select_related("principle", "case").annotate(path=F("principle__page__path"))
    return links.defer("principle__text", "principle__asked", *(f"case__{name}" for name in _UNREAD)).order_by("case__title")


def _references(pages: Sequence[Page], with_incoming: bool) -> Iterable[Reference]:
    """The references out of `pages` and, where wanted, those into them, in one query."""
    rows = Reference.objects.filter(page__in=pages)
    if with_incoming:
        rows = rows | Reference.objects.filter(to_page__in=pages, page__withdrawn_at=None)
    rows = rows.select_related("page", "to_page", "to_principle", "to_term", "to_phrase", "to_local")
    rows = rows.defer("page__text", "page__file_text", "page__body", "to_page__text", "to_page__file_text", "to_page__body")
    return rows.order_by("page__tree_id", "page__lft", "position")


def _pages_referring(references: list[Reference], page: Page) -> tuple[Page, ...]:
    return tuple({row.page_id: row.page for row in references if row.page_id != page.pk}.values())


def _rendered(page: Page, rows: _Rows, outline: Outline) -> rendering.Rendered:
    if page._state.adding:  # a draft: not a row, so nothing to keep it by
        return render_text(page, rows.out, rows.citations)
    key = f"rendered:{outline.version}:{page.pk}"
    kept: rendering.Rendered | None = cache.get(key)
    if kept is None:
        kept = render_text(page, rows.out, rows.citations)
        cache.set(key, kept)
    return kept


def render_text(page: Page, references: list[Reference], citations: list[Citation]) -> rendering.Rendered:
    """`page.body` rendered, its marks resolved by `references` and `citations`; none of the three need be stored, so a
    draft is rendered exactly as the page would be."""
    terms = longest_first([row.to_term for row in references if row.is_plain and row.to_term])
    resolver = Resolver(page, references, citations)
    return rendering.render(page.body, resolver, terms=terms, picture=pictures_of(page))


def pictures_of(page: Page) -> rendering.FindPicture:
    """How to find the address of a picture that `page` names; asks the database only where there is one."""
    files = dict(Picture.objects.values_list("name", "file")) if "![" in page.body else {}

    def find(source: str) -> str | None:
        file = files.get(syntax.picture_name(source, page.file_path))
        return reverse("pages:picture", args=[file]) if file else None

    return find
