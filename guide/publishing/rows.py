"""Making derived rows agree with what a text says: in place, by key, never deleted and made anew."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Key = TypeVar("Key", bound=Hashable)
BATCH = 500


@dataclass(frozen=True)
class Agreed(Generic[Row]):
    """What agreeing came to: all wanted rows by key, and the rows that nothing wants any more (not yet deleted)."""

    rows: dict[Any, Row]
    stale: list[Row]


def agree(model: type[Row], existing: Mapping[Key, Row], wanted: Mapping[Key, Mapping[str, Any]]) -> Agreed[Row]:
    """Create and update rows of `model` so that each key in `wanted` has a row with exactly those values.

    Only rows that differ are written. Stale rows are left for the caller to delete, when nothing points to them.
    """
    manager = model._default_manager
    kept = {key: existing[key] for key in wanted if key in existing}
    changed = [row for key, row in kept.items() if _set(row, wanted[key])]
    fields = sorted({name for values in wanted.values() for name in values})
    if changed:
        manager.bulk_update(changed, fields, batch_size=BATCH)
    new = {key: model(**values) for key, values in wanted.items() if key not in existing}
    made = manager.bulk_create(new.values(), batch_size=BATCH)
    rows = kept | dict(zip(new, made, strict=True))
    return Agreed(rows, [row for key, row in existing.items() if key not in wanted])


def delete(model: type[Row], stale: list[Row]) -> None:
    """Delete rows that nothing wants, in batches below the database's limit of parameters."""
    for start in range(0, len(stale), BATCH):
        model._default_manager.filter(pk__in=[row.pk for row in stale[start : start + BATCH]]).delete()


def _set(row: Model, values: Mapping[str, Any]) -> bool:
    is_changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            is_changed = True
    return is_changed
