"""Mail before and after the day by which a page is to be looked through again: 30 and 7 days before, and once it has passed.

Each is written once for each page and date, in the transaction that notes it; a new date begins anew.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from guide.mail import letters
from guide.pages import tree, version
from guide.publishing import rights
from guide.publishing.models import Reminder
from guide.publishing.reviews import Review, reviews

Stage = Reminder.Stage


def stage_of(review: Review) -> Stage:
    """Which of the three is to be said of a page that is due within a month."""
    if review.is_overdue:
        return Stage.OVERDUE
    return Stage.WEEK if review.days_left <= Stage.WEEK else Stage.MONTH


def write_due(today: date | None = None) -> int:
    """Write the letters that are due, one to each person with all their pages; returns how many pages were reminded of.

    A page for which nobody has an address is left for the day on which somebody has one.
    """
    with transaction.atomic():
        tree.lock_tree()  # a second worker would write the same letters
        due = _not_yet_said(reviews(today or timezone.localdate(), within=Stage.MONTH))
        told = _by_person(due)
        for person, rows in told.items():
            letters.write([person], "publishing/mail/reviews.txt", {"reviews": rows})
        said = {review.page.pk: review for rows in told.values() for review in rows}
        Reminder.objects.bulk_create(_reminder(review) for review in said.values())
    return len(said)


class Daily:
    """The worker's part: letters are looked for once a day and after each change of the guide."""

    def __init__(self) -> None:
        self._looked: tuple[date, int] | None = None

    def go_on(self) -> int:
        now = timezone.localdate(), version.current()
        if self._looked == now:
            return 0
        written = write_due(now[0])
        self._looked = now
        return written


def _not_yet_said(found: Iterable[Review]) -> list[Review]:
    said = set(Reminder.objects.values_list("page", "due", "stage"))
    return [review for review in found if (review.page.pk, review.due, stage_of(review)) not in said]


def _reminder(review: Review) -> Reminder:
    return Reminder(page=review.page, due=review.due, stage=stage_of(review))


def _by_person(due: Iterable[Review]) -> dict[Any, list[Review]]:
    """The pages of each person who may edit them and has an address. Who that is, is asked once a chapter."""
    people: dict[str, list[Any]] = {}
    told: dict[Any, list[Review]] = defaultdict(list)
    for review in due:
        chapter = review.page.path.partition("/")[0]
        if chapter not in people:
            people[chapter] = [person for person in rights.writers_of(review.page) if person.email and person.is_active]
        for person in people[chapter]:
            told[person].append(review)
    return told
