"""What became of files that are gone: pages that nothing needs any more, documents renamed or removed."""

from collections.abc import Iterable, Mapping

from guide.publishing import folder
from guide.publishing.batch import FoundConflict
from guide.publishing.documents import QUESTIONS, QuestionText
from guide.publishing.models import Conflict, Document
from guide.publishing.plan import Plan
from guide.publishing.source import Source


def still_needed(
    gone: Iterable[str], sources: Mapping[str, Source], parents: Mapping[str, str], questions: Mapping[str, list[object]]
) -> set[str]:
    """Those of the pages `gone` that something staying in the guide points to, or stands under.

    `sources` hold what stays. A page that is needed stays itself, and so does what it stands under in turn.
    """
    left = set(gone)
    needed = {target.partition("#")[0] for source in sources.values() for target in targets_of(source)} & left
    needed |= {parents.get(slug, "") for slug in sources} & left
    rows = [row for records in questions.values() for row in records if isinstance(row, QuestionText)]
    needed |= {row.principle.partition("#")[0] for row in rows} & left
    waiting = list(needed)
    while waiting:
        above = parents.get(waiting.pop(), "")
        if above in left - needed:
            needed.add(above)
            waiting.append(above)
    return needed


def targets_of(source: Source) -> set[str]:
    """All pages and principles that a text points to, as it writes them."""
    found = {mark.target for mark in source.marks if ":" not in mark.target}
    found |= {link.to for link in source.links} | {choice.principle for choice in source.choices}
    found |= {rule.applies for rule in source.principles} | {str(source.card.get("case", ""))}
    return found - {""}


def questions(texts: Mapping[str, str]) -> dict[str, str]:
    """Those of the documents that hold questions."""
    return {name: text for name, text in texts.items() if name.endswith(QUESTIONS)}


def renamed_documents(found: folder.Folder, stored: Mapping[str, Document]) -> dict[str, str]:
    """New name -> old name of each questions document whose section's file was renumbered or moved."""
    here = {document.name for document in found.documents}
    lost = {_section_of(name): name for name in stored if name.endswith(QUESTIONS) and name not in here}
    return {
        name: lost[_section_of(name)]
        for name in here
        if name not in stored and name.endswith(QUESTIONS) and _section_of(name) in lost
    }


def gone_documents(found: folder.Folder, stored: Mapping[str, Document], renamed: set[str], plan: Plan) -> list[str]:
    """Questions documents that go, because their file is gone or has another name; one that the admin changed stays."""
    here = {document.name for document in found.documents}
    for name, row in stored.items():
        if name in here or not name.endswith(QUESTIONS) or not row.file_text:
            continue
        if name in renamed or row.text == row.file_text:
            plan.batch.removed_documents.append(name)
        else:
            plan.conflicts.append(name)
            why = "后台改过，它的文件没有了"
            plan.batch.conflicts.append(FoundConflict(name, Conflict.Kind.FILE_GONE, row.file_text, row.text, "", why))
        if name not in renamed and row.text == row.file_text:
            plan.withdrawn.append(name)
    return plan.batch.removed_documents


def _section_of(name: str) -> str:
    return name.rpartition("/")[2].partition("-")[2]
