"""One Markdown file to Source: what its text says of itself. Pure; SourceError names file, line and fault.

What can be judged from the file alone is judged here; what needs the rest of the guide, in `guide.publishing.checking`.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guide.pages import syntax
from guide.publishing.faults import Fault, SourceError
from guide.publishing.frontmatter import Reader, split

KINDS = ("chapter", "section", "case", "card", "drill")
CASE_TYPES = ("good", "bad", "dilemma")
RELATIONS = ("example", "breach", "remedy", "exception")
LEVELS = ("must", "should", "may", "must-not")
BASES = ("law", "standard", "guide")
# Kinds that stand for principles: they name the ones they show or break.
TELLING = ("case", "card", "drill")

_ID = re.compile(r"[a-z][a-z0-9-]*")
_NUMBERED = re.compile(r"^(\d+(\.\d+)+|第[一二三四五六七八九十\d]+[章节])\s*")
_ALWAYS = ("id", "kind", "title", "summary", "posts", "keywords", "owner", "review_by")
_KEYS = {
    "chapter": _ALWAYS,
    "section": (*_ALWAYS, "card", "asked"),
    "case": (*_ALWAYS, "type", "simulated", "topics", "principles", "choices"),
    "card": (*_ALWAYS, "topics", "principles"),
    "drill": (*_ALWAYS, "topics", "principles", "choices", "simulated"),
}


@dataclass(frozen=True)
class PrincipleText:
    """A principle as written in a section."""

    slug: str
    title: str
    level: str
    basis: str
    posts: tuple[str, ...]
    applies: str
    text: str
    line: int
    end: int
    asked: tuple[str, ...] = ()  # how people ask for it


@dataclass(frozen=True)
class LinkText:
    """A case's link to a principle as written: `to` is "section#principle"."""

    to: str
    relation: str
    note: str
    line: int


@dataclass(frozen=True)
class Choice:
    text: str
    outcome: str
    principle: str
    line: int


@dataclass(frozen=True)
class Source:
    """All that one file says. `text` is the file, verbatim; `body_line` is the number of lines before the body."""

    path: str
    text: str
    id: str
    kind: str
    title: str
    summary: str = ""
    posts: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    owner: str = ""
    review_by: date | None = None
    card: dict[str, Any] = field(default_factory=dict)
    case_type: str = ""
    links: tuple[LinkText, ...] = ()
    choices: tuple[Choice, ...] = ()
    body: str = ""
    body_line: int = 0
    principles: tuple[PrincipleText, ...] = ()
    marks: tuple[syntax.Mark, ...] = ()
    images: tuple[syntax.Image, ...] = ()
    phrases: tuple[syntax.PhraseRow, ...] = ()
    asked: tuple[str, ...] = ()  # how people ask for the section as a whole

    def principle_at(self, line: int) -> str:
        """The slug of the principle in which `line` of the body stands; empty outside of all."""
        return next((rule.slug for rule in reversed(self.principles) if rule.line <= line < rule.end), "")


def parse(text: str, path: str, default_kind: str) -> Source:
    """Read one file. `default_kind` holds where the front matter names none. Raises SourceError with every fault."""
    source, faults = examine(text, path, default_kind)
    if faults or source is None:
        raise SourceError(faults)
    return source


def examine(text: str, path: str, default_kind: str) -> tuple[Source | None, list[Fault]]:
    """Read one file and list its faults; the Source is None when the front matter cannot be read at all."""
    faults = _form_faults(text, path)
    head, body, body_line, head_faults = split(text, path)
    if head_faults:
        return None, faults + head_faults
    reader = Reader(head, path, text, first_line=1)
    source = _read(reader, body, body_line, default_kind)
    return source, faults + reader.faults


