"""The inbox of the editors: what readers report, with its state; and how often each page helped."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from guide.feedback import inbox
from guide.feedback.forms import DecisionForm
from guide.feedback.models import Answer, Report
from guide.feedback.places import address_of, place_still


class OpenFilter(admin.SimpleListFilter):
    """Reports that wait, or are closed."""

    title = "进度"
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "未结"), ("no", "已结")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(state__in=Report.OPEN)
        return queryset.exclude(state__in=Report.OPEN) if self.value() == "no" else queryset


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    """A reader's words are shown, never edited; what is decided is state and note."""

    form = DecisionForm
    list_display = ("__str__", "spot", "told", "state", "reported_at")
    list_filter = (OpenFilter, "state", "about", ("reported_at", admin.DateFieldListFilter))
    list_select_related = ("page", "principle", "revision")
    search_fields = ("text", "paragraph", "quote", "note", "place", "page__title")
    readonly_fields = ("where", "meant", "about", "text", "email", "reported_at", "closed_at")
    fields = ("where", "meant", "about", "text", "email", "reported_at", "closed_at", "state", "note", "seen")
    list_per_page = 100

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        inbox.decide(obj)

    @admin.display(description="说明")
    def told(self, report: Report) -> str:
        return report.text if len(report.text) <= 40 else report.text[:40] + "…"

    @admin.display(description="位置")
    def spot(self, report: Report) -> str:
        return "：".join(filter(None, (report.place, Truncator(report.paragraph).chars(24))))

    @admin.display(description="哪一段")
    def meant(self, report: Report) -> SafeString:
        place = place_still(report) if report.paragraph else None
        context = {"report": report, "place": place, "address": address_of(report, place)}
        return render_to_string("admin/feedback/_meant.html", context)

    @admin.display(description="位置")
    def where(self, report: Report) -> SafeString:
        at = report.principle or report.page
        return format_html(
            '<a href="{}">{}{}</a>　<a href="{}">改这一页</a>',
            at.get_absolute_url(), report.page, f"，“{report.place}”" if report.place else "",
            reverse("admin:pages_page_change", args=[report.page_id]),
        )  # fmt: skip


@admin.register(Answer)
class AnswerAdmin(admin.ModelAdmin[Answer]):
    """Counted, never edited."""

    list_display = ("page", "day", "helped", "failed")
    list_filter = (("day", admin.DateFieldListFilter),)
    list_select_related = ("page",)
    search_fields = ("page__title",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Answer | None = None) -> bool:
        return False
