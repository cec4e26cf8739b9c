"""What readers may ask of search."""

from typing import Any, cast

from django import forms

from guide.search.results import KINDS


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


class SearchForm(forms.Form):
    """The words, how many rows of which kind, and whether to take slips of spelling as they are."""

    q = forms.CharField(label="搜索", required=False, max_length=200, strip=True)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *((kind, kind) for kind in KINDS)])
    typed = forms.BooleanField(label="按原样搜索", required=False)
    limit = forms.IntegerField(label="条数", required=False, min_value=1, max_value=100)
