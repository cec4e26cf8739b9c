"""System checks of the settings that reading depends on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def check_reading(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.READING in ("open", "signed-in"):
        return []
    hint = "Set READING=open (anybody reads) or READING=signed-in."
    return [Error(f"READING is {settings.READING!r}.", hint=hint, id="guide.pages.E001")]


@register()
def check_site_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith(("http://", "https://")):
        return []
    hint = "Set SITE_URL to the whole address readers use, such as https://guide.example.com."
    return [Warning(f"SITE_URL is {settings.SITE_URL!r}.", hint=hint, id="guide.pages.W001")]
