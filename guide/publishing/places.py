"""Where files stand: the parent and the place that a file's path gives its page, and whether a load moves the page."""

import re

from guide.pages.models import Page
from guide.publishing.folder import FoundPage

_NUMBERED = re.compile(r"(\d{2,})-([a-z][a-z0-9-]*)")


def of_path(path: str) -> tuple[str, int]:
    """The parent's id ("" for a chapter) and the number that a file's path gives; 0 for cases."""
    parts = path.removesuffix(".md").split("/")
    if parts[-1] == "index":
        parts.pop()
    own = _NUMBERED.fullmatch(parts[-1])
    above = _NUMBERED.fullmatch(parts[-2]) if len(parts) > 1 else None
    return above[2] if above else "", int(own[1]) if own else 0


def place_after(page: FoundPage, before: Page, slugs: dict[int, str]) -> tuple[str, int] | None:
    """Where a load puts a page that is there: None where it stays.

    It moves only where its file moved: a page that the admin moved stays, and so does one whose file followed it.
    """
    wanted = (page.parent, page.position)
    if before.file_path and of_path(before.file_path) == wanted:
        return None
    stands = (slugs.get(before.parent_id or 0, ""), before.position)
    return None if stands == wanted else wanted
