"""What readers may ask of lists."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from guide.pages.models import CaseLink, Page
from guide.pages.outline import Outline


class PostChoice(forms.Form):
    """The reader's post, and the page of this site to go back to."""

    post = forms.ChoiceField(label="岗位", required=False)
    next = forms.CharField(required=False, max_length=500)

    def __init__(self, data: Any, outline: Outline) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["post"]).choices = list(outline.info.posts.items())

    def clean_next(self) -> str:
        """The path to go back to; the home page in place of an address elsewhere."""
        path: str = self.cleaned_data["next"]
        return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"


class CaseFilter(forms.Form):
    """Filters of the list of all cases; an unknown value filters nothing and is said to be unknown."""

    chapter = forms.ChoiceField(label="章", required=False)
    post = forms.ChoiceField(label="岗位", required=False)
    type = forms.ChoiceField(label="类型", required=False)
    relation = forms.ChoiceField(label="关系", required=False)
    principle = forms.CharField(label="原则", required=False, max_length=210)  # "section#principle"

    def __init__(self, data: Any, outline: Outline) -> None:
        super().__init__(data)
        chapters = [(row.entry.slug, f"{row.entry.number} {row.entry.title}") for row in outline.chapters]
        self._offer("chapter", chapters)
        self._offer("post", outline.info.posts.items())
        self._offer("type", Page.CaseType.choices)
        self._offer("relation", (outline.info.relations or dict(CaseLink.Relation.choices)).items())

    def _offer(self, name: str, choices: Any) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", "全部"), *choices]


_DAY = "日期写作 2026-03-01：年-月-日。"


class PastDay(forms.Form):
    """A day on which the guide is to be seen: today or an earlier one."""

    as_of = forms.DateField(
        label="日期", input_formats=["%Y-%m-%d"],
        error_messages={"invalid": f"没有这一天。{_DAY}", "required": f"没有写日期。{_DAY}"},
    )  # fmt: skip

    def clean_as_of(self) -> date:
        """The day; one that has not come is refused, for nobody knows what will be in force."""
        day: date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("这一天还没有到，那时的规定还不知道。请写今天或更早的日子。")
        return day
