"""Moving and withdrawing pages, under the same control as texts: somebody asks for it, somebody else approves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide.mail import letters
from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import audit, rearranging, rights
from guide.publishing.arrangements import Arrangement
from guide.publishing.audit import Act, Actor
from guide.publishing.faults import SourceError
from guide.publishing.models import Document
from guide.publishing.rearranging import Withdrawal
from guide.publishing.recording import AlreadyDecided

State = Arrangement.State


class GuideMovedOn(Exception):
    """What an arrangement would do is no longer what the reviewer was shown."""


def propose_move(page: Page, parent: Page | None, index: int, by: Actor, reason: str = "") -> Arrangement:
    """Ask that `page` stands under `parent` at `index` among its siblings, and write to those who may approve it.

    Raises NotAllowed, tree.InvalidMove.
    """
    return _ask_move(page, parent, index, by, reason, alone=False)


def propose_withdrawal(
    pages: Sequence[Page], by: Actor, reason: str = "", replacements: Mapping[str, str] | None = None
) -> Arrangement:
    """Ask that `pages`, and all below them, leave the guide, and that links to them are turned to `replacements`.

    Raises NotAllowed; SourceError with every link that would break.
    """
    return _ask_withdrawal(Withdrawal(pages, replacements or {}), by, reason, alone=False)


def leave_out(target: Page | Document, by: Actor, reason: str) -> Arrangement:
    """Withdraw a page, or a document, at once where one person may; else ask for it. Raises as `propose_withdrawal`."""
    alone = settings.SINGLE_PERSON_PUBLISHING
    if isinstance(target, Page):
        return _ask_withdrawal(Withdrawal([target]), by, reason, alone=alone)
    rights.ensure_may_edit(by.user, target)
    return _ask(Arrangement(act=Arrangement.Act.WITHDRAW, document=target.name), [], by, reason, alone=alone)


def move(page: Page, parent: Page | None, index: int, by: Actor, reason: str = "") -> Arrangement:
    """Move at once, where SINGLE_PERSON_PUBLISHING allows it. Every old address stays alive. Raises as `propose_move`."""
    return _ask_move(page, parent, index, by, reason, alone=True)


def withdraw(pages: Sequence[Page], by: Actor, reason: str = "", replacements: Mapping[str, str] | None = None) -> Arrangement:
    """Withdraw at once, where SINGLE_PERSON_PUBLISHING allows it; the addresses say so. Raises as `propose_withdrawal`."""
    return _ask_withdrawal(Withdrawal(pages, replacements or {}), by, reason, alone=True)


def approve(arrangement: Arrangement, by: Actor, note: str = "", seen: str | None = None) -> Arrangement:
    """Do what `arrangement` says, as judged now. `seen` is the fingerprint of what the reviewer was shown.

    Raises NotAllowed, AlreadyDecided, GuideMovedOn, SourceError, tree.InvalidMove; nothing is written then.
    """
    with transaction.atomic():
        tree.lock_tree()
        arrangement = _still_waiting(arrangement)
        _ensure_may_review(by, arrangement)
        if seen is not None and seen != rearranging.fingerprint_of(arrangement):
            raise GuideMovedOn("指南刚才变了，这里要做的事也变了。请看过再批准。")
        rearranging.carry_out(arrangement, by, reviewer=by.user, decided_at=timezone.now(), note=note)
        _tell_author(arrangement, by, "已批准并执行")
    return arrangement


def reject(arrangement: Arrangement, by: Actor, note: str) -> Arrangement:
    """Send `arrangement` back, saying why. Raises NotAllowed, AlreadyDecided."""
    with transaction.atomic():
        tree.lock_tree()
        arrangement = _still_waiting(arrangement)
        _ensure_may_review(by, arrangement)
        _end(arrangement, reviewer=by.user, decided_at=timezone.now(), note=note)
        audit.note(by, Act.REJECTED, arrangement.pages.first(), detail=f"{arrangement}。{note}")
        _tell_author(arrangement, by, "退回")
    return arrangement


def retract(arrangement: Arrangement, by: Actor) -> Arrangement:
    """Take back what oneself asked for. Raises NotAllowed, AlreadyDecided."""
    with transaction.atomic():
        tree.lock_tree()
        arrangement = _still_waiting(arrangement)
        if arrangement.author_id != by.user.pk:
            raise rights.NotAllowed("只有提交的人能撤回。")
        _end(arrangement, decided_at=timezone.now(), note="提交人撤回")
        audit.note(by, Act.RETRACTED, arrangement.pages.first(), detail=str(arrangement))
    return arrangement


def reviewable_by(user: Any) -> list[Arrangement]:
    """What waits for a decision that `user` may take, longest waiting first."""
    waiting = Arrangement.objects.in_review().exclude(author=user).prefetch_related("pages").select_related("author", "parent")
    return [one for one in waiting if may_review(user, one)]


def may_review(user: Any, arrangement: Arrangement) -> bool:
    """Whether `user` may decide on `arrangement`: by right for every page and for where it goes, and not its author."""
    targets: list[Page | Document] = [*arrangement.pages.all(), *rearranging.documents_of(arrangement)]
    targets += [arrangement.parent] if arrangement.parent else []
    return arrangement.author_id != user.pk and all(rights.may_review(user, target) for target in targets)


def place_beside(page: Page, onto: Page, where: str) -> tuple[Page | None, int]:
    """The parent and the index among its siblings that "left", "right" or "last-child" of `onto` is for `page`."""
    if where == "last-child":
        return onto, Page.objects.filter(parent=onto).count()
    if where not in ("left", "right") or page.pk == onto.pk:
        raise tree.InvalidMove("没有看懂要移到哪里。")
    around = Page.objects.filter(parent=onto.parent, kind=page.kind).exclude(pk=page.pk).order_by("position", "slug")
    siblings = list(around.values_list("pk", flat=True))
    index = siblings.index(onto.pk) if onto.pk in siblings else len(siblings)
    return onto.parent, index + (where == "right")


def _ask_move(page: Page, parent: Page | None, index: int, by: Actor, reason: str, *, alone: bool) -> Arrangement:
    rights.ensure_may_edit(by.user, page)
    rights.ensure_may_edit(by.user, parent or page)
    tree.ensure_may_stand(page, parent)
    asked = Arrangement(act=Arrangement.Act.MOVE, parent=parent, index=index, was=rearranging.place_of(page))
    return _ask(asked, [page], by, reason, alone=alone)


def _ask_withdrawal(withdrawal: Withdrawal, by: Actor, reason: str, *, alone: bool) -> Arrangement:
    for target in [*withdrawal.asked, *(one.target for one in withdrawal.turned)]:
        rights.ensure_may_edit(by.user, target)
    if withdrawal.faults:
        raise SourceError(withdrawal.faults)
    asked = Arrangement(act=Arrangement.Act.WITHDRAW, replacements=dict(withdrawal.replacements))
    return _ask(asked, withdrawal.asked, by, reason, alone=alone)


def _ask(asked: Arrangement, pages: Sequence[Page], by: Actor, reason: str, *, alone: bool) -> Arrangement:
    if alone and not settings.SINGLE_PERSON_PUBLISHING:
        raise rights.NotAllowed("要由另一个人批准：没有打开 SINGLE_PERSON_PUBLISHING。")
    asked.author, asked.created_at, asked.reason, asked.alone = by.user, timezone.now(), reason, alone
    with transaction.atomic():
        tree.lock_tree()
        asked.save()
        asked.pages.set(pages)
        if alone:
            rearranging.carry_out(asked, by)
            return asked
        targets: list[Page | Document] = [*pages, *rearranging.documents_of(asked)]
        for target in targets:
            audit.note(by, Act.SUBMITTED, target, detail=f"{asked}。{reason}")
        people = [user for user in rights.reviewers() if may_review(user, asked)]
        letters.write(people, "publishing/mail/arrangement.txt", {"arrangement": asked, "by": by.user})
    return asked


def _ensure_may_review(by: Actor, arrangement: Arrangement) -> None:
    if arrangement.author_id == by.user.pk:
        raise rights.NotAllowed("自己提交的移动或撤下，要由另一个人批准。")
    targets = [] if arrangement.is_move else [one.target for one in rearranging.withdrawal_of(arrangement).turned]
    refused = [target for target in targets if not rights.may_review(by.user, target)]
    if refused or not may_review(by.user, arrangement):
        raise rights.NotAllowed(f"您没有审核“{refused[0] if refused else arrangement}”的权限。")


def _still_waiting(arrangement: Arrangement) -> Arrangement:
    found: Arrangement | None = Arrangement.objects.in_review().filter(pk=arrangement.pk).first()
    if found is None:
        raise AlreadyDecided(f"{arrangement} 已由别人处理。")
    return found


def _end(arrangement: Arrangement, **values: Any) -> None:
    Arrangement.objects.filter(pk=arrangement.pk).decide(State.REJECTED, **values)
    arrangement.refresh_from_db()


def _tell_author(arrangement: Arrangement, by: Actor, outcome: str) -> None:
    people = [arrangement.author] if arrangement.author and arrangement.author != by.user else []
    letters.write(people, "publishing/mail/arrangement.txt", {"arrangement": arrangement, "by": by.user, "outcome": outcome})
