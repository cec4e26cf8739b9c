import csv
import io
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from guide.mail.models import Letter
from guide.pages.models import Page
from guide.publishing import arranging, audit, drafting, workflow
from guide.publishing.audit import Actor
from guide.publishing.models import AuditEntry
from tests.factories import LISTENING


def test_log_tells_who_did_what_to_what_from_where(guide, editor, reviewer):
    by, second = Actor(editor, "后台 10.0.0.1"), Actor(reviewer, "后台 10.0.0.2")
    draft = drafting.open_draft(Page.objects.get(slug="listening"), by)
    drafting.save_draft(draft, LISTENING.replace("不打断", "绝不打断"), by, reason="语气")
    workflow.approve(workflow.submit(draft, by).revision, second, "好")

    told = AuditEntry.objects.exclude(act="loaded").values_list(
        "who", "act", "page__slug", "revision__number", "detail", "where"
    )
    assert list(told) == [
        ("reviewer", "approved", "listening", 2, "好", "后台 10.0.0.2"),
        ("editor", "submitted", "listening", 2, "语气", "后台 10.0.0.1"),
    ]


def test_table_of_the_log_opens_in_a_spreadsheet_without_formulas(guide, editor):
    audit.note(Actor(editor, "=1+1"), "other", Page.objects.get(slug="talk"), detail="@SUM(A1)")

    header, row = list(csv.reader(io.StringIO(audit.as_csv(AuditEntry.objects.filter(act="other")).lstrip("\ufeff"))))
    assert header[:3] == ["时间", "谁", "做了什么"]
    assert (row[1:4], row[-2:]) == (["editor", "其他", "talk"], ["'@SUM(A1)", "'=1+1"])


def test_commands_of_the_worker_publish_what_is_due_and_send_mail(guide, editor, reviewer, mailoutbox, capsys):
    editor.email = "editor@example.org"
    editor.save()
    by = Actor(editor)
    draft = drafting.open_draft(Page.objects.get(slug="listening"), by)
    tomorrow = timezone.localdate() + timedelta(days=1)
    drafting.save_draft(draft, LISTENING.replace("不打断", "绝不打断"), by, effective=tomorrow)
    revision = workflow.approve(workflow.submit(draft, by).revision, Actor(reviewer)).revision
    call_command("publish_due")
    early = Page.objects.get(slug="listening").text
    workflow.publish_due(tomorrow)
    call_command("send_letters")

    assert (early, "绝不打断" in Page.objects.get(slug="listening").text) == (LISTENING, True)
    assert [message.subject for message in mailoutbox] == [f"待生效：{revision}", f"现行：{revision}"]
    assert not Letter.objects.filter(sent_at=None).exists()


def test_due_revision_that_has_a_fault_by_now_goes_back_to_review(guide, editor, reviewer, settings):
    settings.SINGLE_PERSON_PUBLISHING = True
    by, day = Actor(editor), timezone.localdate() + timedelta(days=1)
    new = drafting.propose_page(Page.objects.get(slug="talk"), "---\nid: new\ntitle: 新\n---\n文。\n", by)
    workflow.publish_alone(new, by)
    draft = drafting.open_draft(Page.objects.get(slug="listening"), by)
    drafting.save_draft(draft, LISTENING.replace("不打断", "见[[new]]"), by, effective=day)
    revision = workflow.approve(workflow.submit(draft, by).revision, Actor(reviewer)).revision
    arranging.withdraw([Page.objects.get(slug="new")], by)
    done = workflow.publish_due(day)
    revision.refresh_from_db()

    assert (done, revision.state, revision.reviewer) == ([], "in-review", None)
    assert Page.objects.get(slug="listening").text == LISTENING
