"""A move before it is made: which pages get another number or address, found by making it and taking it back."""

from dataclasses import dataclass

from django.db import transaction

from guide.pages import tree
from guide.pages.models import Page


@dataclass(frozen=True)
class Renumbered:
    """A page that a move gives another number or address."""

    title: str
    before: str
    after: str
    old_path: str
    new_path: str

    @property
    def is_moved(self) -> bool:
        return self.old_path != self.new_path


def plan(page: Page, parent: Page | None, index: int) -> list[Renumbered]:
    """What standing `page` under `parent` at `index` would change, in reading order. Nothing is written.

    Raises tree.InvalidMove.
    """
    with transaction.atomic():
        tree.lock_tree()
        before = _places()
        tree.put(page, parent, index)
        tree.replant()
        after = _places()
        transaction.set_rollback(True)
    page.refresh_from_db()
    return [
        Renumbered(title, before[pk][1], number, before[pk][2], path)
        for pk, (title, number, path) in after.items()
        if before[pk][1:] != (number, path)
    ]


def _places() -> dict[int, tuple[str, str, str]]:
    rows = Page.objects.published().in_reading_order().values_list("pk", "title", "number", "path")
    return {pk: (title, number, path) for pk, title, number, path in rows}
