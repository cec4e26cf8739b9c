from datetime import date

import pytest
from django.contrib.auth.models import Group

from guide.accounts.models import User
from guide.mail.models import Letter
from guide.pages.models import Page
from guide.publishing import reminders
from guide.publishing.models import ChapterRole


@pytest.fixture
def dated(guide, clock, editor):
    """Four dates seen from 1 March 2026, and an editor with an address."""
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    for slug, due in {
        "complaints": "2026-02-28",
        "listening": "2026-03-08",
        "cases": "2026-03-31",
        "talk": "2026-05-31",
    }.items():
        Page.objects.filter(slug=slug).update(review_by=due)
    clock("2026-03-01T12:00")
    return guide


def bodies():
    return list(Letter.objects.order_by("pk").values_list("to", "body"))


def test_feed_lists_what_is_overdue_and_what_is_due_within_90_days(dated, client, editor):
    client.force_login(editor)
    items = client.get("/reviews.json").json()["items"]

    assert [(item["_review"]["page"], item["_review"]["days_left"], item["_review"]["state"]) for item in items] == [
        ("complaints", -1, "overdue"), ("listening", 7, "soon"), ("cases", 30, "soon"),
    ]  # fmt: skip
    assert items[0]["_review"]["owner"] == "消保部"


def test_feed_is_for_staff_alone(dated, client, reader):
    assert client.get("/reviews.json").status_code == 403

    client.force_login(reader)
    assert client.get("/reviews.json").status_code == 403
    assert "消保部" not in client.get("/reviews.json").content.decode()


def test_list_by_owner_counts_what_is_overdue(dated, client, editor):
    client.force_login(editor)
    out = client.get("/admin/reports/reviews/").content.decode()

    assert "已过 1 天" in out
    assert "倾听" not in client.get("/admin/reports/reviews/?owner=消保部").content.decode()


def test_one_letter_tells_an_editor_of_all_pages_that_are_due(dated):
    assert reminders.write_due() == 3
    [(to, body)] = bodies()

    assert to == "editor@example.org"
    assert "客户投诉处理：2026年2月28日，已过 1 天（消保部）" in body
    assert "倾听：2026年3月8日，还有 7 天" in body
    assert "典型案例：2026年3月31日，还有 30 天" in body


def test_each_reminder_is_written_once(dated):
    reminders.write_due()

    assert reminders.write_due() == 0
    assert len(bodies()) == 1


@pytest.mark.parametrize(("day", "pages"), [("2026-03-02", 0), ("2026-03-24", 2), ("2026-04-01", 2), ("2026-05-01", 3)])
def test_next_stage_is_said_when_it_comes(dated, day, pages):
    reminders.write_due()

    assert reminders.write_due(date.fromisoformat(day)) == pages


def test_new_date_begins_anew(dated):
    reminders.write_due()
    Page.objects.filter(slug="complaints").update(review_by="2026-03-20")

    assert reminders.write_due() == 1


def test_editors_of_the_chapter_alone_are_written_to_where_some_are_named(dated):
    other = User.objects.create_user("other", "other@example.org", "pass-word-12")
    other.groups.add(Group.objects.get(name="编辑"))
    ChapterRole.objects.create(chapter=Page.objects.get(slug="talk"), user=other, part="writer")
    reminders.write_due()
    told = dict(bodies())

    assert "倾听" in told["other@example.org"]
    assert "倾听" not in told["editor@example.org"]
    assert "典型案例" in told["editor@example.org"]


def test_page_for_which_nobody_has_an_address_waits_until_somebody_has(dated, editor):
    User.objects.filter(pk=editor.pk).update(email="")
    assert reminders.write_due() == 0

    User.objects.filter(pk=editor.pk).update(email="late@example.org")
    assert reminders.write_due() == 3


def test_withdrawn_page_is_not_reminded_of(dated):
    Page.objects.filter(slug="complaints").update(withdrawn_at="2026-01-01T00:00Z")

    assert reminders.write_due() == 2
