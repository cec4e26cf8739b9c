"""The feedback app: the reader's voice."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "guide.feedback"
    verbose_name = "读者反馈"

    def ready(self) -> None:
        from guide.feedback import checks  # noqa: F401  # registers the check
