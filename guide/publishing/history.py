"""What a page said and where it stood: versions, moves, the difference between any two. Nobody's name is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from guide.pages import syntax
from guide.pages.models import Page, Revision
from guide.publishing.arrangements import Arrangement
from guide.publishing.differences import Difference, compare
from guide.publishing.heads import Field, compare_heads
from guide.publishing.readable import readable


@dataclass(frozen=True)
class Version:
    """One text that readers see now or saw once."""

    number: int
    title: str
    published_at: datetime
    reason: str
    is_material: bool
    is_first: bool
    is_live: bool
    effective: date
    before: int | None  # the number of the version that it took the place of


@dataclass(frozen=True)
class History:
    """Everything that happened to a page, the latest first: its versions, its moves, and that it left the guide."""

    versions: list[Version]
    arrangements: list[Arrangement]

    @property
    def events(self) -> list[Version | Arrangement]:
        return sorted([*self.arrangements, *self.versions], key=_moment, reverse=True)


@dataclass(frozen=True)
class Comparison:
    """What became of the older version in the newer one: in the text, and field by field in the head."""

    older: Version
    newer: Version
    body: Difference
    fields: list[Field]

    @property
    def is_empty(self) -> bool:
        return self.body.is_empty and not self.fields


def history_of(page: Page) -> History:
    """The whole history of `page` as readers may know it."""
    return History(versions_of(page), list(Arrangement.objects.done().of_page(page)))


def versions_of(page: Page) -> list[Version]:
    """Every version of `page` that was ever in force, the latest first."""
    rows = list(Revision.objects.once_live().of_page(page).defer("text", "file_text"))
    return [_version(row, older) for row, older in zip(rows, [*rows[1:], None], strict=True)]


def comparison(page: Page, older: int, newer: int, versions: Iterable[Version]) -> Comparison:
    """The difference between two of `versions` of `page`, by their numbers. KeyError where one is not among them."""
    known = {version.number: version for version in versions}
    before, after = (_text(page, known[number].number) for number in (older, newer))
    return Comparison(known[older], known[newer], body=_body(before, after), fields=compare_heads(before, after))


def _body(before: str, after: str) -> Difference:
    """The difference of two bodies as people read them or, where that shows none, as they are written."""
    written = [syntax.body_of(text) for text in (before, after)]
    old, new = readable(written)
    return compare(old, new) if old != new else compare(*written)


def _moment(event: Version | Arrangement) -> datetime:
    if isinstance(event, Version):
        return event.published_at
    return event.done_at or event.created_at


def _version(row: Revision, older: Revision | None) -> Version:
    published_at = row.published_at or row.created_at
    return Version(
        row.number, row.title, published_at, row.reason, row.is_material, older is None, row.is_live,
        row.effective or timezone.localdate(published_at), older.number if older else None,
    )  # fmt: skip


def _text(page: Page, number: int) -> str:
    return Revision.objects.of_page(page).get(number=number).text
