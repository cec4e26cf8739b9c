"""Planning a load: for each page and document found, and each that is gone, which text holds and where it stands."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guide.pages.models import GuideVersion, Page, Picture
from guide.publishing import checking, folder, judging, lineage, pictures, places, removals
from guide.publishing.batch import Batch, DocumentChange, FoundConflict, PageChange
from guide.publishing.faults import Fault, SourceError
from guide.publishing.merging import Decision, reconcile
from guide.publishing.models import Conflict, Document
from guide.publishing.plan import Plan
from guide.publishing.source import Source, examine

BOTH = Conflict.Kind.BOTH_CHANGED


@dataclass
class Guide:
    """The guide as it is before a load, and what is known of its merges: those that may not be taken."""

    version: int
    pages: dict[str, Page]
    documents: dict[str, Document]
    pictures: set[str]
    is_foreign: bool = False
    refused: set[str] = field(default_factory=set)  # ids and names whose merged text has a fault

    @property
    def slugs(self) -> dict[int, str]:
        return {page.pk: page.slug for page in self.pages.values()}


def make_plan(found: folder.Folder, *, allow_removals: bool = False, is_foreign: bool = False) -> Plan:
    """What loading `found` would do to the guide as it is. Raises SourceError with every fault.

    `is_foreign`: the folder does not carry on from the last one, see `lineage`.
    A merged text that has a fault, or makes one, is no merge: it becomes a conflict, and the plan is made again.
    """
    guide = _guide()
    agreed = _agree_anew(found, guide) if is_foreign else Batch()
    while True:
        work = _Work(guide, Plan(version=guide.version, is_foreign=is_foreign))
        work.plan.batch.agreed_pages |= agreed.agreed_pages
        work.plan.batch.agreed_documents |= agreed.agreed_documents
        faults = _plan(found, work, allow_removals)
        merged = {work.paths.get(fault.path, fault.path) for fault in faults} & set(work.plan.merged)
        if not merged:
            refuse(faults)
            return work.plan
        guide.refused |= merged


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise SourceError(faults)


def picture_faults(found: folder.Folder) -> list[Fault]:
    """Picture files that are no pictures, or too large."""
    details = {"limit": settings.PICTURE_BYTES}
    return [
        Fault(name, 1, "picture-kind", {"value": name, **details})
        for name, file in found.pictures.items()
        if file.stat().st_size > settings.PICTURE_BYTES or not pictures.kind_of(file.read_bytes())
    ]


@dataclass
class _Work:
    """A plan in the making: the sources and texts that make up the guide after the load."""

    guide: Guide
    plan: Plan
    sources: dict[str, Source] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)  # a page's path -> its id


def _guide() -> Guide:
    return Guide(
        version=GuideVersion.current(),
        pages={page.slug: page for page in Page.objects.all()},
        documents={row.name: row for row in Document.objects.all()},
        pictures=set(Picture.objects.values_list("name", flat=True)),
    )


def _agree_anew(found: folder.Folder, guide: Guide) -> Batch:
    """Let the guide's rows say on what they last agreed with another folder; returns what is to be noted of it."""
    guide.is_foreign = True
    pages = lineage.agreed_pages(found, guide.pages.values())
    documents = lineage.agreed_documents(found, guide.documents.values())
    for slug, (text, path) in pages.items():
        guide.pages[slug].file_text, guide.pages[slug].file_path = text, path
    for name, (text, _) in documents.items():
        guide.documents[name].file_text = text
    return Batch(agreed_pages=pages, agreed_documents={name: text for name, (text, _) in documents.items()})


def _plan(found: folder.Folder, work: _Work, allow_removals: bool) -> list[Fault]:
    plan, guide = work.plan, work.guide
    plan.batch.pictures = dict[str, Path](found.pictures)
    _plan_documents(found, work)
    slugs = guide.slugs
    for page in found.pages:
        work.paths[page.source.path], work.parents[page.source.id] = page.source.id, page.parent
        _plan_page(page, work, slugs)
    _plan_removals(found, work, slugs)
    records, faults = judging.read_documents(work.texts)
    sources = work.sources.values()
    universe = judging.universe_of(sources, records, {*found.pictures, *guide.pictures})
    plan.batch.documents = [_document_change(change, records) for change in plan.batch.documents]
    plan.warnings = checking.warn(sources, universe, timezone.localdate())
    faults = found.faults + picture_faults(found) + faults + judging.cross_faults(sources, records, universe)
    return faults + _orphan_faults(work) + _removal_faults(plan, allow_removals)


