"""The outbox in the admin (what the index has still to hear of), and the search log: every act, misses, what nobody opened."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guide.search import gaps
from guide.search.models import LoggedSearch, LogQuerySet, Miss, Outbox, Unopened


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shown, never edited."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """An address may filter by any column, but by names only for those who are shown them."""
        is_name = lookup.partition("__")[0] == "user_name"
        return (not is_name or _may_see_names(request)) and super().lookup_allowed(lookup, value, request)


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "noted_at")


class FoundFilter(admin.SimpleListFilter):
    """Searches that found something or nothing."""

    title = "结果"
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "找到了"), ("no", "没有找到")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"yes": {"count__gt": 0}, "no": {"count": 0}}
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(LoggedSearch)
class LoggedSearchAdmin(ReadOnlyAdmin):
    """Every settled search and every opened hit. Names, where they are kept, are shown to those who see users."""

    list_display = ("query", "at", "kind", "count", "meant", "led_to")
    list_filter = ("kind", FoundFilter, ("at", admin.DateFieldListFilter))
    list_select_related = ("page",)
    search_fields = ("query", "key", "note", "opened")
    date_hierarchy = "at"
    fields = ("query", "at", "kind", "count", "meant", "led_to", "note")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "user_name") if _may_see_names(request) else self.list_display

    def get_fields(self, request: HttpRequest, obj: LoggedSearch | None = None) -> tuple[str, ...]:
        return (*self.fields, "user_name") if _may_see_names(request) else self.fields

    @admin.display(description="怎样理解")
    def meant(self, row: LoggedSearch) -> str:
        return gaps.meaning(row.understood)

    @admin.display(description="打开了")
    def led_to(self, row: LoggedSearch) -> str:
        return format_html('<a href="{}">{}</a>', row.opened, row.page or row.opened) if row.opened else ""


class PeriodFilter(admin.SimpleListFilter):
    """The days that are counted; `GroupedAdmin.get_queryset` has applied it already, for the counts depend on it."""

    title = "期间"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("7", "最近 7 天"), ("90", "最近 90 天"), ("36500", "全部")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield from ({**first, "display": "最近 30 天"}, *others)


class _Judged(ChangeList):
    """Tells each row shown what its words find today, and which words of the guide are nearest."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = gaps.judged(list(self.result_list), request)


class GroupedAdmin(ReadOnlyAdmin):
    """What was asked, alike questions in one row, with how often and when last."""

    list_filter = (PeriodFilter,)
    search_fields = ("query", "key", "note")
    fields = ("query", "at", "kind", "note")
    show_full_result_count = False  # grouping is not free: count once
    change_list_template = "admin/search/gaps.html"

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-times", "-last")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _Judged

    def get_urls(self) -> list[URLPattern]:
        name = f"search_{self.opts.model_name}_csv"
        return [path("csv/", self.admin_site.admin_view(self.as_csv), name=name), *super().get_urls()]

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """The whole list as it is filtered, for a spreadsheet."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        name = f"{self.opts.model_name}-{timezone.localdate()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
        csv.writer(response).writerows(gaps.table(self.get_changelist_instance(request).queryset))
        return response

    @admin.display(description="次数", ordering="times")
    def times(self, row: Any) -> int:
        return int(row.times)

    @admin.display(description="最后一次", ordering="last")
    def last(self, row: Any) -> datetime:
        return timezone.localtime(row.last)

    @admin.display(description="现在找到")
    def found_now(self, row: Any) -> int:
        return int(row.found_now)


@admin.register(Miss)
class MissAdmin(GroupedAdmin):
    list_display = ("query", "times", "last", "found_now", "nearest", "told", "as_synonym")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return LogQuerySet(Miss).misses(_since(request))

    @admin.display(description="相近的词")
    def nearest(self, row: Any) -> str:
        return "、".join(row.nearest)

    @admin.display(description="留言")
    def told(self, row: Any) -> str:
        return str(row.note)

    @admin.display(description="怎么办")
    def as_synonym(self, row: Any) -> SafeString:
        asked = {"word": gaps.bare(row.key), "beside": row.nearest[0] if row.nearest else ""}
        return format_html('<a href="{}?{}">加为同义词</a>', reverse("admin:publishing_synonym_add"), urlencode(asked))


@admin.register(Unopened)
class UnopenedAdmin(GroupedAdmin):
    list_display = ("query", "times", "last", "found_now", "results")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return LogQuerySet(Unopened).unopened(_since(request))

    @admin.display(description="读者看到的")
    def results(self, row: Any) -> SafeString:
        return format_html('<a href="{}?{}">看结果</a>', reverse("search:results"), urlencode({"q": row.query}))


def _since(request: HttpRequest) -> datetime:
    days = request.GET.get("days", "")
    return timezone.now() - timedelta(days=min(int(days), 36500) if days.isascii() and days.isdigit() else 30)


def _may_see_names(request: HttpRequest) -> bool:
    return bool(settings.SEARCH_LOG_USERS) and request.user.has_perm("accounts.view_user")
