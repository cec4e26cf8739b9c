"""The inbox: who opens it, what an editor decides, and what the reader hears."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.utils import timezone

from guide.feedback import inbox
from guide.feedback.models import Report
from guide.mail import letters
from guide.mail.models import Letter
from guide.publishing.loading import load
from tests.factories import COMPLAINTS, write_guide

MEANT = "做到： 接到投诉即登记受理，十五日内答复依据1。首问负责制在此适用。"


@pytest.fixture
def report(principle):
    said = Report(about="wrong", text="期限算错了", email="clerk@example.org")
    inbox.take_in(said, principle.page, principle)
    return said


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def decide(client, report, state, note="", seen=None):
    path = f"/admin/feedback/report/{report.pk}/change/"
    return client.post(path, {"state": state, "note": note, "seen": seen or report.state})


@pytest.mark.parametrize(("role", "status"), [("读者", 302), ("培训师", 302), ("编辑", 200), ("审核人", 200), ("管理员", 200)])
def test_inbox_is_for_staff(report, client_of, role, status):
    assert client_of("somebody", role).get("/admin/feedback/report/").status_code == status


def test_inbox_shows_what_waits_first_step_from_the_front_page(report, desk):
    assert "/admin/feedback/report/?open=yes" in desk.get("/admin/").content.decode()
    assert "期限算错了" in desk.get("/admin/feedback/report/?open=yes").content.decode()
    assert desk.get("/admin/feedback/report/?open=no").context["cl"].result_count == 0


def test_report_opens_with_its_place(report, desk):
    page = desk.get(f"/admin/feedback/report/{report.pk}/change/").content.decode()

    assert 'href="/principles/complaints/register/"' in page
    assert "登记受理，按期答复" in page


@pytest.fixture
def quoted(client, guide):
    client.post("/report/complaints/", {"about": "wrong", "text": "不对", "paragraph": MEANT, "quote": "即登记受理"})
    return Report.objects.get()


def test_inbox_shows_the_paragraph_and_leads_to_it(quoted, desk):
    rows = desk.get("/admin/feedback/report/").content.decode()
    page = desk.get(f"/admin/feedback/report/{quoted.pk}/change/").content.decode()

    assert "登记受理，按期答复：做到： 接到投诉即登记受理" in rows
    assert f"<q>{MEANT}</q>" in page
    assert "选中的话：<q>即登记受理</q>" in page
    words = quote("接到投诉即登记受理，十五日内答复依据1", safe="")
    assert f"/guide/talk/complaints/#register:~:text={words}" in page
    assert "报告时是第 1 版" in page
    assert "此段已改" not in page


def test_inbox_says_when_the_paragraph_was_changed_since(quoted, desk, guide):
    write_guide(guide, {"01-talk/01-complaints.md": COMPLAINTS.replace("即登记受理", "当场登记")})
    load(guide)
    page = desk.get(f"/admin/feedback/report/{quoted.pk}/change/").content.decode()

    assert "此段已改" in page
    assert f"<q>{MEANT}</q>" in page
    assert 'href="/guide/talk/complaints/#register">到原处' in page
    assert 'href="/guide/talk/complaints/history/">后来的版本' in page


def test_reader_hears_when_it_was_mended(report, desk):
    decide(desk, report, "taken")
    waiting = Letter.objects.count()
    report.refresh_from_db()
    decide(desk, report, "mended", "已改为自收到之日起。")
    letters.send_waiting()

    assert waiting == 0
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["clerk@example.org"], "您报告的问题已经改了：1.1 客户投诉处理")
    assert "编辑的答复：已改为自收到之日起。" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/guide/talk/complaints/" in mail.outbox[0].body


def test_reader_without_address_is_not_written_to(report, desk):
    Report.objects.update(email="")
    decide(desk, report, "mended")

    assert Report.objects.get().state == "mended"
    assert not Letter.objects.exists()


def test_declining_needs_a_reason(report, desk):
    assert "请写明为什么" in decide(desk, report, "declined").content.decode()
    assert Report.objects.get().state == "new"
    decide(desk, report, "declined", "条文如此。")
    assert (Report.objects.get().state, Letter.objects.count()) == ("declined", 1)


def test_words_of_the_reader_cannot_be_edited(report, desk):
    desk.post(f"/admin/feedback/report/{report.pk}/change/", {"state": "taken", "note": "", "seen": "new", "text": "换了"})

    assert (Report.objects.get().text, Report.objects.get().state) == ("期限算错了", "taken")
    assert desk.post(f"/admin/feedback/report/{report.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/feedback/report/add/").status_code == 403


def test_second_editor_does_not_answer_unseen(report, desk):
    decide(desk, report, "declined", "条文如此。")
    page = decide(desk, report, "mended", "已改。", seen="new").content.decode()

    assert "别人已经改过" in page
    assert "已改。" in page
    assert (Report.objects.get().note, Letter.objects.count()) == ("条文如此。", 1)


def test_reviewer_reads_and_does_not_decide(report, client_of):
    second = client_of("second", "审核人")

    assert decide(second, report, "mended").status_code == 403
    assert Report.objects.get().state == "new"


def test_report_that_is_opened_again_has_no_end(report, desk):
    decide(desk, report, "mended")
    report.refresh_from_db()
    decide(desk, report, "taken")

    assert Report.objects.get().closed_at is None
    assert list(Report.objects.open()) == [report]


def test_addresses_are_forgotten_and_letters_with_them(report, desk, settings, monkeypatch):
    settings.FEEDBACK_EMAIL_DAYS = 30
    decide(desk, report, "mended")
    letters.send_waiting()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=29))
    inbox.Keeping().go_on()
    kept = Report.objects.get().email, Letter.objects.count()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=31))

    assert kept == ("clerk@example.org", 1)
    assert inbox.Keeping().go_on() == 2
    assert (Report.objects.get().email, Letter.objects.count()) == ("", 0)
    assert Report.objects.get().text == "期限算错了"


def test_address_of_an_open_report_stays(report, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=400))

    assert inbox.forget_addresses() == 0
    assert Report.objects.get().email == "clerk@example.org"


def test_answers_are_shown_and_never_edited(report, desk):
    assert desk.get("/admin/feedback/answer/").status_code == 200
    assert desk.get("/admin/feedback/answer/add/").status_code == 403
