"""Editing in the admin: the whole text, and beside it fields that rewrite only their own keys of its front matter."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from guide.pages.models import CaseLink, Page, Principle
from guide.publishing import pictures, rewriting
from guide.publishing.replacing import Lost
from guide.publishing.source import Source

_PARTED = re.compile(r"\s*[、，,;；\n]+\s*")


def _reason() -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": "一句话，读者在“改动”里看得到"})


class EditForm(forms.Form):
    """The whole text with what its writer says of the change. `base` names the draft and live text that was shown."""

    text = forms.CharField(
        label="全文", strip=False, required=False, widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false"})
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么改", required=False, max_length=500,
        widget=_reason(),
    )  # fmt: skip
    is_material = forms.TypedChoiceField(
        label="改动", required=False, coerce=lambda value: value == "yes", initial="no",
        choices=[("no", "小改动：错字、说法"), ("yes", "实质性修改：要求变了，读过的人要再确认")], widget=forms.RadioSelect,
    )  # fmt: skip
    effective = forms.DateField(
        label="生效日期",
        required=False,
        help_text="空着：批准后马上生效",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_text(self) -> str:
        """The text with LF line ends and one at its end: browsers send CRLF."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.endswith("\n") else f"{text}\n"

    @property
    def told(self) -> dict[str, Any]:
        """What the writer says of the change."""
        said = self.cleaned_data
        return {"reason": said["reason"], "is_material": said["is_material"] is True, "effective": said["effective"]}


class NewPageForm(forms.Form):
    """Where a new page is to stand, what kind of page it is, and what it is called for ever."""

    title = forms.CharField(label="标题", max_length=200)
    slug = forms.RegexField(
        r"^[a-z][a-z0-9-]*$", label="id", max_length=100, error_messages={"invalid": "只用小写字母、数字和“-”，以字母开头。"},
        help_text="只用小写字母、数字和“-”，如 queue-calling；一经发布不再改变",
    )  # fmt: skip
    parent = forms.ModelChoiceField(Page.objects.none(), label="放在哪里", required=False, empty_label="最上层（新的一章）")
    kind = forms.ChoiceField(label="种类", choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Page.objects.published().numbered().shaped_like_lists().in_reading_order()
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]
        self.fields["kind"].choices = Page.Kind.choices  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Beside or below which page another is to stand."""

    WHERE = (("left", "之前"), ("right", "之后"), ("last-child", "之下，放在最后"))

    onto = forms.ModelChoiceField(Page.objects.none(), label="移到哪一页")
    where = forms.ChoiceField(label="的", choices=WHERE)
    reason = forms.CharField(label="为什么移动", max_length=500, required=False, widget=_reason())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Page.objects.published().shaped_like_lists().in_reading_order()
        self.fields["onto"].queryset = places  # type: ignore[attr-defined]


class WithdrawalForm(forms.Form):
    """Why pages leave the guide, and for each thing of them that texts point to, what those texts are to point to then."""

    reason = forms.CharField(label="为什么撤下", max_length=500, widget=_reason())

    def __init__(self, *args: Any, lost: Sequence[Lost], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lost = lost
        for place, one in enumerate(lost):
            attrs = {"data-pick": one.kind, "autocomplete": "off", "placeholder": "打字查找，或写 id"}
            field = forms.CharField(label=one.title, required=False, max_length=210, widget=forms.TextInput(attrs=attrs))
            self.fields[f"to-{place}"] = field

    @property
    def rows(self) -> list[tuple[Lost, forms.BoundField]]:
        """Each thing that goes, with the field for what takes its place."""
        return [(one, self[f"to-{place}"]) for place, one in enumerate(self.lost)]

    @property
    def replacements(self) -> dict[str, str]:
        """What was chosen. A principle left open goes to the one of the same id in the page that takes the page's place."""
        said = {one.target: str(self.cleaned_data.get(f"to-{place}", "")).strip() for place, one in enumerate(self.lost)}
        for target, chosen in said.items():
            page, _, rule = target.partition("#")
            home = said.get(page, "")
            if rule and home and not chosen and Principle.objects.filter(page__slug=home, slug=rule).exists():
                said[target] = f"{home}#{rule}"
        return {target: chosen for target, chosen in said.items() if chosen}


