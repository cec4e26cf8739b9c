"""Settling a conflict between guide and file: a person says which text holds; their text goes the way of every edit."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide.pages import tree
from guide.pages.models import Page
from guide.publishing import arranging, audit, drafting, rights, workflow
from guide.publishing.audit import Act, Actor
from guide.publishing.drafting import target_of
from guide.publishing.models import Conflict, Document
from guide.publishing.recording import AlreadyDecided, live_revision
from guide.publishing.workflow import Outcome


def settle(conflict: Conflict, text: str, by: Actor) -> Outcome:
    """Settle `conflict` with `text`; an empty text means that the page is not to be part of the guide.

    The guide's own text stays at once; another, or leaving the page out, is submitted (where one person may: done), and
    the conflict is over when that text is live. From then on the file's text is what both last agreed on.
    Raises NotAllowed, AlreadyDecided, DraftInTheWay, SourceError; nothing is written then.
    """
    with transaction.atomic():
        tree.lock_tree()
        conflict = _still_open(conflict)
        target, text = target_of(conflict), drafting.tidy(text) if text.strip() else ""
        rights.ensure_may_edit(by.user, target)
        audit.note(by, Act.SETTLED, target, detail=conflict.get_kind_display())
        if not text:
            _leave_out(conflict, target, by)
        elif text == target.text and is_in_guide(target):
            _agree(conflict, target)
        else:
            return _submit(conflict, target, text, by)
        Conflict.objects.filter(pk=conflict.pk).update(settled_at=timezone.now(), settled_by=by.user)
        return Outcome(live_revision(target))


def _submit(conflict: Conflict, target: Page | Document, text: str, by: Actor) -> Outcome:
    draft = drafting.open_draft(target, by)
    live = live_revision(target)
    if draft.text not in (text, draft.base.text if draft.base else ""):
        raise drafting.DraftInTheWay(f"您已有“{target}”的草稿，还没有提交。")
    if conflict.kind == Conflict.Kind.FILE_GONE:
        _agree(conflict, target)
    else:
        draft.file_text = conflict.file_text
    draft.base, draft.reason = live, draft.reason or "处理与文件的冲突"
    drafting.save_draft(draft, text, by)
    Conflict.objects.filter(pk=conflict.pk).update(settled_by=by.user)
    outcome = workflow.publish_alone(draft, by) if settings.SINGLE_PERSON_PUBLISHING else workflow.submit(draft, by)
    Conflict.objects.filter(pk=conflict.pk).update(revision=outcome.revision)
    return outcome


def _still_open(conflict: Conflict) -> Conflict:
    found = Conflict.objects.filter(pk=conflict.pk, settled_at=None).select_related("page").first()
    if found is None:
        raise AlreadyDecided("这个冲突已经处理过了。")
    return found


def is_in_guide(target: Page | Document) -> bool:
    """Whether readers see `target` now."""
    return target.is_published if isinstance(target, Page) else not target.is_withdrawn


def _agree(conflict: Conflict, target: Page | Document) -> None:
    """From now on the file's text is known; a page whose file is gone is the admin's own."""
    rows = Page.objects.filter(pk=target.pk) if isinstance(target, Page) else Document.objects.filter(pk=target.pk)
    rows.update(file_text=conflict.file_text)
    if conflict.kind == Conflict.Kind.FILE_GONE and isinstance(target, Page):
        Page.objects.filter(pk=target.pk).update(file_path="")


def _leave_out(conflict: Conflict, target: Page | Document, by: Actor) -> None:
    _agree(conflict, target)
    if is_in_guide(target):
        arranging.leave_out(target, by, "处理与文件的冲突")
