"""The board: who sees it, and that each number leads to exactly so many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guide.feedback import inbox
from guide.feedback.models import Report
from guide.pages.models import Page, Principle
from tests.search.test_admin import logged


@pytest.fixture
def keeper(indexed, client, editor):
    client.force_login(editor)
    return client


def tell(slug="complaints", principle=None, **values):
    report = Report(about="wrong", text="期限算错了", **values)
    inbox.take_in(report, Page.objects.get(slug=slug), principle)
    return report


def cell(client, slug, **query):
    return client.get("/board/", query).context["board"].cells[slug]


def rows(client, path):
    return client.get(path).content.decode().count("<li>\n<h2>")


PATHS = ["/board/", "/board/?sort=risk", "/board/searches/", "/board/complaints/reports/", "/board/complaints/searches/"]


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_led_to_sign_in_and_readers_find_nothing(indexed, client, client_of, path):
    tell()
    stranger = client.get(path)

    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/?next=/board/")
    for role in ("读者", "培训师"):
        assert client_of(role, role).get(path).status_code == 404


@pytest.mark.parametrize("role", ["编辑", "审核人", "管理员"])
def test_who_looks_after_the_guide_sees_it(indexed, client_of, role):
    browser = client_of("somebody", role)

    assert [browser.get(path).status_code for path in PATHS] == [200] * len(PATHS)
    assert 'href="/board/"' in browser.get("/admin/").content.decode()


def test_every_section_has_a_cell_in_reading_order(keeper):
    board = keeper.get("/board/").context["board"]

    assert [[one.entry.slug for one in row.sections] for row in board.rows] == [["complaints", "listening"], ["cases"]]


@pytest.mark.parametrize(("what", "number"), [("principles", 2), ("untold", 1), ("cases", 1), ("searches", 2), ("reports", 3)])
def test_each_number_leads_to_as_many_rows(keeper, what, number):
    logged("客户投诉处里")
    logged("投诉", count=3)
    for principle in (None, *Principle.objects.filter(page__slug="complaints")):
        tell(principle=principle)
    page = keeper.get("/board/").content.decode()

    assert len(getattr(cell(keeper, "complaints"), what)) == number
    assert f'href="/board/complaints/{what}/">{number}' in page
    assert rows(keeper, f"/board/complaints/{what}/") == number


def test_closed_reports_and_withdrawn_pages_are_not_counted(keeper, case):
    closed = tell()
    closed.state = "mended"
    inbox.decide(closed)
    Page.objects.filter(pk=case.pk).update(withdrawn_at="2026-01-01T00:00Z")

    found = cell(keeper, "complaints")
    assert (found.reports, found.cases, len(found.untold)) == ((), (), 2)


def test_report_of_a_case_counts_for_the_section_it_stands_in(keeper):
    tell("come-back")

    assert len(cell(keeper, "cases").reports) == 1
    assert rows(keeper, "/board/cases/reports/") == 1


def test_report_of_a_chapter_stands_beside_its_name(keeper):
    tell("talk")

    assert '<a class="wanting" href="/board/talk/reports/">未结报告 1</a>' in keeper.get("/board/").content.decode()


def test_question_near_to_nothing_is_listed_apart(keeper):
    logged("xqzw")
    page = keeper.get("/board/").content.decode()

    assert "哪一节都不接近的 1 句" in page
    assert rows(keeper, "/board/searches/") == 1
    assert not any(one.searches for one in keeper.get("/board/").context["board"].cells.values())


def test_question_of_long_ago_is_not_counted(keeper):
    logged("投诉", count=3, days=31)

    assert not cell(keeper, "complaints").searches


def test_overdue_page_says_so_in_words(indexed, clock, client_of):
    clock("2030-01-11T12:00")
    page = client_of("somebody", "编辑").get("/board/").content.decode()

    assert "2030-01-01，已过 10 天" in page
    assert "没有期限" in page


def test_by_risk_the_most_wanting_stands_first_with_how_it_is_counted(keeper):
    before = [one.entry.slug for one in keeper.get("/board/?sort=risk").context["board"].by_risk]
    for _ in range(2):
        tell("cases")
    after = [(one.entry.slug, one.risk) for one in keeper.get("/board/?sort=risk").context["board"].by_risk]

    assert before == ["listening", "cases", "complaints"]
    assert after == [("cases", 8), ("listening", 2), ("complaints", 1)]
    assert "未结报告×3" in keeper.get("/board/?sort=risk").content.decode()


def test_unknown_order_is_that_of_the_guide(keeper):
    assert not keeper.get("/board/?sort=x").context["is_by_risk"]


@pytest.mark.parametrize("path", ["/board/nothing/reports/", "/board/complaints/risk/", "/board/complaints/page/"])
def test_what_is_no_number_is_not_found(keeper, path):
    assert keeper.get(path).status_code == 404


def test_queries_do_not_grow_with_the_guide(keeper):
    keeper.get("/board/")
    with CaptureQueriesContext(connection) as asked:
        keeper.get("/board/")

    assert len(asked) <= 16
