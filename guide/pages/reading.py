"""A page as readers see it: its text rendered and cut, with the cases of each principle and all that points here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from guide.pages import rendering, syntax
from guide.pages.models import CaseLink, Citation, Page, Picture, Principle, Reference
from guide.pages.outline import Entry, Outline
from guide.reference.models import Source, Term


@dataclass(frozen=True)
class Block:
    """One part of the page with the cases that show its principle."""

    part: rendering.Part
    cases: tuple[CaseLink, ...]


@dataclass(frozen=True)
class Reading:
    """Everything that the template of a page draws."""

    page: Page
    blocks: tuple[Block, ...]
    contents: tuple[rendering.Entry, ...]
    principle_links: tuple[CaseLink, ...]  # of a case, card or drill
    sources: tuple[Source, ...]
    terms: tuple[Term, ...]
    referred_by: tuple[Page, ...]
    below: tuple[Page, ...]
    above: tuple[Entry, ...]
    before: Any
    after: Any


def read_page(page: Page, user: Any, outline: Outline) -> Reading:
    """Put together what `user` reads on `page`."""
    links = list(_case_links(page))
    out, into = _references(page)
    citations = list(Citation.objects.filter(page=page).select_related("provision__source"))
    rendered = _rendered(page, out, citations, outline)
    shown = defaultdict(list)
    for link in links:
        shown[link.principle.slug].append(link)
    before, after = outline.neighbours(page.pk) if page.is_numbered else _siblings(page, user)
    return Reading(
        page=page,
        blocks=tuple(Block(part, tuple(shown[part.slug])) for part in rendered.parts),
        contents=rendered.contents,
        principle_links=tuple(links) if not page.is_numbered else (),
        sources=tuple(dict.fromkeys(citation.provision.source for citation in citations)),
        terms=tuple(reference.to_term for reference in out if reference.to_term),
        referred_by=_pages_referring(into, page),
        below=_below(page, user), above=outline.above(page), before=before, after=after,
    )  # fmt: skip


def read_principle(rule: Principle) -> tuple[rendering.Rendered, tuple[Page, ...]]:
    """The text of one principle, rendered on its own, and the pages that refer to it."""
    out, into = _references(rule.page)
    citations = list(Citation.objects.filter(page_id=rule.page_id).select_related("provision__source"))
    rendered = rendering.render(rule.text, _Resolver(rule.page, out, citations))
    return rendered, _pages_referring([row for row in into if row.to_principle_id == rule.pk], rule.page)


def _case_links(page: Page) -> Iterable[CaseLink]:
    links = CaseLink.objects.select_related("principle", "principle__page", "case")
    links = links.defer(
        "case__text", "case__file_text", "principle__page__text", "principle__page__file_text", "principle__page__body"
    )
    if page.is_numbered:
        return links.filter(principle__page=page, case__withdrawn_at=None).order_by("case__title")
    return links.filter(case=page).order_by("position")


def _references(page: Page) -> tuple[list[Reference], list[Reference]]:
    """The references out of `page` and those into it, in one query."""
    rows = (
        Reference.objects.filter(page=page) | Reference.objects.filter(to_page=page, page__withdrawn_at=None)
    ).select_related("page", "to_page", "to_principle", "to_term", "to_phrase", "to_local")
    rows = rows.defer("page__text", "page__file_text", "page__body", "to_page__text", "to_page__file_text", "to_page__body")
    found = list(rows.order_by("page__tree_id", "page__lft", "position"))
    return [row for row in found if row.page_id == page.pk], [row for row in found if row.page_id != page.pk]


def _below(page: Page, user: Any) -> tuple[Page, ...]:
    """The pages directly under a section: its sub-sections, cases, cards or drills."""
    if page.kind != Page.Kind.SECTION or page.is_leaf_node():
        return ()
    return tuple(Page.objects.visible_to(user).filter(parent=page).shaped_like_lists().in_reading_order())


def _pages_referring(references: list[Reference], page: Page) -> tuple[Page, ...]:
    return tuple({row.page_id: row.page for row in references if row.page_id != page.pk}.values())


def _siblings(page: Page, user: Any) -> tuple[Page | None, Page | None]:
    found = list(Page.objects.visible_to(user).next_to(page).shaped_like_lists())
    before = next((other for other in found if other.lft < page.lft), None)
    return before, next((other for other in found if other.lft > page.lft), None)


def _rendered(page: Page, references: list[Reference], citations: list[Citation], outline: Outline) -> rendering.Rendered:
    key = f"rendered:{outline.version}:{page.pk}"
    kept: rendering.Rendered | None = cache.get(key)
    if kept is None:
        kept = render_text(page, references, citations)
        cache.set(key, kept)
    return kept


def render_text(page: Page, references: list[Reference], citations: list[Citation]) -> rendering.Rendered:
    """`page.body` rendered, its marks resolved by `references` and `citations`; none of the three need be stored, so a
    draft is rendered exactly as the page would be."""
    terms = {row.to_term.term: _term(row.to_term) for row in references if row.is_plain and row.to_term}
    resolver = _Resolver(page, references, citations)
    return rendering.render(page.body, resolver, terms=_longest_first(terms), picture=_pictures(page))


def _pictures(page: Page) -> rendering.FindPicture:
    """How to find the address of a picture that `page` names; asks the database only where there is one."""
    files = dict(Picture.objects.values_list("name", "file")) if "![" in page.body else {}

    def find(source: str) -> str | None:
        file = files.get(syntax.picture_name(source, page.file_path))
        return reverse("pages:picture", args=[file]) if file else None

    return find


def _longest_first(terms: dict[str, rendering.Target]) -> dict[str, rendering.Target]:
    return dict(sorted(terms.items(), key=lambda item: -len(item[0])))


def _term(term: Term) -> rendering.Target:
    return rendering.Target(term.term, reverse("pages:term", args=[term.slug]), "term", term.definition)


class _Resolver:
    """Turns the marks in one page's text into links, from the rows that were derived from that text."""

    def __init__(self, page: Page, references: list[Reference], citations: list[Citation]) -> None:
        self.page = page
        self.references = {row.target: row for row in references}
        self.facts = {f"{row.provision.source.key}#{row.provision.slug}": row.provision for row in citations}

    def __call__(self, mark: syntax.Mark) -> rendering.Target:
        if mark.is_citation:
            return self._citation(mark.target.removeprefix("cite:"))
        row = self.references.get(mark.target)
        found = self._reference(row, mark.words) if row else None
        return found or rendering.Target(f"〔找不到：{mark.words or mark.target}〕", is_broken=True)

    def _citation(self, fact: str) -> rendering.Target:
        provision = self.facts.get(fact)
        if provision is None:
            return rendering.Target(f"〔找不到依据：{fact}〕", is_broken=True)
        url = reverse("pages:source", args=[provision.source.key]) + f"#{provision.slug}"
        return rendering.Target(f"《{provision.source.title}》{provision.article}", url, "cite", provision.text)

    def _reference(self, row: Reference, words: str) -> rendering.Target | None:
        if row.to_term:
            target = _term(row.to_term)
            return rendering.Target(words or target.text, target.href, target.css_class, target.title)
        if row.to_phrase:
            return rendering.Target(row.to_phrase.text, css_class="standard-phrase")
        if row.to_local:
            return rendering.Target(str(row.to_local), css_class="local" if row.to_local.value else "local empty")
        if row.to_principle and row.to_page:
            return self._principle(row.to_principle, row.to_page, words)
        if row.to_page and row.to_page.is_published:
            text = f"{row.to_page.number} {row.to_page.title}".strip()
            return rendering.Target(words or text, row.to_page.get_absolute_url(), "ref")
        return None

    def _principle(self, rule: Principle, page: Page, words: str) -> rendering.Target | None:
        if not page.is_published:
            return None
        if page.pk == self.page.pk:
            return rendering.Target(words or f"“{rule.title}”", f"#{rule.slug}", "ref")
        url = f"{page.get_absolute_url()}#{rule.slug}"
        return rendering.Target(words or f"{page.number}“{rule.title}”", url, "ref")
