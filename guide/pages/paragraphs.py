"""Rendered text as its paragraphs: each paragraph, item of a list and row of a table in plain words. Pure.

A paragraph is known by its opening: its first words, the same for whoever reads the page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

OPENING = 60
_ENOUGH = 16  # characters that stand nowhere else
_HEADINGS = {f"h{rank}" for rank in range(1, 7)}
_UNQUOTED = _HEADINGS | {"thead"}
_BLOCKS = _UNQUOTED | {"p", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "div", "table", "tr", "details", "summary"}
_CLAUSES = re.compile(r"[^。；！？，：、“”（）]+")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. Cells of a row are its `pieces`; all else has one."""

    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.pieces)

    @property
    def opening(self) -> str:
        return self.text[:OPENING].rstrip()

    def quoted(self, words: str) -> str:
        """`words` as they stand in this paragraph, whatever spaces they were sent with; empty where they do not."""
        places = [place for place, character in enumerate(self.text) if not character.isspace()]
        start = squeezed(self.text).find(squeezed(words))
        length = len(squeezed(words))
        return self.text[places[start] : places[start + length - 1] + 1] if length and start >= 0 else ""

    def stretch(self, words: str = "") -> str:
        """Some clauses of one piece, from the one with the first of `words` on, or the first: enough to be found again.

        Browsers look for whole words only, so what a reader marked, or an opening cut in a word, need not be found.
        """
        piece = next((piece for piece in self.pieces if words and words in piece), self.pieces[0])
        at = piece.find(words) if words in piece else 0
        clauses = [found for found in _CLAUSES.finditer(piece) if found.end() > at]
        start = clauses[0].start() if clauses else 0
        enough = (found.end() for found in clauses if found.end() - start >= _ENOUGH)
        return piece[start : next(enough, len(piece))].strip()


def squeezed(text: str) -> str:
    """`text` without spaces: what stays the same however it was laid out."""
    return "".join(text.split())


def paragraphs_in(html: str) -> list[Paragraph]:
    """The paragraphs of `html` in their order. Headings are none, nor are pictures."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


def find(paragraphs: Iterable[Paragraph], opening: str, words: str = "") -> Paragraph | None:
    """The paragraph that begins with `opening`, else one that holds it; and `words`, if they are given."""
    wanted = squeezed(opening)
    fitting = [one for one in paragraphs if wanted and (not words or one.quoted(words))]
    begun = [one for one in fitting if _begins(squeezed(one.text), wanted)]
    return max(begun, key=lambda one: len(one.opening), default=None) or next(
        (one for one in fitting if wanted in squeezed(one.text)), None
    )


def _begins(text: str, wanted: str) -> bool:
    # An item that holds a list of its own is sent with that list.
    return text.startswith(wanted) or wanted.startswith(text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Paragraph] = []
        self._pieces: list[str] = [""]
        self._row = self._unquoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self._pieces.append("")
        elif tag in _BLOCKS:
            self.end()
        self._row += tag == "tr"
        self._unquoted += tag in _UNQUOTED

    def handle_endtag(self, tag: str) -> None:
        self._row -= tag == "tr"
        if tag in _BLOCKS:
            self.end()
        self._unquoted -= tag in _UNQUOTED

    def handle_data(self, data: str) -> None:
        self._pieces[-1] += data

    def end(self) -> None:
        """Close the paragraph that was being read; a row goes on until its end, whatever its cells hold."""
        if self._row > 0:
            return
        pieces = tuple(words for words in (" ".join(piece.split()) for piece in self._pieces) if words)
        if pieces and not self._unquoted:
            self.found.append(Paragraph(pieces))
        self._pieces = [""]
