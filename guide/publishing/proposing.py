"""Loads that go through review: what the files say anew is proposed, as revisions and arrangements to be approved.

What was asked for once is not asked for again by the same files, whatever was decided on it.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from guide.mail import letters
from guide.pages import tree
from guide.pages.models import Page, Revision
from guide.publishing import audit, judging, recording, relocating, rights
from guide.publishing.audit import Act, Actor
from guide.publishing.batch import DocumentChange, FoundConflict, PageChange
from guide.publishing.models import Conflict, Document
from guide.publishing.plan import Place, Plan, Proposal
from guide.publishing.recording import Stamp
from guide.publishing.source import Source


def through_review(plan: Plan) -> Plan:
    """`plan` as it is where loads publish at once, or the guide is still empty; else with its texts as proposals."""
    if not settings.LOAD_THROUGH_REVIEW or not plan.version:
        return plan
    plan.is_through_review = True
    live = {page.slug: page for page in Page.objects.published()}
    changes, plan.batch.pages = plan.batch.pages, []
    for change in changes:
        _sort_page(change, live.get(change.source.id), plan)
    documents, plan.batch.documents = plan.batch.documents, []
    for document in documents:
        _sort_document(document, plan)
    _keep_what_is_linked(plan)
    plan.leaving, plan.batch.withdrawn = plan.batch.withdrawn, []
    plan.batch.agreed_pages |= dict.fromkeys(plan.leaving, ("", ""))  # from now on pages that have no file
    _forget_waiting(plan)
    return plan


def propose(plan: Plan, stamp: Stamp, by: Actor) -> None:
    """Record the proposals of `plan`, new pages before what stands under them. Under the lock of the load."""
    made = False
    for proposal in plan.proposals:
        target = _target(proposal)
        made |= isinstance(target, Page) and target.is_proposed
        mine = recording.revisions_of(target)
        mine.in_review().filter(origin=Revision.Origin.FILE).decide(Revision.State.SUPERSEDED)
        own = replace(stamp, base=recording.live_revision(target), file_text=proposal.file_text)
        revision = recording.propose(target, proposal.title, proposal.text, own, [])
        audit.note(by, Act.SUBMITTED, target, revision, "载入文件")
        letters.write(
            rights.reviewers_of(target, revision),
            "publishing/mail/submitted.txt",
            {"revision": revision, "target": target, "by": "文件"},
        )
    if made:
        tree.replant()
    relocating.propose(plan, stamp)


def _sort_page(change: PageChange, before: Page | None, plan: Plan) -> None:
    """A new text is proposed, and a change of place."""
    source = change.source
    if before is None or before.text != source.text:
        merged_with = change.file_text if change.file_text not in (None, source.text) else ""
        place = (change.parent or "", change.position or 0) if change.parent is not None else None
        plan.proposals.append(Proposal(source.id, source.title, source.text, merged_with or "", source, place))
    if before is None:
        return
    if change.parent is not None:
        plan.moves.append(Place(source.id, change.parent, change.position or 0))
        agreed = source.text if before.text == source.text else before.file_text
        plan.batch.agreed_pages[source.id] = (agreed, change.file_path or before.file_path)
    elif before.text == source.text:
        plan.batch.pages.append(change)


def _sort_document(change: DocumentChange, plan: Plan) -> None:
    before = Document.objects.filter(name=change.name).first()
    if (before and before.text == change.text) or change.name in plan.moved:
        plan.batch.documents.append(change)  # known by another name from now on, and says what it said
        return
    merged_with = change.file_text if change.file_text not in (None, change.text) else ""
    plan.proposals.append(Proposal(change.name, change.name, change.text, merged_with or ""))


def _keep_what_is_linked(plan: Plan) -> None:
    """Pages whose file is gone, but to which the texts still link that readers see until the new ones are approved."""
    while plan.batch.withdrawn:
        faults = judging.check_batch([], {}, gone=plan.batch.withdrawn)[1]
        values = {str(fault.details.get("value", "")).partition("#")[0] for fault in faults}
        linked = [slug for slug in plan.batch.withdrawn if slug in values]
        if not linked:
            return
        pages = {page.slug: page for page in Page.objects.filter(slug__in=linked)}
        for slug in linked:
            plan.batch.withdrawn.remove(slug)
            plan.withdrawn.remove(slug)
            plan.conflicts.append(slug)
            why = "现行文字还引用这一页，它的文件没有了"
            page = pages[slug]
            found = FoundConflict(slug, Conflict.Kind.FILE_GONE, page.file_text, page.text, "", why)
            plan.batch.conflicts.append(found)


def _forget_waiting(plan: Plan) -> None:
    """Leave out what was proposed before from the same file's text, whatever became of that proposal."""
    known = last_proposed()
    again = [one for one in plan.proposals if known.get(one.name) == (one.file_text or one.text)]
    plan.proposals = [one for one in plan.proposals if one not in again]
    for proposal in again:
        plan.waiting.append(proposal.name)
        for names in (plan.created, plan.updated, plan.merged):
            if proposal.name in names:
                names.remove(proposal.name)


def last_proposed() -> dict[str, str]:
    """The file's text that was last proposed of each page and document, where it never went live."""
    rows = Revision.objects.filter(origin=Revision.Origin.FILE, published_at=None).order_by("pk")
    found = rows.values_list("page__slug", "document", "file_text", "text")
    return {slug or name: file_text or text for slug, name, file_text, text in found}


def _target(proposal: Proposal) -> Any:
    source: Source | None = proposal.source
    if source is None:
        document = Document.objects.filter(name=proposal.name).first()
        return document or _new_document(proposal.name)
    page = Page.objects.filter(slug=proposal.name).first()
    if page:
        return page
    parent, position = proposal.place or ("", 0)
    page = Page(slug=source.id, kind=source.kind, title=source.title, text="", changed_at=timezone.now(), file_path=source.path)
    tree.plant_proposed(page, Page.objects.get(slug=parent) if parent else None, position=position)
    return page


def _new_document(name: str) -> Document:
    """A document that is not part of the guide until its first text is approved."""
    values = {"text": "", "changed_at": timezone.now(), "is_withdrawn": True}
    return Document.everything.get_or_create(name=name, defaults=values)[0]
