"""Conflicts between guide and files in the admin: both texts side by side, and one text that settles them."""

from typing import Any

from django.contrib import admin

from guide.publishing.admin_derived import ReadOnlyMixin
from guide.publishing.models import Conflict


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyMixin, admin.ModelAdmin[Any]):
    """What a load could not merge."""

    list_display = ("__str__", "kind", "found_at", "settled_at", "settled_by")
    list_filter = ("kind", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("page", "settled_by")
