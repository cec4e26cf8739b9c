import errno
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.test import RequestFactory

from guide.pages import limits
from tests.site import ROOT, environment

HOUR = 1_800_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands still until it is told otherwise, twenty seconds into a minute."""
    now = [HOUR + 20]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    return now


def waits(address, times):
    limit = limits.Limit(django_settings.API_RATE_DIR, django_settings.API_RATE)
    return [limit.seconds_to_wait(address) for _ in range(times)]


def test_address_waits_for_the_next_minute_once_it_has_asked_enough(settings):
    settings.API_RATE = 3

    assert waits("192.0.2.1", 5) == [0, 0, 0, 40, 40]


def test_addresses_are_counted_apart(settings):
    settings.API_RATE = 1
    waits("192.0.2.1", 2)

    assert waits("192.0.2.2", 1) == [0]


def test_next_minute_begins_anew_and_earlier_counts_are_removed(settings, clock):
    settings.API_RATE = 1
    waits("192.0.2.1", 2)
    clock[0] += 40

    assert waits("192.0.2.1", 2) == [0, 60]
    assert len(list(settings.API_RATE_DIR.iterdir())) == 1


def test_no_rate_limits_nothing_and_counts_nothing(settings):
    settings.API_RATE = 0

    assert waits("192.0.2.1", 5) == [0] * 5
    assert not settings.API_RATE_DIR.exists()


def test_address_does_not_stand_on_the_disk(settings):
    waits("192.0.2.1", 1)

    assert not [path for path in settings.API_RATE_DIR.rglob("*") if "192" in path.name]


def test_full_disk_answers_all(settings, monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.API_RATE = 1
    monkeypatch.setattr(os, "write", refuse)

    assert waits("192.0.2.1", 3) == [0, 0, 0]


_ASKER = """
import os, sys
import django
django.setup()
from django.conf import settings
from guide.pages import limits
limits.time.time = lambda: 1_800_000_020
limit = limits.Limit(settings.API_RATE_DIR, settings.API_RATE)
print(sum(limit.seconds_to_wait("192.0.2.1") == 0 for _ in range(3000)))
"""


def test_two_processes_share_one_count(tmp_path):
    variables = environment(tmp_path, 0) | {"DJANGO_SETTINGS_MODULE": "guide.settings", "API_RATE": "4000"}
    command = [sys.executable, "-c", _ASKER]
    askers = [subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE) for _ in range(2)]

    assert sum(int(asker.communicate(timeout=60)[0]) for asker in askers) == 4000


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),  # nobody that is trusted says so
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the client itself wrote does not count
        ("10.0.0.5", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("10.0.0.5", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.5", "junk", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", ""),
    ],
)
def test_client_is_the_nearest_that_is_no_trusted_proxy(settings, remote, forwarded, address):
    settings.TRUSTED_PROXIES = ["10.0.0.5", "10.1.0.0/16"]
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert limits.client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == address


def complaints(**options):
    return [message.id for message in run_checks(**options) if message.id.startswith("guide.search")]


def test_check_names_a_proxy_that_is_no_address(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.5", "proxy.example"]

    assert complaints() == ["guide.search.W003"]


def test_check_tells_of_an_api_without_limit_on_a_server(settings):
    settings.API_RATE = 0

    assert "guide.search.W004" in complaints(include_deployment_checks=True)


def test_check_tells_of_a_log_open_to_others(settings):
    settings.SEARCH_LOG_DIR.mkdir(mode=0o755)

    assert "guide.search.W002" in complaints(include_deployment_checks=True)


@pytest.mark.parametrize(("name", "value"), [("API_RATE", "6000/m"), ("SEARCH_LOG_DAYS", "-1")])
def test_setting_that_is_no_number_is_refused_by_name(tmp_path, name, value):
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path, 0) | {name: value}, capture_output=True, check=False)

    assert done.returncode == 1
    assert f"{name}={value}: give a whole number" in done.stderr.decode()
