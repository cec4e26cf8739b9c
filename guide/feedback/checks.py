"""System checks of the settings that feedback depends on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_feedback(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A word that is not understood must not open the form to everybody, nor close it unnoticed."""
    if settings.FEEDBACK in ("open", "signed-in", "off"):
        return []
    hint = "Set FEEDBACK=open (anybody tells), FEEDBACK=signed-in or FEEDBACK=off."
    return [Error(f"FEEDBACK is {settings.FEEDBACK!r}.", hint=hint, id="guide.feedback.E001")]
