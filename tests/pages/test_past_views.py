import pytest

from guide.pages.models import Page
from guide.publishing import arranging
from guide.publishing.audit import Actor
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, LISTENING, write_guide

SECTION = "/guide/talk/listening/"
GONE = {"02-practice/01-cases/come-back.md": None}
CASE_PATH = "/guide/practice/cases/come-back/"


@pytest.fixture
def past(db, folder, clock, admin_user, settings):
    """A guide with a past: loaded on 10 January, reworded on 10 February, moved on 10 March, a case gone on 10 April."""
    settings.SINGLE_PERSON_PUBLISHING = True
    by = Actor(admin_user, "test")
    clock("2026-01-10T09:00")
    load(folder)
    clock("2026-02-10T23:30")
    load(write_guide(folder, {"01-talk/02-listening.md": LISTENING.replace("先让客户说完", "先听客户说完")}))
    clock("2026-03-10T09:00")
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, by)
    clock("2026-04-10T09:00")
    load(write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace(", case: come-back", "")}))
    arranging.withdraw([Page.objects.get(slug="come-back")], by)
    write_guide(folder, {"01-talk/01-complaints.md": COMPLAINTS.replace(", case: come-back", "")} | GONE)
    clock("2026-05-01T12:00")
    return folder


def text(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-01-10", "先让客户说完"),
        ("2026-02-09", "先让客户说完"),
        ("2026-02-10", "先听客户说完"),
        ("2026-03-09", "先听客户说完"),
    ],
)
def test_page_says_what_it_said_at_the_end_of_that_day(past, client, day, words):
    assert words in text(client, f"{SECTION}?as_of={day}")


def test_past_page_names_its_day_leads_to_today_and_is_not_indexed(past, client):
    out = text(client, f"{SECTION}?as_of=2026-02-01")

    assert "2026年2月1日的指南" in out
    assert 'href="/guide/practice/listening/">看今天的' in out
    assert '<meta name="robots" content="noindex">' in out


def test_links_in_a_past_page_keep_the_day(past, client):
    out = text(client, f"{SECTION}?as_of=2026-02-01")

    assert 'href="/guide/talk/complaints/?as_of=2026-02-01#register"' in out
    assert f'href="{CASE_PATH}?as_of=2026-02-01"' in out
    assert 'rel="prev" href="/guide/talk/complaints/?as_of=2026-02-01"' in out


def test_past_case_tells_of_principles_by_the_numbers_of_that_day(past, client):
    out = text(client, f"{CASE_PATH}?as_of=2026-02-01")

    assert "1.2“先听完”" in out
    assert 'href="/guide/talk/listening/?as_of=2026-02-01#listen-first"' in out


def test_past_section_cites_and_marks_like_todays(past, client):
    out = text(client, "/guide/talk/complaints/?as_of=2026-02-01")

    assert "依据1" in out
    assert "〔本行填写：投诉电话〕" in out
    assert "没有登记" in out  # the note of the case that was still there


@pytest.mark.parametrize(("day", "number"), [("2026-03-09", "1.2"), ("2026-03-10", "2.1")])
def test_past_outline_has_the_numbers_of_that_day(past, client, day, number):
    assert f'<span class="num">{number}</span>倾听' in text(client, f"/?as_of={day}")


def test_past_chapter_lists_its_sections_of_that_day(past, client):
    assert "倾听" in text(client, "/guide/talk/?as_of=2026-03-09")
    assert "倾听" not in text(client, "/guide/talk/?as_of=2026-03-10")


def test_todays_address_leads_to_the_address_of_that_day(past, client):
    response = client.get("/guide/practice/listening/?as_of=2026-02-01")

    assert (response.status_code, response.url) == (302, "/guide/talk/listening/?as_of=2026-02-01")


def test_withdrawn_page_is_read_on_a_day_when_it_was_there(past, client):
    assert client.get(CASE_PATH).status_code == 410
    assert "看今天的指南" in text(client, f"{CASE_PATH}?as_of=2026-04-09")
    assert "那天不在指南里" in text(client, f"{CASE_PATH}?as_of=2026-04-10", status=404)


def test_page_that_did_not_exist_yet_says_since_when_it_does(past, client, clock):
    clock("2026-05-02T09:00")
    (past / "01-talk/03-late.md").write_text("---\nid: late\ntitle: 后来的\n---\n导语：新的一节。\n", encoding="utf-8")
    load(past)

    assert "从 2026年5月2日起才有" in text(client, "/guide/talk/late/?as_of=2026-05-01", status=404)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("gestern", "没有这一天"),
        ("2026-02-30", "没有这一天"),
        ("", "没有写日期"),
        ("2026-05-02", "还没有到"),
        ("9999-12-31", "还没有到"),
    ],
)
def test_day_that_is_none_is_said_to_be_none(past, client, day, words):
    assert words in text(client, f"{SECTION}?as_of={day}", status=400)


def test_day_before_the_guide_has_an_empty_outline_that_says_so(past, client):
    assert "从 2026年1月10日起才有" in text(client, "/?as_of=0001-01-01")


def test_address_that_never_was_is_said_to_be_none(past, client):
    assert "从来没有过这个地址" in text(client, "/guide/nowhere/?as_of=2026-02-01", status=404)


def test_the_past_is_closed_with_the_rest(past, client, settings):
    settings.READING = "signed-in"

    assert client.get(f"{SECTION}?as_of=2026-02-01").status_code == 404


def test_the_past_is_never_kept(past, client, settings, tmp_path):
    settings.PAGES_DIR = tmp_path / "pages"
    response = client.get(f"{SECTION}?as_of=2026-02-01")

    assert not getattr(response, "is_keepable", False)
    assert response["X-Robots-Tag"] == "noindex"


def test_page_past_its_date_says_so(guide, client, clock):
    clock("2030-01-01T23:59")
    assert "过了复核期限" not in text(client, "/guide/talk/complaints/")

    clock("2030-01-02T00:00")
    assert "过了复核期限" in text(client, "/guide/talk/complaints/")
