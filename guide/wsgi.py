"""The WSGI entry point that gunicorn serves. Loaded once, before the workers are forked: what is read here they share."""

import gc
import os
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")

# Hardly anything that is made at the start is garbage, and looking for it takes a tenth of the time.
gc.disable()
application = get_wsgi_application()

from django.contrib.auth.models import AnonymousUser  # noqa: E402  # Django is set up first
from django.db import connections  # noqa: E402

from guide.pages import version  # noqa: E402
from guide.pages.outline import outline_for  # noqa: E402
from guide.search import index  # noqa: E402


def draw(path: str) -> None:
    """Answer one request here, so that views, templates and renderers are read once and not by each worker."""
    environ: dict[str, object] = {"HTTP_X_FORWARDED_PROTO": "https", "PATH_INFO": path, "QUERY_STRING": "drawn-at-start"}
    setup_testing_defaults(environ)
    application(environ, lambda *status_and_headers: len).close()


version.announce()
if version.told():
    index.warm()
    entries = outline_for(AnonymousUser()).entries
    draw(entries[-1].url if entries else "/")
# A connection must not be shared between processes; and what lives for good need not be looked through, or copied, by
# each worker's garbage collector.
connections.close_all()
gc.freeze()
gc.enable()
