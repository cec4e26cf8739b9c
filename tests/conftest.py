"""The cast, as fixtures."""

import os
from datetime import datetime

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from guide.accounts.models import User
from guide.pages.models import Page, Principle
from guide.publishing.loading import load
from guide.search import catalogue, outbox
from tests.factories import write_guide

# The same examples at every run, so that a change is judged by what it changes; HYPOTHESIS_PROFILE=searching looks for
# new ones. How long an example takes says nothing on a busy machine.
hypothesis_settings.register_profile("steady", derandomize=True, database=None, deadline=None)
hypothesis_settings.register_profile("searching", print_blob=True, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    """Each test has its own index, search log and count of requests, and an empty cache."""
    cache.clear()
    catalogue.forget()
    settings.INDEX_DIR = tmp_path / "index"
    settings.SEARCH_LOG_DIR = tmp_path / "search-log"
    settings.API_RATE_DIR = tmp_path / "api-rate"
    settings.FEEDBACK_RATE_DIR = tmp_path / "feedback-rate"


@pytest.fixture
def clock(monkeypatch):
    """Set the time of the whole site, in Shanghai: clock("2026-03-01T12:00")."""

    def set_to(text):
        moment = datetime.fromisoformat(f"{text}+08:00")
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def folder(tmp_path):
    """The small guide's files."""
    return write_guide(tmp_path / "content")


@pytest.fixture
def guide(db, folder):
    """The small guide, loaded; returns its folder."""
    load(folder)
    return folder


@pytest.fixture
def indexed(guide):
    """The small guide, loaded and indexed."""
    outbox.drain()
    return guide


@pytest.fixture
def section(guide):
    return Page.objects.get(slug="complaints")


@pytest.fixture
def principle(guide):
    return Principle.objects.get(slug="register")


@pytest.fixture
def case(guide):
    return Page.objects.get(slug="come-back")


def _person(name, role):
    user = User.objects.create_user(name, password="pass-word-12")
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def reader(db):
    return _person("reader", "读者")


@pytest.fixture
def trainer(db):
    return _person("trainer", "培训师")


@pytest.fixture
def editor(db):
    return _person("editor", "编辑")


@pytest.fixture
def reviewer(db):
    return _person("reviewer", "审核人")


@pytest.fixture(scope="module")
def real_guide(django_db_setup, django_db_blocker):
    """The real content/, loaded once for all tests of a module and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        call_command("load_content", django_settings.CONTENT_DIR)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def client_of(db):
    """Sign a new person in: client_of("second", "编辑") gives that person's own browser."""

    def sign_in(name, role):
        browser = Client()
        browser.force_login(_person(name, role))
        return browser

    return sign_in
