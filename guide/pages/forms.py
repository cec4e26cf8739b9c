"""What readers may ask of lists."""

from typing import Any, cast

from django import forms
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
