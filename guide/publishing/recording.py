"""Recording what is published: revisions with their numbers, who took part, and whose turn is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from guide.mail import letters
from guide.pages.models import Page, Revision
from guide.pages.revisions import fingerprint
from guide.publishing import audit, rows
from guide.publishing.models import Document, Participation


@dataclass(frozen=True)
class Stamp:
    """What a new revision says of where it comes from."""

    origin: str = Revision.Origin.FILE
    author: Any = None
    reason: str = ""
    is_material: bool = False
    commit: str = ""
    alone: bool = False
    effective: Any = None
    base: Revision | None = None
    file_text: str = ""

    def merged_with(self, file_text: str) -> "Stamp":
        """The same for a text into which a file's was merged."""
        return replace(self, file_text=file_text)


@dataclass(frozen=True)
class Told:
    """A text now live: of `target`, as `revision` where it was proposed before, else to be recorded with `stamp`.

    `decision` is what somebody decided on that revision: reviewer, decided_at, note.
    """

    target: Page | Document
    title: str
    text: str
    stamp: Stamp
    revision: Revision | None = None
    decision: Mapping[str, Any] = field(default_factory=dict)


class AlreadyDecided(Exception):
    """Somebody else has decided on a revision meanwhile, or a text was published over it."""


def record(told: Sequence[Told], now: datetime | None = None) -> list[Revision]:
    """Make each text of `told` the live revision of its page or document, in one statement for all of a kind.

    Revisions that were scheduled for the same targets go back to review. Returns the live revisions, in order.
    """
    now = now or timezone.now()
    for pages, names in _batches(told):
        mine = _of(pages, names)
        mine.live().decide(Revision.State.SUPERSEDED)
        waiting = [one.revision.pk for one in told if one.revision]
        return_scheduled(mine.scheduled().exclude(pk__in=waiting), "另一版本先发布了，重回审核")
    for one in told:
        _decide(one, now)
    numbers = next_numbers([one.target for one in told if one.revision is None])
    made = [_made(one, numbers[key_of(one.target)], now) for one in told if one.revision is None]
    made = Revision.objects.bulk_create(made, batch_size=rows.BATCH)
    Participation.objects.bulk_create(
        [Participation(revision=one, user=one.author, part="writer") for one in made if one.author_id], batch_size=rows.BATCH
    )
    fresh = iter(made)
    return [one.revision or next(fresh) for one in told]


def return_scheduled(overtaken: Any, why: str) -> None:
    """What was to take effect later was approved over a guide that is no longer so: somebody has to look again."""
    for revision in overtaken.select_related("page"):
        Revision.objects.filter(pk=revision.pk).decide(Revision.State.IN_REVIEW, reviewer=None, decided_at=None)
        target = revision.page or Document.everything.get(name=revision.document)
        audit.note(audit.SYSTEM, audit.Act.RETURNED, target, revision, why)
        revision.refresh_from_db()
        letters.write(
            writers_of(revision), "publishing/mail/decided.txt", {"revision": revision, "target": target, "outcome": why}
        )


def _decide(one: Told, now: datetime) -> None:
    if one.revision is None:
        return
    mine = Revision.objects.filter(pk=one.revision.pk)
    if not mine.decide(Revision.State.PUBLISHED, published_at=now, **one.decision):
        raise AlreadyDecided(f"{one.revision} 已由别人处理。")
    one.revision.refresh_from_db()


def propose(target: Page | Document, title: str, text: str, stamp: Stamp, writers: Iterable[Any]) -> Revision:
    """Record a text that waits for review, and who wrote it."""
    number = next_numbers([target])[key_of(target)]
    revision = _revision(Told(target, title, text, stamp), number, timezone.now())
    revision.state = Revision.State.IN_REVIEW
    revision.save(force_insert=True)
    people = {person.pk: person for person in writers}
    Participation.objects.bulk_create(Participation(revision=revision, user=user, part="writer") for user in people.values())
    return revision


def take_part(revision: Revision, reviewer: Any) -> None:
    """Note that `reviewer` decided on `revision`; the database refuses whoever wrote it."""
    Participation.objects.get_or_create(revision=revision, user=reviewer, defaults={"part": Participation.Part.REVIEWER})


def live_revision(target: Page | Document) -> Revision | None:
    """The revision of `target` that readers see; None for a page that nobody has published."""
    found: Revision | None = revisions_of(target).live().first()
    return found


def revisions_of(target: Page | Document) -> Any:
    """All revisions of `target`, whatever their state."""
    return Revision.objects.of_page(target) if isinstance(target, Page) else Revision.objects.of_document(target.name)


def writers_of(revision: Revision) -> list[Any]:
    """Everybody who wrote or changed `revision`."""
    found = Participation.objects.filter(revision=revision, part=Participation.Part.WRITER)
    return [row.user for row in found.select_related("user")]


def key_of(target: Page | Document) -> int | str:
    return target.pk if isinstance(target, Page) else target.name


def next_numbers(targets: Sequence[Page | Document]) -> dict[int | str, int]:
    """The number that the next revision of each target has."""
    numbers: dict[int | str, int] = {key_of(target): 1 for target in targets}
    for pages, names in _batches([Told(target, "", "", Stamp()) for target in targets]):
        counted = _of(pages, names).order_by().values_list("page", "document").annotate(Max("number"))
        numbers |= {page or name: int(last) + 1 for page, name, last in counted}
    return numbers


def _batches(told: Sequence[Told]) -> Iterable[tuple[list[int], list[str]]]:
    for start in range(0, len(told), rows.BATCH):
        targets = [one.target for one in told[start : start + rows.BATCH]]
        yield (
            [target.pk for target in targets if isinstance(target, Page)],
            [target.name for target in targets if isinstance(target, Document)],
        )


def _of(pages: list[int], names: list[str]) -> Any:
    if not names:
        return Revision.objects.filter(page__in=pages)
    if not pages:
        return Revision.objects.filter(page=None, document__in=names)
    return Revision.objects.filter(page__in=pages) | Revision.objects.filter(page=None, document__in=names)


def _made(one: Told, number: int, now: datetime) -> Revision:
    revision = _revision(one, number, now)
    revision.state, revision.published_at = Revision.State.PUBLISHED, now
    return revision


def _revision(one: Told, number: int, now: datetime) -> Revision:
    target, stamp = one.target, one.stamp
    return Revision(
        page=target if isinstance(target, Page) else None, document="" if isinstance(target, Page) else target.name,
        number=number, title=one.title, text=one.text, sha256=fingerprint(one.text), author=stamp.author, created_at=now,
        reason=stamp.reason, is_material=stamp.is_material, origin=stamp.origin, commit=stamp.commit, base=stamp.base,
        effective=stamp.effective, file_text=stamp.file_text, alone=stamp.alone,
    )  # fmt: skip
