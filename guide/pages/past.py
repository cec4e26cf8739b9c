"""The guide as it was: which pages stood where, with which text, at the end of a day of the guide's time zone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from guide.pages.models import NUMBERED, Page, Placement, Revision


@dataclass(frozen=True)
class Standing:
    """A page as it stood that day: where, under which number and title, and the key of the revision in force."""

    page_pk: int
    slug: str
    kind: str
    title: str
    parent_pk: int | None
    position: int
    revision_pk: int
    path: str = ""
    number: str = ""
    level: int = 0

    @property
    def is_numbered(self) -> bool:
        return self.kind in NUMBERED


@dataclass(frozen=True)
class Past:
    """The guide at the end of `day`, in reading order: chapters, their sections, and the cases below those."""

    day: date
    entries: tuple[Standing, ...]

    @cached_property
    def by_pk(self) -> dict[int, Standing]:
        return {entry.page_pk: entry for entry in self.entries}

    def find(self, slug: str) -> Standing | None:
        """Where the page named `slug` stood; None when it was not part of the guide."""
        return next((entry for entry in self.entries if entry.slug == slug), None)

    def at_path(self, path: str) -> Standing | None:
        """The page that stood at this address that day."""
        return next((entry for entry in self.entries if entry.path == path), None)

    def below(self, entry: Standing) -> tuple[Standing, ...]:
        """The pages directly under `entry`, in reading order."""
        return tuple(other for other in self.entries if other.parent_pk == entry.page_pk)

    def above(self, entry: Standing) -> tuple[Standing, ...]:
        """The pages above `entry`, the chapter first."""
        found, pk = [], entry.parent_pk
        while pk is not None and pk in self.by_pk:
            found.append(self.by_pk[pk])
            pk = found[-1].parent_pk
        return tuple(reversed(found))

    def revision(self, entry: Standing) -> Revision:
        """The revision that was in force; its `text` is the whole file, its `body` what stands below the front matter."""
        found: Revision = Revision.objects.get(pk=entry.revision_pk)
        return found


def end_of(day: date) -> datetime:
    """The last moment of `day` in the guide's time zone."""
    midnight = datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())
    return midnight - timedelta(microseconds=1)


def as_of(day: date) -> Past:
    """The guide as in force at the end of `day`. Four queries, however large it is. Texts are read one by one."""
    moment = end_of(day)
    said = Revision.objects.filter(page__isnull=False, published_at__lte=moment).order_by("published_at", "pk")
    texts = {page: (pk, title) for page, pk, title in said.values_list("page", "pk", "title")}
    places = Placement.objects.get_queryset().at(moment).values_list("page", "page__slug", "page__kind", "parent", "position")
    children: dict[int | None, list[Standing]] = defaultdict(list)
    for page, slug, kind, parent, position in places:
        if page in texts:
            revision, title = texts[page]
            children[parent].append(Standing(page, slug, kind, title, parent, position, revision))
    return Past(day, tuple(_in_reading_order(children)))


def _in_reading_order(children: dict[int | None, list[Standing]]) -> Iterator[Standing]:
    stack = _numbered(children[None], "", "", 0)
    while stack:
        entry = stack.pop(0)
        yield entry
        stack = _numbered(children[entry.page_pk], entry.number, f"{entry.path}/", entry.level + 1) + stack


def _numbered(siblings: list[Standing], number: str, path: str, level: int) -> list[Standing]:
    """`siblings` in order, with their numbers and paths. Cases, cards and drills stand by title, without a number."""
    ordered = sorted(siblings, key=_rank)
    numbers = iter(range(1, len(ordered) + 1))
    return [
        replace(
            entry, path=f"{path}{entry.slug}", level=level,
            number=f"{number}.{next(numbers)}".lstrip(".") if entry.is_numbered else "",
        )
        for entry in ordered
    ]  # fmt: skip


def _rank(entry: Standing) -> tuple[int, int, str, str]:
    if entry.is_numbered:
        return 0, entry.position, "", entry.slug
    return 1 + list(Page.Kind).index(Page.Kind(entry.kind)), 0, entry.title, entry.slug
