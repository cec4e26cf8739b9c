from datetime import timedelta

from django.core import mail
from django.utils import timezone

from guide.feedback.models import Report
from guide.mail import letters
from guide.mail.models import Letter
from guide.pages.models import Page


def test_letter_is_forgotten_when_its_time_is_over_and_others_stay(db):
    now = timezone.now()
    for name, forget_at in (("over", now), ("later", now + timedelta(days=1)), ("never", None)):
        Letter.objects.create(to=f"{name}@example.org", subject="题", body="文", forget_at=forget_at)

    assert letters.forget() == 1
    assert set(Letter.objects.values_list("to", flat=True)) == {"later@example.org", "never@example.org"}


def test_address_that_cannot_be_written_to_holds_up_no_other_letter(guide, client):
    said = {"about": "wrong", "text": "错", "email": "x@\u200d.com"}  # taken for an address, and none
    client.post("/report/complaints/", said)
    report = Report.objects.get()
    letters.write_to([report.email, "clerk@example.org"], "feedback/mail/closed.txt", {"report": report})

    assert letters.send_waiting() == 1
    assert [letter.to for letter in mail.outbox] == [["clerk@example.org"]]
    assert "idna" in Letter.objects.get(sent_at=None).problem


def test_title_on_two_lines_adds_no_header(guide):
    Page.objects.filter(slug="complaints").update(title="投诉\rBcc: all@example.org")
    report = Report(page=Page.objects.get(slug="complaints"))
    report.save()
    letters.write_to(["clerk@example.org"], "feedback/mail/closed.txt", {"report": report})

    assert letters.send_waiting() == 1
    assert mail.outbox[0].subject == "您报告的问题看过了：1.1 投诉 Bcc: all@example.org"
