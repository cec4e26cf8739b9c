"""The audit log in the admin: to look at, to filter and to export, by those who may; nobody adds, changes or deletes."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator

from guide.publishing import audit
from guide.publishing.admin_derived import ReadOnlyMixin
from guide.publishing.models import AuditEntry

_SAID = 120  # characters


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyMixin, admin.ModelAdmin[AuditEntry]):
    """The log of every act."""

    list_display = ("at", "who", "act", "page", "document", "version", "said", "where")
    list_display_links = ("at",)
    list_filter = ("act", ("user", admin.RelatedOnlyFieldListFilter), "at")
    list_select_related = ("page", "revision", "user")
    search_fields = ("who", "detail", "document", "where", "page__title", "page__slug")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_list_template = "admin/publishing/audit.html"

    @admin.display(description="版本", ordering="revision__number")
    def version(self, entry: AuditEntry) -> str:
        return f"第 {entry.revision.number} 版" if entry.revision else "-"

    @admin.display(description="说明", ordering="detail")
    def said(self, entry: AuditEntry) -> str:
        """What was said of the act, cut where it is long; the entry's own page has all of it."""
        return Truncator(entry.detail).chars(_SAID) or "-"

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view(self.as_csv)
        return [path("csv/", wrapped, name="publishing_auditentry_csv"), *super().get_urls()]

    def as_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """The whole log as it is filtered, oldest first, sent as it is read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entries = self.get_changelist_instance(request).queryset.order_by("pk").iterator(chunk_size=500)
        headers = {"Content-Disposition": f'attachment; filename="audit-{timezone.localdate()}.csv"'}
        return StreamingHttpResponse(audit.csv_lines(entries), content_type="text/csv; charset=utf-8", headers=headers)
