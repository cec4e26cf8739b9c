"""System checks of what search depends on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from guide.pages.limits import network


@register(deploy=True)
def check_index_dir(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An index holds pickled parts: nobody else may write into its directory."""
    directory = settings.INDEX_DIR
    if not directory.exists() or not directory.stat().st_mode & 0o077:
        return []
    hint = f"chmod 700 {directory}"
    return [Warning("The index directory is open to other users.", hint=hint, id="guide.search.W001")]


@register(deploy=True)
def check_log_dir(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What people search for is nobody's business but the editors'."""
    directory = settings.SEARCH_LOG_DIR
    if not directory.exists() or not directory.stat().st_mode & 0o077:
        return []
    hint = f"chmod 700 {directory}"
    return [Warning("The search log's directory is open to other users.", hint=hint, id="guide.search.W002")]


@register()
def check_proxies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A proxy that is not understood is not trusted: all who come through it then share one limit."""
    wrong = [text for text in settings.TRUSTED_PROXIES if network(text) is None]
    hint = "Give addresses or networks, with commas between: TRUSTED_PROXIES=10.0.0.5,10.1.0.0/16"
    return [Warning(f"TRUSTED_PROXIES: {text} is no address.", hint=hint, id="guide.search.W003") for text in wrong]


@register(deploy=True)
def check_rate(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An API without a limit is a choice to be made knowingly."""
    if settings.API_RATE:
        return []
    hint = "Set API_RATE to the requests a minute that one address may send, such as 6000."
    return [Warning("The API is not limited.", hint=hint, id="guide.search.W004")]
