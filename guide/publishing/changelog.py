"""What changed across the guide, day by day: changes of substance, what went, small changes, what moved, new pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page as Screen
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from guide.pages.models import Page, Revision
from guide.publishing.arrangements import Arrangement

DAYS_A_SCREEN = 14
MOST_SHOWN = 60  # rows of one kind on one day; more than that are counted


@dataclass(frozen=True)
class Wish:
    """What of the changes is asked for: of which chapter (its page), of which weight, how many days back."""

    chapter: Page | None = None
    weight: str = ""  # "material", "minor", "new", "moved", "withdrawn"; empty: all
    days: int = 0  # 0: from the beginning
    screen: int = 1


@dataclass
class Day:
    """What changed on one day."""

    day: date
    material: list[Revision] = field(default_factory=list)
    minor: list[Revision] = field(default_factory=list)
    new: list[Revision] = field(default_factory=list)
    moved: list[Arrangement] = field(default_factory=list)
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


def moved_for(user: Any, chapter: Page | None = None) -> QuerySet[Any]:
    """The moves of pages that `user` may read, into `chapter` or out of it, the latest first."""
    found = Arrangement.objects.done().filter(act=Arrangement.Act.MOVE, pages__in=Page.objects.visible_to(user))
    if chapter:
        left = Q(was__contains=f" {chapter.slug}/") | Q(was__startswith=f"{chapter.slug}/")
        found = found.filter(left | Q(pages__tree_id=chapter.tree_id))
    return found.annotate(day=TruncDate("done_at")).prefetch_related("pages").distinct()


def withdrawn_for(user: Any, chapter: Page | None = None) -> QuerySet[Page]:
    """The pages that left the guide, of those that `user` could read, the latest first; each with `why`."""
    reasons = Arrangement.objects.done().filter(act=Arrangement.Act.WITHDRAW, pages=OuterRef("pk")).values("reason")
    gone = _inside(Page.objects.withdrawn_for(user), chapter).shaped_like_lists()
    found: QuerySet[Page] = gone.annotate(day=TruncDate("withdrawn_at"), why=Subquery(reasons[:1])).order_by("-withdrawn_at")
    return found


def changes(user: Any, wish: Wish) -> tuple[Screen[date], list[Day]]:
    """The days of one screen, the latest first, with what changed on each."""
    asked = _asked_for(user, wish)
    days = {day for rows in asked for day in rows.order_by().values_list("day", flat=True).distinct()}
    screen = Paginator(sorted(days, reverse=True), DAYS_A_SCREEN).get_page(wish.screen)
    return screen, _filled(list(screen.object_list), *asked)


def _asked_for(user: Any, wish: Wish) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    """The revisions, the moves and the withdrawn pages that are asked for."""
    revisions = published_for(user, wish.chapter)
    moved, gone = moved_for(user, wish.chapter), withdrawn_for(user, wish.chapter)
    if wish.days:
        first = timezone.localdate() - timedelta(days=wish.days)
        revisions, moved, gone = (rows.filter(day__gte=first) for rows in (revisions, moved, gone))
    kinds: dict[str, dict[str, bool]] = {
        "material": {"is_new": False, "is_material": True}, "minor": {"is_new": False, "is_material": False},
        "new": {"is_new": True},
    }  # fmt: skip
    if not wish.weight:
        return revisions, moved, gone
    revisions = revisions.filter(**kinds[wish.weight]) if wish.weight in kinds else revisions.none()
    return revisions, moved if wish.weight == "moved" else moved.none(), gone if wish.weight == "withdrawn" else gone.none()


def _inside(pages: Any, chapter: Page | None) -> Any:
    return pages.filter(tree_id=chapter.tree_id) if chapter else pages


def _filled(days: Sequence[date], revisions: QuerySet[Any], moved: QuerySet[Any], gone: QuerySet[Any]) -> list[Day]:
    filled = {day: Day(day) for day in days}
    rows: dict[date, list[Any]] = defaultdict(list)
    for revision in revisions.filter(day__in=days).order_by("page__tree_id", "page__lft", "-published_at", "-pk"):
        rows[_day_of(revision)].append(revision)
    for arrangement in moved.filter(day__in=days):
        filled[_day_of(arrangement)].moved.append(arrangement)
    for page in gone.filter(day__in=days):
        filled[_day_of(page)].withdrawn.append(page)
    for day, found in rows.items():
        filled[day].new = [row for row in found if row.is_new]
        filled[day].material = [row for row in found if row.is_material and not row.is_new]
        filled[day].minor = [row for row in found if not row.is_material and not row.is_new]
    return list(filled.values())


def _day_of(row: Any) -> date:
    day: date = row.day
    return day
