"""Moves and withdrawals in the admin: what each would do, or did, on one page, with the decision on it."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import arranging, differences, forms, impact, moving, rearranging, rights
from guide.publishing.admin_derived import ReadOnlyMixin
from guide.publishing.admin_editor import actor, editor_css
from guide.publishing.arrangements import Arrangement
from guide.publishing.faults import SourceError
from guide.publishing.rearranging import Withdrawal
from guide.publishing.recording import AlreadyDecided


@admin.register(Arrangement)
class ArrangementAdmin(ReadOnlyMixin, admin.ModelAdmin[Any]):
    """Every move and withdrawal there has been. Opening one in review shows what it would do, and takes the decision."""

    list_display = ("__str__", "state", "author", "created_at", "reviewer", "done_at", "reason")
    list_filter = ("act", "state", "origin")
    list_select_related = ("author", "reviewer")
    search_fields = ("pages__title", "pages__slug", "reason")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("pages")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = Arrangement.objects.select_related("author", "reviewer", "parent")
        arrangement = found.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if arrangement is None or not self.has_view_permission(request, arrangement):
            raise Http404
        form = forms.NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._act(request, arrangement, form.cleaned_data["note"]):
            return HttpResponseRedirect(reverse("admin:index"))
        return self._draw(request, arrangement, form)

    def _act(self, request: HttpRequest, arrangement: Arrangement, note: str) -> bool:
        """Do what the pressed button says; False where the page is to be shown again."""
        by = actor(request)
        try:
            if "_approve" in request.POST:
                arranging.approve(arrangement, by, note, seen=request.POST.get("seen", ""))
            elif "_reject" in request.POST and note.strip():
                arranging.reject(arrangement, by, note)
            elif "_retract" in request.POST:
                arranging.retract(arrangement, by)
            else:
                self.message_user(request, "退回时请写原因，提交的人要照着改。", messages.ERROR)
                return False
        except (rights.NotAllowed, AlreadyDecided, arranging.GuideMovedOn, tree.InvalidMove) as error:
            self.message_user(request, str(error), messages.ERROR)
        except SourceError as error:
            for fault in error.faults:
                self.message_user(request, str(fault), messages.ERROR)
        else:
            self.message_user(request, f"{arrangement}：已办。", messages.SUCCESS)
            return True
        arrangement.refresh_from_db()
        return False

    def _draw(self, request: HttpRequest, arrangement: Arrangement, form: forms.NoteForm) -> HttpResponse:
        may_review = arrangement.is_waiting and arranging.may_review(request.user, arrangement)
        is_author = arrangement.author_id == request.user.pk
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(arrangement), "form": form,
            "arrangement": arrangement, "media": editor_css(), "pages": list(arrangement.pages.order_by("tree_id", "lft")),
            "rights": {"decide": may_review, "retract": arrangement.is_waiting and is_author, "is_author": is_author},
            **(self._outlook(request, arrangement) if arrangement.is_waiting else {}),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/arrangement.html", context)

    def _outlook(self, request: HttpRequest, arrangement: Arrangement) -> dict[str, Any]:
        """What it would do to the guide as it is now."""
        seen = {"seen": rearranging.fingerprint_of(arrangement)}
        if not arrangement.is_move:
            return seen | outlook(rearranging.withdrawal_of(arrangement))
        try:
            page = arrangement.pages.get()
            return seen | {
                "plan": moving.plan(page, arrangement.parent, arrangement.index),
                "impact": impact.impact_of(page, page.text),
            }
        except tree.InvalidMove as error:
            self.message_user(request, str(error), messages.ERROR)
            return seen


def outlook(withdrawal: Withdrawal) -> dict[str, Any]:
    """What a withdrawal would do: pages that go with what points to them, texts that change, links that would break."""
    return {
        "going": [(page, _touched(page, withdrawal)) for page in withdrawal.going],
        "turned": [(one.target, differences.compare(one.before, one.text)) for one in withdrawal.turned],
        "faults": withdrawal.faults,
    }


def _touched(page: Page, withdrawal: Withdrawal) -> list[impact.Group]:
    """What points to `page`; nothing of it breaks where all links are turned, or go as well."""
    found = impact.impact_of(page, None)
    if withdrawal.faults:
        return found
    return [replace(group, touched=tuple(replace(one, is_broken=False) for one in group.touched)) for group in found]