def _plan_page(page: folder.FoundPage, work: _Work, slugs: dict[int, str]) -> None:
    source = page.source
    before = work.guide.pages.get(source.id)
    if before is None or before.is_proposed or not (before.is_published or before.file_path):
        work.plan.created.append(source.id)
        work.plan.batch.pages.append(_change(source, (page.parent, page.position), source))
        work.sources[source.id] = source
    elif before.is_published:
        work.sources[source.id] = _plan_known(page, before, work, slugs)
    elif source.text == before.file_text:
        work.plan.kept.append(source.id)  # withdrawn in the admin, and the file has not changed since
    else:
        _conflict(
            work.plan,
            FoundConflict(source.id, BOTH, before.file_text, before.text, source.text, "后台已撤下这一页，文件又改了"),
        )


def _plan_known(page: folder.FoundPage, before: Page, work: _Work, slugs: dict[int, str]) -> Source:
    """A page that file and guide both hold; returns the source that holds after the load."""
    plan, source = work.plan, page.source
    decision, result = _decide_page(work.guide, source, before)
    place = places.place_after(page, before, slugs)
    if place is not None:
        plan.moved.append(source.id)
    if decision.kind in ("taken", "merged"):
        (plan.updated if decision.kind == "taken" else plan.merged).append(source.id)
        plan.batch.pages.append(_change(result, place, source))
        return result
    if decision.kind == "same":
        return _plan_same(page, before, place, plan)
    if decision.kind == "conflict":
        _conflict(plan, _both_changed(work.guide, source.id, before, source.text))
    else:
        plan.kept.append(source.id)
    if place is not None:
        plan.batch.pages.append(PageChange(result, *place, file_path=source.path))
    elif before.file_path != source.path:
        plan.batch.agreed_pages[source.id] = (before.file_text, source.path)
    return result


def _plan_same(page: folder.FoundPage, before: Page, place: tuple[str, int] | None, plan: Plan) -> Source:
    source = page.source
    if place is not None or before.kind != source.kind:
        plan.batch.pages.append(_change(source, place, source))
        return source
    plan.unchanged += 1
    if (before.file_text, before.file_path) != (source.text, source.path):
        plan.batch.agreed_pages[source.id] = (source.text, source.path)
    return source


def _decide(guide: Guide, name: str, base: str, live: str, file: str, *, is_document: bool = False) -> Decision:
    decision = reconcile(base, live, file, is_document=is_document)
    if decision.kind == "merged" and name in guide.refused:
        return Decision("conflict", live)
    is_new = decision.kind in ("taken", "merged")
    if is_new and guide.is_foreign and not lineage.only_adds(live, decision.text):
        return Decision("conflict", live)
    return decision


def _decide_page(guide: Guide, source: Source, before: Page) -> tuple[Decision, Source]:
    """What holds, and its Source. A merge that cannot be read, or would be another page, is a conflict."""
    decision = _decide(guide, source.id, before.file_text, before.text, source.text)
    if decision.kind in ("same", "taken"):
        return decision, source
    if decision.kind == "merged":
        merged, faults = examine(decision.text, source.path, before.kind)
        if merged and not faults and (merged.id, merged.kind) == (source.id, source.kind):
            return decision, merged
        decision = Decision("conflict", before.text)
    return decision, judging.stored_source(before)


def _change(source: Source, place: tuple[str, int] | None, file: Source) -> PageChange:
    parent, position = place or (None, None)
    return PageChange(source, parent, position, file_text=file.text, file_path=file.path)


def _both_changed(guide: Guide, name: str, before: Page | Document, file: str) -> FoundConflict:
    base = lineage.shared(before.text, file) if guide.is_foreign else before.file_text
    return FoundConflict(name, BOTH, base, before.text, file)


