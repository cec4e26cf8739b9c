"""What is well: the process, and everything a reader depends on. Like urls.py it sees all apps."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guide.search import index, outbox


@login_not_required
@require_safe
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readiness(request: HttpRequest) -> JsonResponse:
    """Database, migrations and index, each by name; 503 when one is not well."""
    try:
        waiting = len(_unapplied())
        found = {"database": True, "migrations": waiting == 0, "index": index.is_sound()}
        seconds = round(outbox.oldest_wait().total_seconds(), 3) if waiting == 0 else None
    except DatabaseError:
        found, seconds = {"database": False, "migrations": False, "index": index.is_sound()}, None
    body = {**found, "outbox_oldest_seconds": seconds}
    return JsonResponse(body, status=200 if all(found.values()) else 503)


def _unapplied() -> list[object]:
    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))