def decode(data: bytes, path: str) -> str:
    """The text of a file's bytes. Raises SourceError when it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError([Fault(path, line, "encoding")]) from error


def _form_faults(text: str, path: str) -> list[Fault]:
    faults = []
    if text.startswith("\ufeff"):
        faults.append(Fault(path, 1, "encoding"))
    if "\r" in text:
        faults.append(Fault(path, text[: text.index("\r")].count("\n") + 1, "line-ends"))
    if not text.endswith("\n"):
        faults.append(Fault(path, text.count("\n") + 1, "final-newline"))
    return faults


def _read(reader: Reader, body: str, body_line: int, default_kind: str) -> Source:
    kind = reader.one_of("kind", KINDS, default_kind) or default_kind
    reader.known_keys(*_KEYS[kind])
    scan, asked = syntax.scan(body), reader.word_lists("asked")
    _check_asked(reader, asked, {heading.attributes.id for heading in scan.headings if heading.is_principle})
    _check_headings(reader, scan, body_line)
    for heading in (heading for heading in scan.headings if heading.is_principle):
        _check_principle(reader, heading, body_line, kind)
    return Source(
        path=reader.path, text=reader.text, id=_id(reader), kind=kind, title=_title(reader),
        summary=reader.words("summary"), posts=reader.word_list("posts"), keywords=reader.word_list("keywords"),
        topics=reader.word_list("topics"), owner=reader.words("owner"), review_by=reader.day("review_by"),
        card=_card(reader, len(scan.phrases)), case_type=_case_type(reader, kind), links=_links(reader, kind),
        choices=_choices(reader), body=body, body_line=body_line,
        principles=_principles(scan, asked, body), marks=scan.marks, images=scan.images,
        phrases=scan.phrases, asked=asked.get(reader.words("id"), ()),
    )  # fmt: skip


def _id(reader: Reader) -> str:
    value = reader.words("id", required=True)
    if value and not _ID.fullmatch(value):
        reader.refuse("bad-id", "id", value=value)
    return value


def _title(reader: Reader) -> str:
    title = reader.words("title", required=True)
    if number := _NUMBERED.match(title):
        reader.refuse("numbered-title", "title", value=number[1])
    return title


def _card(reader: Reader, phrases: int) -> dict[str, Any]:
    card = reader.values.get("card") or {}
    if not isinstance(card, dict) or not set(card) <= {"say", "case"} or not isinstance(card.get("say", 1), int):
        reader.refuse("bad-value", "card", key="card", value=card, expected=" {say: 行号, case: 案例的 id}")
        return {}
    if "say" in card and not 1 <= card["say"] <= phrases:
        reader.refuse("card-say", "card", value=card["say"], count=phrases)
    return card


def _case_type(reader: Reader, kind: str) -> str:
    if kind == "case" and reader.values.get("simulated") is not True:
        reader.refuse("not-simulated", "simulated")
    return reader.one_of("type", CASE_TYPES)


def _links(reader: Reader, kind: str) -> tuple[LinkText, ...]:
    links = []
    for item in reader.mappings("principles"):
        own = Reader(item, reader.path, reader.text)
        own.first_line = line = _line_of_link(reader.text, str(item.get("to", "principles")))
        own.known_keys("to", "relation", "note")
        relation = own.one_of("relation", RELATIONS, "" if kind == "case" else "example")
        links.append(LinkText(own.words("to", required=True), relation, own.words("note"), line))
        reader.faults += own.faults
        if kind == "case" and "relation" not in item:
            reader.faults.append(Fault(reader.path, line, "missing-key", {"key": "relation"}))
    if kind in TELLING and not links:
        reader.refuse("no-principles", "principles", kind={"case": "案例", "card": "问题卡", "drill": "演练"}[kind])
    for place, link in enumerate(links):
        if link.to in {earlier.to for earlier in links[:place]}:
            reader.faults.append(Fault(reader.path, link.line, "duplicate-link", {"value": link.to}))
    return tuple(links)


def _line_of_link(text: str, to: str) -> int:
    return next((number for number, line in enumerate(text.split("\n"), 1) if to in line), 1)


def _choices(reader: Reader) -> tuple[Choice, ...]:
    choices = []
    for item in reader.mappings("choices"):
        own = Reader(item, reader.path, reader.text)
        own.first_line = line = _line_of_link(reader.text, str(item.get("text", "choices")))
        own.known_keys("text", "outcome", "principle")
        choices.append(
            Choice(own.words("text", required=True), own.words("outcome", required=True), own.words("principle"), line)
        )
        reader.faults += own.faults
    return tuple(choices)


def _principles(scan: syntax.Scan, asked: dict[str, tuple[str, ...]], body: str) -> tuple[PrincipleText, ...]:
    lines = body.split("\n")
    rules = []
    for heading in scan.headings:
        if heading.is_principle:
            values = heading.attributes.values
            rules.append(
                PrincipleText(
                    heading.attributes.id, heading.title, values.get("level", ""), values.get("basis", ""),
                    tuple(values.get("posts", "").split()), values.get("applies", ""),
                    "\n".join(lines[heading.line : heading.end - 1]).strip(), heading.line, heading.end,
                    asked.get(heading.attributes.id, ()),
                )
            )  # fmt: skip
    return tuple(rules)


def _check_principle(reader: Reader, heading: syntax.Heading, body_line: int, kind: str) -> None:
    level, basis = heading.attributes.values.get("level", ""), heading.attributes.values.get("basis", "")
    wrong = {
        "principle-rank": heading.rank not in (2, 3) or kind != "section",
        "principle-id": not _ID.fullmatch(heading.attributes.id),
        "principle-level": level not in LEVELS,
        "principle-basis": basis not in BASES,
        "principle-order": bool(heading.attributes.id) and not re.fullmatch(r"ic+k*", heading.attributes.order),
        "must-needs-law": level == "must" and basis in BASES and basis != "law",
    }
    _check_keys(reader, heading, body_line)
    for code, is_wrong in wrong.items():
        if is_wrong:
            reader.faults.append(Fault(reader.path, body_line + heading.line, code, {"value": heading.title}))


def _check_asked(reader: Reader, asked: dict[str, tuple[str, ...]], slugs: set[str]) -> None:
    """Questions belong to a principle of this page or (by its own id) to all of it, and each to one."""
    seen: dict[str, str] = {}
    for slug, questions in asked.items():
        if slug not in slugs and slug != reader.values.get("id"):
            reader.refuse("asked-principle", slug, value=slug, known="、".join(sorted(slugs)))
        for question in questions:
            if question in seen:
                reader.refuse("duplicate-word", question, value=question, other=seen[question])
            seen[question] = slug


def _check_keys(reader: Reader, heading: syntax.Heading, body_line: int) -> None:
    known = ("level", "basis", "posts", "applies")
    for key in heading.attributes.values:
        if key not in known:
            details = {"key": key, "known": "、".join(known)}
            reader.faults.append(Fault(reader.path, body_line + heading.line, "unknown-key", details))


def _check_headings(reader: Reader, scan: syntax.Scan, body_line: int) -> None:
    rank, seen = 1, dict[str, int]()
    for heading in scan.headings:
        line = body_line + heading.line
        if heading.rank > rank + 1 or heading.rank == 1:
            reader.faults.append(Fault(reader.path, line, "rank-skip", {"value": heading.title}))
        rank = heading.rank
        key = heading.attributes.id or heading.title
        if key in seen:
            reader.faults.append(Fault(reader.path, line, "duplicate-heading", {"value": key, "other": seen[key]}))
        seen.setdefault(key, line)
