"""By when each page is to be looked through again: what is overdue, what is due soon, and whose it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse

from guide.pages.models import Page

SOON_DAYS = 30
NO_OWNER = "没有写归口部门"


@dataclass(frozen=True)
class Review:
    """A page with its date, and how many days are left until it; fewer than none when it has passed."""

    page: Page
    due: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def is_soon(self) -> bool:
        return 0 <= self.days_left <= SOON_DAYS

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def owner(self) -> str:
        return self.page.owner or NO_OWNER


@dataclass(frozen=True)
class Owner:
    """All pages of one department, those due first at the top."""

    name: str
    reviews: tuple[Review, ...]

    @property
    def overdue(self) -> int:
        return sum(review.is_overdue for review in self.reviews)

    @property
    def soon(self) -> int:
        return sum(review.is_soon for review in self.reviews)


def reviews(today: date, within: int | None = None) -> list[Review]:
    """Every page of the guide that has a date, those due first at the top; only those due `within` so many days."""
    pages = Page.objects.published().exclude(review_by=None).shaped_like_lists().order_by("review_by", "tree_id", "lft")
    found = [Review(page, page.review_by, (page.review_by - today).days) for page in pages]
    return [review for review in found if within is None or review.days_left <= within]


def by_owner(found: Iterable[Review]) -> list[Owner]:
    """The reviews of each department, the one with most overdue first."""
    ordered = sorted(found, key=lambda review: review.owner)  # stable: dates stay in order
    owners = [Owner(name, tuple(rows)) for name, rows in groupby(ordered, key=lambda review: review.owner)]
    return sorted(owners, key=lambda owner: (-owner.overdue, -owner.soon, owner.name))


def as_feed(found: Iterable[Review]) -> dict[str, Any]:
    """The reviews as a JSON Feed (version 1.1), each with what it is about under `_review`."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "复核期限",
        "home_page_url": f"{settings.SITE_URL}{reverse('reports:reviews')}",
        "feed_url": f"{settings.SITE_URL}{reverse('publishing:reviews')}",
        "language": "zh-Hans",
        "items": list(_items(found)),
    }


def _items(found: Iterable[Review]) -> Iterator[dict[str, Any]]:
    for review in found:
        page, days = review.page, review.days_left
        when = f"已过 {-days} 天" if days < 0 else f"还有 {days} 天"
        yield {
            "id": f"{settings.SITE_URL}{reverse('pages:go', args=[page.slug])}#{review.due}",
            "url": settings.SITE_URL + page.get_absolute_url(),
            "title": str(page),
            "content_text": f"{review.due} 前复核，{when}。归口部门：{review.owner}",
            "tags": [review.owner],
            "_review": {
                "page": page.slug, "owner": page.owner, "review_by": review.due.isoformat(), "days_left": days,
                "state": "overdue" if days < 0 else "soon" if review.is_soon else "later",
            },
        }  # fmt: skip
