"""What readers may say, and what an editor answers. Numbers that may be a person's are masked before anything is kept."""

from collections.abc import Sequence
from typing import Any

from django import forms

from guide.feedback.models import Report
from guide.feedback.places import Place, choices, place_of
from guide.pages.masking import masked


class LinkForm(forms.Form):
    """What a link to the form of a report may say: how a paragraph begins, and words marked in it. Nothing of it is trusted."""

    at = forms.CharField(max_length=200)
    words = forms.CharField(max_length=300, required=False)

    def place(self, places: Sequence[Place]) -> Place | None:
        """The place that is meant; where the words are not found, that of the paragraph."""
        if not self.is_valid():
            return None
        at, words = self.cleaned_data["at"], self.cleaned_data["words"]
        return place_of(places, at, words) or place_of(places, at)

    def initial_for(self, places: Sequence[Place]) -> dict[str, str]:
        """What `ReportForm` begins with."""
        place = self.place(places)
        words = place.paragraph.quoted(self.cleaned_data["words"]) if place else ""
        return {"paragraph": place.paragraph.opening, "quote": words} if place else {}


class ReportForm(forms.ModelForm[Report]):
    """What is wrong, with the paragraph it is about and an address for the answer, both of which may be left out."""

    paragraph = forms.ChoiceField(
        label="哪一段（可不选）", required=False,
        error_messages={"invalid_choice": "选的那一段，现在的页面上没有，可能刚改过。请重选，或不指某一段。"},
    )  # fmt: skip

    class Meta:
        model = Report
        fields = ("about", "paragraph", "quote", "text", "email")
        labels = {"text": "请说明", "email": "回复邮箱（可不填）"}
        help_texts = {
            "text": "不要写客户姓名、账号、电话；像卡号、证件号、电话的数字会被遮去。",
            "email": "只用来告诉您结果，处理完后删除。",
        }
        widgets = {
            "about": forms.RadioSelect,
            "quote": forms.HiddenInput,
            "text": forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, places: Sequence[Place], whole: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        about, paragraph = self.fields["about"], self.fields["paragraph"]
        if isinstance(about, forms.ChoiceField) and isinstance(paragraph, forms.ChoiceField):
            about.choices = Report.About.choices  # without the empty one: nothing chosen is said by nothing being chosen
            paragraph.choices = [("", f"{whole}，不指某一段"), *choices(places)]

    @property
    def place(self) -> Place | None:
        """What was chosen, once the form is valid."""
        chosen = self.cleaned_data.get("paragraph")
        return next((place for place in self.places if place.paragraph.opening == chosen), None)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(text) > 2000:
            raise forms.ValidationError("最多 2000 字。")
        return masked(text)

    def clean_quote(self) -> str:
        """The words as the page has them; those of another paragraph than the one chosen say nothing."""
        return self.place.paragraph.quoted(self.cleaned_data["quote"]) if self.place else ""


class AnswerForm(forms.Form):
    """Whether a page helped."""

    helpful = forms.ChoiceField(choices=[("yes", "有帮助"), ("no", "没有帮助")])


class DecisionForm(forms.ModelForm[Report]):
    """What an editor makes of a report."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the state that the editor was shown

    class Meta:
        model = Report
        fields = ("state", "note")
        help_texts = {"note": "读者留了邮箱的，结束时会收到这段话。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.state

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        now = Report.objects.filter(pk=self.instance.pk).values_list("state", flat=True).first()
        if said.get("seen") and said["seen"] != now:
            raise forms.ValidationError("别人已经改过这份报告的状态。您写的还在下面；请先看一看再保存。")
        if said.get("state") == Report.State.DECLINED and not said.get("note", "").strip():
            self.add_error("note", "不改的，请写明为什么。")
        return said
