"""What is amiss in the guide as it stands: links that lead nowhere, pages nothing leads to, and what is not covered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from guide.pages import syntax
from guide.pages.models import CaseLink, Citation, Page, Picture, Principle, Reference
from guide.reference.models import LocalValue, Provision, Source, Term


@dataclass(frozen=True)
class Row:
    """One thing that is amiss: what, where to mend it in the admin, and what exactly."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """A question about the guide whose answer should be nothing, or little."""

    slug: str
    group: str
    title: str
    about: str
    find: Callable[[], Iterable[Row]]  # its rows


def _page_row(page: Any, detail: str = "") -> Row:
    return Row(str(page), reverse("admin:pages_page_change", args=[page.pk]), detail)


def _pages() -> Any:
    return Page.objects.published().in_reading_order().shaped_like_lists()


def _sections() -> Any:
    return _pages().filter(kind=Page.Kind.SECTION)


def _lost_references() -> Iterator[Row]:
    nothing = Q(to_page=None, to_principle=None, to_term=None, to_phrase=None, to_local=None)
    rows = Reference.objects.filter(page__withdrawn_at=None).filter(nothing | Q(to_page__withdrawn_at__isnull=False))
    for row in rows.select_related("page", "to_page").order_by("page__tree_id", "page__lft"):
        yield _page_row(row.page, f"[[{row.target}]]" + ("：那一页已撤下" if row.to_page else "：没有这个标识"))


def _lost_choices() -> Iterator[Row]:
    """What a page names outside its text: the case of its card, the principles of its choices."""
    published = set(Page.objects.published().values_list("slug", flat=True))
    rules = {f"{page}#{rule}" for page, rule in Principle.objects.values_list("page__slug", "slug")}
    for page in _pages().exclude(card={}, choices=[]):
        named = page.card.get("case", "")
        if named and named not in published:
            yield _page_row(page, f"首屏案例 {named}：没有这一页")
        for choice in page.choices:
            if choice["principle"] and choice["principle"] not in rules:
                yield _page_row(page, f"选项“{choice['text']}”：没有原则 {choice['principle']}")


def _shown_pictures() -> Iterator[tuple[Page, str]]:
    """Each page with the names of the pictures in its text."""
    pages = Page.objects.published().filter(body__contains="![").in_reading_order().defer("text", "file_text")
    for page in pages:
        for image in syntax.scan(page.body).images:
            yield page, syntax.picture_name(image.source, page.file_path)


def _lost_pictures() -> Iterator[Row]:
    files = dict(Picture.objects.values_list("name", "file"))
    for page, name in _shown_pictures():
        if name not in files:
            yield _page_row(page, f"{name}：没有这张图")
        elif not (Path(settings.PICTURES_DIR) / files[name]).is_file():
            yield _page_row(page, f"{name}：图片文件不在磁盘上，请重新载入")


def _sections_nobody_names() -> Iterator[Row]:
    named = Reference.objects.filter(to_page=OuterRef("pk"), page__withdrawn_at=None).exclude(page=OuterRef("pk"))
    told = CaseLink.objects.filter(principle__page=OuterRef("pk"), case__withdrawn_at=None)
    parents = Page.objects.published().filter(parent=OuterRef("pk"))
    for page in _sections().filter(~Exists(named), ~Exists(told), ~Exists(parents)):
        yield _page_row(page)


def _cases_without_principles() -> Iterator[Row]:
    for page in _pages().exclude(kind__in=[Page.Kind.CHAPTER, Page.Kind.SECTION]).filter(principle_links=None):
        yield _page_row(page)


def _principles() -> QuerySet[Principle]:
    return Principle.objects.filter(page__withdrawn_at=None).select_related("page").defer("page__text", "page__body")


def _principle_rows(found: Iterable[Principle]) -> Iterator[Row]:
    for rule in found:
        yield Row(rule.title, reverse("admin:pages_page_change", args=[rule.page_id]), str(rule.page))


def _principles_without_cases() -> Iterator[Row]:
    """Principles that no case shows, neither here nor where the same duty is written."""
    told = CaseLink.objects.filter(Q(principle=OuterRef("pk")) | Q(principle=OuterRef("applies")), case__withdrawn_at=None)
    return _principle_rows(_principles().filter(~Exists(told)))


def _law_without_citations() -> Iterator[Row]:
    cited = Citation.objects.filter(principle=OuterRef("pk"))
    return _principle_rows(_principles().exclude(basis=Principle.Basis.GUIDE).filter(~Exists(cited)))


def _without(**missing: Any) -> Callable[[], Iterator[Row]]:
    return lambda: (_page_row(page) for page in _sections().filter(**missing))


def _overdue() -> Iterator[Row]:
    for page in _pages().filter(review_by__lt=timezone.localdate()).order_by("review_by", "tree_id", "lft"):
        yield _page_row(page, f"{page.review_by} 到期，{page.owner or '没有写归口部门'}")


def _unused_pictures() -> Iterator[Row]:
    used = {name for _, name in _shown_pictures()}
    for picture in Picture.objects.order_by("name"):
        if picture.name not in used:
            yield Row(picture.name, reverse("admin:pages_picture_changelist") + f"?q={picture.name}")


def _unused_terms() -> Iterator[Row]:
    for term in Term.objects.filter(referred_by=None):
        yield Row(term.term, reverse("admin:reference_term_changelist") + f"?q={term.slug}")


def _unused_sources() -> Iterator[Row]:
    for source in Source.objects.exclude(pk__in=Provision.objects.exclude(citations=None).values("source")):
        yield Row(source.title, reverse("admin:reference_source_changelist") + f"?q={source.key}")


def _superseded_sources() -> Iterator[Row]:
    """Pages that rest on a source that was revised, or that another has taken the place of."""
    outdated = (Source.Status.REVISED, Source.Status.SUPERSEDED)
    rows = Citation.objects.filter(provision__source__status__in=outdated, page__withdrawn_at=None)
    for row in rows.select_related("page", "provision__source").order_by("page__tree_id", "page__lft", "position"):
        yield _page_row(row.page, f"《{row.provision.source.title}》{row.provision.article}")


def _empty_values() -> Iterator[Row]:
    for value in LocalValue.objects.filter(value=""):
        yield Row(value.label, reverse("admin:reference_localvalue_changelist"), "各页写作〔本行填写〕")


REPORTS = {
    report.slug: report
    for report in (
        Report("references", "断链", "落空的引用", "正文里的 [[…]] 没有着落，读者看到“找不到”。", _lost_references),
        Report("choices", "断链", "落空的首屏案例和选项", "页首信息里写的案例或原则没有了。", _lost_choices),
        Report("pictures", "断链", "找不到的图片", "正文里的图片没有着落。", _lost_pictures),
        Report("superseded", "断链", "引用了已修订或被取代的依据", "依据换了新的，条款要重新核对。", _superseded_sources),
        Report("alone", "孤页", "没有别处提到的节", "没有引用，没有案例，下面也没有页。", _sections_nobody_names),
        Report("untold", "孤页", "不说明任何原则的案例", "读者从原则走不到它。", _cases_without_principles),
        Report("unused-pictures", "孤页", "没有用到的图片", "没有一页用到。", _unused_pictures),
        Report("unused-terms", "孤页", "没有用到的术语", "没有一页提到。", _unused_terms),
        Report("unused-sources", "孤页", "没有用到的依据", "没有一页引用。", _unused_sources),
        Report("principles", "覆盖", "没有案例的原则", "这里和写同一义务的地方都没有案例。", _principles_without_cases),
        Report("uncited", "覆盖", "没有引用依据的法定、标准原则", "标了法定或标准，却没有写条款。", _law_without_citations),
        Report("no-owner", "覆盖", "没有归口部门的节", "到期时不知道该由谁复核。", _without(owner="")),
        Report("no-date", "覆盖", "没有复核期限的节", "没有人会想起来再看它。", _without(review_by=None)),
        Report("no-phrases", "覆盖", "没有话术的节", "读者找不到该怎么说。", _without(phrases=None)),
        Report("overdue", "覆盖", "过了复核期限的页", "读者看到“过了复核期限”。", _overdue),
        Report("local", "覆盖", "没有填的本行信息", "读者看到〔本行填写〕。", _empty_values),
    )
}
