"""What readers may ask of search."""

from django import forms

from guide.search.results import KINDS


class SearchForm(forms.Form):
    """The words, how many rows of which kind, and whether to take slips of spelling as they are."""

    q = forms.CharField(label="搜索", required=False, max_length=200, strip=True)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *((kind, kind) for kind in KINDS)])
    typed = forms.BooleanField(label="按原样搜索", required=False)
    limit = forms.IntegerField(label="条数", required=False, min_value=1, max_value=100)
