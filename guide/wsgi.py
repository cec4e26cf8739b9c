"""The WSGI entry point that gunicorn serves. Loaded once, before the workers are forked: what is read here they share."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guide.settings")

application = get_wsgi_application()

from django.db import connections  # noqa: E402  # Django is set up first

from guide.pages import version  # noqa: E402
from guide.search import index  # noqa: E402

version.announce()
index.warm()
# A connection must not be shared between processes; and what lives for good need not be looked through, or copied, by
# each worker's garbage collector.
connections.close_all()
gc.collect()
gc.freeze()
