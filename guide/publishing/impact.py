"""What a change touches: a registry to which each app adds in its `AppConfig.ready()` what it knows to point here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from guide.pages.models import CaseLink, Page, Reference
from guide.publishing.models import Document
from guide.publishing.source import examine


@dataclass(frozen=True)
class Touched:
    """One thing that points to what is about to change. `is_broken` where it would point to nothing afterwards."""

    label: str
    url: str = ""
    detail: str = ""
    is_broken: bool = False


@dataclass(frozen=True)
class Group:
    """What one finder found, under its title."""

    title: str
    touched: tuple[Touched, ...]


@dataclass(frozen=True)
class Change:
    """A page or document about to change: `text` is what it would say, None where it would go."""

    target: Page | Document
    text: str | None

    def keeps(self, principle: str) -> bool:
        """Whether the principle named `principle` of the page would still be there."""
        return self.text is not None and principle in self._principles()

    def _principles(self) -> set[str]:
        kind = self.target.kind if isinstance(self.target, Page) else Page.Kind.SECTION
        source, _ = examine(self.text or "", "", kind)
        return {rule.slug for rule in source.principles} if source else set()


Finder = Callable[[Change], Iterable[Touched]]
_finders: dict[str, Finder] = {}


def register(title: str, finder: Finder) -> None:
    """Ask `finder` of every change from now on, and show what it finds under `title`. Harmless when repeated."""
    _finders[title] = finder


def impact_of(target: Page | Document, text: str | None) -> list[Group]:
    """Everything that points to `target`, by kind, if it came to say `text` (None: if it were withdrawn)."""
    change = Change(target, text)
    groups = [Group(title, tuple(finder(change))) for title, finder in _finders.items()]
    return [group for group in groups if group.touched]


def _cases(change: Change) -> Iterable[Touched]:
    links = CaseLink.objects.filter(principle__page_id=_page_pk(change), case__withdrawn_at=None)
    for link in links.select_related("case", "principle").order_by("case__title"):
        words = f"{link.get_relation_display()}“{link.principle.title}”"
        yield Touched(link.case.title, link.case.get_absolute_url(), words, not change.keeps(link.principle.slug))


def _references(change: Change) -> Iterable[Touched]:
    rows = Reference.objects.filter(to_page_id=_page_pk(change), page__withdrawn_at=None).exclude(page_id=_page_pk(change))
    for row in rows.select_related("page", "to_principle").order_by("page__tree_id", "page__lft", "position"):
        is_broken = change.text is None or bool(row.to_principle and not change.keeps(row.to_principle.slug))
        words = f"引用“{row.to_principle.title}”" if row.to_principle else "引用本页"
        yield Touched(str(row.page), row.page.get_absolute_url(), words, is_broken)


def _page_pk(change: Change) -> Any:
    return change.target.pk if isinstance(change.target, Page) else 0


register("案例", _cases)
register("引用", _references)
