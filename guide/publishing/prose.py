"""A page's text as passages to judge: each with its line, cleaned of the guide's marks, and where it stands. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guide.pages import syntax
from guide.publishing.source import Source

_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}|^\{(?:audience|posts)=[^{}]*\}\s*$")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+|:\s+)+|\*\*|__|`")
_TABLE_RULE = re.compile(r"^[\s|:-]+$")
_QUOTED = re.compile(r"“[^“”]*”|「[^「」]*」")
# A heading under which stands what must not be said.
_NOT_TO_SAY = "不能说"


@dataclass(frozen=True)
class Passage:
    """A line of prose, or one cell of a table. `line` counts from 1 in the file; `written` still has its marks."""

    line: int
    written: str
    is_avoided: bool = False  # what one must not say: a 忌说 cell, or under 不能说
    is_cell: bool = False
    is_may_quote: bool = False  # a case of a breach, or a principle of what must not be done

    @property
    def text(self) -> str:
        """The words alone: a reference reads as its words, a citation as nothing."""
        return _MARKUP.sub("", syntax.MARK.sub(lambda match: syntax.mark_of(match).words, self.written)).strip()

    @property
    def unquoted(self) -> str:
        return _QUOTED.sub("“”", self.text)

    @property
    def is_cited(self) -> bool:
        return syntax.CITATION.search(self.written) is not None


def passages(source: Source) -> Iterator[Passage]:
    """All prose of `source`: its front matter's sentences, then its body line by line, tables cell by cell."""
    is_breach = bool(source.links) and all(link.relation == "breach" for link in source.links)
    yield from _front_matter(source, is_breach)
    header: list[str] = []
    section = ""
    for number, written in enumerate(source.body.split("\n"), start=1):
        place, line = source.body_line + number, _ATTRIBUTES.sub("", written)
        if line.startswith("#"):
            section = _MARKUP.sub("", line).strip()
        may_quote = is_breach or source.case_type == "bad" or _is_forbidding(source, number)
        if not line.strip().startswith("|"):
            header = []
            if line.strip():
                yield Passage(place, line, is_avoided=section == _NOT_TO_SAY, is_may_quote=may_quote)
        elif not header:
            header = syntax.cells_of(line)
        elif not _TABLE_RULE.match(line):
            cells = zip(header, syntax.cells_of(line), strict=False)
            yield from (Passage(place, cell, name == "忌说", True, may_quote) for name, cell in cells if cell)


def _front_matter(source: Source, may_quote: bool) -> Iterator[Passage]:
    for text in (source.title, source.summary):
        if text:
            yield Passage(_line(source, text), text, is_may_quote=may_quote)
    for link in source.links:
        yield Passage(link.line, link.note, is_may_quote=may_quote)
    for choice in source.choices:
        yield Passage(choice.line, choice.text, is_may_quote=True)
        yield Passage(choice.line, choice.outcome, is_may_quote=True)


def _line(source: Source, text: str) -> int:
    return next((number for number, line in enumerate(source.text.split("\n"), 1) if text in line), 1)


def _is_forbidding(source: Source, line: int) -> bool:
    """Whether `line` of the body stands in a principle of what must not be done."""
    return any(rule.level == "must-not" and rule.line <= line < rule.end for rule in source.principles)
