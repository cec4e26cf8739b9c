"""Editing in the admin: the whole text of a page or document, judged like a file before it is taken."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import judging
from guide.publishing.faults import SourceError
from guide.publishing.models import Document
from guide.publishing.source import Source, examine

_MOVED_ON = "您编辑时，别人已经改过这里的文字。您写的还在下面；请先在另一个窗口看过现在的文字，再提交一次。"


class _TextForm(forms.ModelForm):  # type: ignore[type-arg]
    """A text with the fingerprint of what its editor began from, so that nobody overwrites what they have not seen."""

    text = forms.CharField(
        label="全文", strip=False, widget=forms.Textarea(attrs={"rows": 36, "class": "vLargeTextField guide-source"})
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = fingerprint(self.instance.text or "")
        self.initial["base"] = self.now

    def clean_text(self) -> str:
        """The text with LF line ends and one at its end: browsers send CRLF."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.endswith("\n") else f"{text}\n"

    def clean_base(self) -> str:
        base = str(self.cleaned_data["base"])
        if self.instance.pk and base != self.now:
            self.data = {**self.data.dict(), self.add_prefix("base"): self.now}  # type: ignore[attr-defined]
            raise ValidationError(_MOVED_ON)
        return base


class PageForm(_TextForm):
    """A page's whole file text; a new page also says what it stands under."""

    source: Source

    class Meta:
        model = Page
        fields = ("parent", "text")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "text" not in cleaned:
            return cleaned
        default = self.instance.kind or (Page.Kind.SECTION if cleaned.get("parent") else Page.Kind.CHAPTER)
        source, faults = examine(cleaned["text"], self.instance.file_path or "正文", default)
        if source is None or faults:
            raise ValidationError([str(fault) for fault in faults])
        self._check_identity(source, cleaned.get("parent"))
        found = judging.check_page(source)
        if found:
            raise ValidationError([str(fault) for fault in found])
        self.source = source
        return cleaned

    def _check_identity(self, source: Source, parent: Page | None) -> None:
        if self.instance.pk:
            if source.id != self.instance.slug or source.kind != self.instance.kind:
                raise ValidationError("id 和 kind 一经发布不再改变。要换，请另建一页。")
            return
        if Page.objects.filter(slug=source.id).exists():
            raise ValidationError(f"id“{source.id}”已经用过，请换一个。")
        try:
            tree.ensure_may_stand(Page(kind=source.kind, title=source.title), parent)
        except tree.InvalidMove as error:
            raise ValidationError(str(error)) from error


class DocumentForm(_TextForm):
    """The whole text of one of the guide's YAML files."""

    records: list[Any]

    class Meta:
        model = Document
        fields = ("text",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "text" not in cleaned:
            return cleaned
        try:
            self.records, faults = judging.check_document(self.instance.name, cleaned["text"])
        except SourceError as error:
            faults = error.faults
        if faults:
            raise ValidationError([str(fault) for fault in faults])
        return cleaned


def fingerprint(text: str) -> str:
    """A short name for exactly this text."""
    return sha256(text.encode()).hexdigest()[:16]
