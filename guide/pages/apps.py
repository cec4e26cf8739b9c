"""The pages app: the guide itself."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "guide.pages"
    verbose_name = "指南"

    def ready(self) -> None:
        from guide.pages import checks  # noqa: F401  # registers the checks
