from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from guide.pages import starts
from guide.pages.models import Page
from guide.publishing.loading import load
from tests.factories import CASE, write_guide

ANYBODY = AnonymousUser()
MONDAY = date(2026, 11, 23)
CARD = CASE.replace("kind: case\ntype: bad\nsimulated: true\n", "kind: card\n")


def cases(count):
    return {
        f"02-practice/01-cases/case-{place:02}.md": CASE.replace("come-back", f"case-{place:02}").replace(
            "请您周一再来", f"案例{place:02}"
        )
        for place in range(count)
    }


@pytest.fixture
def many(guide):
    load(write_guide(guide, cases(35)))


def of_week(day):
    return [page.slug for page in starts.cases_of_the_week(ANYBODY, day)]


def test_cases_of_the_week_are_the_same_from_monday_to_sunday(many):
    assert len(set(of_week(MONDAY))) == 3
    assert of_week(MONDAY) == of_week(MONDAY + timedelta(days=6))
    assert not set(of_week(MONDAY)) & set(of_week(MONDAY + timedelta(days=7)))


def test_every_case_has_its_week(many):
    weeks = [of_week(MONDAY + timedelta(weeks=week)) for week in range(12)]

    assert len({slug for week in weeks for slug in week}) == 36


def test_few_cases_are_named_once_and_none_is_no_fault(guide):
    assert of_week(MONDAY) == ["come-back"]
    Page.objects.filter(slug="come-back").update(withdrawn_at=timezone.now())
    assert of_week(MONDAY) == []


def test_home_shows_what_changed_after_the_first_load(guide, client):
    assert "最近改动" not in client.get("/").content.decode()
    Page.objects.filter(slug="listening").update(changed_at=timezone.now() + timedelta(days=1))

    assert [page.slug for page in starts.recently_changed(ANYBODY)] == ["listening"]
    assert "最近改动" in client.get("/").content.decode()


def test_home_offers_problem_cards_those_for_the_readers_post_first(guide, client):
    lobby = CARD.replace("come-back", "a-lobby").replace("请您周一再来", "大堂的事").replace("[counter]", "[lobby]")
    counter = CARD.replace("come-back", "b-counter").replace("请您周一再来", "柜面的事")
    load(write_guide(guide, {"02-practice/01-cases/a-lobby.md": lobby, "02-practice/01-cases/b-counter.md": counter}))
    client.cookies["post"] = "counter"
    out = client.get("/").content.decode()

    assert out.index("柜面的事") < out.index("大堂的事")


def test_section_with_few_cases_lists_them(guide, client):
    assert 'href="/guide/practice/cases/come-back/">请您周一再来</a>' in client.get("/guide/practice/cases/").content.decode()


def test_section_with_many_cases_offers_ways_into_their_list(many, client):
    out = client.get("/guide/practice/cases/").content.decode()

    assert "共 36 个" in out
    for query in ("type=bad", "post=counter", "chapter=talk"):
        assert f'href="/cases/?{query}"' in out
        assert client.get(f"/cases/?{query}").context["total"] == 36


def test_section_whose_cases_all_left_offers_none(many, client):
    Page.objects.cases().update(withdrawn_at=timezone.now())

    assert "本节之下" not in client.get("/guide/practice/cases/").content.decode()


def test_whole_chapter_is_one_page_for_paper(guide, client):
    out = client.get("/sheets/talk/").content.decode()

    assert out.count('<article class="sheet"') == 3
    assert out.index("导语：这一章讲沟通。") < out.index('id="register"') < out.index('id="listen-first"')
    assert "http://127.0.0.1:8000/sheets/talk/" in out
    assert client.get("/sheets/complaints/").status_code == 404
