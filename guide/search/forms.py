"""What readers may ask of search."""

from dataclasses import asdict
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

from django import forms

from guide.pages.models import CaseLink, Page, Principle
from guide.pages.outline import Outline
from guide.search.facets import NAMES, Filters
from guide.search.results import GROUPS, KINDS, View

LONGEST = 200
KIND_NAMES = dict(Page.Kind.choices) | {"principle": "原则", "phrase": "话术", "term": "术语", "source": "依据"}
Choices = list[tuple[str, str]]


class ScriptForm(forms.Form):
    """A sentence or a whole script to look through."""

    text = forms.CharField(
        label="粘贴一句话或整段话术", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class PostForm(forms.Form):
    """The post whose phrases are shown."""

    post = forms.ChoiceField(label="岗位", required=False)

    def __init__(self, data: Any, posts: dict[str, str]) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["post"]).choices = [("", "全部"), *posts.items()]


class ResultsForm(forms.Form):
    """What the results page is asked: the words, filters, one group by itself and which page of it.

    A wrong value is left out, and `is_valid` or not, `filters` and `words` hold what is right. What is asked is read once:
    every link of the page is made of it.
    """

    q = forms.CharField(label="搜索的话", required=False, max_length=LONGEST, strip=True)
    kind = forms.ChoiceField(label="种类", required=False, choices=[(kind, KIND_NAMES[kind]) for kind in KINDS])
    level = forms.ChoiceField(label="级别", required=False, choices=Principle.Level.choices)
    relation = forms.ChoiceField(label="案例关系", required=False)
    post = forms.ChoiceField(label="岗位", required=False)
    chapter = forms.ChoiceField(label="章", required=False)
    group = forms.ChoiceField(label="分组", required=False, choices=[(name, name) for name in GROUPS])
    page = forms.IntegerField(label="页码", required=False, min_value=1, max_value=10_000)
    typed = forms.BooleanField(label="按原样搜索", required=False)

    def __init__(self, data: Any, outline: Outline) -> None:
        super().__init__(data)
        relations = dict(CaseLink.Relation.choices) | outline.info.relations
        self._offer("post", list(outline.info.posts.items()))
        self._offer("relation", [(name, str(relations[name])) for name in CaseLink.Relation.values])
        chapters = [chapter.entry for chapter in outline.chapters]
        self._offer("chapter", [(entry.slug, f"{entry.number} {entry.title}") for entry in chapters])
        self.full_clean()

    def _offer(self, name: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def choices(self, name: str) -> Choices:
        """The values of a filter with their words, in order."""
        return list(cast(Choices, cast(forms.ChoiceField, self.fields[name]).choices))

    @cached_property
    def words(self) -> str:
        """What is asked; of too long a text its beginning."""
        typed = str(self.data.get("q", "")).replace("\0", "").strip()
        return str(self.cleaned_data.get("q", typed[:LONGEST]))

    @cached_property
    def filters(self) -> Filters:
        return Filters(**{name: self.cleaned_data.get(name, "") for name in NAMES})

    @cached_property
    def view(self) -> View:
        """Which part of what is found is shown."""
        asked = self.cleaned_data
        return View(asked.get("group", ""), asked.get("page") or 1, is_as_typed=bool(asked.get("typed")))

    @property
    def is_first_look(self) -> bool:
        """Whether this is a search anew, and not a narrowing or another page of one."""
        return not self.filters.active and self.view == View(is_as_typed=self.view.is_as_typed)

    @cached_property
    def asked(self) -> dict[str, str]:
        """All that is asked but for the group and its page, as an address carries it."""
        filters = {name: value for name, value in asdict(self.filters).items() if value}
        return {"q": self.words} | filters | ({"typed": "on"} if self.cleaned_data.get("typed") else {})

    @cached_property
    def query(self) -> str:
        return urlencode(self.asked)

    @cached_property
    def query_unfiltered(self) -> str:
        return urlencode({name: value for name, value in self.asked.items() if name not in NAMES})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters that stay when other words are typed."""
        return [(name, value) for name, value in self.asked.items() if name in NAMES]

    @property
    def is_too_long(self) -> bool:
        return "q" in self.errors

    @property
    def left_out(self) -> list[str]:
        """The labels of fields whose value is none of those there are."""
        return [str(self.fields[name].label) for name in self.errors if name != "q"]
