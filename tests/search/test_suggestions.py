import pytest
from django.contrib.auth.models import AnonymousUser

from guide.pages.outline import outline_for
from guide.publishing import workflow
from guide.search.suggestions import nearest, suggest

NOBODY = AnonymousUser()
SECTION = "/guide/talk/complaints/"


def suggested(client, q):
    return client.get("/api/suggest/", {"q": q}).json()["suggestions"]


def urls(client, q):
    return [row["url"] for row in suggested(client, q)]


@pytest.mark.parametrize(
    "q", ["客户投", "投诉处理", "khts", "kehutousu", "kehuts", "客户tou", "tous", "TOUSU", "投su", "客戶投訴", " 客户 投诉"]
)
def test_section_is_suggested_by_the_beginning_the_inside_and_the_sound_of_its_title(indexed, client, q):
    assert SECTION in urls(client, q)


def test_principle_and_term_are_suggested_with_their_kind(indexed, client):
    rows = {row["words"]: row for row in [*suggested(client, "登记"), *suggested(client, "首问")]}

    assert (rows["登记受理，按期答复"]["kind"], rows["登记受理，按期答复"]["url"]) == ("principle", f"{SECTION}#register")
    assert (rows["首问负责制"]["label"], rows["首问负责制"]["url"]) == ("术语", "/glossary/first-contact/")


@pytest.mark.parametrize("q", ["kyc", "KYC", "抱怨"])
def test_other_name_leads_to_what_bears_it(indexed, client, q):
    assert suggested(client, q)[0]["through"].lower() == q.lower()


@pytest.mark.parametrize("q", ["受理号", "半个月", "slhzne"])
def test_question_suggests_the_principle_that_answers_it(indexed, client, q):
    rows = [row for row in suggested(client, q) if row["through"]]

    assert [(row["words"], row["url"]) for row in rows] == [("登记受理，按期答复", f"{SECTION}#register")]


def test_what_begins_so_comes_before_what_only_holds_it(indexed, client):
    assert urls(client, "倾")[0] == "/guide/talk/listening/"


@pytest.mark.parametrize(("q", "first"), [("1", "/guide/talk/"), ("1.2", "/guide/talk/listening/")])
def test_number_suggests_what_it_begins(indexed, client, q, first):
    assert urls(client, q)[0] == first


@pytest.mark.parametrize("q", ["", "   ", "。", "zzzz", "(", "[a-z", "\\", "*", "|", "\n"])
def test_nothing_is_suggested_for_nothing(indexed, client, q):
    response = client.get("/api/suggest/", {"q": q})

    assert response.status_code == 200
    assert response.json()["suggestions"] == []


def test_withdrawn_page_is_no_longer_suggested(indexed, client):
    before = urls(client, "周一")
    workflow.publish(workflow.Batch(withdrawn=["come-back"]))

    assert (len(before), urls(client, "周一")) == (1, [])


def test_strangers_are_suggested_nothing_where_reading_needs_a_sign_in(indexed, client, settings, reader):
    assert urls(client, "投诉")
    settings.READING = "signed-in"
    stranger = client.get("/api/suggest/", {"q": "投诉"}).json()
    client.force_login(reader)

    assert stranger == {"error": "需要登录"}
    assert SECTION in urls(client, "投诉")


def test_without_an_index_titles_are_suggested_by_their_characters(guide, client):
    assert SECTION in urls(client, "投诉")
    assert urls(client, "tousu") == []


@pytest.mark.parametrize("q", ["投述处里", "客户偷诉", "tousuu"])
def test_nearest_is_what_sounds_alike(indexed, q):
    assert SECTION in [row.url for row in nearest(q, NOBODY, outline_for(NOBODY))]


@pytest.mark.parametrize("q", ["量子纠缠", "x", ""])
def test_nothing_is_near_to_nonsense(indexed, q):
    assert nearest(q, NOBODY, outline_for(NOBODY)) == ()


def test_no_more_than_eight_are_suggested(indexed):
    assert len(suggest("1", NOBODY, outline_for(NOBODY))) <= 8
