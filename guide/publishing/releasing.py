"""Revisions going live: judged, published or scheduled, and published when their day comes."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from guide.mail import letters
from guide.pages import tree
from guide.pages.models import Page, Revision
from guide.publishing import audit, judging
from guide.publishing.audit import SYSTEM, Act, Actor
from guide.publishing.batch import Batch, DocumentChange, PageChange
from guide.publishing.drafting import target_of
from guide.publishing.faults import Fault, SourceError
from guide.publishing.models import Document
from guide.publishing.recording import AlreadyDecided, writers_of
from guide.publishing.source import Source
from guide.publishing.writing import publish

State = Revision.State


def is_due() -> bool:
    """Whether a scheduled revision waits to be published now."""
    return bool(Revision.objects.scheduled().filter(effective__lte=timezone.localdate()).exists())


def publish_due(today: date | None = None) -> list[Revision]:
    """Publish what was scheduled for `today` or before, each by itself; what has a fault by now goes back to review."""
    day = today or timezone.localdate()
    due = Revision.objects.scheduled().filter(effective__lte=day)
    parents_first = due.order_by("effective", F("page__level").asc(nulls_first=True), "pk")
    return [done for pk in parents_first.values_list("pk", flat=True)
            if (done := _publish_one_due(pk, day))]  # fmt: skip


def go_live(revisions: list[Revision], by: Actor, note: str) -> list[Revision]:
    """Publish what takes effect now, schedule the rest."""
    today = timezone.localdate()
    later = [revision for revision in revisions if revision.effective and revision.effective > today]
    now = [revision for revision in revisions if revision not in later]
    decision = {"decided_at": timezone.now(), "note": note}
    reviewed = decision | {"reviewer": by.user}
    for revision in later:
        decide(revision, State.SCHEDULED, **(decision if revision.alone else reviewed))
        audit.note(by, Act.SCHEDULED, target_of(revision), revision, f"{revision.effective}")
        tell_writers(revision, by, f"已批准，{revision.effective} 起生效", note)
    if now:
        publish(batch_of(now, decision if now[0].alone else reviewed))
    for revision in now:
        revision.refresh_from_db()
        audit.note(by, Act.PUBLISHED_ALONE if revision.alone else Act.APPROVED, target_of(revision), revision, note)
        tell_writers(revision, by, "已批准并发布", note)
    return revisions


def _publish_one_due(pk: int, day: date) -> Revision | None:
    with transaction.atomic():
        tree.lock_tree()
        revision = Revision.objects.scheduled().filter(pk=pk).first()
        if revision is None:
            return None
        try:
            judge_going_live([revision], day)
        except SourceError as error:
            decide(revision, State.IN_REVIEW, reviewer=None, decided_at=None)
            audit.note(SYSTEM, Act.RETURNED, target_of(revision), revision, str(error))
            tell_writers(revision, SYSTEM, "到期没有发布，重回审核", str(error))
            return None
        publish(batch_of([revision], {}))
        audit.note(SYSTEM, Act.PUBLISHED, target_of(revision), revision, f"{revision.effective} 生效")
        tell_writers(revision, SYSTEM, "已到生效日期并发布", "")
        revision.refresh_from_db()
        return revision


def decide(revision: Revision, state: Revision.State, **values: Any) -> None:
    """Bring `revision` into `state`. Raises AlreadyDecided."""
    if not Revision.objects.filter(pk=revision.pk).decide(state, **values):
        raise AlreadyDecided(f"{revision} 已由别人处理。")
    revision.refresh_from_db()


def tell_writers(revision: Revision, by: Actor, outcome: str, note: str) -> None:
    """Write to those who wrote `revision` what became of it, but not to whoever decided."""
    people = [user for user in writers_of(revision) if user != by.user]
    context = {"revision": revision, "target": target_of(revision), "by": by.user, "outcome": outcome, "note": note}
    letters.write(people, "publishing/mail/decided.txt", context)


def judge_going_live(revisions: list[Revision], today: date) -> None:
    """As `judge`, and no page may go live on `today` below one that is not part of the guide, nor becomes so with it."""
    judge(revisions)
    pages = [one.page for one in revisions if one.page and not (one.effective and one.effective > today)]
    together = {page.pk for page in pages}
    orphans = [page for page in pages if page.parent and not (page.parent.is_published or page.parent_id in together)]
    if orphans:
        raise SourceError([Fault(page.slug, 1, "parent-gone", {"value": page.parent.title}) for page in orphans])


def judge(revisions: list[Revision]) -> None:
    """Raise SourceError with every fault that publishing `revisions` together would make."""
    changes = [read(target_of(revision), revision.text) for revision in revisions]
    sources = [change for change in changes if isinstance(change, Source)]
    texts = {revision.document: revision.text for revision in revisions if revision.document}
    faults = judging.check_batch(sources, texts)[1]
    if faults:
        raise SourceError(faults)


def read(target: Page | Document, text: str) -> Source | Document:
    """The Source of a page's text; a document as it is. Raises SourceError."""
    return target if isinstance(target, Document) else judging.read_page(target, text)


def batch_of(revisions: list[Revision], decision: dict[str, Any]) -> Batch:
    """A batch that publishes `revisions` with what was decided on them."""
    batch = Batch(decision=decision)
    for revision in revisions:
        target, file_text = target_of(revision), _file_text(revision)
        if isinstance(target, Document):
            records = judging.read_documents({target.name: revision.text})[0][target.name]
            batch.documents.append(DocumentChange(target.name, revision.text, records, file_text, revision))
        else:
            source = judging.read_page(target, revision.text)
            batch.pages.append(PageChange(source, file_text=file_text, revision=revision))
    return batch


def _file_text(revision: Revision) -> str | None:
    if revision.file_text:
        return revision.file_text
    return revision.text if revision.origin == Revision.Origin.FILE else None
