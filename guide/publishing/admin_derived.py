"""Rows that are derived from texts, and records nobody changes, in the admin: to look at and to search."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from guide.pages.models import CaseLink, Citation, FormerPath, Phrase, Picture, Principle, Reference
from guide.publishing.models import ChapterRole


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


@admin.register(ChapterRole)
class ChapterRoleAdmin(admin.ModelAdmin[ChapterRole]):
    """Who edits and who reviews a chapter; a chapter for which nobody is named is open to all of the role."""

    list_display = ("chapter", "user", "part")
    list_filter = ("part", "chapter")
    list_select_related = ("chapter", "user")
