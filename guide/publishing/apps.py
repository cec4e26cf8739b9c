"""The publishing app: how text gets in."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "guide.publishing"
    verbose_name = "发布"

    def ready(self) -> None:
        from guide.publishing import incoming

        incoming.register()
