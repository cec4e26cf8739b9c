import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from guide.accounts.models import User
from guide.pages.models import Revision
from guide.publishing import drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.models import Document, Draft
from guide.search import outbox
from guide.search.folding import fold, key_of
from guide.search.models import LoggedSearch
from tests.search.test_log import HERE, SECTION


@pytest.fixture
def boss(indexed, client):
    client.force_login(User.objects.create_superuser("boss", password="pass-word-12"))
    return client


def logged(query, count=0, kind="page", days=0, **values):
    at = timezone.now() - timedelta(days=days)
    return LoggedSearch.objects.create(query=query, key=key_of(query), kind=kind, count=count, at=at, **values)


def listed(client, name, **query):
    rows = client.get(f"/admin/search/{name}/", query).context["cl"].result_list
    return [(row.query, row.times) for row in rows]


def test_misses_are_grouped_with_the_most_asked_first(boss):
    for query in ("量子", "ＫＹＢ", "kyb ", "Kyb？"):
        logged(query)
    logged("投诉", count=3)

    assert listed(boss, "miss") == [("Kyb？", 3), ("量子", 1)]


def test_what_a_reader_told_is_a_miss_too(boss):
    logged("投诉", count=3)
    logged("投诉", count=None, kind="told", note="找的是投诉电话")

    assert listed(boss, "miss") == [("投诉", 1)]
    assert "找的是投诉电话" in boss.get("/admin/search/miss/").content.decode()


def test_found_and_not_opened(boss):
    logged("投诉", count=3)
    logged("倾听", count=2)
    logged("倾听", count=2)
    logged("投诉", count=None, kind="opened", opened=SECTION)
    logged("量子")
    logged("登记", count=2, kind="api")

    assert listed(boss, "unopened") == [("倾听", 2)]


def test_period_narrows_counts_and_rows(boss):
    logged("量子", days=1)
    logged("量子", days=20)
    logged("老词", days=60)

    assert listed(boss, "miss") == [("量子", 2)]
    assert listed(boss, "miss", days="7") == [("量子", 1)]
    assert listed(boss, "miss", days="90") == [("量子", 2), ("老词", 1)]
    assert listed(boss, "miss", days="x") == [("量子", 2)]


def test_misses_can_be_searched(boss):
    logged("量子力学")
    logged("天气")

    assert listed(boss, "miss", q="量子") == [("量子力学", 1)]


def test_miss_shows_nearest_words_and_what_it_finds_today(boss):
    logged("牢骚话")
    logged("投述")
    rows = {row.query: row for row in boss.get("/admin/search/miss/").context["cl"].result_list}

    assert rows["投述"].nearest[0] == "投诉"
    assert rows["投述"].found_now > 0
    assert rows["牢骚话"].found_now == 0


def test_misses_as_csv(boss):
    logged("=1+1")
    logged("量子")
    logged("量子")
    logged(" ＝2+1")
    response = boss.get("/admin/search/miss/csv/")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert response["Content-Disposition"].startswith('attachment; filename="miss-')
    assert [row[:2] for row in rows] == [["搜索的话", "次数"], ["量子", "2"], ["' ＝2+1", "1"], ["'=1+1", "1"]]


@pytest.mark.parametrize("path", ["/admin/search/miss/", "/admin/search/unopened/csv/", "/admin/search/loggedsearch/"])
def test_log_is_for_staff_only(indexed, client, reader, path):
    client.force_login(reader)

    assert client.get(path).status_code == 302


def test_editor_sees_the_log_and_not_the_names_in_it(indexed, client, editor, settings):
    settings.SEARCH_LOG_USERS = True
    row = logged("量子", user_name="somebody")
    client.force_login(editor)
    pages = [client.get(f"/admin/search/loggedsearch/{part}").content.decode() for part in ("", f"{row.pk}/change/")]

    assert all("量子" in page for page in pages)
    assert not any("somebody" in page for page in pages)


@pytest.mark.parametrize("place", ["loggedsearch/", "miss/", "unopened/csv/"])
def test_editor_cannot_ask_for_a_name_either(indexed, client, editor, settings, place):
    settings.SEARCH_LOG_USERS = True
    logged("量子", user_name="somebody")
    client.force_login(editor)

    assert client.get(f"/admin/search/{place}?user_name__startswith=some").status_code == 400


