"""The form by which a word becomes a synonym: it rewrites that entry of synonyms.yml, judged and published as any edit."""

import re
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from guide.publishing import synonyms
from guide.publishing.forms import DocumentForm, fingerprint
from guide.publishing.models import Document, Draft, keys_of

_BETWEEN = re.compile(r"[\s,，、;；]+")
_MOVED_ON = "您填写时，别人已经改过同义词。请看过下面现在的词组，再提交一次。"
_HELP = "写指南里用的词，几个词用空格隔开。有词已在某一组，就放进那一组；都不在，就另成一组。"
_UNFINISHED = "您有一份还没有提交的 synonyms.yml 草稿。请先提交或丢弃它，免得两处修改混在一起。"
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
        """Judge the whole document as it would be; what can be published is `edited`, a valid DocumentForm."""
        cleaned = super().clean() or {}
        if Draft.objects.filter(**keys_of(self.document), author=self.author).exists():
            raise ValidationError(_UNFINISHED)
        if {"word", "beside", "base"} <= cleaned.keys():
            try:
                text = synonyms.with_word(self.document.text, cleaned["word"], cleaned["beside"])
            except synonyms.Unplaced as error:
                raise ValidationError(str(error)) from error
            self.edited = DocumentForm({"text": text, "base": self.now}, instance=self.document)
            if not self.edited.is_valid():
                raise ValidationError([message for found in self.edited.errors.values() for message in found])
        return cleaned


class SynonymMixin:
    """Gives the admin of documents the form for one synonym, at `admin:publishing_synonym_add` (?word=…&beside=…)."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.synonym_view)  # type: ignore[attr-defined]
        return [path("synonyms/add/", view, name="publishing_synonym_add"), *super().get_urls()]  # type: ignore[misc]

    def synonym_view(self, request: HttpRequest) -> HttpResponse:
        document = get_object_or_404(Document, name=synonyms.NAME)
        if not self.has_change_permission(request, document):  # type: ignore[attr-defined]
            raise PermissionDenied
        asked = {name: request.GET.get(name, "") for name in ("word", "beside")}
        form = SynonymForm(document, request.user, request.POST or None, initial=asked)
        if form.is_valid():
            return self._propose(request, form)
        site: admin.AdminSite = self.admin_site  # type: ignore[attr-defined]
        known = synonyms.groups(document.text)
        context = {**site.each_context(request), "title": "加同义词", "form": form, "near": _near(known, form), "known": known}
        return TemplateResponse(request, "admin/publishing/synonym.html", context)

    def _propose(self, request: HttpRequest, form: SynonymForm) -> HttpResponse:
        document, word = form.edited.instance, form.cleaned_data["word"]
        words = f"“{word}”和“{'”“'.join(form.cleaned_data['beside'])}”"
        self.message_user(request, f"{words}已写成同义词。")  # type: ignore[attr-defined]
        self.save_model(request, document, form.edited, True)  # type: ignore[attr-defined]
        self.log_change(request, document, f"同义词：{words}")  # type: ignore[attr-defined]
        return redirect(reverse("admin:publishing_document_change", args=[document.pk]))


def _near(known: list[tuple[str, ...]], form: SynonymForm) -> list[tuple[str, ...]]:
    """The groups that hold one of the words given as meaning the same, then those that share characters with the word."""
    word, beside = str(form["word"].value() or ""), set(_BETWEEN.split(str(form["beside"].value() or "")))

    def nearness(group: tuple[str, ...]) -> tuple[bool, int]:
        return bool(beside & set(group)), max(len(set(word) & set(other)) for other in group)

    return sorted((group for group in known if any(nearness(group))), key=nearness, reverse=True)[:_SHOWN]
