"""The board app: the overview. It only reads."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "guide.board"
    verbose_name = "总览"
