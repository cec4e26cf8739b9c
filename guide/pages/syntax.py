"""The guide's own marks in Markdown (content-format): references, citations, local values, principle headings, phrase
tables. Pure: text in, what stands where out. Rendering and publishing both read the marks from here."""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

REFERENCE = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
CITATION = re.compile(r"\[@([^\[\]\s]+)\]")
LOCAL = re.compile(r"\{\{\s*local:([^{}\s]+)\s*\}\}")
MARK = re.compile(f"{REFERENCE.pattern}|{CITATION.pattern}|{LOCAL.pattern}")
IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)")

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*)$")
_ATTRIBUTES = re.compile(r"\{:?[ \t]*([^{}]*?)[ \t]*\}[ \t]*$")
_ATTRIBUTE = re.compile(
    r"""#(?P<id>[^\s#.="']+)|\.(?P<class>[^\s#.="']+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))"""
)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_OPENS_BLOCK = re.compile(
    r"^([-*+]|\d+[.)]|:|\[\^|!!!|\?\?\?)"
)  # lists, definitions, footnotes, admonitions: indented text is theirs
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_TABLE_ROW = re.compile(r"^\s*\|?(.+?)\|?\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
FENCE = "---"  # stands before and behind the front matter
TABLE_ATTRIBUTES = re.compile(r"^\{:?\s*((?:audience|posts)=[^{}]*)\}\s*$")


@dataclass(frozen=True)
class Attributes:
    """What stands in `{#id .class key=value}`; `order` tells how: "i", "c" and "k" as written."""

    id: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    order: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading; `line` counts from 1 in the text that was scanned, `end` is the line after all that stands below."""

    line: int
    end: int
    rank: int
    title: str
    attributes: Attributes

    @property
    def is_principle(self) -> bool:
        return "principle" in self.attributes.classes


@dataclass(frozen=True)
class Mark:
    """A reference (`target` as written, `words` if given), citation ("cite:key#fact") or local value ("local:id")."""

    line: int
    target: str
    words: str = ""

    @property
    def is_citation(self) -> bool:
        return self.target.startswith("cite:")


@dataclass(frozen=True)
class Image:
    line: int
    source: str
    alternative: str


@dataclass(frozen=True)
class PhraseRow:
    """One row of a phrase table; `attributes` are those behind the table. `posts` are those whom it is for: said behind
    the table, else those of the principle it stands in; none means everybody."""

    line: int
    say: str
    avoid: str
    why: str
    attributes: Attributes
    posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """All that the guide's own marks say in one text, in the order of the text."""

    headings: tuple[Heading, ...]
    marks: tuple[Mark, ...]
    images: tuple[Image, ...]
    phrases: tuple[PhraseRow, ...]


def scan(body: str) -> Scan:
    """Read the marks of `body` (Markdown without front matter). What stands in code is not a mark."""
    lines = list(_lines_outside_code(body))
    headings = tuple(_headings(lines))
    return Scan(
        headings=headings,
        marks=tuple(mark for number, line in lines for mark in _marks(number, line)),
        images=tuple(Image(number, found[2], found[1].strip()) for number, line in lines for found in IMAGE.finditer(line)),
        phrases=tuple(replace(row, posts=_posts_of(row, headings)) for row in _phrases(lines)),
    )


def distance(posts: Sequence[str], post: str) -> int:
    """How far what is written for `posts` is from somebody whose post is `post`: 0 for it, 1 for everybody, 2 for others.
    To somebody without a post everything is as near."""
    return 0 if not post or post in posts else 2 if posts else 1


def parse_attributes(text: str) -> Attributes:
    """Read the inside of `{…}`: "#id .class key=value key=\\"two words\\""."""
    found = list(_ATTRIBUTE.finditer(text))
    return Attributes(
        id=next((match["id"] for match in found if match["id"]), ""),
        classes=tuple(match["class"] for match in found if match["class"]),
        values={match["key"]: match["quoted"] or match["bare"] or "" for match in found if match["key"]},
        order="".join("i" if match["id"] else "c" if match["class"] else "k" for match in found),
    )


def mark_of(match: re.Match[str], line: int = 0) -> Mark:
    """The Mark for a match of MARK."""
    target, words, citation, local = match.groups()
    if citation:
        return Mark(line, f"cite:{citation}")
    if local:
        return Mark(line, f"local:{local}")
    return Mark(line, target.strip(), (words or "").strip())


def mark_in(text: str) -> Mark:
    """The first Mark in `text`, such as "[[id|words]]". Raises ValueError when there is none."""
    match = MARK.search(text)
    if match is None:
        raise ValueError(f"no mark in {text!r}")
    return mark_of(match)


def picture_name(source: str, page_path: str) -> str:
    """The name below content/ of the picture that a page at `page_path` calls `source`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page_path), source))


def is_phrase_header(cells: list[str]) -> bool:
    return [cell.strip() for cell in cells[:2]] == ["宜说", "忌说"]


def plain(body: str, name: Callable[[Mark], str] = lambda mark: mark.words) -> str:
    """`body` as plain text for searching: words without markup, one block a line. `name` tells what a mark reads as."""
    text = MARK.sub(lambda match: name(mark_of(match)), body)
    text = re.sub(r"<[^<>]*>", "", text)
    text = IMAGE.sub(r"\1", text)
    text = re.sub(r"\]\([^)]*\)|\]\[[^\]]*\]", "", text)
    text = re.sub(r"(?m)^[\s:|-]+$|^\{[^{}]*\}\s*$|[ \t]*\{[:#.][^{}]*\}", "", text)
    text = re.sub(r"(?m)^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)]|:)\s+", "", text)
    text = re.sub(r"[ \t]*\|[ \t]*", " ", text)
    return re.sub(r"\n{2,}", "\n", re.sub(r"[*_`\[\]]+", "", text)).strip()


def first_sentence(text: str) -> str:
    """`text` up to the end of its first sentence; one that ends inside “…” takes its closing mark along."""
    for end in re.finditer(r"[。！？]”?", text):
        sentence = text[: end.end()]
        if sentence.count("“") == sentence.count("”"):
            return sentence
    return text


def _lines_outside_code(body: str) -> Iterator[tuple[int, str]]:
    fence = ""
    is_code_if_indented = True
    for number, line in enumerate(body.split("\n"), start=1):
        opening = _FENCE.match(line)
        if fence:
            if opening and line.strip() == opening[1] and opening[1].startswith(fence):
                fence = ""
        elif opening:
            fence = opening[1]
        elif not (line.startswith(("    ", "\t")) and is_code_if_indented):
            yield number, _CODE_SPAN.sub("", line)
            if line.strip() and not line.startswith((" ", "\t")):
                is_code_if_indented = not _OPENS_BLOCK.match(line)


def _marks(number: int, line: str) -> Iterator[Mark]:
    return (mark_of(match, number) for match in MARK.finditer(line))


def _headings(lines: list[tuple[int, str]]) -> Iterator[Heading]:
    found = [(number, match) for number, line in lines if (match := _HEADING.match(line))]
    last = lines[-1][0] + 1 if lines else 1
    for place, (number, match) in enumerate(found):
        rank = len(match[1])
        end = next((later for later, other in found[place + 1 :] if len(other[1]) <= rank), last)
        title, attributes = _split_attributes(match[2].rstrip(" \t").rstrip("#").rstrip(" \t"))
        yield Heading(number, end, rank, title, attributes)


def _split_attributes(text: str) -> tuple[str, Attributes]:
    match = _ATTRIBUTES.search(text)
    if not match or LOCAL.search(match[0]):
        return text.strip(), Attributes()
    return text[: match.start()].strip(), parse_attributes(match[1])


def _phrases(lines: list[tuple[int, str]]) -> Iterator[PhraseRow]:
    rows: list[tuple[int, list[str]]] = []
    is_phrases = False
    for place, (number, line) in enumerate(lines):
        if not is_phrases:
            is_phrases = _TABLE_RULE.match(line) is not None and place > 0 and is_phrase_header(cells_of(lines[place - 1][1]))
        elif "|" in line:
            rows.append((number, cells_of(line)))
        else:
            yield from _phrase_rows(rows, _attributes_behind(lines[place:]))
            rows, is_phrases = [], False
    yield from _phrase_rows(rows, Attributes())


def _posts_of(row: PhraseRow, headings: Sequence[Heading]) -> tuple[str, ...]:
    around = [heading.attributes for heading in headings if heading.is_principle and heading.line < row.line < heading.end]
    named = (said.values["posts"] for said in (row.attributes, *around[-1:]) if "posts" in said.values)
    return tuple(next(named, "").split())


def _attributes_behind(lines: list[tuple[int, str]]) -> Attributes:
    line = next((line for _, line in lines if line.strip()), "")
    match = TABLE_ATTRIBUTES.match(line.strip())
    return parse_attributes(match[1]) if match else Attributes()


def _phrase_rows(rows: list[tuple[int, list[str]]], attributes: Attributes) -> Iterator[PhraseRow]:
    for number, cells in rows:
        say, avoid, why = [*cells, "", "", ""][:3]
        yield PhraseRow(number, say, avoid, why, attributes)


def cells_of(line: str) -> list[str]:
    """The cells of a table row. A `|` inside a reference, or written `\\|`, does not part cells."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    row = _TABLE_ROW.match(re.sub(r"\\\|", keep, REFERENCE.sub(keep, line)))
    cells = row[1].split("|") if row else []
    return [re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])].replace("\\|", "|"), cell).strip() for cell in cells]


def body_of(text: str) -> str:
    """What stands below the front matter of a file's text; the whole text where it has none."""
    lines = text.split("\n")
    end = front_matter_end(lines)
    return "\n".join(lines[end + 1 :]) if end else text


def head_of(text: str) -> dict[str, Any]:
    """The front matter of a text that was judged when it was published; empty where it cannot be read."""
    lines = text.split("\n")
    try:
        head = YAML(typ="safe").load("\n".join(lines[1 : front_matter_end(lines)]))
    except (YAMLError, ValueError):
        return {}
    return head if isinstance(head, dict) else {}


def front_matter_end(lines: list[str]) -> int:
    """The place of the line that closes the front matter; 0 where there is none."""
    if lines[0].rstrip() != FENCE:
        return 0
    return next((place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), 0)
