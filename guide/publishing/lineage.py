"""Which folder the guide was last in step with, and what another one counts as having last agreed with the guide on.

Each page remembers one text on which it agreed with its file. A folder that does not carry on from the last one (a
colleague's copy, an old backup) never saw that text: measured against it, whatever it lacks would count as taken out.
So for such a folder the agreed text of each page is looked for in the page's history: the one nearest to the file.
Where the file says none of them this is a guess: it may add by itself, but what it would take out waits for a person.
Pages that it lacks count as never having had a file, and its places as known: it withdraws nothing and moves nothing.
"""

import subprocess
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

from guide.pages.models import Page, Revision
from guide.publishing.folder import Folder
from guide.publishing.models import Document, LoadedFolder

Agreed = dict[str, tuple[str, str]]  # page id or document name -> (text, path)


def carries_on(directory: Path) -> bool:
    """Whether `directory` is the folder of last time, or a later state of the same git history."""
    last = LoadedFolder.objects.first()
    if last is None or last.path == str(directory.resolve()):
        return True
    return bool(last.commit) and _answers(["git", "-C", str(directory), "merge-base", "--is-ancestor", last.commit, "HEAD"])


def only_adds(before: str, after: str) -> bool:
    """Whether every character of `before` stands in `after`, in the same order."""
    rest = iter(after)
    return all(character in rest for character in before)


def shared(one: str, other: str) -> str:
    """The lines that both texts have: as a base, it makes everything else an addition, so that a merge drops nothing."""
    lines = one.splitlines(keepends=True)
    blocks = SequenceMatcher(None, lines, other.splitlines(keepends=True), autojunk=False).get_matching_blocks()
    return "".join("".join(lines[block.a : block.a + block.size]) for block in blocks)


def note(directory: Path, commit: str = "", *, is_settled: bool = True) -> None:
    """The guide is in step with `directory` now; with none, where a folder that was guessed at left conflicts.

    Runs inside the transaction that made it so.
    """
    if not is_settled:
        LoadedFolder.objects.update_or_create(pk=1, defaults={"path": "", "commit": ""})
        return
    LoadedFolder.objects.update_or_create(pk=1, defaults={"path": str(directory.resolve()), "commit": commit})


def agreed_pages(found: Folder, pages: Iterable[Page]) -> Agreed:
    """Text and path on which each of `pages` last agreed with the folder `found`, as its history tells."""
    files = {page.source.id: page.source for page in found.pages}
    known = (page for page in pages if not page.is_proposed)
    return {page.slug: _agreed_page(page, files[page.slug].text, files[page.slug].path) if page.slug in files else ("", "")
            for page in known}  # fmt: skip


def agreed_documents(found: Folder, documents: Iterable[Document]) -> Agreed:
    """The same of documents."""
    files = {document.name: document.text for document in found.documents}
    return {row.name: (nearest(files[row.name], _texts_of_document(row)) if row.name in files else "", row.name)
            for row in documents}  # fmt: skip


def nearest(text: str, known: Iterable[str]) -> str:
    """The one of the `known` texts that `text` most likely comes from; of several alike the first."""
    known = list(known)
    if text in known:
        return text
    pairs = _pairs(text)
    return min(known, key=lambda one: _apart(pairs, _pairs(one)), default="")


def _agreed_page(page: Page, text: str, path: str) -> tuple[str, str]:
    return (text if text == page.text else nearest(text, _texts_of_page(page))), path


def _texts_of_page(page: Page) -> list[str]:
    return [*filter(None, [page.file_text]), *_once_live(Revision.objects.of_page(page))]


def _texts_of_document(document: Document) -> list[str]:
    return [*filter(None, [document.file_text]), *_once_live(Revision.objects.of_document(document.name))]


def _once_live(revisions: Any) -> list[str]:
    """The texts that readers saw, the latest first, with the files that were merged into them."""
    rows = revisions.once_live().values_list("text", "file_text")
    return [text for row in rows for text in row if text]


def _pairs(text: str) -> "Counter[tuple[str, str]]":
    """How often each two characters stand side by side: few of them change with a few words, wherever these stand."""
    return Counter(pairwise(text))


def _apart(one: "Counter[tuple[str, str]]", other: "Counter[tuple[str, str]]") -> int:
    return ((one - other) + (other - one)).total()


def _answers(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0  # noqa: S603  # no shell
    except (OSError, subprocess.SubprocessError):
        return False
