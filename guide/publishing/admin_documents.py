"""The guide's YAML documents in the admin: the whole text in the editor, or one entry of it as a form."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from guide.pages.models import Revision
from guide.publishing import drafting, forms, rights, workflow
from guide.publishing.admin_derived import DerivedAdmin
from guide.publishing.admin_editor import EditorAdmin, actor, editor_css, rows_media
from guide.publishing.admin_synonyms import SynonymMixin
from guide.publishing.entry_forms import (
    EntryForm,
    LocalValueForm,
    ProvisionFormSet,
    SourceForm,
    StandardPhraseForm,
    SynonymForm,
    TermForm,
    provisions_said,
    provisions_shown,
)  # fmt: skip
from guide.publishing.faults import SourceError
from guide.publishing.models import Document, Draft
from guide.publishing.rewriting import CannotRewrite
from guide.reference.models import GuideInfo, LocalValue, Provision, Source, StandardPhrase, SynonymGroup, Term


@admin.register(Document)
class DocumentAdmin(SynonymMixin, EditorAdmin):
    """The guide's YAML files."""

    list_display = ("name", "changed_at")
    search_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EntryAdmin(admin.ModelAdmin[Any]):
    """Rows that are entries of a document: a change goes into one's draft of the document, and from there to review."""

    form_class: ClassVar[type[EntryForm]]
    may_add = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and request.user.has_perm("publishing.change_document")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("publishing.change_document"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._view(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.model._default_manager.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return self._view(request, row)

    def _view(self, request: HttpRequest, row: Any | None) -> HttpResponse:
        document = Document.objects.filter(name=self.form_class.document).first()
        if document is None:
            raise Http404
        may_edit = rights.may_edit(request.user, document)
        initial = self.form_class.shown(row) if row else self.initial_of(request)
        form, rows = self.form_class(request.POST or None, initial=initial), self.rows_of(request, row)
        if row is not None and self.form_class.key in form.fields:
            form.fields[self.form_class.key].widget.attrs["readonly"] = True
        if request.method == "POST" and may_edit and (response := self._save(request, document, row, form, rows)):
            return response
        shown = {"document": document, "row": row, "form": form, "rows": rows, "may_edit": may_edit}
        return self._draw(request, shown)

    def initial_of(self, request: HttpRequest) -> dict[str, Any]:
        """What a new entry begins with: what the address says, so that a list of misses can lead here."""
        return {name: request.GET[name] for name in self.form_class.base_fields if name in request.GET}

    def rows_of(self, request: HttpRequest, row: Any | None) -> Any:
        """A table of rows within the entry; None where it has none."""
        return None

    def _save(self, request: HttpRequest, document: Document, row: Any, form: EntryForm, rows: Any) -> HttpResponse | None:
        """Put the entry into the draft of the document and do what the pressed button says."""
        is_removal = "_remove" in request.POST
        if not is_removal and not (form.is_valid() and (rows is None or rows.is_valid())):
            return None
        by = actor(request)
        draft = drafting.open_draft(document, by)
        try:
            text = form.take_out_of(draft.text, row) if is_removal else self.put(form, draft.text, row, rows)
        except CannotRewrite as error:
            self.message_user(request, f"没有写进去：{error}", messages.ERROR)
            return None
        edit = forms.EditForm({**request.POST.dict(), "text": text})
        if not edit.is_valid():
            return None
        draft = drafting.save_draft(draft, text, by, **edit.told)
        return send_draft(self, request, draft, document)

    def put(self, form: EntryForm, text: str, row: Any, rows: Any) -> str:
        """`text` of the document with what the form says."""
        return form.put_into(text, row)

    def _draw(self, request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
        row, edit = shown["row"], forms.EditForm(request.POST if request.method == "POST" else None)
        context = {
            **self.admin_site.each_context(request), **shown, "opts": self.opts, "editing": {"form": edit},
            "title": str(row or f"新建{self.opts.verbose_name}"), "is_removable": bool(row) and self.may_add,
            "is_alone": settings.SINGLE_PERSON_PUBLISHING, "media": editor_css() + rows_media(),
            "draft": Draft.objects.of(shown["document"]).filter(author_id=request.user.pk).first(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/entry.html", context)


def send_draft(own: admin.ModelAdmin[Any], request: HttpRequest, draft: Draft, document: Document) -> HttpResponse:
    """Submit or publish the draft of a document where that was asked; else say that it is kept."""
    editor = HttpResponseRedirect(reverse("admin:publishing_document_change", args=[document.pk]))
    if "_submit" not in request.POST and "_publish" not in request.POST:
        own.message_user(request, f"已写进您的 {document.name} 草稿，还没有提交。", messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path() if "_remove" not in request.POST else editor.url)
    act = workflow.publish_alone if "_publish" in request.POST else workflow.submit
    try:
        outcome = act(draft, actor(request))
    except SourceError as error:
        for fault in error.faults:
            own.message_user(request, str(fault), messages.ERROR)
        return editor
    except (workflow.NothingChanged, rights.NotAllowed) as error:
        own.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
    if outcome.revision is None:
        own.message_user(request, "别人刚发布了这份文档的新版；两边的合并在您的草稿里，请看过再提交。", messages.WARNING)
        return editor
    is_live = outcome.revision.state == Revision.State.PUBLISHED
    own.message_user(request, "已发布。" if is_live else "已提交审核。", messages.SUCCESS)
    return HttpResponseRedirect(reverse(f"admin:{own.opts.app_label}_{own.opts.model_name}_changelist"))


@admin.register(Term)
class TermAdmin(EntryAdmin):
    form_class = TermForm
    list_display = ("term", "pinyin", "english", "definition")
    search_fields = ("term", "pinyin", "english", "definition", "slug")


@admin.register(Source)
class SourceAdmin(EntryAdmin):
    form_class = SourceForm
    list_display = ("title", "kind", "number", "effective", "status")
    list_filter = ("kind", "status")
    search_fields = ("title", "number", "issuer", "key")

    def rows_of(self, request: HttpRequest, row: Any | None) -> Any:
        return ProvisionFormSet(request.POST or None, initial=provisions_shown(row), prefix="provisions")

    def put(self, form: EntryForm, text: str, row: Any, rows: Any) -> str:
        form.cleaned_data["provisions"] = provisions_said(rows)
        return form.put_into(text, row)


@admin.register(StandardPhrase)
class StandardPhraseAdmin(EntryAdmin):
    form_class = StandardPhraseForm
    list_display = ("slug", "text")
    search_fields = ("slug", "text")


@admin.register(LocalValue)
class LocalValueAdmin(EntryAdmin):
    """The institution's own values; the list shows what is still empty."""

    form_class = LocalValueForm
    may_add = False
    list_display = ("label", "slug", "value", "is_filled")
    list_filter = (("value", admin.EmptyFieldListFilter),)

    @admin.display(description="已填", boolean=True)
    def is_filled(self, value: LocalValue) -> bool:
        return bool(value.value)


@admin.register(SynonymGroup)
class SynonymGroupAdmin(EntryAdmin):
    form_class = SynonymForm
    list_display = ("__str__", "note")
    search_fields = ("words",)


@admin.register(Provision)
class ProvisionAdmin(DerivedAdmin):
    list_display = ("source", "article", "text", "confirmed")
    list_filter = ("confirmed",)
    list_select_related = ("source",)
    search_fields = ("source__title", "text")


@admin.register(GuideInfo)
class GuideInfoAdmin(DerivedAdmin):
    list_display = ("title", "edition", "as_of")
