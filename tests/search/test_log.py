import errno
import logging
import os
import subprocess
import sys

import pytest

from guide.pages.masking import masked
from guide.search import log
from guide.search.folding import fold
from guide.search.models import LoggedSearch
from tests.site import ROOT, environment

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
SECTION = "/guide/talk/complaints/"


def rows(**wanted):
    fold()
    return LoggedSearch.objects.filter(**wanted)


def written(settings):
    return b"".join(path.read_bytes() for path in settings.SEARCH_LOG_DIR.glob("*")).decode()


def test_search_on_the_page_is_one_row_with_its_outcome(indexed, client):
    client.get("/search/", {"q": "工装"})
    client.get("/search/", {"q": "投述"})

    assert list(rows(kind="page").order_by("pk").values_list("query", "count")) == [("工装", 0), ("投述", 3)]
    assert rows(query="投述").get().understood["corrected"] == "投诉"
    assert {"text": "工装", "also": ["制服"]} in rows(query="工装").get().understood["words"]


def test_page_without_words_is_not_logged(indexed, client):
    client.get("/search/")

    assert not rows().exists()


def test_settled_typing_is_logged_with_what_it_finds(indexed, client):
    assert client.post("/search/settled/", {"q": "投诉"}, **HERE).status_code == 204

    row = rows(kind="typed").get()
    assert (row.query, row.count > 0) == ("投诉", True)


def test_opened_hit_is_led_back_to_its_page(indexed, client, section):
    client.post("/search/opened/", {"q": "投诉", "url": f"{SECTION}#register"}, **HERE)

    row = rows(kind="opened").get()
    assert (row.query, row.opened, row.page) == ("投诉", f"{SECTION}#register", section)


def test_opened_address_that_is_no_page_is_kept_as_it_is(indexed, client):
    client.post("/search/opened/", {"q": "投诉", "url": "/glossary/kyc/"}, **HERE)

    assert rows().get().opened == "/glossary/kyc/"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""])
def test_opened_address_elsewhere_is_refused(indexed, client, url):
    assert client.post("/search/opened/", {"q": "投诉", "url": url}, **HERE).status_code == 400
    assert not rows().exists()


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "same-site"}, {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "http://["},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/search/opened/", "/search/settled/"])
def test_other_sites_cannot_write_into_the_log(indexed, client, path, headers):
    assert client.post(path, {"q": "投诉", "url": SECTION}, **headers).status_code == 403
    assert not rows().exists()


def test_browser_without_fetch_metadata_is_known_by_its_origin(indexed, client):
    assert client.post("/search/settled/", {"q": "投诉"}, HTTP_ORIGIN="http://testserver").status_code == 204


def test_beacons_take_only_posts(indexed, client):
    assert client.get("/search/opened/", **HERE).status_code == 405


def test_strangers_write_nothing_where_reading_needs_a_sign_in(indexed, client, settings):
    settings.READING = "signed-in"

    assert client.post("/search/settled/", {"q": "投诉"}, **HERE).status_code == 403


def test_reader_tells_the_editors_what_is_missing(indexed, client):
    form = client.get("/search/miss/", {"q": "量子力学"}).context["form"]
    response = client.post("/search/miss/", {"q": form["q"].value(), "note": "想知道怎么解释"}, follow=True)

    assert "已告诉编辑" in response.content.decode()
    assert rows(kind="told").values_list("query", "note").get() == ("量子力学", "想知道怎么解释")


def test_miss_needs_a_token(indexed):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/search/miss/", {"q": "量子力学"}).status_code == 403


