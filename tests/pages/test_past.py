from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import models
from django.utils import timezone

from guide.pages.models import Page, Placement, Revision
from guide.pages.past import as_of, end_of
from guide.publishing import arranging, drafting, workflow
from guide.publishing.audit import Actor
from tests.factories import COMPLAINTS, LISTENING

YESTERDAY = timezone.localdate() - timedelta(days=1)
TODAY = timezone.localdate()


@pytest.fixture
def old(guide, settings, editor):
    """The guide as if it had been loaded the day before yesterday; gives who edits it today."""
    settings.SINGLE_PERSON_PUBLISHING = True
    then = end_of(YESTERDAY - timedelta(days=1))
    models.QuerySet(Revision).update(published_at=then)
    models.QuerySet(Placement).update(since=then)
    return Actor(editor, "test")


def edit(by, slug, text):
    draft = drafting.open_draft(Page.objects.get(slug=slug), by)
    workflow.publish_alone(drafting.save_draft(draft, text, by), by)


def outline(day):
    return [(entry.number, entry.path, entry.title) for entry in as_of(day).entries]


def test_day_ends_at_midnight_of_the_guides_time_zone():
    assert end_of(date(2026, 3, 1)) == datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_outline_is_the_live_one_today(old):
    live = Page.objects.published().in_reading_order().values_list("number", "path", "title")

    assert outline(TODAY) == list(live)


def test_nothing_was_there_before_the_first_load(old):
    assert outline(YESTERDAY - timedelta(days=5)) == []


def test_text_title_and_place_are_those_in_force_that_day(old):
    edit(old, "listening", LISTENING.replace("title: 倾听", "title: 聆听"))
    arranging.move(Page.objects.get(slug="listening"), Page.objects.get(slug="practice"), 0, old)
    then, now = as_of(YESTERDAY), as_of(TODAY)

    assert (then.find("listening").number, then.find("listening").title) == ("1.2", "倾听")
    assert (now.find("listening").number, now.find("listening").title) == ("2.1", "聆听")
    assert then.revision(then.at_path("talk/listening")).text == LISTENING
    assert [entry.slug for entry in then.above(then.find("come-back"))] == ["practice", "cases"]
    assert [entry.slug for entry in now.below(now.find("practice"))] == ["listening", "cases"]


def test_withdrawn_page_was_there_and_new_one_was_not(old):
    edit(old, "complaints", COMPLAINTS.replace(", case: come-back", ""))
    arranging.withdraw([Page.objects.get(slug="come-back")], old)
    draft = drafting.propose_page(Page.objects.get(slug="talk"), "---\nid: new\ntitle: 新\n---\n文。\n", old)
    workflow.publish_alone(draft, old)

    assert (as_of(YESTERDAY).find("come-back") is None, as_of(TODAY).find("come-back") is None) == (False, True)
    assert (as_of(YESTERDAY).find("new") is None, as_of(TODAY).find("new").number) == (True, "1.3")


def test_draft_and_revision_in_review_are_no_part_of_any_day(old, settings):
    settings.SINGLE_PERSON_PUBLISHING = False
    page = Page.objects.get(slug="listening")
    workflow.submit(drafting.save_draft(drafting.open_draft(page, old), LISTENING.replace("倾听", "听"), old), old)

    assert as_of(TODAY).find("listening").title == "倾听"


def test_changes_come_by_day_material_ones_first(old):
    edit(old, "listening", LISTENING.replace("title: 倾听", "title: 聆听"))
    draft = drafting.open_draft(Page.objects.get(slug="complaints"), old)
    drafting.save_draft(draft, COMPLAINTS.replace("推诿。", "推诿客户。"), old, is_material=True)
    workflow.publish_alone(draft, old)
    edit(old, "talk", Page.objects.get(slug="talk").text.replace("听完再答", "听完了再答"))

    assert [row.title for row in Revision.objects.changes(first=TODAY)] == ["客户投诉处理", "沟通", "聆听"]
    assert Revision.objects.changes(last=YESTERDAY).count() == 6
