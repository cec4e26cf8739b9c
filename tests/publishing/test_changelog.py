from xml.etree import ElementTree

import pytest

from guide.pages.models import Page
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, LISTENING

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def changed(db, folder, clock, admin_user, settings):
    """Loaded on 10 January; two changes on 10 February, a small one and one of substance; a case withdrawn on 1 March."""
    settings.SINGLE_PERSON_PUBLISHING = True
    by = Actor(admin_user, "test")
    clock("2026-01-10T09:00")
    load(folder)
    clock("2026-02-10T00:30")
    _publish("complaints", COMPLAINTS.replace(", case: come-back", ""), by, reason="补一个字", is_material=False)
    _publish("listening", LISTENING.replace("先让客户", "先请客户"), by, reason="换成敬语", is_material=True)
    clock("2026-03-01T09:00")
    arranging.withdraw([Page.objects.get(slug="come-back")], by)
    clock("2026-03-02T09:00")
    return by


def _publish(slug, words, by, **fields):
    page = Page.objects.get(slug=slug)
    workflow.publish_alone(drafting.save_draft(drafting.open_draft(page, by), words, by, **fields), by)


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def entries(client, url):
    feed = ElementTree.fromstring(client.get(url).content)  # noqa: S314  # our own
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_changes_stand_by_day_with_those_of_substance_first(changed, client):
    out = text(client, "/changes/")

    assert out.index("2026年3月1日") < out.index("2026年2月10日") < out.index("2026年1月10日")
    assert out.index("换成敬语") < out.index("补一个字")
    assert "新页 5 个" in out


def test_withdrawn_page_is_among_the_changes(changed, client):
    assert "请您周一再来" in text(client, "/changes/?weight=withdrawn")
    assert "换成敬语" not in text(client, "/changes/?weight=withdrawn")


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("weight=material", "换成敬语", "补一个字"),
        ("weight=minor", "补一个字", "换成敬语"),
        ("weight=new", "新页 5 个", "换成敬语"),
        ("chapter=talk", "换成敬语", "请您周一再来"),
        ("chapter=practice", "请您周一再来", "换成敬语"),
        ("days=30", "换成敬语", "2026年1月10日"),
        ("days=7", "请您周一再来", "换成敬语"),
    ],
)
def test_filters_show_what_they_say(changed, client, query, shown, hidden):
    out = text(client, f"/changes/?{query}")

    assert shown in out
    assert hidden not in out


def test_filters_are_links_that_keep_one_another(changed, client):
    out = text(client, "/changes/?chapter=talk&weight=material")

    assert 'href="/changes/?chapter=talk&amp;weight=minor"' in out
    assert 'href="/changes/?weight=material"' in out


@pytest.mark.parametrize("query", ["chapter=nowhere", "weight=x", "days=-1", "screen=x"])
def test_unknown_filter_filters_nothing_and_is_said_to_be_unknown(changed, client, query):
    out = text(client, f"/changes/?{query}")

    assert "有不认识的筛选条件" in out
    assert "换成敬语" in out


def test_feed_of_the_whole_names_what_changed_and_nobody(changed, client):
    found = entries(client, "/changes/feed/")

    assert "实质性修改：1.2 倾听" in found
    assert "小改动：1.1 客户投诉处理" in found
    assert "admin" not in client.get("/changes/feed/").content.decode()


def test_feed_of_a_chapter_is_of_that_chapter(changed, client):
    assert "实质性修改：1.2 倾听" in entries(client, "/changes/talk/feed/")
    assert not [title for title in entries(client, "/changes/practice/feed/") if "倾听" in title]
    assert client.get("/changes/nowhere/feed/").status_code == 404


def test_feed_takes_its_addresses_from_the_site_not_from_the_request(changed, client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://guide.example", ["other.example"]
    out = client.get("/changes/feed/", headers={"host": "other.example"}).content.decode()

    assert "https://guide.example/guide/talk/listening/" in out
    assert "other.example" not in out


def test_feed_and_changes_say_nothing_where_reading_needs_a_sign_in(changed, client, settings):
    settings.READING = "signed-in"

    assert entries(client, "/changes/feed/") == []
    assert client.get("/changes/talk/feed/").status_code == 404
    assert "没有符合条件的改动" in text(client, "/changes/")


def test_feed_says_that_a_page_was_withdrawn_and_leads_to_its_history(changed, client):
    out = client.get("/changes/feed/").content.decode()

    assert entries(client, "/changes/feed/")[0] == "撤下：请您周一再来"
    assert "/guide/practice/cases/come-back/history/" in out
    assert "新页：请您周一再来" not in out


def test_move_is_among_the_changes_of_the_chapter_it_left_and_of_the_one_it_came_to(changed, client):
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, changed, "并到实践里")

    for query in ("", "?weight=moved", "?chapter=talk", "?chapter=practice", "?chapter=practice&weight=moved&days=7"):
        out = text(client, f"/changes/{query}")
        assert "由 1.2 移到 2.1。并到实践里" in out
        assert "移动 1 页" in out
    assert "移动 1 页" not in text(client, "/changes/?weight=withdrawn")
    assert "移动：2.1 倾听" in entries(client, "/changes/talk/feed/")


def test_chapter_that_a_page_neither_left_nor_came_to_says_nothing_of_its_move(changed, client):
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="talk"), 0, changed)

    assert "移动 1 页" in text(client, "/changes/?chapter=talk")
    assert "移动 1 页" not in text(client, "/changes/?chapter=practice")


def test_withdrawal_says_why(changed, client):
    arranging.withdraw([Page.objects.get(slug="cases")], changed, "并入训练手册")

    assert "并入训练手册" in text(client, "/changes/?weight=withdrawn")
    assert "没有写原因" in text(client, "/changes/?weight=withdrawn")  # the case that went before
