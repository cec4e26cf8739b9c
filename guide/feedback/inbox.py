"""What becomes of a report: taken in, decided on, answered by mail, and its address forgotten in time."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide.feedback.models import Report
from guide.feedback.places import Place
from guide.mail import letters
from guide.pages.models import Page, Principle, Revision

_FORGET_S = 3600  # how often addresses whose time is over are looked for


def take_in(report: Report, page: Page, principle: Principle | None, place: Place | None = None) -> None:
    """Store a new `report` about `page`, or about one principle of it: the one that `place` stands in, if it was chosen."""
    if place and place.principle and not principle:
        principle = Principle.objects.filter(page=page, slug=place.principle).first()
    report.page, report.principle = page, principle
    report.place = principle.title if principle else ""
    report.revision = Revision.objects.live().of_page(page).first()
    report.save()


def decide(report: Report) -> None:
    """Store the state and note of `report`; a reader who left an address is written to when it is closed."""
    with transaction.atomic():
        before = Report.objects.select_for_update().get(pk=report.pk)
        if report.is_open:
            report.closed_at = None
        elif report.state != before.state:
            report.closed_at = timezone.now()
            _answer(report)
        report.save(update_fields=["state", "note", "closed_at"])


def forget_addresses() -> int:
    """Remove the addresses of reports that were closed FEEDBACK_EMAIL_DAYS ago; returns how many."""
    until = timezone.now() - timedelta(days=settings.FEEDBACK_EMAIL_DAYS)
    return Report.objects.filter(closed_at__lte=until).exclude(email="").update(email="")


class Keeping:
    """The worker's part: addresses, and the letters to them, are forgotten when their time is over."""

    def __init__(self) -> None:
        self._not_before = float("-inf")

    def go_on(self) -> int:
        if time.monotonic() < self._not_before:
            return 0
        self._not_before = time.monotonic() + _FORGET_S
        return forget_addresses() + letters.forget()


def _answer(report: Report) -> None:
    if report.email:
        forget_at = timezone.now() + timedelta(days=settings.FEEDBACK_EMAIL_DAYS)
        letters.write_to([report.email], "feedback/mail/closed.txt", {"report": report}, forget_at)