class HeadForm(forms.Form):
    """The keys of a page's front matter that people change most. What was not changed here stays as the text has it.

    `seen` holds what the fields showed, so that a field wins over the text only where its value was changed.
    """

    title = forms.CharField(label="标题", required=False, max_length=200)
    summary = forms.CharField(label="一句话", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    posts = forms.MultipleChoiceField(label="适用岗位", required=False, widget=forms.CheckboxSelectMultiple)
    topics = forms.CharField(label="主题", required=False, help_text="用顿号分开，如：投诉、厅堂、老年客户")
    keywords = forms.CharField(
        label="关键词", required=False, help_text="用顿号分开；读者会这样搜", widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.CharField(label="归口部门", required=False, max_length=100)
    review_by = forms.DateField(
        label="复核期限", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, posts: Mapping[str, str], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].choices = list(posts.items())  # type: ignore[attr-defined]
        if kind in (Page.Kind.CHAPTER, Page.Kind.SECTION):
            del self.fields["topics"]

    @classmethod
    def showing(cls, source: Source, posts: Mapping[str, str]) -> "HeadForm":
        """The form with what `source` says."""
        said = head_of(source)
        return cls(initial={**said, "seen": as_seen(said)}, posts=posts, kind=source.kind, prefix="head")

    @property
    def changes(self) -> dict[str, Any]:
        """The keys whose value was changed in the form, as the text is to have them."""
        seen = read_seen(self.cleaned_data.get("seen", ""))
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {name: _written(name, value) for name, value in said.items() if name in seen and _shown(value) != seen[name]}

    def clean_posts(self) -> list[str]:
        return list(self.cleaned_data["posts"])


class LinkForm(forms.Form):
    """One principle that a case, card or drill tells of."""

    to = forms.CharField(
        label="原则", required=False, max_length=210,
        widget=forms.TextInput(attrs={"data-pick": "principle", "placeholder": "打字查找：投诉 登记", "autocomplete": "off"}),
    )  # fmt: skip
    relation = forms.ChoiceField(label="关系", choices=CaseLink.Relation.choices)
    note = forms.CharField(label="说明", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_cells(self)


class _LinkFormSet(forms.BaseFormSet[LinkForm]):
    """All links of one page, in order; a row without a principle is no link."""

    @property
    def rows(self) -> list[dict[str, str]]:
        said = [form.cleaned_data for form in self.forms if form.is_valid()]
        return [{key: row[key] for key in ("to", "relation", "note") if row.get(key)} for row in said if row.get("to")]


LinkFormSet: Any = forms.formset_factory(LinkForm, formset=_LinkFormSet, extra=2)


class PictureForm(forms.Form):
    """A picture with the words that stand for it."""

    picture = forms.FileField(label="图片")
    alternative = forms.CharField(
        label="文字说明", max_length=200, error_messages={"required": "写一句文字说明：看不到图的人靠它。"}
    )

    def clean_picture(self) -> bytes:
        """The picture's bytes. What it is called says nothing: its content is looked at."""
        sent: UploadedFile[Any] = self.cleaned_data["picture"]
        if (sent.size or 0) > settings.PICTURE_BYTES:
            raise ValidationError(f"图片太大：不能超过 {settings.PICTURE_BYTES // 1_000_000} MB。")
        data = bytes(sent.read())
        if not pictures.kind_of(data):
            raise ValidationError("不是 PNG、JPEG 或 WebP 图片。")
        return data


class NoteForm(forms.Form):
    """What a reviewer says with the decision; to send a text back, why is asked."""

    note = forms.CharField(
        label="审核意见", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "退回时要写原因；通过时可以不写"}),
    )  # fmt: skip


def keys(words: Iterable[str]) -> list[int]:
    """Those of `words` that can be the key of a row."""
    return [int(word) for word in words if word.isdecimal() and len(word) < 19]


def name_cells(form: forms.Form) -> None:
    """Give each field of a row in a table its name for those who do not see the head of the column."""
    for field in form.fields.values():
        field.widget.attrs["aria-label"] = str(field.label)


def with_fields(text: str, head: HeadForm | None, links: "_LinkFormSet | None", seen_links: list[Any]) -> str:
    """`text` with what was changed in the fields and the table beside it. Raises CannotRewrite."""
    changes = dict(head.changes) if head is not None and head.is_valid() else {}
    if links is not None and links.is_valid() and links.rows != seen_links:
        changes["principles"] = links.rows
    return rewriting.set_head(text, changes) if changes else text


def head_of(source: Source) -> dict[str, Any]:
    """What the fields of HeadForm show of `source`."""
    return {
        "title": source.title, "summary": source.summary, "posts": list(source.posts), "topics": "、".join(source.topics),
        "keywords": "、".join(source.keywords), "owner": source.owner, "review_by": source.review_by,
    }  # fmt: skip


def links_of(source: Source) -> list[dict[str, str]]:
    """What the table of links shows of `source`."""
    rows = [{"to": link.to, "relation": link.relation, "note": link.note} for link in source.links]
    return [{key: value for key, value in row.items() if value} for row in rows]


def as_seen(shown: Any) -> str:
    """What was shown, for a hidden field."""
    if isinstance(shown, dict):
        shown = {name: _shown(value) for name, value in shown.items()}  # posts in any order are the same posts
    return json.dumps(shown, ensure_ascii=False)


def read_seen(text: str) -> Any:
    """What `as_seen` wrote; nothing where it was tampered with."""
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _shown(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else str(value or "")


def _written(name: str, value: Any) -> Any:
    if name in ("topics", "keywords"):
        return [word for word in _PARTED.split(value.strip()) if word]
    return " ".join(value.split()) if isinstance(value, str) else value
