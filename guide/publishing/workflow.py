"""From draft to live text: submit, approve or reject, publish when due. Nobody approves what they wrote or changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide.mail import letters
from guide.pages import tree
from guide.pages.models import Revision
from guide.publishing import audit, drafting, recording, releasing, rights
from guide.publishing.audit import Act, Actor
from guide.publishing.batch import Batch, PageChange
from guide.publishing.drafting import target_of
from guide.publishing.merging import Merge, merge_text
from guide.publishing.models import Document, Draft
from guide.publishing.recording import AlreadyDecided, Stamp
from guide.publishing.releasing import publish_due
from guide.publishing.writing import move, publish

__all__ = ["AlreadyDecided", "Batch", "NothingChanged", "Outcome", "PageChange", "move", "publish", "publish_due"]

State = Revision.State


class NothingChanged(Exception):
    """A text was submitted that readers see already."""


@dataclass(frozen=True)
class Outcome:
    """What an act came to: the revision as it is now, if one was made, and the merge to be looked at, if there is one.

    After `submit` with a merge there is no revision yet: the draft holds the merged text, or (not clean) its own.
    After `approve` with a clean merge `revision` is the merged one, in review; else it is the one that stays in review.
    """

    revision: Revision | None = None
    merge: Merge | None = None

    @property
    def is_published(self) -> bool:
        return self.revision is not None and self.revision.is_live


def submit(draft: Draft, by: Actor) -> Outcome:
    """Make a revision in review of `draft`, which ends with it, and write to those who may review it.

    Raises NotAllowed, NothingChanged, SourceError with every fault; nothing is written then.
    """
    return submit_all([draft], by)[0]


def submit_all(drafts: Sequence[Draft], by: Actor) -> list[Outcome]:
    """Submit drafts that need each other, all or none; they are judged as one change. Raises as `submit`."""
    return _submit(drafts, by, alone=False)


def publish_alone(draft: Draft, by: Actor) -> Outcome:
    """Publish `draft` (or schedule it) without a second person, where SINGLE_PERSON_PUBLISHING allows it.

    Raises as `submit`.
    """
    return publish_all_alone([draft], by)[0]


def publish_all_alone(drafts: Sequence[Draft], by: Actor) -> list[Outcome]:
    """Publish drafts that need each other as `publish_alone` does, all or none."""
    if not settings.SINGLE_PERSON_PUBLISHING:
        raise rights.NotAllowed("要由另一个人审核：没有打开 SINGLE_PERSON_PUBLISHING。")
    return _submit(drafts, by, alone=True)


def approve(revision: Revision, by: Actor, note: str = "") -> Outcome:
    """Publish `revision`, or schedule it for its effective date. See `approve_all`."""
    return approve_all([revision], by, note)[0]


def approve_all(revisions: Sequence[Revision], by: Actor, note: str = "") -> list[Outcome]:
    """Approve revisions that need each other, all or none; they are judged as one change.

    Where the live text is no longer what a revision was made from, nothing is published: what merges becomes a new
    revision in review, to be looked at. Raises NotAllowed, AlreadyDecided, SourceError; nothing is written then.
    """
    with transaction.atomic():
        tree.lock_tree()
        waiting = [_still_waiting(revision) for revision in revisions]
        _ensure_one_each(waiting)
        for revision in waiting:
            rights.ensure_may_review(by.user, revision, target_of(revision))
        merges = [_merge_with_live(revision) for revision in waiting]
        if any(merges):
            return [_show_merge(*pair, by) for pair in zip(waiting, merges, strict=True)]
        for revision in waiting:
            recording.take_part(revision, by.user)
        releasing.judge_going_live(waiting, timezone.localdate())
        return [Outcome(revision) for revision in releasing.go_live(waiting, by, note)]


def reject_all(revisions: Sequence[Revision], by: Actor, note: str) -> list[Revision]:
    """Send revisions back, all or none. Raises as `reject`."""
    with transaction.atomic():
        return [reject(revision, by, note) for revision in revisions]


def reject(revision: Revision, by: Actor, note: str) -> Revision:
    """Send `revision` back to who wrote it, saying why. Raises NotAllowed, AlreadyDecided."""
    with transaction.atomic():
        tree.lock_tree()
        revision, target = _still_waiting(revision), target_of(revision)
        rights.ensure_may_review(by.user, revision, target)
        recording.take_part(revision, by.user)
        releasing.decide(revision, State.REJECTED, reviewer=by.user, decided_at=timezone.now(), note=note)
        audit.note(by, Act.REJECTED, target, revision, note)
        releasing.tell_writers(revision, by, "退回，请修改后再提交", note)
    return revision


def retract(revision: Revision, by: Actor) -> Draft:
    """Take one's own revision out of review, back into a draft. Raises NotAllowed, AlreadyDecided, DraftInTheWay."""
    with transaction.atomic():
        tree.lock_tree()
        revision = _still_waiting(revision)
        if not rights.is_writer(by.user, revision):
            raise rights.NotAllowed("只有作者能撤回。")
        draft = drafting.take_up(revision, by)
        releasing.decide(revision, State.REJECTED, decided_at=timezone.now(), note="作者撤回")
        audit.note(by, Act.RETRACTED, target_of(revision), revision)
    return draft


