"""Files to the live guide: read, judged as a whole, planned, then published in one transaction or not at all."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guide.pages.models import GuideVersion, Page, Picture
from guide.publishing import checking, folder, judging, pictures, wording, writing
from guide.publishing.batch import Batch, DocumentChange, PageChange
from guide.publishing.faults import Fault, SourceError
from guide.publishing.models import Document
from guide.publishing.source import Source

MAX_TRIES = 3


@dataclass
class Plan:
    """What a load would do, by page id or document name, and the batch that does it."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # changed in the admin, unchanged in the file
    conflicts: list[str] = field(default_factory=list)  # changed on both sides: the admin's text stays
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)  # names that the guide holds before the load
    batch: Batch = field(default_factory=Batch)
    version: int = 0

    @property
    def exit_status(self) -> int:
        """0 done; 2 done, with conflicts left for a person."""
        return 2 if self.conflicts else 0

    def as_text(self, most: int | None = None) -> str:
        """What would happen, a line for each kind of change, naming at most `most` pages in each."""
        names = {
            "新增": self.created, "更新": self.updated, "移动": self.moved, "撤下": self.withdrawn,
            "保留（后台改过，文件没改）": self.kept, "冲突（两边都改过，保留后台的文字）": self.conflicts,
        }  # fmt: skip
        lines = [
            f"{label} {len(ids)}：{'、'.join(ids[:most])}{'……' if most and len(ids) > most else ''}"
            for label, ids in names.items()
            if ids
        ]
        return "\n".join([*lines, f"不变 {self.unchanged}"])


def load(
    directory: Path,
    *,
    plan_only: bool = False,
    allow_removals: bool = False,
    progress: folder.Progress = lambda stage, done, total: None,
) -> Plan:
    """Bring the live guide in step with `directory`. Raises SourceError with every fault, changing nothing.

    Planned again when the guide changed meanwhile; `writing.GuideMoved` when that happens over and over.
    """
    found = folder.read(directory, progress)
    for attempt in range(1, MAX_TRIES + 1):
        plan = _plan(found, allow_removals)
        if plan_only:
            break
        progress("写入", 0, len(plan.batch.pages))
        try:
            writing.publish(plan.batch, expected_version=plan.version)
        except writing.GuideMoved:
            if attempt == MAX_TRIES:
                raise
            continue
        break
    return plan


def check(directory: Path) -> list[str]:
    """Judge the files in `directory` as a finished guide, on their own; returns warnings. Raises SourceError.

    Stricter than `load`: beside what the loader refuses, it asks for every part of every page and for its wording.
    """
    found = folder.read(directory)
    records, faults = judging.read_documents({document.name: document.text for document in found.documents})
    sources = [page.source for page in found.pages]
    universe = judging.universe_of(sources, records, found.pictures)
    faults += found.faults + _plan_pictures(found)[1] + judging.cross_faults(sources, records, universe)
    _refuse(sorted(faults + judging.finish_faults(sources, records)))
    warnings = checking.warn(sources, universe, timezone.localdate())
    return warnings + [warning for source in sources for warning in wording.warn(source)]


def _plan(found: folder.Folder, allow_removals: bool) -> Plan:
    plan = Plan(version=GuideVersion.current(), pictures=set(Picture.objects.values_list("name", flat=True)))
    plan.batch.pictures, picture_faults = _plan_pictures(found)
    stored = {page.slug: page for page in Page.objects.all()}
    texts = _plan_documents(found, plan)
    sources = _plan_pages(found, stored, plan)
    _plan_withdrawals(found, stored, plan, sources)
    records, faults = judging.read_documents(texts)
    universe = judging.universe_of(sources.values(), records, {*found.pictures, *plan.pictures})
    faults = found.faults + picture_faults + faults + judging.cross_faults(sources.values(), records, universe)
    _refuse(faults + _removal_faults(plan, allow_removals))
    plan.batch.documents = [_document_change(name, texts[name], records) for name in _changed_documents(plan, texts)]
    plan.warnings = checking.warn(sources.values(), universe, timezone.localdate())
    return plan


def _plan_pages(found: folder.Folder, stored: dict[str, Page], plan: Plan) -> dict[str, Source]:
    """Decide for each page found which text holds; returns the sources that make up the guide after the load."""
    sources: dict[str, Source] = {}
    for page in found.pages:
        source = page.source
        before = stored.get(source.id)
        if before is None or not before.is_published:
            plan.created.append(source.id)
            plan.batch.pages.append(_page_change(source, page.parent, page.position))
            sources[source.id] = source
        else:
            sources[source.id] = _plan_known(page, before, plan)
    for slug, before in stored.items():
        if slug not in sources and before.is_published and not before.file_path:
            sources[slug] = judging.stored_source(before)  # never seen in files: the admin's own page
    return sources


