"""Noting where pages stand: a placement ends and another begins whenever parent, position or being published changes."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from guide.pages.models import Page, Placement

_BATCH = 500


def note(pks: Iterable[int]) -> None:
    """Make the open placements of these pages agree with where they stand. Runs inside the write's transaction."""
    now = timezone.now()
    for some in _batches(sorted(pks)):
        stand = {
            pk: (parent, position)
            for pk, parent, position in Page.objects.published().filter(pk__in=some).values_list("pk", "parent", "position")
        }
        noted = {row.page_id: row for row in Placement.objects.open().filter(page__in=some)}
        ended = [row.pk for pk, row in noted.items() if stand.get(pk) != (row.parent_id, row.position)]
        Placement.objects.get_queryset().close(ended, now)
        begun = [pk for pk, place in stand.items() if pk not in noted or noted[pk].pk in set(ended)]
        Placement.objects.bulk_create(
            Placement(page_id=pk, parent_id=stand[pk][0], position=stand[pk][1], since=now) for pk in begun
        )


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), _BATCH):
        yield pks[start : start + _BATCH]
