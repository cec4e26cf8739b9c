"""Whole pages kept ready: what is kept, for whom, and that nobody is shown a page of yesterday."""

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import brotli
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guide.pages import kept, version
from guide.pages.models import GuideVersion, Page
from guide.publishing.loading import load
from tests.factories import CASE, COMPLAINTS, GUIDE, write_guide
from tests.site import manage

SECTION = "/guide/talk/complaints/"
STORY = "/guide/practice/cases/come-back/"
SHARED = ["/", "/guide/talk/", SECTION, STORY, "/cases/", "/glossary/", "/glossary/kyc/",
          "/sources/", "/sources/rule-2020/", "/principles/complaints/register/"]  # fmt: skip
NEVER_KEPT = [f"{SECTION}?from=mail", "/cases/?chapter=talk", "/search/", "/search/?q=投诉", "/accounts/login/", "/phrases/",
              "/nothing/", "/guide/talk/nothing/", "/3.5", "/healthz", "/go/complaints", "/api/search/?q=投诉"]  # fmt: skip
ODD = ["//guide/talk/complaints/", "/guide/../../etc/passwd/", "/guide/%2e%2e/%2e%2e/version/", "/guide/talk/complaints/%00",
       "/%ff%fe/", "/guide/" + "x" * 5000 + "/", "/guide/talk/./complaints/", "/guide/talk/complaints//",
       "/\\..\\..\\version", "/guide/%E6%8A%95%E8%AF%89/"]  # fmt: skip
CHANGED = COMPLAINTS.replace("先听完，再核实", "先坐下，再登记")


@pytest.fixture
def pages(guide, settings, tmp_path, monkeypatch):
    """The small guide on a site that keeps pages; gives the folder they lie in."""
    settings.KEPT_PAGES, settings.PAGES_DIR, settings.PAGES_LEAVE_FREE = True, tmp_path / "pages", 0
    forget(monkeypatch)
    version.announce()
    return settings.PAGES_DIR


@pytest.fixture
def edit(pages, folder, django_capture_on_commit_callbacks):
    """A function that loads another text of the section, and other files; like a command, it returns after the commit."""

    def change(text=CHANGED, **files):
        with django_capture_on_commit_callbacks(execute=True):
            load(write_guide(folder, {"01-talk/01-complaints.md": text, **files.get("files", {})}))

    return change


def forget(monkeypatch):
    """Be a process that has just begun."""
    monkeypatch.setattr(kept, "_memory", type(kept._memory)())


def kept_files(pages):
    return sorted(path.suffix for path in pages.glob("*/*.html*"))


def queries_of(client, url, **headers):
    with CaptureQueriesContext(connection) as asked:
        client.get(url, **headers)
    return len(asked)


@pytest.mark.parametrize("url", SHARED)
def test_second_reader_costs_no_query_and_sees_the_same(pages, client, url):
    first = client.get(url)

    assert kept_files(pages) == [".br", ".gz", ".html"]
    assert queries_of(Client(), url) == 0
    assert Client().get(url).content == first.content


def test_page_is_taken_from_its_file_by_a_process_that_has_not_drawn_it(pages, client, monkeypatch):
    first = client.get(SECTION)
    forget(monkeypatch)

    assert queries_of(client, SECTION) == 0
    assert client.get(SECTION).content == first.content


def test_kept_page_has_the_headers_of_a_page_just_drawn(pages, client):
    first, second = client.get(SECTION), client.get(SECTION)

    assert dict(second.headers) == dict(first.headers)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        assert second.headers[name] == client.get("/search/").headers[name]
    assert second.headers["Cache-Control"] == "no-cache"
    assert second.headers["Vary"] == "Accept-Encoding, Cookie"


@pytest.mark.parametrize("url", SHARED)
def test_shared_page_holds_no_cookie_and_no_token(pages, client, url):
    response = client.get(url)

    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("", None), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip;q=0.1", "gzip"), ("gzip;q=0", None),
     ("identity, br;q=0.5", None), ("*", "br"), ("*;q=0", None), ("br;q=0.2, gzip;q=0.9", "gzip"), ("BR", "br"),
     ("br;q=x", None), (",;,", None), ("gzip;q=1.0 , br ; q=0.9", "gzip")],
)  # fmt: skip
def test_encoding_is_the_one_the_reader_prefers(pages, client, accepted, encoding):
    plain = client.get(SECTION).content
    for _ in ("drawn", "kept"):
        response = client.get(SECTION, headers={"accept-encoding": accepted})
        undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]

        assert response.headers.get("Content-Encoding") == encoding
        assert undo(response.content) == plain
        assert response.headers["Content-Length"] == str(len(response.content))


