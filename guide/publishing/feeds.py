"""What changed as Atom feeds: of the whole guide and of each chapter. They hold what the reader may see, and no name."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from guide.pages.models import Page
from guide.publishing.changelog import moved_for, published_for, withdrawn_for
from guide.reference.models import GuideInfo

MOST = 50


class ChangesFeed(Feed[Any, Any]):
    """The latest changes. Addresses come from SITE_URL, never from the request's host."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str = "") -> tuple[Any, Page | None]:
        chapters = Page.objects.visible_to(request.user).chapters()
        return request.user, get_object_or_404(chapters, slug=slug) if slug else None

    def title(self, asked: tuple[Any, Page | None]) -> str:
        info = GuideInfo.objects.first()
        name = info.title if info else "服务规范指南"
        return f"{name}：{asked[1]}" if asked[1] else f"{name}：改动"

    def link(self, asked: tuple[Any, Page | None]) -> str:
        chapter = asked[1]
        return settings.SITE_URL + reverse("publishing:changes") + (f"?chapter={chapter.slug}" if chapter else "")

    def feed_url(self, asked: tuple[Any, Page | None]) -> str:
        chapter = asked[1]
        path = reverse("publishing:chapter_feed", args=[chapter.slug]) if chapter else reverse("publishing:feed")
        return str(settings.SITE_URL) + path

    def feed_guid(self, asked: tuple[Any, Page | None]) -> str:
        return self.feed_url(asked)

    def subtitle(self, asked: tuple[Any, Page | None]) -> str:
        return "改了什么、为什么改，实质性修改标在题目里。"

    def items(self, asked: tuple[Any, Page | None]) -> list["Told"]:
        revisions = published_for(*asked).order_by("-published_at", "-pk")[:MOST]
        found = [*map(_published, revisions), *map(_moved, moved_for(*asked)[:MOST])]
        found += map(_withdrawn, withdrawn_for(*asked)[:MOST])
        return sorted(found, key=lambda told: told.at, reverse=True)[:MOST]

    def item_title(self, item: "Told") -> str:
        return f"{item.kind}：{item.title}"

    def item_description(self, item: "Told") -> str:
        return item.reason or "没有写原因。"

    def item_link(self, item: "Told") -> str:
        return f"{settings.SITE_URL}{item.link}"

    def item_guid(self, item: "Told") -> str:
        return f"{settings.SITE_URL}{item.guid}"

    def item_pubdate(self, item: "Told") -> datetime:
        return item.at

    def item_updateddate(self, item: "Told") -> datetime:
        return item.at


@dataclass(frozen=True)
class Told:
    """One thing that happened to a page. Its `guid` is an address that a move of the page does not change."""

    kind: str
    title: str
    reason: str
    link: str
    guid: str
    at: datetime


def _published(row: Any) -> Told:
    kind = "新页" if row.is_new else "实质性修改" if row.is_material else "小改动"
    return _told(kind, row.page, row.reason, f"v{row.number}", row.published_at)


def _moved(row: Any) -> Told:
    return _told("移动", row.pages.all()[0], row.reason, f"moved-{row.pk}", row.done_at)


def _withdrawn(page: Any) -> Told:
    told = _told("撤下", page, page.why, f"withdrawn-{page.withdrawn_at:%Y%m%d%H%M}", page.withdrawn_at)
    return replace(told, title=page.title, link=reverse("publishing:history", args=[page.path]))


def _told(kind: str, page: Page, reason: str, mark: str, at: datetime) -> Told:
    guid = f"{reverse('pages:go', args=[page.slug])}#{mark}"
    return Told(kind, str(page), reason, page.get_absolute_url(), guid, at)
