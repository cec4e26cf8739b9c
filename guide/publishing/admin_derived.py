"""Rows that are derived from texts, and records nobody changes, in the admin: to look at and to search."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from guide.pages.models import CaseLink, Citation, FormerPath, Phrase, Picture, Principle, Reference
from guide.publishing import audit
from guide.publishing.models import AuditEntry, ChapterRole


class ReadOnlyMixin:
    """Shown, never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DerivedInline(ReadOnlyMixin, admin.TabularInline[Any, Any]):
    extra = 0
    show_change_link = True


class ShownInline(DerivedInline):
    """The cases of a principle."""

    model = CaseLink
    fk_name = "principle"
    fields = ("relation", "case", "note")
    verbose_name_plural = "案例"


class DerivedAdmin(ReadOnlyMixin, admin.ModelAdmin[Any]):
    """What points where."""

    list_select_related: ClassVar[bool | tuple[str, ...]] = True


@admin.register(Principle)
class PrincipleAdmin(DerivedAdmin):
    list_display = ("title", "page", "level", "basis", "slug")
    list_filter = ("level", "basis")
    search_fields = ("title", "slug", "text", "page__title")
    inlines = (ShownInline,)


@admin.register(CaseLink)
class CaseLinkAdmin(DerivedAdmin):
    list_display = ("case", "relation", "principle", "note")
    list_filter = ("relation",)
    search_fields = ("case__title", "principle__title", "note")


@admin.register(Reference)
class ReferenceAdmin(DerivedAdmin):
    list_display = ("page", "target", "is_plain")
    list_filter = ("is_plain",)
    search_fields = ("page__title", "target")


@admin.register(Citation)
class CitationAdmin(DerivedAdmin):
    list_display = ("page", "principle", "provision")
    list_select_related: ClassVar[bool | tuple[str, ...]] = ("page", "principle", "provision__source")
    search_fields = ("page__title", "provision__source__title", "provision__text")


@admin.register(Phrase)
class PhraseAdmin(DerivedAdmin):
    list_display = ("say", "avoid", "page", "audience")
    list_filter = ("audience",)
    search_fields = ("say", "avoid", "why", "page__title")


@admin.register(FormerPath)
class FormerPathAdmin(DerivedAdmin):
    list_display = ("path", "page")
    search_fields = ("path", "page__title")


@admin.register(Picture)
class PictureAdmin(DerivedAdmin):
    list_display = ("name", "file")
    search_fields = ("name",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyMixin, admin.ModelAdmin[AuditEntry]):
    """The log of every act. Nobody changes it here or elsewhere."""

    list_display = ("at", "who", "act", "page", "document", "revision", "detail", "where")
    list_filter = ("act", "user")
    list_select_related = ("page", "revision", "user")
    search_fields = ("who", "detail", "document", "page__title", "page__slug")
    date_hierarchy = "at"
    actions = ("as_csv",)

    @admin.action(description="导出所选为 CSV", permissions=["view"])
    def as_csv(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> HttpResponse:
        response = HttpResponse(audit.as_csv(queryset.order_by("pk")), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return response


@admin.register(ChapterRole)
class ChapterRoleAdmin(admin.ModelAdmin[ChapterRole]):
    """Who edits and who reviews a chapter; a chapter for which nobody is named is open to all of the role."""

    list_display = ("chapter", "user", "part")
    list_filter = ("part", "chapter")
    list_select_related = ("chapter", "user")