def _conflict(plan: Plan, found: FoundConflict) -> None:
    plan.conflicts.append(found.name)
    plan.batch.conflicts.append(found)


def _plan_documents(found: folder.Folder, work: _Work) -> None:
    """Decide which text of each document holds. One whose section was renumbered or moved goes on under its new name."""
    stored, plan = work.guide.documents, work.plan
    work.texts = {name: row.text for name, row in stored.items()}
    renamed = removals.renamed_documents(found, stored)
    for document in found.documents:
        before = stored.get(document.name) or stored.get(renamed.get(document.name, ""))
        if before is None:
            plan.created.append(document.name)
            work.texts[document.name] = document.text
            plan.batch.documents.append(DocumentChange(document.name, document.text, [], document.text))
        else:
            _plan_document(document, before, work)
    for name in removals.gone_documents(found, stored, set(renamed.values()), plan):
        del work.texts[name]


def _plan_document(document: folder.FoundDocument, before: Document, work: _Work) -> None:
    plan, name = work.plan, document.name
    decision = _decide(work.guide, name, before.file_text, before.text, document.text, is_document=True)
    work.texts[name] = decision.text
    if decision.kind == "conflict":
        _conflict(plan, _both_changed(work.guide, name, before, document.text))
    elif decision.kind == "kept":
        plan.kept.append(name)
    elif decision.kind != "same":
        (plan.updated if decision.kind == "taken" else plan.merged).append(name)
    if decision.kind in ("taken", "merged"):
        plan.batch.documents.append(DocumentChange(name, decision.text, [], document.text))
    elif before.name != name:
        plan.moved.append(name)
        base = document.text if decision.kind == "same" else before.file_text
        plan.batch.documents.append(DocumentChange(name, decision.text, [], base))
    elif decision.kind == "same" and before.file_text != document.text:
        plan.batch.agreed_documents[name] = document.text


def _document_change(change: DocumentChange, records: dict[str, list[object]]) -> DocumentChange:
    return DocumentChange(change.name, change.text, records[change.name], change.file_text)


def _plan_removals(found: folder.Folder, work: _Work, slugs: dict[int, str]) -> None:
    """Pages whose file is gone; the admin's own pages, which never had one, stay."""
    here = {page.source.id for page in found.pages}
    gone = {}
    for slug, before in work.guide.pages.items():
        if slug in here or not before.is_published:
            continue
        work.parents[slug] = slugs.get(before.parent_id or 0, "")
        if before.file_path and before.text == before.file_text:
            gone[slug] = before
            continue
        work.sources[slug] = judging.stored_source(before)
        if before.file_path:
            why = "后台改过这一页，它的文件没有了"
            _conflict(work.plan, FoundConflict(slug, Conflict.Kind.FILE_GONE, before.file_text, before.text, "", why))
    questions = judging.read_documents(removals.questions(work.texts))[0] if gone else {}
    while needed := removals.still_needed(gone, work.sources, work.parents, questions):
        _keep_needed({slug: gone.pop(slug) for slug in needed}, work)
    work.plan.withdrawn += gone
    work.plan.batch.withdrawn = list(gone)


def _keep_needed(needed: dict[str, Page], work: _Work) -> None:
    for slug, before in needed.items():
        work.sources[slug] = judging.stored_source(before)
        why = "别处还引用这一页，它的文件没有了"
        _conflict(work.plan, FoundConflict(slug, Conflict.Kind.FILE_GONE, before.file_text, before.text, "", why))


def _orphan_faults(work: _Work) -> list[Fault]:
    """Pages that files put below a page that was withdrawn in the admin."""
    gone = {slug: page for slug, page in work.guide.pages.items() if slug not in work.sources}
    return [
        Fault(change.source.path, 1, "parent-gone", {"value": gone[change.parent].title})
        for change in work.plan.batch.pages
        if change.parent in gone
    ]


def _removal_faults(plan: Plan, allow_removals: bool) -> list[Fault]:
    if allow_removals or len(plan.withdrawn) <= settings.REMOVALS_WITHOUT_ASKING:
        return []
    return [Fault(slug, 1, "many-removals", {"count": len(plan.withdrawn)}) for slug in plan.withdrawn]
