"""The tree of pages in the admin: drag to move (asked first), open to write, propose a page, withdraw pages."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from mptt.admin import DraggableMPTTAdmin

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import arranging, drafting, forms, impact, moving, rights
from guide.publishing.admin_arrangements import outlook
from guide.publishing.admin_editor import EditorAdmin, actor, editor_css, pick_media
from guide.publishing.arrangements import Arrangement
from guide.publishing.faults import SourceError
from guide.publishing.rearranging import Withdrawal
from guide.publishing.skeletons import skeleton

_ASKED = "asked_move"  # where the session keeps the address of a move that was dragged and has to be confirmed


class StateFilter(admin.SimpleListFilter):
    """Published pages, withdrawn ones, or new ones that nobody has published yet."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("published", "已发布"), ("proposed", "尚未发布"), ("withdrawn", "已撤下")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "published":
            return queryset.filter(withdrawn_at=None)
        if self.value() in ("proposed", "withdrawn"):
            return queryset.exclude(withdrawn_at=None).filter(is_proposed=self.value() == "proposed")
        return queryset


@admin.register(Page)
class PageAdmin(EditorAdmin, DraggableMPTTAdmin):
    """The tree of pages."""

    list_display = ("tree_actions", "indented_title", "kind", "slug", "owner", "review_by", "changed_at")
    list_display_links = ("indented_title",)
    list_filter = ("kind", StateFilter, "owner", "review_by")
    search_fields = ("title", "slug", "text")
    actions = ("withdraw",)
    expand_tree_by_default = True

    @admin.display(description="拖动")
    def tree_actions(self, page: Page) -> SafeString:
        handles: SafeString = super().tree_actions(page)  # mptt leaves the head of the column empty
        return handles

    @admin.display(description="标题")
    def indented_title(self, page: Page) -> SafeString:
        # mptt writes style=…, which the Content-Security-Policy refuses.
        state = "" if page.is_published else "（尚未发布）" if page.is_proposed else "（已撤下）"
        return format_html('<span class="tree-level-{}">{}{}</span>', page.level, page, state)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        found: QuerySet[Page] = super().get_queryset(request)
        return found.defer("text", "file_text", "body")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/move/", wrap(self.move_view), name="pages_page_move"), *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False  # pages are withdrawn, so that their address can say so

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        return {name: action for name, action in found.items() if name != "delete_selected"}

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and (asked := request.session.pop(_ASKED, None)):
            return HttpResponseRedirect(asked)
        if request.method == "POST" and {"_withdraw", "_look"} & set(request.POST):
            return self._withdraw(request)
        kwargs["extra_context"] = {"title": "页面", **(kwargs.get("extra_context") or {})}
        response: HttpResponse = super().changelist_view(request, *args, **kwargs)
        return response

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say where a new page stands, what kind and id it has; it then opens in the editor with its parts named."""
        form = forms.NewPageForm(request.POST or None, initial={"parent": request.GET.get("parent"), "kind": "section"})
        if request.method == "POST" and form.is_valid() and (draft := self._propose(request, form)):
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[draft.page_id]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "新建页面",
            "form": form,
            "media": editor_css(),
        }
        return TemplateResponse(request, "admin/publishing/new_page.html", context)

    def _propose(self, request: HttpRequest, form: forms.NewPageForm) -> Any:
        said = form.cleaned_data
        try:
            return drafting.propose_page(said["parent"], skeleton(said["kind"], said["slug"], said["title"]), actor(request))
        except drafting.TakenSlug as error:
            form.add_error("slug", str(error))
        except (tree.InvalidMove, rights.NotAllowed) as error:
            form.add_error("parent", str(error))
        except SourceError as error:
            form.add_error(None, [str(fault) for fault in error.faults])
        return None

    def _move_node(self, request: HttpRequest) -> HttpResponse:
        """What was dragged is not moved yet: the list is loaded anew and leads to the page that asks."""
        words = (request.POST.get("cut_item", ""), request.POST.get("pasted_on", ""), request.POST.get("position", ""))
        page = Page.objects.filter(pk=words[0]).first() if words[0].isdecimal() else None
        if page is None or not rights.may_edit(request.user, page):
            self.message_user(request, "没有移动：页面不在了，或没有权限。", messages.ERROR)
            return HttpResponse("FAIL")
        query = urlencode({"onto": words[1], "where": words[2]})
        request.session[_ASKED] = f"{reverse('admin:pages_page_move', args=[page.pk])}?{query}"
        return HttpResponse("ASK")

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask before a move: what gets another number, and that old addresses keep answering. Moves when confirmed."""
        page = self._target(request, str(pk))
        form = forms.MoveForm(request.GET if "onto" in request.GET else None)
        plan: list[moving.Renumbered] | None = None
        if form.is_bound and form.is_valid():
            try:
                rights.ensure_may_edit(request.user, page)
                place = arranging.place_beside(page, form.cleaned_data["onto"], form.cleaned_data["where"])
                if request.method == "POST":
                    return self._move(request, page, place, request.POST.get("reason", "")[:500])
                plan = moving.plan(page, *place)
            except (tree.InvalidMove, rights.NotAllowed) as error:
                self.message_user(request, str(error), messages.ERROR)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": f"移动“{page}”", "page": page, "form": form,
            "plan": plan, "impact": impact.impact_of(page, page.text), "media": editor_css(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/move.html", context)

    def _move(self, request: HttpRequest, page: Page, place: tuple[Page | None, int], reason: str) -> HttpResponse:
        if not settings.SINGLE_PERSON_PUBLISHING:
            return self._asked(request, arranging.propose_move(page, *place, actor(request), reason))
        arranging.move(page, *place, actor(request), reason)
        page.refresh_from_db()
        self.message_user(request, f"“{page.title}”已移到 {page.number or page.path}；旧地址会转到新地址。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_page_changelist"))

    def _asked(self, request: HttpRequest, arrangement: Arrangement) -> HttpResponse:
        self.message_user(request, f"已提交：{arrangement}。另一个人批准之后才生效；审核人会收到邮件。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:publishing_arrangement_change", args=[arrangement.pk]))

    @admin.action(description="撤下所选页面", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Page]) -> HttpResponse:
        """Show what would go and what points there; it is withdrawn only when confirmed."""
        pages = list(queryset)
        return self._ask_withdrawal(request, pages, forms.WithdrawalForm(lost=Withdrawal(pages).lost), {})

    def _ask_withdrawal(
        self, request: HttpRequest, pages: list[Page], form: forms.WithdrawalForm, replacements: dict[str, str]
    ) -> HttpResponse:
        shown = outlook(Withdrawal(pages, replacements))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": f"撤下 {len(shown['going'])} 页",
            "pages": pages, "form": form, "media": editor_css() + pick_media(), **shown,
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/withdraw.html", context)

    def _withdraw(self, request: HttpRequest) -> HttpResponse:
        """Withdraw, ask for it, or only show what the links would be turned to."""
        pages = list(Page.objects.filter(pk__in=forms.keys(request.POST.getlist("page"))))
        form = forms.WithdrawalForm(request.POST, lost=Withdrawal(pages).lost)
        is_valid, chosen = form.is_valid(), form.replacements
        if "_look" not in request.POST and is_valid:
            try:
                return self._take_out(request, pages, form.cleaned_data["reason"], chosen)
            except SourceError as error:
                self.message_user(request, f"没有撤下：还有 {len(error.faults)} 处会断或有错。", messages.ERROR)
            except rights.NotAllowed as error:
                self.message_user(request, str(error), messages.ERROR)
        return self._ask_withdrawal(request, pages, form, chosen)

    def _take_out(self, request: HttpRequest, pages: list[Page], reason: str, chosen: dict[str, str]) -> HttpResponse:
        if not settings.SINGLE_PERSON_PUBLISHING:
            return self._asked(request, arranging.propose_withdrawal(pages, actor(request), reason, chosen))
        count = arranging.withdraw(pages, actor(request), reason, chosen).pages.count()
        self.message_user(request, f"已撤下 {count} 页；它们的地址会说明已撤下。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_page_changelist"))
