"""System checks of what search depends on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register(deploy=True)
def check_index_dir(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An index holds pickled parts: nobody else may write into its directory."""
    directory = settings.INDEX_DIR
    if not directory.exists() or not directory.stat().st_mode & 0o077:
        return []
    hint = f"chmod 700 {directory}"
    return [Warning("The index directory is open to other users.", hint=hint, id="guide.search.W001")]