def _submit(drafts: Sequence[Draft], by: Actor, *, alone: bool) -> list[Outcome]:
    with transaction.atomic():
        tree.lock_tree()
        drafts = [Draft.objects.select_related("page", "base", "continues").get(pk=draft.pk) for draft in drafts]
        merges = [_rebase(draft, by) for draft in drafts]
        if any(merges):
            return [Outcome(None, merge) for merge in merges]
        revisions = [_recorded(draft, by, alone=alone) for draft in drafts]
        releasing.judge(revisions)
        for draft, revision in zip(drafts, revisions, strict=True):
            _finish(draft, revision, by)
        if alone:
            releasing.judge_going_live(revisions, timezone.localdate())
            releasing.go_live(revisions, by, "")
        return [Outcome(revision) for revision in revisions]


def _rebase(draft: Draft, by: Actor) -> Merge | None:
    """The merge that the author has to see before `draft` can be submitted; None where there is none."""
    drafting.ensure_own(draft, by)
    before = draft.text
    merge = drafting.rebase(draft)
    return None if merge and merge.is_clean and merge.text == before else merge


def _finish(draft: Draft, revision: Revision, by: Actor) -> None:
    """The draft has become `revision`: it ends, and those who may review hear of it."""
    target = target_of(draft)
    if draft.continues:
        Revision.objects.in_review().filter(pk=draft.continues_id).decide(State.SUPERSEDED)
    draft.delete()
    audit.note(by, Act.SUBMITTED, target, revision, revision.reason)
    if not revision.alone:
        people = rights.reviewers_of(target, revision)
        letters.write(people, "publishing/mail/submitted.txt", {"revision": revision, "target": target, "by": by.user})


def _recorded(draft: Draft, by: Actor, *, alone: bool) -> Revision:
    if draft.base and draft.base.is_live and draft.base.text == draft.text:
        raise NothingChanged("文字与现行版本相同，没有可提交的修改。")
    target = target_of(draft)
    change = releasing.read(target, draft.text)
    stamp = Stamp(
        origin=Revision.Origin.ADMIN, author=by.user, reason=draft.reason, is_material=draft.is_material, base=draft.base,
        effective=draft.effective, alone=alone, file_text=draft.file_text,
    )  # fmt: skip
    title = change.name if isinstance(change, Document) else change.title
    return recording.propose(target, title, draft.text, stamp, [by.user, *_writers_before(draft)])


def _writers_before(draft: Draft) -> list[Any]:
    return recording.writers_of(draft.continues) if draft.continues else []


def _still_waiting(revision: Revision) -> Revision:
    found = Revision.objects.in_review().filter(pk=revision.pk).select_related("page", "base", "author").first()
    if found is None:
        raise AlreadyDecided(f"{revision} 已由别人处理。")
    return found


def _ensure_one_each(revisions: Sequence[Revision]) -> None:
    """Raise NotAllowed where two of `revisions` are of one page or document: each was judged against the live text alone."""
    counted = Counter((revision.page_id, revision.document) for revision in revisions)
    twice = next((revision for revision in revisions if counted[revision.page_id, revision.document] > 1), None)
    if twice:
        raise rights.NotAllowed(f"“{target_of(twice)}”有两个版本，一次只能通过一个：先通过一个，另一个会与它合并。")


def _merge_with_live(revision: Revision) -> Merge | None:
    """The merge that has to be looked at before `revision` can be published; None where it stands on the live text."""
    live = recording.live_revision(target_of(revision))
    if live is None or revision.base_id == live.pk:
        return None
    merge = merge_text(bool(revision.document), revision.base.text if revision.base else "", live.text, revision.text)
    return None if merge.is_clean and merge.text == revision.text else merge


def _show_merge(revision: Revision, merge: Merge | None, by: Actor) -> Outcome:
    """The merged text as a new revision in review, by the same writers; a merge that is not clean changes nothing."""
    if merge is None or not merge.is_clean:
        return Outcome(revision, merge)
    target = target_of(revision)
    stamp = Stamp(
        origin=revision.origin, author=revision.author, reason=revision.reason, is_material=revision.is_material,
        commit=revision.commit, effective=revision.effective, base=recording.live_revision(target),
        file_text=revision.file_text or (revision.text if revision.origin == Revision.Origin.FILE else ""),
    )  # fmt: skip
    merged = recording.propose(target, revision.title, merge.text, stamp, recording.writers_of(revision))
    releasing.decide(revision, State.SUPERSEDED, note=f"与现行文字合并为第 {merged.number} 版")
    audit.note(by, Act.MERGED, target, merged, f"由第 {revision.number} 版合并")
    return Outcome(merged, merge)
