"""One term, source, group of synonyms, standard phrase or local value as a form: it rewrites only its own entry."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from guide.publishing import rewriting
from guide.publishing.forms import name_cells
from guide.publishing.frontmatter import read_yaml
from guide.reference.models import LocalValue, Provision, Source, StandardPhrase, SynonymGroup, Term

_PARTED = re.compile(r"\s*[、，,;；\n]+\s*")
_SLUG = {"invalid": "只用小写字母、数字和“-”，以字母开头。"}


class EntryForm(forms.Form):
    """The entry of a row in its document. A subclass names the document, and the key that tells entries apart."""

    document = ""
    key = "id"

    @classmethod
    def shown(cls, row: Any) -> dict[str, Any]:
        """What the form shows of `row`: its id, and what else a subclass shows."""
        return {"id": row.slug}

    def values(self) -> dict[str, Any]:
        """The keys of the entry as the text is to have them; nothing takes a key out."""
        return dict(self.cleaned_data)

    def put_into(self, text: str, row: Any | None) -> str:
        """`text` of the document with this entry in place of the one of `row`, or added. Raises CannotRewrite."""
        if row is None:
            return rewriting.add_entry(text, self.values())
        return rewriting.set_entry(text, self.place_of(text, row), self.values())

    def take_out_of(self, text: str, row: Any) -> str:
        """`text` of the document without the entry of `row`. Raises CannotRewrite."""
        return rewriting.remove_entry(text, self.place_of(text, row))

    def place_of(self, text: str, row: Any) -> int:
        """Where the entry of `row` stands in `text`. Raises CannotRewrite."""
        named = str(self.shown(row)[self.key])
        return _place(text, lambda entry: str(entry.get(self.key)) == named, named)


class TermForm(EntryForm):
    document = "glossary.yml"

    id = forms.RegexField(r"^[a-z][a-z0-9-]*$", label="id", max_length=100, error_messages=_SLUG)
    term = forms.CharField(label="术语", max_length=100)
    pinyin = forms.CharField(label="拼音", max_length=200, required=False)
    english = forms.CharField(label="英文", max_length=200, required=False)
    definition = forms.CharField(label="释义", widget=forms.Textarea(attrs={"rows": 4}))
    aliases = forms.CharField(label="别称", required=False, help_text="用顿号分开；读者会这样搜")

    @classmethod
    def shown(cls, row: Term) -> dict[str, Any]:
        names = ("term", "pinyin", "english", "definition")
        return super().shown(row) | {name: getattr(row, name) for name in names} | {"aliases": "、".join(row.aliases)}

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "definition": _one_line(said["definition"]), "aliases": _words(said["aliases"])}


class SynonymForm(EntryForm):
    document = "synonyms.yml"
    key = "words"

    words = forms.CharField(
        label="同义词",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="至少两个，用顿号分开；一个词只进一组，相近而不同的事不放在一起",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    @classmethod
    def shown(cls, row: SynonymGroup) -> dict[str, Any]:
        return {"words": "、".join(row.words), "note": row.note}

    def clean_words(self) -> list[str]:
        words = _words(self.cleaned_data["words"])
        if len(words) < 2:
            raise forms.ValidationError("至少写两个词。")
        return words

    def place_of(self, text: str, row: SynonymGroup) -> int:
        return _place(text, lambda entry: [str(word) for word in entry.get("words", [])] == row.words, " ".join(row.words))


class StandardPhraseForm(EntryForm):
    document = "standard-phrases.yml"

    id = forms.RegexField(r"^[a-z][a-z0-9-]*$", label="id", max_length=100, error_messages=_SLUG)
    text = forms.CharField(label="用语", widget=forms.Textarea(attrs={"rows": 3}), help_text="改了这里，所有引用它的地方一起变")

    @classmethod
    def shown(cls, row: StandardPhrase) -> dict[str, Any]:
        return super().shown(row) | {"text": row.text}

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "text": _one_line(self.cleaned_data["text"])}


class LocalValueForm(EntryForm):
    document = "guide.yml"

    value = forms.CharField(label="本行填写", max_length=300, required=False)

    @classmethod
    def shown(cls, row: LocalValue) -> dict[str, Any]:
        return {"value": row.value}

    def put_into(self, text: str, row: Any | None) -> str:
        return rewriting.set_value(text, ["local", row.slug if row else ""], "value", self.cleaned_data["value"])


class SourceForm(EntryForm):
    document = "sources.yml"
    key = "key"

    key_ = forms.RegexField(r"^[a-z][a-z0-9-]*$", label="键", max_length=100, error_messages=_SLUG)
    title = forms.CharField(label="名称", max_length=300)
    kind = forms.ChoiceField(label="类别", choices=Source.Kind.choices)
    issuer = forms.CharField(label="制定机构", max_length=300, required=False)
    number = forms.CharField(label="文号", max_length=300, required=False)
    issued = forms.CharField(label="发布日期", max_length=50, required=False)
    effective = forms.CharField(label="施行日期", max_length=50, required=False)
    status = forms.ChoiceField(label="状态", choices=Source.Status.choices)
    official = forms.CharField(label="官方查询", max_length=200, required=False)
    checked = forms.DateField(label="核对日", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    @classmethod
    def shown(cls, row: Source) -> dict[str, Any]:
        names = ("title", "kind", "issuer", "number", "issued", "effective", "status", "official", "checked", "note")
        return {"key": row.key, "key_": row.key, **{name: getattr(row, name) for name in names}}

    def values(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "key_"}
        return {"key": self.cleaned_data["key_"], **said, "note": _one_line(said["note"])}


class ProvisionForm(forms.Form):
    """One fact of a source."""

    id = forms.RegexField(r"^[a-z][a-z0-9-]*$", label="标识", max_length=20, required=False, error_messages=_SLUG)
    text = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    article = forms.CharField(label="条款", max_length=50, required=False)
    confirmed = forms.ChoiceField(label="核对方式", required=False, choices=[("", "没有核对"), *Provision.Confirmed.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_cells(self)


ProvisionFormSet = forms.formset_factory(ProvisionForm, extra=1)


def provisions_shown(source: Source | None) -> list[dict[str, str]]:
    """What the table of facts shows of `source`."""
    rows = source.provisions.all() if source else Provision.objects.none()
    return [{"id": row.slug, "text": row.text, "article": row.article, "confirmed": row.confirmed} for row in rows]


def provisions_said(formset: Any) -> list[dict[str, str]]:
    """The facts as the text is to have them; a row without an id or words is no fact."""
    rows = [form.cleaned_data for form in formset.forms if form.is_valid()]
    wanted = [{**row, "text": _one_line(row.get("text", ""))} for row in rows if row.get("id") and row.get("text")]
    return [{name: value for name, value in row.items() if value} for row in wanted]


def _place(text: str, is_wanted: Any, named: str) -> int:
    entries, _ = read_yaml(text, "")
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, Mapping) and is_wanted(entry):
            return place
    raise rewriting.CannotRewrite(f"草稿里已经没有“{named}”这一条")


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word for word in _PARTED.split(text.strip()) if word))


def _one_line(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())