def test_log_names_nobody_unless_the_setting_says_so(indexed, client, settings, reader):
    client.force_login(reader)
    client.get("/search/", {"q": "投诉"})
    assert "reader" not in written(settings)

    settings.SEARCH_LOG_USERS = True
    client.get("/search/", {"q": "投诉"})

    assert [row.user_name for row in rows().order_by("pk")] == ["", "reader"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("客户电话13800138000", "客户电话***********"),
        ("138 0013 8000 打来", "*** **** **** 打来"),
        ("6222 0212-3456 7890 123", "**** ****-**** **** ***"),
        ("身份证11010119900307123X", "身份证******************"),
        ("１３８００１３８０００", "***********"),
        ("一三八零零一三八零零零", "***********"),
        ("护照E12345678", "护照E********"),
        ("010-12345678", "***-********"),
        ("95588 3.5 第三章第五节", "95588 3.5 第三章第五节"),
        ("GB/T 32315-2015", "GB/T 32315-2015"),
        ("2026-11-26 前后15日", "2026-11-26 前后15日"),
        ("50000元以上", "50000元以上"),
    ],
)
def test_numbers_of_persons_are_masked(typed, kept):
    assert masked(typed) == kept


def test_masked_numbers_stand_nowhere_in_the_log(indexed, client, settings):
    client.get("/search/", {"q": "138 0013 8000 投诉"})
    client.post("/search/miss/", {"q": "卡6222021234567890", "note": "打13900139000找我"})

    assert [part for part in ("0013", "8000", "6222", "1390") if part in written(settings)] == []


def test_full_disk_fails_no_search_and_is_said_once(indexed, client, monkeypatch, caplog):
    def refuse(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    monkeypatch.setattr(logging.getLogger("guide"), "propagate", True)
    log._complaint.is_made = False
    answers = [client.get("/search/", {"q": "投诉"}).status_code for _ in range(3)]
    monkeypatch.undo()

    assert answers == [200, 200, 200]
    assert caplog.text.count("the search log is not written") == 1
    assert not rows().exists()


def test_flood_does_not_fill_the_disk(indexed, client, monkeypatch, settings):
    monkeypatch.setattr(log, "MOST_BYTES", 200)
    for _ in range(20):
        client.get("/search/", {"q": "投诉"})

    assert len(written(settings)) < 1000
    assert rows().exists()


def test_log_is_off_with_no_days(indexed, client, settings):
    settings.SEARCH_LOG_DAYS = 0
    client.get("/search/", {"q": "投诉"})

    assert not rows().exists()


def test_log_is_private_on_disk(indexed, client, settings):
    client.get("/search/", {"q": "投诉"})

    found = [settings.SEARCH_LOG_DIR, *settings.SEARCH_LOG_DIR.iterdir()]
    assert [path.stat().st_mode & 0o077 for path in found] == [0, 0]


_WRITER = """
import django, sys
from django.http import HttpRequest
django.setup()
from guide.pages.masking import masked
from guide.search import log
for number in range(500):
    log.record_miss(HttpRequest(), f"{sys.argv[1]} 词{'长' * (number % 150)}", "留言" * 100)
"""


def test_two_processes_append_and_no_record_is_torn(db, settings, tmp_path):
    variables = environment(tmp_path, 0) | {"DJANGO_SETTINGS_MODULE": "guide.settings"}
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, name], cwd=ROOT, env=variables) for name in ("甲", "乙")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    settings.SEARCH_LOG_DIR = tmp_path / "search-log"

    assert rows(query__startswith="甲").count() == rows(query__startswith="乙").count() == 500


def test_file_that_was_taken_away_or_is_of_another_day_is_made_anew(settings, tmp_path, monkeypatch):
    settings.SEARCH_LOG_DIR = tmp_path / "log"
    log.append(log.Record("page", "甲"))
    (first,) = settings.SEARCH_LOG_DIR.iterdir()
    first.unlink()
    log.append(log.Record("page", "乙"))
    assert "乙" in first.read_text(encoding="utf-8")

    monkeypatch.setattr(log, "path_of", lambda day: settings.SEARCH_LOG_DIR / f"another{log.SUFFIX}")
    log.append(log.Record("page", "丙"))

    assert "丙" in written(settings)
    assert "丙" not in first.read_text(encoding="utf-8")


def test_log_keeps_one_file_open(settings, tmp_path, monkeypatch):
    before = len(os.listdir("/proc/self/fd"))
    for day in range(20):
        settings.SEARCH_LOG_DIR = tmp_path / str(day)
        log.append(log.Record("page", "甲"))

    assert len(os.listdir("/proc/self/fd")) <= before + 1
