"""A draft as readers would see it: the renderer of the pages, its marks resolved by the guide as it is and by itself."""

from collections.abc import Iterable
from typing import Any

from guide.pages import stories, syntax
from guide.pages.models import CaseLink, Citation, Page, Principle, Reference
from guide.pages.outline import Outline
from guide.pages.reading import read_draft
from guide.publishing.linking import PLAIN_TERM_LENGTH
from guide.publishing.source import Source
from guide.reference.models import LocalValue, Provision, StandardPhrase, Term


def preview(source: Source, outline: Outline, stored: Page | None = None) -> dict[str, Any]:
    """What the templates of pages draw of `source`, as the page that `stored` would become. Nothing is stored."""
    page = _page(source, stored)
    guide = _Guide(source, page)
    reading = read_draft(page, list(_cases_of(stored)), list(guide.references()), list(guide.citations()), outline)
    context: dict[str, Any] = {"page": page, "reading": reading}
    if not page.is_numbered:
        context["story"] = stories.cut(reading, tuple(stories.Told(link, None) for link in guide.case_links()))
    return context


def _page(source: Source, stored: Page | None) -> Page:
    slug = source.id or "new"
    return Page(
        pk=stored.pk if stored else None, kind=source.kind, slug=slug, number=stored.number if stored else "",
        path=stored.path if stored else slug, parent_id=stored.parent_id if stored else None, file_path=source.path,
        title=source.title or "（还没有标题）", summary=source.summary, posts=list(source.posts), topics=list(source.topics),
        owner=source.owner, review_by=source.review_by, case_type=source.case_type, card=source.card, body=source.body,
        choices=[{"text": row.text, "outcome": row.outcome, "principle": row.principle} for row in source.choices],
    )  # fmt: skip


def _cases_of(stored: Page | None) -> Iterable[CaseLink]:
    if stored is None or not stored.is_numbered:
        return []
    links = CaseLink.objects.filter(principle__page=stored, case__withdrawn_at=None)
    return links.select_related("principle", "case").defer("case__text", "case__file_text").order_by("case__title")


class _Guide:
    """What the marks of one draft point to; asks the database only for what the draft names."""

    def __init__(self, source: Source, page: Page) -> None:
        self.source, self.page = source, page
        targets = [mark.target for mark in source.marks if not mark.is_citation]
        targets += [rule.applies for rule in source.principles if rule.applies]
        self.targets = list(dict.fromkeys(targets))
        names = {target.partition("#")[0] for target in [*self.targets, *(link.to for link in source.links)]}
        pages = Page.objects.published().filter(slug__in=names).shaped_like_lists()
        self.pages = {found.slug: found for found in pages} | {page.slug: page}
        rules = Principle.objects.filter(page__in=pages).exclude(page__slug=page.slug).select_related("page")
        self.principles = {f"{rule.page.slug}#{rule.slug}": rule for rule in rules} | self._own_principles()
        self.terms = {term.slug: term for term in Term.objects.all()}
        self.phrases = {row.slug: row for row in StandardPhrase.objects.filter(slug__in=self._named("say"))}
        self.local = {row.slug: row for row in LocalValue.objects.filter(slug__in=self._named("local"))}

    def _named(self, scheme: str) -> list[str]:
        return [target.partition(":")[2] for target in self.targets if target.startswith(f"{scheme}:")]

    def _own_principles(self) -> dict[str, Principle]:
        return {
            f"{self.page.slug}#{rule.slug}": Principle(
                page=self.page, slug=rule.slug, title=rule.title, level=rule.level, basis=rule.basis
            )
            for rule in self.source.principles
        }

    def references(self) -> Iterable[Reference]:
        """A Reference for each mark, and for each term that the text mentions without marking it."""
        plain = syntax.plain(self.source.body)
        mentioned = [
            f"term:{slug}" for slug, term in self.terms.items() if len(term.term) >= PLAIN_TERM_LENGTH and term.term in plain
        ]
        for target in dict.fromkeys([*self.targets, *mentioned]):
            scheme, _, name = target.partition(":")
            yield Reference(
                page=self.page, target=target, is_plain=target not in self.targets,
                to_page=self.pages.get(target.partition("#")[0]), to_principle=self.principles.get(target),
                to_term=self.terms.get(name) if scheme == "term" else None,
                to_phrase=self.phrases.get(name) if scheme == "say" else None,
                to_local=self.local.get(name) if scheme == "local" else None,
            )  # fmt: skip

    def citations(self) -> Iterable[Citation]:
        """A Citation for each mark that names a fact there is, in the order of the text, with its principle."""
        marks = [mark for mark in self.source.marks if mark.is_citation]
        keys = {mark.target.removeprefix("cite:").partition("#")[0] for mark in marks}
        provisions = Provision.objects.filter(source__key__in=keys).select_related("source")
        facts = {f"cite:{row.source.key}#{row.slug}": row for row in provisions}
        for mark in marks:
            if mark.target in facts:
                rule = self.principles.get(f"{self.page.slug}#{self.source.principle_at(mark.line)}")
                yield Citation(page=self.page, principle=rule, provision=facts[mark.target])

    def case_links(self) -> Iterable[CaseLink]:
        for link in self.source.links:
            if rule := self.principles.get(link.to):
                yield CaseLink(principle=rule, case=self.page, relation=link.relation, note=link.note)
