"""The styles that stand in the page itself, and the hashes by which the Content-Security-Policy allows them. Pure.

Read once, at start-up, from the one style sheet, whose first part is what the first screen needs: what is inlined and what
the policy names are the same bytes. A hash, not a nonce, so that a page kept ready stays valid.
"""

import base64
import hashlib
from pathlib import Path

from django.utils.safestring import mark_safe

_SHEET = Path(__file__).resolve().parent.parent.parent / "static" / "css" / "guide.css"
# The line of the sheet that ends its first part. What comes after may arrive later without moving anything.
END_OF_FIRST_SCREEN = "/* end of the first screen */\n"


def first_part(sheet: str) -> str:
    """The part of `sheet` that the first screen needs; nothing where no line ends it."""
    part, mark, _ = sheet.partition(END_OF_FIRST_SCREEN)
    return part if mark else ""


def csp_hash(text: str) -> str:
    """How the policy names an inline style that is exactly `text`."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


INLINE = mark_safe(first_part(_SHEET.read_text(encoding="utf-8")))  # our own file, not a reader's text
HASHES = (csp_hash(INLINE),) if INLINE else ()
