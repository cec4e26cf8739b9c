"""What readers may say, and what an editor answers. Numbers that may be a person's are masked before anything is kept."""

from typing import Any

from django import forms

from guide.feedback.models import Report
from guide.pages.masking import masked


class ReportForm(forms.ModelForm[Report]):
    """What is wrong, with the sentence it is about and an address for the answer, both of which may be left out."""

    class Meta:
        model = Report
        fields = ("about", "quote", "text", "email")
        labels = {"quote": "哪一句（可不填）", "text": "请说明", "email": "回复邮箱（可不填）"}
        help_texts = {
            "text": "不要写客户姓名、账号、电话；像卡号、证件号、电话的数字会被遮去。",
            "email": "只用来告诉您结果，处理完后删除。",
        }
        widgets = {
            "about": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        if isinstance(about, forms.ChoiceField):
            about.choices = Report.About.choices  # without the empty one: nothing chosen is said by nothing being chosen

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(text) > 2000:
            raise forms.ValidationError("最多 2000 字。")
        return masked(text)

    def clean_quote(self) -> str:
        return masked(self.cleaned_data["quote"])


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
