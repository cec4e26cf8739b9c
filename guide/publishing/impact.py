"""What a change touches: a registry to which each app adds in its `AppConfig.ready()` what it knows to point here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from guide.pages.models import Page
from guide.publishing import judging
from guide.publishing.faults import Fault, SourceError
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

    @property
    def broken(self) -> tuple[Touched, ...]:
        return tuple(one for one in self.touched if one.is_broken)

    @property
    def broken_first(self) -> tuple[Touched, ...]:
        return (*self.broken, *(one for one in self.touched if not one.is_broken))


@dataclass(frozen=True)
class Change:
    """A page or document about to change: `text` is what it would say, None where it would go."""

    target: Page | Document
    text: str | None

    def keeps(self, principle: str) -> bool:
        """Whether the principle named `principle` of the page would still be there."""
        return self.text is not None and principle in self._principles

    @cached_property
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


def broken_by(target: Page | Document, text: str | None) -> list[Fault]:
    """Every link in the guide that would break, and every other fault, if `target` came to say `text` (None: were gone)."""
    try:
        if isinstance(target, Document):
            return judging.check_document(target.name, text or "")[1]
        if text is None:
            return judging.check_withdrawal([target.slug])
        return judging.check_page(judging.read_page(target, text))
    except SourceError as error:
        return error.faults