def test_reader_who_has_the_page_is_told_so(pages, client):
    tag = client.get(SECTION).headers["ETag"]
    again = client.get(SECTION, headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Vary"] == "Accept-Encoding, Cookie"
    assert client.get(SECTION, headers={"if-none-match": '"other"'}).status_code == 200


def test_tag_names_the_bytes_of_one_encoding(pages, client):
    tags = {client.get(SECTION, headers={"accept-encoding": name}).headers["ETag"] for name in ("identity", "gzip", "br")}

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_head_is_answered_from_what_is_kept(pages, client):
    length = client.get(SECTION).headers["Content-Length"]
    response = client.head(SECTION)

    assert (response.status_code, response.content, response.headers["Content-Length"]) == (200, b"", length)
    assert client.post(SECTION).status_code == 405


def test_edit_shows_to_the_next_reader(pages, client, edit):
    before = client.get(SECTION)
    edit()
    after = client.get(SECTION, headers={"if-none-match": before.headers["ETag"]})

    assert after.status_code == 200
    assert "先坐下，再登记" in after.content.decode()


def test_withdrawn_page_is_gone_at_once(pages, client, edit):
    client.get("/guide/talk/listening/")
    without_link = COMPLAINTS.replace("，见[[listening|倾听]]", "").replace("card: {say: 1, case: come-back}\n", "")
    edit(without_link, files={"01-talk/02-listening.md": None, "02-practice/01-cases/come-back.md": None})

    assert client.get("/guide/talk/listening/").status_code == 410
    assert client.get("/guide/talk/listening/").status_code == 410


def test_page_drawn_while_the_guide_changes_is_not_shown_after_it(pages, client, edit, monkeypatch):
    """The edit is committed after the page was read and before it is kept."""
    keep = kept.keep

    def keep_late(*arguments):
        edit()
        return keep(*arguments)

    monkeypatch.setattr(kept, "keep", keep_late)
    client.get(SECTION)
    monkeypatch.setattr(kept, "keep", keep)

    assert "先坐下，再登记" in client.get(SECTION).content.decode()


def test_edit_by_a_process_that_was_killed_shows_after_the_workers_next_round(pages, client):
    client.get(SECTION)
    Page.objects.filter(slug="complaints").update(summary="先坐下，再登记。")
    GuideVersion.objects.update(number=GuideVersion.current() + 1)
    version.announce()

    assert "先坐下，再登记。" in client.get(SECTION).content.decode()


def test_page_of_yesterday_is_not_shown_today(pages, client, monkeypatch):
    client.get(SECTION)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 1, 1, 16, 0, tzinfo=UTC))  # 2 January in Shanghai

    assert queries_of(client, SECTION) > 0
    assert {path.name[-10:] for path in pages.iterdir() if path.is_dir()} > {"2031-01-02"}


@pytest.mark.parametrize("url", NEVER_KEPT)
def test_nothing_else_is_kept(pages, client, url):
    client.get(url)

    assert kept_files(pages) == []


def test_person_who_is_signed_in_is_shown_their_own(pages, client, editor):
    Client().get(SECTION)
    client.force_login(editor)
    response = client.get(SECTION)

    assert "退出" in response.content.decode()
    assert "退出" not in Client().get(SECTION).content.decode()
    assert kept_files(pages) == [".br", ".gz", ".html"]


def test_waiting_message_is_not_passed_over(pages, client):
    client.get(SECTION)
    client.cookies["messages"] = "anything"

    assert queries_of(client, SECTION) > 0


def test_each_post_has_a_page_of_its_own_but_an_invented_one_has_none(pages, client):
    for post in ("", "counter", "invented", "../../escape", "\x00", "x" * 4000):
        client.cookies["post"] = post
        assert client.get(SECTION).status_code == 200

    assert len(kept_files(pages)) == 2 * 3


def test_post_with_an_unusual_id_has_a_page_of_its_own_too(pages, client, edit):
    edit(COMPLAINTS.replace("lobby", "Lobby_1"), files={"guide.yml": GUIDE.replace("lobby", "Lobby_1")})
    client.cookies["post"] = "Lobby_1"

    assert "岗位：大堂" in client.get("/").content.decode()
    assert "岗位：大堂" not in Client().get("/").content.decode()


def test_unknown_host_is_refused_before_a_kept_page_is_given(pages, client):
    client.get(SECTION)

    assert client.get(SECTION, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ODD)
def test_odd_addresses_lead_nowhere(pages, client, path):
    response = client.get(path)

    assert response.status_code in (301, 404)
    assert kept_files(pages) == []
    assert {entry.name for entry in pages.parent.iterdir()} <= {"content", "pages", "index"}


