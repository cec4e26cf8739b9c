"""The search app: finding."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "guide.search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from guide.search import checks, receivers  # noqa: F401  # registers checks and the receiver
