"""Searches asked again: who is given what was drawn a moment ago, and who is not."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client

from guide.pages import version
from guide.publishing.loading import load
from guide.search import outbox, views
from tests.factories import COMPLAINTS, write_guide

ASKED = "/search/?q=登记受理"


@pytest.fixture
def drawn(indexed, settings, tmp_path, monkeypatch):
    """A site that remembers searches; gives the list of the words for which a page was drawn."""
    settings.KEPT_PAGES, settings.PAGES_DIR = True, tmp_path / "pages"
    caches["searches"].clear()
    version.announce()
    words, survey = [], views.survey

    def noting(asked, *arguments):
        words.append(asked)
        return survey(asked, *arguments)

    monkeypatch.setattr(views, "survey", noting)
    return words


def test_same_search_is_drawn_once_for_strangers(drawn):
    pages = [Client().get(ASKED).content for _ in range(3)]

    assert drawn == ["登记受理"]
    assert pages[0] == pages[1] == pages[2]
    assert "登记受理" in pages[0].decode()


def test_another_question_encoding_or_post_is_another_page(drawn, client):
    for url in (ASKED, "/search/?q=投诉", f"{ASKED}&kind=section"):
        client.get(url)
    client.get(ASKED, headers={"accept-encoding": "gzip"})
    client.cookies["post"] = "counter"
    client.get(ASKED)

    assert len(drawn) == 5


def test_person_who_is_signed_in_is_drawn_their_own(drawn, client, editor):
    Client().get(ASKED)
    client.force_login(editor)

    assert "退出" in client.get(ASKED).content.decode()
    assert "退出" not in Client().get(ASKED).content.decode()


def test_edit_shows_in_what_is_found(drawn, client, folder, django_capture_on_commit_callbacks):
    client.get(ASKED)
    with django_capture_on_commit_callbacks(execute=True):
        load(write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace("登记受理，按期答复", "登记受理，当日答复")}))
    outbox.drain()

    assert "当日答复" in client.get(ASKED).content.decode()


def test_page_found_before_the_index_caught_up_is_not_held_on_to(drawn, client, folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load(write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace("按期答复", "隔日回音")}))
    version.announce()
    client.get("/search/?q=隔日回音")
    outbox.drain()
    client.get("/search/?q=隔日回音")

    assert drawn == ["隔日回音", "隔日回音"]


def test_strangers_page_is_sent_compressed(drawn, client):
    plain = client.get(ASKED).content
    response = client.get(ASKED, headers={"accept-encoding": "gzip"})

    assert gzip.decompress(response.content) == plain
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert not response.cookies


def test_every_search_is_logged_also_when_its_page_is_remembered(drawn, settings):
    for _ in range(3):
        Client().get(ASKED)

    (file,) = settings.SEARCH_LOG_DIR.iterdir()
    assert file.read_text(encoding="utf-8").count("登记受理") >= 3
