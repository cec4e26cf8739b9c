"""The search app: finding."""

from django.apps import AppConfig
from django.conf import settings


class SearchConfig(AppConfig):
    name = "guide.search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from guide.search import checks, receivers, segmenter  # noqa: F401  # registers checks and the receiver

        segmenter.keep_in(settings.INDEX_DIR)