def test_address_spelt_another_way_is_the_same_page(pages, client):
    plain = client.get(SECTION).content

    assert client.get("/guide/%74alk/complaints/").content == plain
    assert len(kept_files(pages)) == 3


@pytest.mark.parametrize("place", ["pages", "edition"])
def test_unwritable_folder_fails_nobody(pages, client, settings, place, caplog):
    if place == "pages":
        settings.PAGES_DIR = pages.parent / "file"
        settings.PAGES_DIR.write_text("not a folder")
        version.announce()
    else:
        (pages / kept.edition(GuideVersion.current())).write_text("not a folder")

    assert client.get(SECTION).status_code == 200
    assert client.get(SECTION).status_code == 200


def test_full_disk_keeps_nothing_and_fails_nobody(pages, client, settings):
    settings.PAGES_LEAVE_FREE = 1 << 60

    assert client.get(SECTION).status_code == 200
    assert kept_files(pages) == []


def test_version_that_cannot_be_told_takes_kept_pages_away(pages, client, edit, monkeypatch):
    client.get(SECTION)
    monkeypatch.setattr(version, "_replace", lambda number: (_ for _ in ()).throw(OSError("disk full")))
    edit()

    assert not (pages / "version").exists()
    assert "先坐下，再登记" in client.get(SECTION).content.decode()


def test_torn_version_file_counts_as_none(pages, client):
    (pages / "version").write_bytes(b"")

    assert client.get(SECTION).status_code == 200
    assert kept_files(pages) == []


def test_switched_off_nothing_is_kept(pages, settings):
    settings.KEPT_PAGES = False
    Client().get(SECTION)

    assert kept_files(pages) == []


@pytest.mark.parametrize(("variable", "value"), [("READING", "signed-in"), ("DEBUG", "on"), ("KEPT_PAGES", "off")])
def test_setting_switches_kept_pages_off(tmp_path, variable, value):
    told = manage(
        tmp_path / "data",
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.KEPT_PAGES)",
        **{variable: value},
    )

    assert told.strip() == "False"


def test_tidying_leaves_only_what_is_shown(pages, client, edit):
    client.get(SECTION)
    edit()
    client.get(SECTION)
    kept.tidy()

    assert [path.name for path in pages.iterdir() if path.is_dir()] == [kept.edition(GuideVersion.current())]
    assert queries_of(client, SECTION) == 0


def test_start_forgets_everything(pages, client):
    client.get(SECTION)
    kept.start_afresh()

    assert kept_files(pages) == []


def test_memory_is_bounded(pages, client, settings):
    settings.PAGES_MEMORY = 6000
    for path in ("/", SECTION, "/cases/", "/sources/"):
        client.get(path)

    assert 0 < sum(len(copy.body) for copy in kept._memory.copies.values()) <= 6000
    assert kept._memory.size <= 6000


def test_many_writers_of_one_page_leave_it_whole(pages):
    key, html = kept.key_of(1, SECTION, ""), b"<p>whole</p>" * 5000
    with ThreadPoolExecutor(20) as pool:
        copies = list(pool.map(lambda _: kept.keep(key, html, ""), range(20)))

    assert {copy.body for copy in copies} == {html}
    assert sorted(os.listdir(pages / key.edition)) == sorted(f"{key.name}.html{end}" for end in ("", ".br", ".gz"))
    assert (pages / key.edition / f"{key.name}.html").read_bytes() == html


def test_first_reader_after_an_edit_costs_few_queries(pages, client, edit):
    edit()
    cache.clear()

    assert [queries_of(client, url) for url in (SECTION, "/guide/talk/", "/", STORY)] == [4, 3, 4, 3]


def test_case_that_cites_and_whose_choices_name_another_principle_costs_four_queries(pages, client, edit):
    story = (
        CASE.split('  - {to: "listening')[0]
        + 'choices:\n  - {text: 推给别人, outcome: 他走了。, principle: "listening#listen-first"}\n'
    )
    edit(files={"02-practice/01-cases/come-back.md": f"{story}---\n## 情景\n\n他来了[@rule-2020#f1]。\n",
                "02-practice/01-cases/at-the-door.md": CASE.replace("come-back", "at-the-door")})  # fmt: skip
    cache.clear()

    assert queries_of(client, STORY) == 4
    assert "/guide/talk/listening/#listen-first" in client.get(STORY).content.decode()


def test_torn_outline_is_read_from_the_database(pages, client, edit):
    edit()
    cache.clear()
    (pages / kept.edition(GuideVersion.current()) / "outline.json").write_bytes(b'{"info": "[')

    assert "1.2" in client.get(SECTION).content.decode()
