"""Terms, sources and wording in the admin: derived from documents, to look at and to search."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from guide.reference.models import GuideInfo, LocalValue, Provision, Source, StandardPhrase, SynonymGroup, Term


class DerivedAdmin(admin.ModelAdmin[Any]):
    """Shown, never edited here: the documents are the truth."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProvisionInline(admin.TabularInline[Any, Any]):
    model = Provision
    fields = ("slug", "text", "article", "confirmed")
    extra = 0
    can_delete = False


@admin.register(Term)
class TermAdmin(DerivedAdmin):
    list_display = ("term", "pinyin", "english", "definition")
    search_fields = ("term", "pinyin", "english", "definition", "aliases")


@admin.register(Source)
class SourceAdmin(DerivedAdmin):
    list_display = ("title", "kind", "number", "effective", "status")
    list_filter = ("kind", "status")
    search_fields = ("title", "number", "issuer", "key")
    inlines = (ProvisionInline,)


@admin.register(Provision)
class ProvisionAdmin(DerivedAdmin):
    list_display = ("source", "article", "text", "confirmed")
    list_filter = ("confirmed",)
    list_select_related = ("source",)
    search_fields = ("source__title", "text")


@admin.register(StandardPhrase)
class StandardPhraseAdmin(DerivedAdmin):
    list_display = ("slug", "text")
    search_fields = ("slug", "text")


@admin.register(LocalValue)
class LocalValueAdmin(DerivedAdmin):
    """The institution's own values; the list shows what is still empty."""

    list_display = ("label", "slug", "value", "is_filled")
    list_filter = (("value", admin.EmptyFieldListFilter),)

    @admin.display(description="已填", boolean=True)
    def is_filled(self, value: LocalValue) -> bool:
        return bool(value.value)


@admin.register(SynonymGroup)
class SynonymGroupAdmin(DerivedAdmin):
    list_display = ("__str__", "note")
    search_fields = ("words",)


@admin.register(GuideInfo)
class GuideInfoAdmin(DerivedAdmin):
    list_display = ("title", "edition", "as_of")
