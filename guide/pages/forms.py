"""What readers may ask of lists."""

from typing import Any, cast

from django import forms

from guide.pages.models import CaseLink
from guide.pages.outline import Outline


class CaseFilter(forms.Form):
    """Filters of the list of all cases; an unknown value filters nothing and is said to be unknown."""

    chapter = forms.ChoiceField(label="章", required=False)
    post = forms.ChoiceField(label="岗位", required=False)
    relation = forms.ChoiceField(label="关系", required=False)
    principle = forms.CharField(label="原则", required=False, max_length=210)  # "section#principle"

    def __init__(self, data: Any, outline: Outline) -> None:
        super().__init__(data)
        chapters = [(row.entry.slug, f"{row.entry.number} {row.entry.title}") for row in outline.chapters]
        self._offer("chapter", chapters)
        self._offer("post", outline.info.posts.items())
        self._offer("relation", (outline.info.relations or dict(CaseLink.Relation.choices)).items())

    def _offer(self, name: str, choices: Any) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", "全部"), *choices]
