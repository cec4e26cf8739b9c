"""What an arrangement would do to the guide as it is now, and doing it: all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils import timezone

from guide.pages import tree
from guide.pages.models import Page, Revision
from guide.publishing import audit, judging, recording, releasing, replacing, writing
from guide.publishing.arrangements import Arrangement
from guide.publishing.audit import Act, Actor
from guide.publishing.faults import Fault, SourceError
from guide.publishing.models import Document
from guide.publishing.recording import Stamp
from guide.publishing.source import Source


@dataclass(frozen=True)
class Withdrawal:
    """Pages that are to leave the guide with all below them, and what links to them are turned to."""

    asked: Sequence[Page]
    replacements: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def going(self) -> list[Page]:
        return with_all_below(self.asked)

    @cached_property
    def lost(self) -> list[replacing.Lost]:
        """What of them other texts point to."""
        return replacing.lost_by(self.going)

    @cached_property
    def turned(self) -> list[replacing.Turned]:
        """The texts that change with it."""
        return replacing.turned(self.lost, self.replacements)

    @cached_property
    def faults(self) -> list[Fault]:
        """Every link that would break, and every other fault it would make."""
        try:
            changes = [releasing.read(one.target, one.text) for one in self.turned]
        except SourceError as error:
            return error.faults
        sources = [change for change in changes if isinstance(change, Source)]
        texts = {one.target.name: one.text for one in self.turned if isinstance(one.target, Document)}
        return judging.check_batch(sources, texts, gone=[page.slug for page in self.going])[1]

    @property
    def fingerprint(self) -> str:
        """A name for all this; another one as soon as anything that a reviewer saw is different."""
        return _fingerprint([page.slug for page in self.going], [one.text for one in self.turned])


def with_all_below(pages: Sequence[Page]) -> list[Page]:
    """The published pages among `pages` and below them."""
    found = {page.pk: page for page in pages if page.is_published}
    for page in pages:
        found |= {below.pk: below for below in Page.objects.published().below(page)}
    return list(found.values())


def documents_of(arrangement: Arrangement) -> list[Document]:
    """The document that is to leave the guide, if it is about one."""
    return list(Document.everything.filter(name=arrangement.document)) if arrangement.document else []


def withdrawal_of(arrangement: Arrangement) -> Withdrawal:
    return Withdrawal(list(arrangement.pages.all()), arrangement.replacements)


def fingerprint_of(arrangement: Arrangement) -> str:
    """A name for what `arrangement` would do now."""
    if not arrangement.is_move:
        return withdrawal_of(arrangement).fingerprint
    beside = Page.objects.filter(parent=arrangement.parent).order_by("position", "slug").values_list("slug", flat=True)
    above = [arrangement.parent] if arrangement.parent else []
    return _fingerprint([place_of(page) for page in [*above, *arrangement.pages.all()]], list(beside))


def carry_out(arrangement: Arrangement, by: Actor, **decision: Any) -> None:
    """Do what `arrangement` says, and note it. Under the lock. Raises SourceError, tree.InvalidMove."""
    act = _move if arrangement.is_move else _withdraw
    became = act(arrangement, by, decision)
    done = Arrangement.objects.filter(pk=arrangement.pk)
    if not done.decide(Arrangement.State.DONE, done_at=timezone.now(), became=became, **decision):
        raise recording.AlreadyDecided(f"{arrangement} 已由别人处理。")
    arrangement.refresh_from_db()


def place_of(page: Page) -> str:
    """Number and address of `page`, as the register keeps them."""
    return f"{page.number} {page.path}".strip()


def _move(arrangement: Arrangement, by: Actor, decision: Mapping[str, Any]) -> str:
    page = arrangement.pages.get()
    parent = arrangement.parent
    if not page.is_published or (parent and not parent.is_published):
        raise tree.InvalidMove("没有移动：页面或它的新上级已不在指南里。")
    before = page.path
    writing.move(page, parent, arrangement.index)
    page.refresh_from_db()
    audit.note(by, Act.MOVED, page, detail=f"{before} → {page.path}（{page.number}）")
    return place_of(page)


def _withdraw(arrangement: Arrangement, by: Actor, decision: Mapping[str, Any]) -> str:
    withdrawal = withdrawal_of(arrangement)
    if withdrawal.faults:
        raise SourceError(withdrawal.faults)
    going = withdrawal.going
    reviewed = {name: value for name, value in decision.items() if name in ("reviewer", "decided_at", "note")}
    revisions = [_revision(one, arrangement, by) for one in withdrawal.turned]
    batch = releasing.batch_of(revisions, reviewed)
    batch.withdrawn = [page.slug for page in going]
    batch.removed_documents = [arrangement.document] if arrangement.document else []
    writing.publish(batch)
    arrangement.pages.add(*going)
    for one, revision in zip(withdrawal.turned, revisions, strict=True):
        audit.note(by, Act.PUBLISHED_ALONE if arrangement.alone else Act.APPROVED, one.target, revision, revision.reason)
    gone: list[Page | Document] = [*going, *documents_of(arrangement)]
    for target in gone:
        audit.note(by, Act.WITHDRAWN, target, detail=arrangement.reason)
    return ""


def _revision(one: replacing.Turned, arrangement: Arrangement, by: Actor) -> Revision:
    """The turned text as a revision like any other: written by who asked for it, reviewed by who approves."""
    change = releasing.read(one.target, one.text)
    stamp = Stamp(
        origin=arrangement.origin, author=arrangement.author, reason=f"“{arrangement.title}”撤下，改引用"[:500],
        base=recording.live_revision(one.target), alone=arrangement.alone,
    )  # fmt: skip
    writers = [arrangement.author] if arrangement.author else []
    title = change.name if isinstance(change, Document) else change.title
    revision = recording.propose(one.target, title, one.text, stamp, writers)
    if not arrangement.alone:
        recording.take_part(revision, by.user)
    return revision


def _fingerprint(*lists: list[str]) -> str:
    return sha256(repr(lists).encode()).hexdigest()[:16]