def test_administrator_sees_names_only_where_they_are_wanted(boss, settings):
    logged("量子", user_name="somebody")
    hidden = boss.get("/admin/search/loggedsearch/").content.decode()
    settings.SEARCH_LOG_USERS = True

    assert "somebody" not in hidden
    assert "somebody" in boss.get("/admin/search/loggedsearch/").content.decode()


def test_log_cannot_be_edited(boss):
    row = logged("量子")

    assert boss.post(f"/admin/search/loggedsearch/{row.pk}/change/", {"query": "x"}).status_code == 403
    assert boss.post(f"/admin/search/miss/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_from_a_miss_to_a_synonym_that_finds(indexed, client, editor, reviewer):
    client.force_login(editor)
    client.get("/search/", {"q": "牢骚怎么办"})
    fold()
    page = client.get("/admin/search/miss/")
    row, link = page.context["cl"].result_list[0], re.search(r'href="([^"]+)">加为同义词', page.content.decode())[1]
    form = client.get(link.replace("&amp;", "&")).context["form"]
    client.post(link, {"word": form["word"].value(), "beside": "投诉", "base": form["base"].value()})
    before = client.get("/api/search/", {"q": "牢骚怎么办"}).json()["total"]
    workflow.approve(Revision.objects.get(state=Revision.State.IN_REVIEW), Actor(reviewer))
    outbox.drain()

    assert (row.query, row.found_now, form["word"].value(), before) == ("牢骚怎么办", 0, "牢骚", 0)
    assert Document.objects.get(name="synonyms.yml").text == "- words: [工装, 制服]\n- words: [投诉, 牢骚]\n"
    assert client.get("/api/search/", {"q": "牢骚怎么办"}).json()["results"][0]["id"] == "complaints"


def test_synonym_of_another_editor_is_not_overwritten(boss, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    form = boss.get("/admin/publishing/document/synonyms/add/").context["form"]
    told = {"base": form["base"].value()}
    boss.post("/admin/publishing/document/synonyms/add/", {**told, "word": "行服", "beside": "工装"})
    again = boss.post("/admin/publishing/document/synonyms/add/", {**told, "word": "牢骚", "beside": "投诉"})

    assert "别人已经改过" in again.content.decode()
    assert Document.objects.get(name="synonyms.yml").text == "- words: [工装, 制服, 行服]\n"


def test_draft_that_waits_is_not_written_over(boss):
    by, document = Actor(User.objects.get(username="boss")), Document.objects.get(name="synonyms.yml")
    drafting.save_draft(drafting.open_draft(document, by), "- words: [甲, 乙]\n", by)
    form = boss.get("/admin/publishing/document/synonyms/add/").context["form"]
    told = {"word": "牢骚", "beside": "投诉", "base": form["base"].value()}

    assert "还没有提交" in boss.post("/admin/publishing/document/synonyms/add/", told).content.decode()
    assert Draft.objects.get().text == "- words: [甲, 乙]\n"


@pytest.mark.parametrize(
    ("word", "beside", "said"), [("制服", "投诉", "已经在词组"), ("", "投诉", "必填"), ("牢骚", " 、", "必填")]
)
def test_unfit_synonym_is_refused_with_the_reason(boss, word, beside, said):
    form = boss.get("/admin/publishing/document/synonyms/add/").context["form"]
    response = boss.post(
        "/admin/publishing/document/synonyms/add/", {"word": word, "beside": beside, "base": form["base"].value()}
    )

    assert said in response.content.decode()
    assert Document.objects.get(name="synonyms.yml").text == "- words: [工装, 制服]\n"


def test_reviewer_cannot_add_synonyms(indexed, client, reviewer):
    client.force_login(reviewer)

    assert client.get("/admin/publishing/document/synonyms/add/").status_code == 403


def test_opened_hit_is_shown_with_its_page(boss):
    boss.post("/search/opened/", {"q": "投诉", "url": SECTION}, **HERE)
    fold()

    assert f'<a href="{SECTION}">' in boss.get("/admin/search/loggedsearch/").content.decode()
