"""Asking the site as a reader would, from a benchmark: sets Django up and finds sections."""

import os

import django

ALL = 100_000


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")
    django.setup()


def sections(text: str, *, limit: int = 10, as_typed: bool = False):
    """What a stranger finds for `text`, sections alone; `.hits` holds at most `limit`."""
    from django.contrib.auth.models import AnonymousUser

    from guide.pages.outline import outline_for
    from guide.search.results import search

    reader = AnonymousUser()
    return search(text, reader, outline_for(reader), kind="section", limit=limit, as_typed=as_typed)
