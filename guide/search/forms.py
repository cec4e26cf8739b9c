"""What readers may ask of search."""

from django import forms

from guide.search.results import KINDS


class SearchForm(forms.Form):
    """The words, and how many rows of which kind."""

    q = forms.CharField(label="搜索", required=False, max_length=200, strip=True)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *((kind, kind) for kind in KINDS)])
    limit = forms.IntegerField(label="条数", required=False, min_value=1, max_value=100)
