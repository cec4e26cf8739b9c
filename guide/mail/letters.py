"""Mail: written in the transaction of what it tells of, sent later by the worker, some of it forgotten after a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from guide.mail.models import Letter

_LONGEST_WAIT = timedelta(days=1)


def write(people: list[Any], template: str, context: dict[str, Any]) -> None:
    """Write `template` (its first line is the subject) to all of `people` who have an address."""
    write_to((person.email for person in people if person.email and person.is_active), template, context)


def write_to(addresses: Iterable[str], template: str, context: dict[str, Any], forget_at: datetime | None = None) -> None:
    """As `write`, to bare `addresses`; the letters are deleted at `forget_at`, sent or not."""
    text = render_to_string(template, {**context, "site": settings.SITE_URL})
    subject, _, body = text.partition("\n")
    Letter.objects.bulk_create(
        Letter(to=to, subject=" ".join(subject.split())[:200], body=body.strip() + "\n", forget_at=forget_at)
        for to in dict.fromkeys(addresses)
    )


def forget() -> int:
    """Delete the letters whose time is over; returns how many."""
    return Letter.objects.filter(forget_at__lte=timezone.now()).delete()[0]


def is_due() -> bool:
    """Whether a letter waits to be sent now."""
    return _due().exists()


def send_waiting() -> int:
    """Send what is due and return how many went; one that fails waits longer each time, and is never given up. None holds
    up the others: what an address or a subject may be is judged by others than those who took them (ValueError).

    Killed between sending and noting it, the site sends a letter twice rather than never.
    """
    return sum(_send(letter) for letter in _due().order_by("pk"))


def _due() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at=None).filter(Q(next_try=None) | Q(next_try__lte=timezone.now()))


def _send(letter: Letter) -> bool:
    letter.tries += 1
    try:
        send_mail(letter.subject, letter.body, None, [letter.to])
    except (SMTPException, OSError, ValueError) as error:
        letter.problem = str(error)[:500]
        letter.next_try = timezone.now() + min(timedelta(minutes=2 ** min(letter.tries, 11)), _LONGEST_WAIT)
    else:
        letter.sent_at, letter.problem = timezone.now(), ""
    letter.save(update_fields=["tries", "problem", "next_try", "sent_at"])
    return letter.sent_at is not None
