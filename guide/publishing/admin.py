"""Pages, what points where, and documents in the admin. Every write goes through `workflow`."""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from mptt.admin import DraggableMPTTAdmin

from guide.pages import tree
from guide.pages.models import CaseLink, Citation, FormerPath, GuideVersion, Page, Phrase, Picture, Principle, Reference
from guide.publishing import arranging, drafting, rights, workflow
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.forms import DocumentForm, PageForm
from guide.publishing.models import Document, Draft
from guide.publishing.synonym_admin import SynonymMixin


def actor(request: HttpRequest) -> Actor:
    """Who sent `request`, and from which address."""
    return Actor(request.user, f"后台 {request.META.get('REMOTE_ADDR', '')}".strip())


def submit(request: HttpRequest, draft: Draft) -> None:
    """Publish `draft` where one person may, else submit it; say what came of it. A draft that cannot go on is kept."""
    publish = workflow.publish_alone if settings.SINGLE_PERSON_PUBLISHING else workflow.submit
    try:
        outcome = publish(draft, actor(request))
    except (SourceError, workflow.NothingChanged, rights.NotAllowed) as error:
        messages.error(request, f"已存为草稿，没有提交：{error}")
        return
    if outcome.merge:
        messages.warning(request, "别人已经改过这里的文字，与您的草稿合并如下，请看过再提交。")
    elif not outcome.is_published:
        messages.info(request, "已提交审核，由另一个人批准后发布。")


class ReadOnlyMixin:
    """Rows that are derived: shown, never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _Inline(ReadOnlyMixin, admin.TabularInline[Any, Any]):
    extra = 0
    show_change_link = True


class PrincipleInline(_Inline):
    model = Principle
    fields = ("title", "slug", "level", "basis", "applies")


class ToldInline(_Inline):
    """The principles that a case tells of."""

    model = CaseLink
    fk_name = "case"
    fields = ("relation", "principle", "note")
    verbose_name_plural = "说明的原则"


class StateFilter(admin.SimpleListFilter):
    """Published pages or withdrawn ones."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("published", "已发布"), ("withdrawn", "已撤下")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "published")


@admin.register(Page)
class PageAdmin(DraggableMPTTAdmin):
    """The tree of pages: drag to move, open to edit the whole text."""

    form = PageForm
    list_display = ("tree_actions", "indented_title", "kind", "slug", "owner", "review_by", "changed_at")
    list_display_links = ("indented_title",)
    list_filter = ("kind", StateFilter, "owner", "review_by")
    search_fields = ("title", "slug", "text")
    actions = ("withdraw",)
    expand_tree_by_default = True
    shown = ("number", "kind", "slug", "path", "file_path", "changed_at", "withdrawn_at")

    def get_inlines(self, request: HttpRequest, obj: Page | None) -> list[type[_Inline]]:
        """A section shows its principles, a case, card or drill the principles it tells of."""
        if obj is None or obj.kind == Page.Kind.CHAPTER:
            return []
        return [PrincipleInline] if obj.is_numbered else [ToldInline]

    class Media:
        css = {"all": ("css/admin.css",)}

    @admin.display(description="标题")
    def indented_title(self, page: Page) -> SafeString:
        # mptt writes style=…, which the Content-Security-Policy refuses.
        return format_html('<span class="tree-level-{}">{}</span>', page.level, page)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        found: QuerySet[Page] = super().get_queryset(request)
        return found.defer("text", "file_text", "body")

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("parent", "text", "base")
        return ("text", "base", *self.shown, *(("cases",) if obj.is_numbered else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        return () if obj is None else (*self.shown, "cases")

    @admin.display(description="案例")
    def cases(self, page: Page) -> str:
        """The cases of a section's principles, each a link to its own form."""
        links = (
            CaseLink.objects.filter(principle__page=page).select_related("case", "principle").order_by("principle__position")
        )
        rows = (
            (
                reverse("admin:pages_page_change", args=[link.case_id]),
                link.case.title,
                link.get_relation_display(),
                link.principle,
            )
            for link in links
        )
        return format_html_join("", '<div><a href="{}">{}</a>：{}“{}”</div>', rows) or "-"

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False  # pages are withdrawn, so that their address can say so

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        return {name: action for name, action in found.items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Page, form: ModelForm[Page], change: bool) -> None:
        by, text = actor(request), form.cleaned_data["text"]
        if change:
            draft = drafting.save_draft(drafting.open_draft(obj, by), text, by)
        else:
            draft = drafting.propose_page(obj.parent, text, by)
        submit(request, draft)
        obj.pk = Page.objects.get(slug=cast(PageForm, form).source.id).pk
        obj.refresh_from_db()

    @admin.action(description="撤下所选页面", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        try:
            count = arranging.withdraw(list(queryset), actor(request))
        except (SourceError, rights.NotAllowed) as error:
            for line in str(error).split("\n"):
                self.message_user(request, line, messages.ERROR)
        else:
            self.message_user(request, f"已撤下 {count} 页。")

    def _move_node(self, request: HttpRequest) -> HttpResponse:
        """Carry mptt's drag and drop to `workflow.move`."""
        pages = Page.objects.in_bulk(
            [int(pk) for name in ("cut_item", "pasted_on") if (pk := request.POST.get(name, "")).isdigit()]
        )
        page = pages.get(int(request.POST.get("cut_item") or 0))
        onto = pages.get(int(request.POST.get("pasted_on") or 0))
        if page is None or onto is None or not self.has_change_permission(request, page):
            self.message_user(request, "没有移动：页面不在了，或没有权限。", messages.ERROR)
            return HttpResponse("FAIL")
        try:
            arranging.move_beside(page, onto, request.POST.get("position", ""), actor(request))
        except (tree.InvalidMove, rights.NotAllowed) as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponse("FAIL")
        self.log_change(request, page, "移动")
        self.message_user(request, f"“{page.title}”已移动。")
        return HttpResponse("OK")


@admin.register(Document)
class DocumentAdmin(SynonymMixin, admin.ModelAdmin[Document]):
    """The guide's YAML files."""

    form = DocumentForm
    list_display = ("name", "changed_at")
    search_fields = ("name", "text")
    fields = ("name", "text", "base", "changed_at")
    readonly_fields = ("name", "changed_at")

    class Media:
        css = {"all": ("css/admin.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Document, form: ModelForm[Document], change: bool) -> None:
        by, document = actor(request), Document.objects.get(pk=obj.pk)
        submit(request, drafting.save_draft(drafting.open_draft(document, by), form.cleaned_data["text"], by))


class ShownInline(_Inline):
    """The cases of a principle."""

    model = CaseLink
    fk_name = "principle"
    fields = ("relation", "case", "note")
    verbose_name_plural = "案例"


class DerivedAdmin(ReadOnlyMixin, admin.ModelAdmin[Any]):
    """What points where: derived from texts, to look at and to search."""

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


@admin.register(GuideVersion)
class GuideVersionAdmin(DerivedAdmin):
    list_display = ("number",)


def _describe_site() -> None:
    admin.site.site_header = "服务规范指南 · 管理后台"
    admin.site.site_title = "服务规范指南"
    admin.site.index_title = "管理"


_describe_site()
