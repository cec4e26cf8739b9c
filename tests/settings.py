"""The site's settings for tests, which write to a folder of their own, which goes when they end."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="guide-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ["DATA_DIR"] = _folder
for name in ("CONTENT_DIR", "DATABASE_URL", "SITE_URL", "READING", "DEBUG", "SECRET_KEY",
             "SEARCH_LOG_DAYS", "SEARCH_LOG_USERS", "API_RATE", "TRUSTED_PROXIES", "EMAIL_URL", "MAIL_FROM",
             "FEEDBACK", "FEEDBACK_RATE", "FEEDBACK_EMAIL_DAYS",
             "SINGLE_PERSON_PUBLISHING", "LOAD_THROUGH_REVIEW"):  # fmt: skip
    os.environ.pop(name, None)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

# While Playwright's browser is open its event loop counts as running, though nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from guide.settings import *  # noqa: E402, F403  # the environment above comes first

KEPT_PAGES = False  # tests write inside a transaction that never ends; tests/pages/test_kept.py turns it on
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  # WhiteNoise warns of a folder that is not there
