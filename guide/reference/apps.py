"""The reference app: what pages lean on."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "guide.reference"
    verbose_name = "术语、依据与用词"
