"""What changed as Atom feeds: of the whole guide and of each chapter. They hold what the reader may see, and no name."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from guide.pages.models import Page
from guide.publishing.changelog import published_for
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

    def items(self, asked: tuple[Any, Page | None]) -> list[Any]:
        return list(published_for(*asked).order_by("-published_at", "-pk")[:MOST])

    def item_title(self, item: Any) -> str:
        kind = "新页" if item.is_new else "实质性修改" if item.is_material else "小改动"
        return f"{kind}：{item.page}"

    def item_description(self, item: Any) -> str:
        return str(item.reason or "没有写原因。")

    def item_link(self, item: Any) -> str:
        return str(settings.SITE_URL + item.page.get_absolute_url())

    def item_guid(self, item: Any) -> str:
        """An address that a move of the page does not change."""
        return f"{settings.SITE_URL}{reverse('pages:go', args=[item.page.slug])}#v{item.number}"

    def item_pubdate(self, item: Any) -> datetime:
        moment: datetime = item.published_at
        return moment

    def item_updateddate(self, item: Any) -> datetime:
        return self.item_pubdate(item)
