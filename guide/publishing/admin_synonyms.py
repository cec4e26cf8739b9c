"""The form by which a word becomes a synonym: it rewrites that entry of synonyms.yml, judged and reviewed as any edit."""

import re
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from guide.pages.revisions import fingerprint
from guide.publishing import drafting, judging, rights, synonyms, workflow
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.models import Document, Draft

_BETWEEN = re.compile(r"[\s,，、;；]+")
_MOVED_ON = "您填写时，别人已经改过同义词。请看过下面现在的词组，再提交一次。"
_UNFINISHED = "您有一份还没有提交的 synonyms.yml 草稿。请先提交或丢弃它，免得两处修改混在一起。"
_HELP = "写指南里用的词，几个词用空格隔开。有词已在某一组，就放进那一组；都不在，就另成一组。"
_SHOWN = 12  # groups shown beside the form


class SynonymForm(forms.Form):
    """A word, and the words that mean the same."""

    word = forms.CharField(label="读者用的词", max_length=50)
    beside = forms.CharField(
        label="和它同义的词", max_length=200, help_text=_HELP,
        widget=forms.TextInput(attrs={"list": "known-words", "class": "vTextField"}),
    )  # fmt: skip

    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, document: Document, author: Any, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.document, self.author, self.now = document, author, fingerprint(document.text)
        self.initial["base"] = self.now

    def clean_beside(self) -> list[str]:
        found = [word for word in _BETWEEN.split(str(self.cleaned_data["beside"])) if word]
        if not found:
            raise ValidationError(self.fields["beside"].error_messages["required"], code="required")
        return found

    def clean_base(self) -> str:
        if self.cleaned_data["base"] != self.now:
            self.data = {**cast(QueryDict, self.data).dict(), "base": self.now}
            raise ValidationError(_MOVED_ON)
        return self.now

    def clean(self) -> dict[str, Any]:
        """Judge the whole document as it would be; what can be published is `text`."""
        cleaned = super().clean() or {}
        if Draft.objects.of(self.document).filter(author=self.author).exists():
            raise ValidationError(_UNFINISHED)
        if {"word", "beside", "base"} <= cleaned.keys():
            try:
                self.text = synonyms.with_word(self.document.text, cleaned["word"], cleaned["beside"])
                faults = judging.check_document(synonyms.NAME, self.text)[1]
            except synonyms.Unplaced as error:
                raise ValidationError(str(error)) from error
            except SourceError as error:
                faults = error.faults
            if faults:
                raise ValidationError([str(fault) for fault in faults])
        return cleaned


class SynonymMixin:
    """Gives the admin of documents the form for one synonym, at `admin:publishing_synonym_add` (?word=…&beside=…)."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.synonym_view)  # type: ignore[attr-defined]
        return [path("synonyms/add/", view, name="publishing_synonym_add"), *super().get_urls()]  # type: ignore[misc]

    def synonym_view(self, request: HttpRequest) -> HttpResponse:
        document = Document.objects.filter(name=synonyms.NAME).first()
        if document is None or not rights.may_edit(request.user, document):
            raise PermissionDenied
        asked = {name: request.GET.get(name, "") for name in ("word", "beside")}
        form = SynonymForm(document, request.user, request.POST or None, initial=asked)
        if form.is_valid():
            return self._send(request, document, form)
        site: admin.AdminSite = self.admin_site  # type: ignore[attr-defined]
        known = synonyms.groups(document.text)
        context = {**site.each_context(request), "title": "加同义词", "form": form, "near": _near(known, form), "known": known}
        return TemplateResponse(request, "admin/publishing/synonym.html", context)

    def _send(self, request: HttpRequest, document: Document, form: SynonymForm) -> HttpResponse:
        """Publish where one person may, else submit; a draft that cannot go on is kept, and shown in the editor."""
        by = Actor(request.user, f"后台 {request.META.get('REMOTE_ADDR', '')}".strip())
        word, beside = form.cleaned_data["word"], "”“".join(form.cleaned_data["beside"])
        draft = drafting.save_draft(drafting.open_draft(document, by), form.text, by, reason=f"“{word}”和“{beside}”同义")
        act = workflow.publish_alone if settings.SINGLE_PERSON_PUBLISHING else workflow.submit
        try:
            outcome = act(draft, by)
        except (SourceError, workflow.NothingChanged, rights.NotAllowed) as error:
            messages.error(request, f"已存为草稿，没有提交：{error}")
            return redirect(reverse("admin:publishing_document_change", args=[document.pk]))
        if outcome.merge:
            messages.warning(request, "别人刚改过同义词；两边已合在您的草稿里，请看过再提交。")
            return redirect(reverse("admin:publishing_document_change", args=[document.pk]))
        state = "" if outcome.is_published else "，等另一个人审核"
        messages.success(request, f"“{word}”已和“{beside}”放在一组{state}。")
        return redirect(reverse("admin:reference_synonymgroup_changelist"))


def _near(known: list[tuple[str, ...]], form: SynonymForm) -> list[tuple[str, ...]]:
    """The groups that hold one of the words given as meaning the same, then those that share characters with the word."""
    word, beside = str(form["word"].value() or ""), set(_BETWEEN.split(str(form["beside"].value() or "")))

    def nearness(group: tuple[str, ...]) -> tuple[bool, int]:
        return bool(beside & set(group)), max(len(set(word) & set(other)) for other in group)

    return sorted((group for group in known if any(nearness(group))), key=nearness, reverse=True)[:_SHOWN]
