"""What changed across the guide, day by day: changes of substance first, then small ones, new pages, and what went."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page as Screen
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from guide.pages.models import Page, Revision

DAYS_A_SCREEN = 14
MOST_SHOWN = 60  # rows of one kind on one day; more than that are counted


@dataclass(frozen=True)
class Wish:
    """What of the changes is asked for: of which chapter (its page), of which weight, how many days back."""

    chapter: Page | None = None
    weight: str = ""  # "material", "minor", "new", "withdrawn"; empty: all
    days: int = 0  # 0: from the beginning
    screen: int = 1


@dataclass
class Day:
    """What changed on one day."""

    day: date
    material: list[Revision] = field(default_factory=list)
    minor: list[Revision] = field(default_factory=list)
    new: list[Revision] = field(default_factory=list)
    withdrawn: list[Page] = field(default_factory=list)

    @property
    def shown_new(self) -> list[Revision]:
        return self.new[:MOST_SHOWN]

    @property
    def new_left(self) -> int:
        return max(0, len(self.new) - MOST_SHOWN)


def published_for(user: Any, chapter: Page | None = None) -> QuerySet[Any]:
    """What was published of the pages that `user` may read, the latest day first; each `is_new` where it was a page's first."""
    earlier = Revision.objects.filter(page=OuterRef("page"), published_at__lt=OuterRef("published_at"))
    found = Revision.objects.changes().filter(page__in=_inside(Page.objects.visible_to(user), chapter))
    return found.annotate(is_new=~Exists(earlier)).defer("text", "file_text", "page__text", "page__file_text", "page__body")


def changes(user: Any, wish: Wish) -> tuple[Screen[date], list[Day]]:
    """The days of one screen, the latest first, with what changed on each."""
    revisions, gone = _weighed(user, wish)
    days = {*revisions.order_by().values_list("day", flat=True).distinct(), *gone.values_list("day", flat=True)}
    screen = Paginator(sorted(days, reverse=True), DAYS_A_SCREEN).get_page(wish.screen)
    return screen, _filled(list(screen.object_list), revisions, gone)


def _weighed(user: Any, wish: Wish) -> tuple[QuerySet[Any], QuerySet[Page]]:
    """The revisions and the withdrawn pages that are asked for."""
    revisions = published_for(user, wish.chapter)
    gone = _inside(Page.objects.withdrawn_for(user), wish.chapter).annotate(day=TruncDate("withdrawn_at")).order_by("-day")
    if wish.days:
        first = timezone.localdate() - timedelta(days=wish.days)
        revisions, gone = revisions.filter(day__gte=first), gone.filter(day__gte=first)
    kinds: dict[str, dict[str, bool]] = {
        "material": {"is_new": False, "is_material": True}, "minor": {"is_new": False, "is_material": False},
        "new": {"is_new": True},
    }  # fmt: skip
    if wish.weight == "withdrawn":
        return revisions.none(), gone
    if wish.weight:
        return revisions.filter(**kinds[wish.weight]), gone.none()
    return revisions, gone


def _inside(pages: Any, chapter: Page | None) -> Any:
    return pages.filter(tree_id=chapter.tree_id) if chapter else pages


def _filled(days: Sequence[date], revisions: QuerySet[Any], gone: QuerySet[Page]) -> list[Day]:
    filled = {day: Day(day) for day in days}
    rows: dict[date, list[Any]] = defaultdict(list)
    for revision in revisions.filter(day__in=days).order_by("page__tree_id", "page__lft", "-published_at", "-pk"):
        rows[_day_of(revision)].append(revision)
    for page in gone.filter(day__in=days).defer("text", "file_text", "body"):
        filled[_day_of(page)].withdrawn.append(page)
    for day, found in rows.items():
        filled[day].new = [row for row in found if row.is_new]
        filled[day].material = [row for row in found if row.is_material and not row.is_new]
        filled[day].minor = [row for row in found if not row.is_material and not row.is_new]
    return list(filled.values())


def _day_of(row: Any) -> date:
    day: date = row.day
    return day
