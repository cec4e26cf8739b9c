"""Hears of changed pages and notes them in the outbox, in the same transaction: a kill loses neither."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from guide.pages.changes import pages_changed
from guide.search import bell
from guide.search.models import Outbox


@receiver(pages_changed)
def note_changes(pks: Sequence[int], is_reference_changed: bool, **kwargs: Any) -> None:
    rows = [Outbox(page_pk=pk) for pk in pks]
    if is_reference_changed:
        rows.append(Outbox(page_pk=None))
    Outbox.objects.bulk_create(rows, batch_size=500)
    transaction.on_commit(bell.ring)
