"""Drafts: what one person is writing, begun from the live text, an older one, or from nothing; never seen by readers."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from guide.pages import tree
from guide.pages.models import Page, Revision
from guide.publishing import audit, rights
from guide.publishing.audit import Actor
from guide.publishing.faults import SourceError
from guide.publishing.merging import Merge, merge_text
from guide.publishing.models import Document, Draft, keys_of
from guide.publishing.recording import live_revision
from guide.publishing.source import examine

_ELSEWHERE = "这份草稿在另一个窗口里保存过，请先看那里的文字。"
_FIELDS = ("reason", "is_material", "effective")


class TakenSlug(Exception):
    """A new page wants an id that another page has."""


class DraftMovedOn(Exception):
    """A draft was saved elsewhere (in another window) since it was shown."""


class DraftInTheWay(Exception):
    """A draft would take the place of another that its author has not submitted."""


def open_draft(target: Page | Document, by: Actor, *, must_be_new: bool = False) -> Draft:
    """The draft that `by` has of `target`; a new one begins from the live text. Raises NotAllowed.

    `must_be_new` is for who has seen none: DraftMovedOn where another window has begun one since.
    """
    rights.ensure_may_edit(by.user, target)
    live = live_revision(target)
    defaults = {"base": live, "text": live.text if live else target.text}
    draft, is_new = Draft.objects.get_or_create(**keys_of(target), author=by.user, defaults=defaults)
    if must_be_new and not is_new:
        raise DraftMovedOn(_ELSEWHERE)
    return draft


def save_draft(draft: Draft, text: str, by: Actor, *, seen: datetime | None = None, **fields: Any) -> Draft:
    """Keep `text` (and reason, is_material, effective) in `draft`. Line ends become LF. Raises NotAllowed.

    `seen` is the `saved_at` of what was edited: DraftMovedOn when the draft has been saved since.
    """
    ensure_own(draft, by)
    draft.text = tidy(text)
    for name in set(fields) & set(_FIELDS):
        setattr(draft, name, fields[name])
    with transaction.atomic():  # of two windows that save at once, the second must see what the first has saved
        if seen is not None and Draft.objects.select_for_update().filter(pk=draft.pk, saved_at=seen).first() is None:
            raise DraftMovedOn(_ELSEWHERE)
        draft.save()
    return draft


def propose_page(parent: Page | None, text: str, by: Actor) -> Draft:
    """Begin a new page below `parent` (None: a chapter), at the end; its page is kept from readers until published.

    Raises SourceError where the text names no id, tree.InvalidMove where its kind may not stand, TakenSlug, NotAllowed.
    """
    text = tidy(text)
    source, faults = examine(text, "正文", Page.Kind.SECTION if parent else Page.Kind.CHAPTER)
    if source is None or not source.id or not source.title:
        raise SourceError(faults)
    page = Page(slug=source.id, kind=source.kind, title=source.title, text="", changed_at=timezone.now())
    rights.ensure_may_edit(by.user, parent or page)
    with transaction.atomic():
        tree.lock_tree()
        if Page.objects.filter(slug=source.id).exists():
            raise TakenSlug(f"id“{source.id}”已经用过，请换一个。")
        tree.plant_proposed(page, parent)
        audit.note(by, audit.Act.PROPOSED, detail=f"{page.path}（{page.title}）")  # not yet a page that must stay
        return Draft.objects.create(page=page, author=by.user, base=None, text=text)


def discard(draft: Draft, by: Actor) -> None:
    """Throw a draft away, and the page with it that nobody has submitted yet. Raises NotAllowed."""
    ensure_own(draft, by)
    with transaction.atomic():
        tree.lock_tree()
        draft.delete()
        page = draft.page
        if page and page.is_proposed and not page.drafts.exists() and not page.revisions.exists():
            audit.note(by, audit.Act.OTHER, detail=f"放弃没有提交过的新页面 {page.slug}")
            tree.uproot_proposed(page)


def restore(revision: Revision, by: Actor, *, replace: bool = False) -> Draft:
    """A draft with the text of an older revision, begun from the live one.

    Raises NotAllowed; DraftInTheWay where `by` has a draft with another text, unless it is to `replace` that.
    """
    return _begin(revision, by, continues=None, replace=replace)


def take_up(revision: Revision, by: Actor, *, replace: bool = False) -> Draft:
    """A draft that goes on from a revision in review or rejected, one's own or another's: its writers stay writers.

    Raises as `restore`.
    """
    return _begin(revision, by, continues=revision, replace=replace)


def rebase(draft: Draft) -> Merge | None:
    """Bring `draft` onto the live text where it was begun from an older one; None where it was not.

    The draft then holds the merged text. Where the two do not merge it stays as it is, for its author to settle:
    `settle` takes what they make of it.
    """
    live = live_revision(target_of(draft))
    if live is None or draft.base_id == live.pk:
        return None
    merge = merge_text(bool(draft.document), draft.base.text if draft.base else "", live.text, draft.text)
    if merge.is_clean:
        draft.text, draft.base = merge.text, live
        draft.save()
    return merge


def settle(draft: Draft, text: str, live: Revision, by: Actor) -> Draft:
    """Keep in `draft` what its author made of a merge with `live`, whose text they have seen."""
    draft.base = live
    return save_draft(draft, text, by)


def target_of(row: Any) -> Page | Document:
    """The page or document that a draft, revision or conflict is about."""
    found: Page | Document = row.page if row.page_id else Document.everything.get(name=row.document)
    return found


def tidy(text: str) -> str:
    """`text` with LF line ends and one at its end: browsers send CRLF."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else f"{text}\n"


def _begin(revision: Revision, by: Actor, *, continues: Revision | None, replace: bool) -> Draft:
    target = target_of(revision)
    rights.ensure_may_edit(by.user, target)
    own = Draft.objects.of(target).filter(author=by.user).select_related("base").first()
    if own and not replace and own.text not in (revision.text, own.base.text if own.base else ""):
        raise DraftInTheWay(f"您已有“{target}”的草稿，还没有提交。")
    base = revision.base if continues else live_revision(target)
    values: dict[str, Any] = {
        "base": base,
        "text": revision.text,
        "continues": continues,
        "reason": revision.reason if continues else "",
    }
    values |= {"is_material": revision.is_material, "effective": revision.effective if continues else None}
    values["file_text"] = revision.file_text if continues else ""
    with transaction.atomic():
        draft = Draft.objects.update_or_create(**keys_of(target), author=by.user, defaults=values)[0]
        if continues is None:
            audit.note(by, audit.Act.RESTORED, target, revision)
    return draft


def ensure_own(draft: Draft, by: Actor) -> None:
    """Raise NotAllowed unless the draft is of `by`, who may still edit."""
    if draft.author_id != by.user.pk:
        raise rights.NotAllowed("这是别人的草稿。")
    rights.ensure_may_edit(by.user, target_of(draft))
