"""What readers may ask of the guide's history."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django import forms

from guide.pages.models import Page
from guide.publishing.changelog import Wish
from guide.publishing.history import Version


class VersionPair(forms.Form):
    """Two versions of a page to be compared, by their numbers; without the older one, the newer with the one before it."""

    old = forms.TypedChoiceField(label="从", coerce=int, required=False, empty_value=None)
    new = forms.TypedChoiceField(label="到", coerce=int)

    def __init__(self, data: Any, versions: Sequence[Version]) -> None:
        self._before = {version.number: version.before or version.number for version in versions}
        newest = versions[0].number if versions else 0
        super().__init__(data, initial={"old": self._before.get(newest), "new": newest})
        for name in ("old", "new"):
            choices = [(version.number, f"第 {version.number} 版") for version in versions]
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Both numbers."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "new" in cleaned and cleaned.get("old") is None and "old" not in self.errors:
            cleaned["old"] = self._before[cleaned["new"]]
            self.data = cleaned  # shown in the form as it was understood
        return cleaned


class ChangesFilter(forms.Form):
    """Which changes; an unknown value asks for nothing and is said to be unknown."""

    chapter = forms.ModelChoiceField(Page.objects.none(), to_field_name="slug", required=False)
    weight = forms.ChoiceField(
        required=False,
        choices=[
            ("", "全部"),
            ("material", "实质性修改"),
            ("minor", "小改动"),
            ("new", "新页"),
            ("moved", "移动"),
            ("withdrawn", "撤下"),
        ],
    )
    days = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None,
        choices=[("", "不限"), ("7", "近一周"), ("30", "近一个月"), ("90", "近三个月"), ("365", "近一年")],
    )  # fmt: skip
    screen = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any, chapters: Any) -> None:
        super().__init__(data)
        cast(forms.ModelChoiceField[Page], self.fields["chapter"]).queryset = chapters

    def wish(self) -> Wish:
        """What is asked for, as far as it was understood."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return Wish(**values)

    def offers(self) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
        """Each filter: its name, and its choices as query, words and whether it is the one chosen."""
        chapters = [("", "全部"), *((row.slug, str(row)) for row in self._chapters())]
        for name, label, choices in (
            ("chapter", "章", chapters), ("weight", "轻重", self._choices("weight")), ("days", "时间", self._choices("days")),
        ):  # fmt: skip
            yield label, [(self.query(**{name: value}), words, self._asked(name) == value) for value, words in choices]

    def query(self, **changed: str) -> str:
        """The filters as a query string, with some of them changed."""
        values = {name: self._asked(name) for name in ("chapter", "weight", "days")} | changed
        return urlencode({name: value for name, value in values.items() if value})

    def _asked(self, name: str) -> str:
        return "" if name in self.errors else str(self.data.get(name) or "")

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return [(str(value), str(words)) for value, words in cast(Any, self.fields[name]).choices]

    def _chapters(self) -> Any:
        return cast(forms.ModelChoiceField[Page], self.fields["chapter"]).queryset
