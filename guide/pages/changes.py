"""The one function that ends every write of pages, and the signal by which others hear of it."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

from guide.pages import placing, tree
from guide.pages import version as shown
from guide.pages.models import Page
from guide.pages.outline import prepare

# Sent inside the writing transaction, with `pks` (sorted list of page pks) and `is_reference_changed` (terms, sources …).
pages_changed = Signal()


def conclude_write(pks: Iterable[int], *, is_tree_changed: bool = True, is_reference_changed: bool = False) -> int:
    """End a write of pages: put the tree right, note where pages stand, raise the guide's version, tell who listens.

    Runs inside the transaction of the write, under `tree.lock_tree`. `is_tree_changed` is False where only texts
    changed: walking the whole tree is then left out. Returns the guide's version.
    """
    changed = set(pks)
    if is_tree_changed:
        changed |= tree.replant()
        placing.note(changed)
    version = tree.lock_tree()
    version.number += 1
    version.save(update_fields=["number"])
    pages_changed.send(sender=Page, pks=sorted(changed), is_reference_changed=is_reference_changed)
    transaction.on_commit(prepare, robust=True)
    transaction.on_commit(shown.announce)
    return version.number


def repair() -> list[tree.Misplaced]:
    """Put right what `tree.check` finds, in one locked transaction, and return it."""
    with transaction.atomic():
        tree.lock_tree()
        found = tree.check()
        if found:
            conclude_write({wrong.page.pk for wrong in found})
    return found
