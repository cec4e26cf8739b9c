"""The outbox (which pages the index has still to hear of), and the rows of the search log."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from guide.pages.models import Page


class Outbox(models.Model):
    """One page whose rows changed, or (without a page) a change of terms and sources."""

    page_pk = models.BigIntegerField("页面", null=True)
    noted_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "待更新索引"
        verbose_name_plural = "待更新索引"

    def __str__(self) -> str:
        return f"{self.page_pk or '术语与依据'}"


class LogQuerySet(models.QuerySet["LoggedSearch"]):
    """Questions to the search log. What was asked is grouped by its key: the latest row of each stands for all."""

    def misses(self, since: datetime) -> Self:
        """What was asked since `since` and not found, or told to the editors, with `times` and `last`."""
        asked = self.filter(at__gte=since)
        return self._grouped(asked.filter(count=0) | asked.filter(kind=LoggedSearch.Kind.TOLD))

    def unopened(self, since: datetime) -> Self:
        """What people asked since `since` and found, and nobody opened any of it, with `times` and `last`."""
        opened = LoggedSearch.objects.filter(key=OuterRef("key"), at__gte=since, kind=LoggedSearch.Kind.OPENED)
        return self._grouped(self.filter(at__gte=since, count__gt=0).exclude(kind=LoggedSearch.Kind.API)).filter(
            ~Exists(opened)
        )

    def _grouped(self, rows: Self) -> Self:
        latest = rows.values("key").annotate(latest=Max("pk")).values("latest")
        alike = rows.filter(key=OuterRef("key")).order_by().values("key")
        return self.filter(pk__in=latest).annotate(
            times=Coalesce(Subquery(alike.annotate(number=Count("pk")).values("number")), 0),
            last=Subquery(alike.annotate(latest=Max("at")).values("latest")),
        )


class LoggedSearch(models.Model):
    """One act of search, as the log tells it. Names nobody unless SEARCH_LOG_USERS is on."""

    class Kind(models.TextChoices):
        PAGE = "page", "搜索页"
        TYPED = "typed", "边打字边搜"
        API = "api", "接口"
        OPENED = "opened", "打开"
        TOLD = "told", "告诉编辑"

    at = models.DateTimeField("时间", db_index=True)
    kind = models.CharField("方式", max_length=10, choices=Kind)
    query = models.CharField("搜索的话", max_length=200)
    key = models.CharField("归并后的话", max_length=200)  # letter case, spaces and traditional characters made equal
    count = models.PositiveIntegerField("找到", null=True)  # None: nothing was searched for anew
    understood = models.JSONField("怎样理解", default=dict)
    opened = models.CharField("打开的地址", max_length=500, blank=True)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name="打开的页面")
    note = models.TextField("留言", blank=True)
    user_name = models.CharField("用户", max_length=150, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["key", "at"], name="logged_by_key"),
            models.Index(fields=["user_name"], name="logged_with_name", condition=~models.Q(user_name="")),
        ]
        verbose_name = "搜索记录"
        verbose_name_plural = "搜索记录"

    def __str__(self) -> str:
        return self.query


class Miss(LoggedSearch):
    """What was asked and not found."""

    class Meta:
        proxy = True
        verbose_name = "没有找到的"
        verbose_name_plural = "没有找到的"


class Unopened(LoggedSearch):
    """What was found and not opened."""

    class Meta:
        proxy = True
        verbose_name = "找到但没打开的"
        verbose_name_plural = "找到但没打开的"


class LogFile(models.Model):
    """How far a file of the search log has been taken into rows; written in the same transaction as they."""

    name = models.CharField("文件", max_length=100, unique=True)
    offset = models.BigIntegerField("读到", default=0)

    class Meta:
        verbose_name = "搜索记录文件"
        verbose_name_plural = "搜索记录文件"

    def __str__(self) -> str:
        return self.name
