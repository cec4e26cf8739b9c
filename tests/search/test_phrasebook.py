import pytest

from guide.pages.models import Page, Phrase
from guide.publishing.loading import load
from guide.search.phrasebook import find
from tests.factories import COMPLAINTS, write_guide

ROW = Phrase(say="让您久等了，我来办。", avoid="您先别激动，这不归我管。", why="推诿")
GOOD = Phrase(say="我来帮您办，您先别激动我理解。", avoid="", why="")


def said(text, *rows):
    return [text[alarm.start : alarm.end] for alarm in find(text, rows or (ROW,))]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("先生，这不归我管，您去那边。", "这不归我管"),
        ("这 不 归 我 管", "这 不 归 我 管"),
        ("这，不归，我管！", "这，不归，我管"),
        ("这那个不归我管", "这那个不归我管"),
        ("這不歸我管", "這不歸我管"),
    ],
)
def test_forbidden_phrase_is_found_in_any_dress(text, marked):
    assert said(text) == [marked]


def test_every_clause_is_found_once_and_in_order():
    assert said("您先别激动。这不归我管。") == ["您先别激动", "这不归我管"]


@pytest.mark.parametrize("text", ["让您久等了，我来办。", "好的", "", "这归我管", "我不激动"])
def test_good_phrases_raise_no_alarm(text):
    assert said(text) == []


def test_what_stands_inside_a_recommended_phrase_raises_no_alarm():
    assert said("您先别激动我理解", ROW, GOOD) == []
    assert said("您先别激动", ROW, GOOD) == ["您先别激动"]


def test_short_phrase_counts_only_by_itself():
    short = Phrase(say="我帮您查。", avoid="不知道。", why="")

    assert said("这个，不知道。", short) == ["不知道"]
    assert said("我不知道您几点来", short) == []


def test_page_shows_the_book_and_what_to_say_instead(guide, client):
    book = client.get("/phrases/").content.decode()
    judged = client.post("/phrases/", {"text": "我说，这不归我管<b>"}).content.decode()

    assert "这不归我管" in book
    assert "<mark>这不归我管</mark>" in judged
    assert "您慢慢说" in judged
    assert "<b>" not in judged.split("looked")[1].split("</p>")[0]


def test_book_is_narrowed_by_post(guide, client):
    Page.objects.filter(slug="complaints").update(posts=["lobby"])

    assert "这不归我管" in client.get("/phrases/?post=lobby").content.decode()
    assert "这不归我管" not in client.get("/phrases/?post=counter").content.decode()


def test_book_begins_with_the_readers_post_and_leaves_nothing_out(guide, folder, client):
    table = '\n| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n| %s | 站住。 | 门口。 |\n{posts="%s"}\n'
    tables = table % ("柜面这样说。", "counter") + table % ("大堂这样说。", "lobby")
    load(write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace("\n## 登记受理", f"{tables}\n## 登记受理")}))
    client.cookies["post"] = "lobby"
    mine, everybody, others = client.get("/phrases/").content.decode().split('<h2 id="part-')[1:]

    assert ("大堂的话" in mine, "大堂这样说。" in mine, "柜面这样说。" in mine) == (True, True, False)
    assert "您慢慢说" in everybody
    assert "柜面这样说。" in others
    assert "柜面这样说。" not in client.get("/phrases/?post=lobby").content.decode()


def test_strangers_see_no_phrases_where_reading_needs_a_sign_in(guide, client, settings):
    settings.READING = "signed-in"

    assert "这不归我管" not in client.get("/phrases/").content.decode()
    assert "有 1 处" not in client.post("/phrases/", {"text": "这不归我管"}).content.decode()
