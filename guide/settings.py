"""Every setting, each named once. What differs between machines is read from the environment here and nowhere else.

Unset means production. The only secret, the secret key, has no default: it is taken from SECRET_KEY or made on first
use under DATA_DIR.
"""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ  # type: ignore[import-untyped]  # ships no types
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from guide.pages import policy

# Lets Django's generic classes be annotated (ModelAdmin[Page]) where Python runs them.
django_stubs_ext.monkeypatch()

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(BASE_DIR / "content"))).resolve()


def _private_folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _kept_secret(path: Path) -> str:
    """Return the secret in `path`, made on first use; two processes that start at once end with the same one."""
    if not path.exists():
        own = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(get_random_secret_key())
        # A link appears with all that is in the file, so nobody reads a secret that is only half written.
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text(encoding="ascii").strip()


def _count(name: str, default: int) -> int:
    """A whole number from the environment; nothing, or 0, turns off what it counts."""
    text = env.str(name, default=str(default)).strip()
    if text and not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name}={text}: give a whole number, or nothing to turn it off.")
    return int(text or 0)


DATA_DIR = _private_folder(Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve())
INDEX_DIR = DATA_DIR / "index"
SEARCH_LOG_DIR = DATA_DIR / "search-log"  # what was asked, until the worker takes it into rows
API_RATE_DIR = DATA_DIR / "api-rate"  # who asked how often in this minute
PICTURES_DIR = DATA_DIR / "pictures"
PICTURE_BYTES = 5_000_000  # the largest picture that is taken
PICTURE_PIXELS = 25_000_000  # the most that a picture may unpack to; a page needs far fewer

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret(DATA_DIR / "secret_key")

HOST = env.str("HOST", default="127.0.0.1")  # the address that gunicorn binds to
PORT = env.int("PORT", default=8000)
WORKERS = env.int("WORKERS", default=2)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
_is_https = _site.scheme == "https"

# Loopback names are always answered, so that a health check on the machine itself needs no setting.
ALLOWED_HOSTS = [_site.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]", *env.list("ALLOWED_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
USE_X_FORWARDED_HOST = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, policy.inline_script_hash(BASE_DIR / "templates" / "_early.html")],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Who may read: "open" (anybody) or "signed-in".
READING = env.str("READING", default="open")

# Who may report problems and say whether a page helped: "open" (anybody who reads), "signed-in" or "off".
FEEDBACK = env.str("FEEDBACK", default="open")
FEEDBACK_RATE = _count("FEEDBACK_RATE", 60)  # reports, and answers, an hour and visitor; 0 does not limit
FEEDBACK_RATE_DIR = DATA_DIR / "feedback-rate"
FEEDBACK_EMAIL_DAYS = _count("FEEDBACK_EMAIL_DAYS", 30)  # how long a reader's address outlives the end of the report

# Whole pages kept ready for strangers; never where reading needs a sign-in, nor while templates are being worked on.
KEPT_PAGES = env.bool("KEPT_PAGES", default=True) and READING == "open" and not DEBUG
PAGES_DIR = DATA_DIR / "pages"
PAGES_MEMORY = 3_000_000  # bytes of kept pages that a process holds in memory
PAGES_LEAVE_FREE = 200_000_000  # bytes of the disk that kept pages leave to the database

SEARCH_LOG_DAYS = _count("SEARCH_LOG_DAYS", 180)  # how long the search log is kept; 0 keeps none
SEARCH_LOG_USERS = env.bool("SEARCH_LOG_USERS", default=False)  # whether it names who asked
API_RATE = _count("API_RATE", 6000)  # requests to /api/ a minute and address; 0 does not limit
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # addresses or networks whose X-Forwarded-For is believed

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "mptt",
    "csp",
    "easymde",  # only its static files: the editor component
    "guide.accounts",
    "guide.reference",
    "guide.mail",
    "guide.pages",
    "guide.publishing",
    "guide.search",
    "guide.feedback",
    "guide.board",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guide.pages.middleware.SitePolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Above: headers that every response carries. Below: what knows persons.
    "guide.pages.middleware.KeptPages",
    "guide.search.remembered.RememberedSearches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

if READING == "signed-in":
    # Leads strangers to the sign-in page; what they may not see is left out by the querysets all the same.
    MIDDLEWARE.append("django.contrib.auth.middleware.LoginRequiredMiddleware")

ROOT_URLCONF = "guide.urls"
WSGI_APPLICATION = "guide.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guide.pages.outline.guide",
                "guide.pages.posts.reader",
                "guide.feedback.voice.voice",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'guide.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What a process keeps for the current version of the guide; keys hold the version, so nothing is invalidated by hand.
CACHES = {
    "default": {"BACKEND": "guide.pages.memory.ObjectCache", "TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": 64}},
    "searches": {"BACKEND": "guide.pages.memory.ObjectCache", "TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 256}},
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "pages:home"
LOGOUT_REDIRECT_URL = "pages:home"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "guide.pages.scripts.ScriptFinder",
]
# Scripts of reading, each one behaviour in static/js; readers are sent them as one file, js/guide.js.
SCRIPTS = [
    "type-size", "keyboard", "outline", "citation", "explain", "paper", "report-words",
    "search-box", "recent-searches", "search-live", "search-opened", "search-marks",
]  # fmt: skip
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# `load_content` asks for --allow-removals before it withdraws more pages than this.
REMOVALS_WITHOUT_ASKING = 5

# Whether an editor may publish without a second person: for tiny teams; every such act is in the audit log.
SINGLE_PERSON_PUBLISHING = env.bool("SINGLE_PERSON_PUBLISHING", default=False)
# Whether what `load_content` reads waits for review like an editor's text. The first load never does.
LOAD_THROUGH_REVIEW = env.bool("LOAD_THROUGH_REVIEW", default=False)

# Mail: EMAIL_URL (smtp+tls://user:password@host:587) and MAIL_FROM; without a URL mail goes to files in DATA_DIR/mail.
_mail = env.email_url("EMAIL_URL", default="filemail://")
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail["EMAIL_BACKEND"], _mail["EMAIL_FILE_PATH"] or str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default=f"guide@{_site.hostname or 'localhost'}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING"}, "guide": {"handlers": ["console"], "level": "INFO"}},
}
