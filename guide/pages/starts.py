"""Where to start: what the home page offers, and what stands under a section that holds many cases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Subquery

from guide.pages.finding import Found
from guide.pages.models import Page
from guide.pages.outline import Entry, Outline

WEEKLY = 3  # cases of the week
RECENT = 6
CARDS = 12
FIRST_LOAD = timedelta(hours=1)  # no load takes longer


@dataclass(frozen=True)
class Shelf:
    """A way into the list of cases: the filter that leads there, its word, and how many it finds."""

    query: str
    name: str
    count: int


@dataclass(frozen=True)
class Below:
    """What stands directly under a section: its pages or, where these are many, shelves of them by chapter, post and type."""

    total: int
    pages: Sequence[Page] = ()
    chapters: Sequence[Shelf] = ()
    posts: Sequence[Shelf] = ()
    types: Sequence[Shelf] = ()


def cases_of_the_week(user: Any, day: date) -> list[Page]:
    """Three cases, the same for everybody through a week; all have had their turn before one comes again."""
    pks = list(Page.objects.visible_to(user).cases().order_by("slug").values_list("pk", flat=True))
    first = (day.toordinal() - 1) // 7 * WEEKLY  # the first of January of year 1 was a Monday
    chosen = [pks[(first + place) % len(pks)] for place in range(min(WEEKLY, len(pks)))]
    found = Page.objects.visible_to(user).defer("text", "file_text").in_bulk(chosen)
    return [found[pk] for pk in chosen]


def recently_changed(user: Any) -> list[Page]:
    """The pages changed last, newest first; what came with the guide's first load has not changed."""
    first = Page.objects.order_by("changed_at").values("changed_at")[:1]
    pages = Page.objects.visible_to(user).shaped_like_lists().annotate(first_change=Subquery(first))
    newest = pages.order_by("-changed_at", "tree_id", "lft")[:RECENT]
    return [page for page in newest if page.changed_at > page.first_change + FIRST_LOAD]


def problem_cards(user: Any, post: str) -> list[Page]:
    """Problem cards for somebody with a customer waiting, those for `post` before the others."""
    cards = Page.objects.visible_to(user).filter(kind=Page.Kind.CARD).shaped_like_lists().in_reading_order()
    return _for_post_first(cards, post)[:CARDS]


def _for_post_first(pages: Iterable[Page], post: str) -> list[Page]:
    return sorted(pages, key=lambda page: bool(post) and post not in page.posts)


def below(found: Found, told: Sequence[Any], outline: Outline, post: str = "") -> Below | None:
    """What stands under the section that was found, what is for `post` first, or None where nothing does; where it is
    much, it is counted from `told`, what the cases below tell of."""
    if found.is_crowded:
        return _shelves(told, outline) if told else None
    return Below(len(found.below), _for_post_first(found.below, post)) if found.below else None


def _shelves(links: Sequence[Any], outline: Outline) -> Below:
    rows = [(link.case_id, link.case.posts, link.case.case_type, link.path) for link in links]
    chapters = Counter(chapter for chapter, _ in {(path.partition("/")[0], case) for case, _, _, path in rows})
    cases = {case: (posts, case_type) for case, posts, case_type, _ in rows}
    posts = Counter(post for named, _ in cases.values() for post in named)
    types = Counter(case_type for _, case_type in cases.values())
    return Below(
        total=len(cases),
        chapters=[_chapter_shelf(chapter.entry, chapters) for chapter in outline.chapters if chapters[chapter.entry.slug]],
        posts=[Shelf(f"post={post}", name, posts[post]) for post, name in outline.info.posts.items() if posts[post]],
        types=[Shelf(f"type={kind}", str(name), types[kind]) for kind, name in Page.CaseType.choices if types[kind]],
    )


def _chapter_shelf(entry: Entry, counts: Counter[str]) -> Shelf:
    return Shelf(f"chapter={entry.slug}", f"{entry.number} {entry.title}", counts[entry.slug])