def _plan_known(page: folder.FoundPage, before: Page, plan: Plan) -> Source:
    """A page that file and guide both hold: take the file's text unless the admin has changed it since."""
    source = page.source
    is_moved = bool(before.file_path) and before.file_path != source.path
    is_edited = before.text not in (before.file_text, source.text)
    if is_edited:
        return _plan_kept(page, before, plan, is_moved=is_moved)
    if before.text != source.text:
        plan.updated.append(source.id)
    if is_moved:
        plan.moved.append(source.id)
    if before.text != source.text or is_moved or before.kind != source.kind:
        is_placed = is_moved or not before.file_path
        parent, position = (page.parent, page.position) if is_placed else (None, None)
        plan.batch.pages.append(_page_change(source, parent, position))
        return source
    plan.unchanged += 1
    if before.file_text != source.text or before.file_path != source.path:
        plan.batch.agreed_pages[source.id] = (source.text, source.path)
    return source


def _page_change(source: Source, parent: str | None, position: int | None) -> PageChange:
    return PageChange(source, parent, position, file_text=source.text, file_path=source.path)


def _plan_kept(page: folder.FoundPage, before: Page, plan: Plan, *, is_moved: bool) -> Source:
    """A page that the admin has changed: its text stays, and follows its file to another place."""
    kept, slug = judging.stored_source(before), page.source.id
    (plan.kept if before.file_text == page.source.text else plan.conflicts).append(slug)
    if is_moved:
        plan.moved.append(slug)
        plan.batch.pages.append(PageChange(kept, page.parent, page.position))
        plan.batch.agreed_pages[slug] = (before.file_text, page.source.path)
    return kept


def _plan_withdrawals(found: folder.Folder, stored: dict[str, Page], plan: Plan, sources: dict[str, Source]) -> None:
    """Pages that were loaded once and whose file is gone. One that the admin changed since stays, as a conflict."""
    here = {page.source.id for page in found.pages}
    for slug, before in stored.items():
        if slug in here or not before.is_published or not before.file_path:
            continue
        if before.text != before.file_text:
            plan.conflicts.append(slug)
            sources[slug] = judging.stored_source(before)
        else:
            plan.withdrawn.append(slug)
    plan.batch.withdrawn = list(plan.withdrawn)


def _plan_documents(found: folder.Folder, plan: Plan) -> dict[str, str]:
    """Decide which text of each document holds; returns the texts after the load by name."""
    stored = {row.name: row for row in Document.objects.all()}
    texts = {name: row.text for name, row in stored.items()}
    for document in found.documents:
        before = stored.get(document.name)
        if before is None:
            plan.created.append(document.name)
            texts[document.name] = document.text
        elif before.text not in (before.file_text, document.text):
            (plan.kept if before.file_text == document.text else plan.conflicts).append(document.name)
        elif before.text != document.text:
            plan.updated.append(document.name)
            texts[document.name] = document.text
        elif before.file_text != document.text:
            plan.batch.agreed_documents[document.name] = document.text
    return texts


def _plan_pictures(found: folder.Folder) -> tuple[dict[str, Path], list[Fault]]:
    """The picture files to keep by name, and those that are no pictures or too large."""
    faults, details = [], {"limit": settings.PICTURE_BYTES}
    for name, file in found.pictures.items():
        if file.stat().st_size > settings.PICTURE_BYTES or not pictures.kind_of(file.read_bytes()):
            faults.append(Fault(name, 1, "picture-kind", {"value": name, **details}))
    return found.pictures, faults


def _changed_documents(plan: Plan, texts: dict[str, str]) -> list[str]:
    return [name for name in texts if name in {*plan.created, *plan.updated}]


def _document_change(name: str, text: str, records: dict[str, list[object]]) -> DocumentChange:
    return DocumentChange(name, text, records[name], file_text=text)


def _removal_faults(plan: Plan, allow_removals: bool) -> list[Fault]:
    if allow_removals or len(plan.withdrawn) <= settings.REMOVALS_WITHOUT_ASKING:
        return []
    return [Fault(slug, 1, "many-removals", {"count": len(plan.withdrawn)}) for slug in plan.withdrawn]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise SourceError(faults)
