"""What of the guide itself points to a page or to a document's entries: the finders that `publishing` adds to `impact`."""

from collections.abc import Iterator

from guide.pages.models import CaseLink, Citation, Page, Principle, Reference
from guide.publishing import impact, judging, standing, usage
from guide.publishing.impact import Change, Touched
from guide.publishing.models import Document


def register() -> None:
    """Register every finder of this module. Harmless when repeated."""
    for title, finder in (
        ("案例", cases), ("引用", references), ("适用它的原则", applying), ("首屏与练习选项", columns), ("练习题", questions),
        ("依据的条款", sources), ("用到的术语", terms),
        ("用到的标准用语与本行信息", usage.phrases), ("用到所改条目的页面", usage.entries),
    ):  # fmt: skip
        impact.register(title, finder)


def cases(change: Change) -> Iterator[Touched]:
    links = CaseLink.objects.filter(principle__page_id=_page_pk(change), case__withdrawn_at=None)
    for link in links.select_related("case", "principle").order_by("case__title"):
        words = f"{link.get_relation_display()}“{link.principle.title}”"
        yield Touched(link.case.title, link.case.get_absolute_url(), words, not change.keeps(link.principle.slug))


def references(change: Change) -> Iterator[Touched]:
    rows = Reference.objects.filter(to_page_id=_page_pk(change), page__withdrawn_at=None).exclude(page_id=_page_pk(change))
    for row in rows.select_related("page", "to_principle").order_by("page__tree_id", "page__lft", "position"):
        is_broken = change.text is None or bool(row.to_principle and not change.keeps(row.to_principle.slug))
        words = f"引用“{row.to_principle.title}”" if row.to_principle else "引用本页"
        yield Touched(str(row.page), row.page.get_absolute_url(), words, is_broken)


def applying(change: Change) -> Iterator[Touched]:
    rules = Principle.objects.filter(applies__page_id=_page_pk(change)).exclude(page_id=_page_pk(change))
    for rule in rules.select_related("page", "applies"):
        home = rule.applies
        if home:
            yield Touched(rule.title, rule.page.get_absolute_url(), f"适用“{home.title}”", not change.keeps(home.slug))


def columns(change: Change) -> Iterator[Touched]:
    """Pages that show a case of ours first, or whose choices name one of our principles."""
    if isinstance(change.target, Document):
        return
    page = change.target
    rules = {f"{page.slug}#{slug}": slug for slug in page.principles.values_list("slug", flat=True)}
    for found in Page.objects.filter(pk__in=standing.naming_in_columns({page.slug, *rules})).exclude(pk=page.pk):
        named = {found.card.get("case"), *(choice["principle"] for choice in found.choices)}
        is_broken = (page.slug in named and change.text is None) or any(
            not change.keeps(slug) for name, slug in rules.items() if name in named
        )
        yield Touched(str(found), found.get_absolute_url(), "", is_broken)


def questions(change: Change) -> Iterator[Touched]:
    if isinstance(change.target, Document):
        return
    for name, rows in judging.read_documents(standing.question_texts())[0].items():
        for row in rows:
            page, _, rule = getattr(row, "principle", "").partition("#")
            if page == change.target.slug:
                yield Touched(row.stem, "", name, not change.keeps(rule))


def sources(change: Change) -> Iterator[Touched]:
    for citation in Citation.objects.filter(page_id=_page_pk(change)).select_related("provision__source"):
        yield Touched(str(citation.provision.source), "", citation.provision.text)


def terms(change: Change) -> Iterator[Touched]:
    for row in Reference.objects.filter(page_id=_page_pk(change), to_term__isnull=False).select_related("to_term"):
        yield Touched(str(row.to_term))


def _page_pk(change: Change) -> int:
    return int(change.target.pk) if isinstance(change.target, Page) else 0
