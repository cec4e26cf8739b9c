"""Where each page and document of the live guide stands as a file: remembered names where they still fit, else new ones."""

from collections import defaultdict
from collections.abc import Iterable

from guide.pages.models import Page
from guide.publishing import places
from guide.publishing.documents import QUESTIONS

Children = dict[int | None, list[Page]]


def lay_out(pages: Iterable[Page]) -> dict[int, str]:
    """The path of each of `pages` (in reading order) below the folder, by pk. Numbers that files had are kept while
    the order still agrees with them, so that loading and exporting gives back the same names."""
    children: Children = defaultdict(list)
    for page in pages:
        children[page.parent_id].append(page)
    paths: dict[int, str] = {}
    _lay_out_below(None, "", children, paths)
    return paths


def document_path(name: str, paths: dict[str, str]) -> str:
    """Where document `name` stands: questions beside their section, whose path is in `paths` by id."""
    if not name.endswith(QUESTIONS):
        return name
    section = name.rpartition("/")[2].removesuffix(QUESTIONS).partition("-")[2]
    return f"{paths[section].removesuffix('.md')}{QUESTIONS}" if section in paths else name


def _lay_out_below(parent: Page | None, folder: str, children: Children, paths: dict[int, str]) -> None:
    siblings = children[parent.pk if parent else None]
    numbers = _numbers([page for page in siblings if page.is_numbered], parent.slug if parent else "")
    for page in siblings:
        name = f"{folder}{numbers[page.pk]}-{page.slug}" if page.is_numbered else f"{folder}{page.slug}"
        paths[page.pk] = f"{name}/index.md" if parent is None else f"{name}.md"
        _lay_out_below(page, f"{name}/", children, paths)


def _numbers(siblings: list[Page], parent: str) -> dict[int, str]:
    """The digits before each name: as remembered where they rise, one more than the one before where there are none."""
    digits: dict[int, str] = {}
    last = 0
    for page in siblings:
        stands, number = places.of_path(page.file_path) if page.file_path else ("", 0)
        is_kept = bool(page.file_path) and stands == parent and number > last
        if page.file_path and not is_kept:
            return {page.pk: f"{place:02}" for place, page in enumerate(siblings, start=1)}
        last = number if is_kept else last + 1
        digits[page.pk] = _digits_of(page) if is_kept else f"{last:02}"
    return digits


def _digits_of(page: Page) -> str:
    parts = page.file_path.removesuffix("/index.md").split("/")
    return parts[-1].partition("-")[0]
