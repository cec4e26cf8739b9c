"""What the board is asked."""

from django import forms


class BoardForm(forms.Form):
    """In which order: as the guide stands, or what wants looking after most."""

    sort = forms.ChoiceField(required=False, choices=[("guide", "按章节"), ("risk", "按风险")])
