"""The guide's own syntax as an extension of Python-Markdown: marks, phrase tables, pictures, terms, principles. Pure.

What comes out of it is not yet safe; `guide.pages.rendering` sanitises it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from guide.pages import syntax

# Private-use characters hold the place of marks and cuts until the HTML is done; text that brings its own loses them.
OPEN, CLOSE, CUT = "\ue000", "\ue001", "\ue002"
HELD = re.compile(f"{OPEN}(\\d+){CLOSE}")
CUTS = re.compile(f"<p>{CUT}(\\d+){CUT}</p>\\s*")
# As they are, and as HTML spells them by number; put in their place is LOST, so that what is left makes no new one.
LOST = "\ufffd"
PRIVATE = re.compile(f"[{OPEN}{CLOSE}{CUT}]|&#(?:x0*e00[0-2](?![0-9a-f])|0*5734[4-6](?![0-9]));?", re.IGNORECASE)
_RANKS = {f"h{rank}": rank for rank in range(1, 7)}


@dataclass(frozen=True)
class Target:
    """What a mark becomes: a link, or plain words where `href` is empty. `is_broken` shows that nothing was found."""

    text: str
    href: str = ""
    css_class: str = ""
    title: str = ""
    is_broken: bool = False


Resolve = Callable[[syntax.Mark], Target]
FindPicture = Callable[[str], str | None]


class GuideExtension(Extension):
    """The guide's own syntax as an extension of Python-Markdown."""

    def __init__(self, marks: list[str], resolve: Resolve, terms: Mapping[str, Target], picture: FindPicture) -> None:
        super().__init__()
        self.marks, self.resolve, self.terms, self.picture = marks, resolve, terms, picture
        self.principles: list[syntax.Heading] = []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # the name Python-Markdown calls
        md.preprocessors.register(_HoldMarks(md, self.marks), "guide_marks", 35)
        md.inlinePatterns.register(_ResolveMarks(HELD.pattern, self.marks, self.resolve), "guide_marks", 185)
        md.treeprocessors.register(_Phrases(md), "guide_phrases", 4)
        md.treeprocessors.register(_Pictures(md, self.picture), "guide_pictures", 3)
        md.treeprocessors.register(_Terms(md, dict(self.terms)), "guide_terms", 2)
        md.treeprocessors.register(_Principles(md, self.principles), "guide_principles", 1)


class _HoldMarks(Preprocessor):
    """Takes marks out before tables are parsed: a `|` in `[[id|words]]` must survive a table."""

    def __init__(self, md: Markdown, marks: list[str]) -> None:
        super().__init__(md)
        self.marks = marks

    def run(self, lines: list[str]) -> list[str]:
        held = [syntax.MARK.sub(self._hold, line) for line in lines]
        # Attributes right behind a table would be read as its last row.
        return [part for line in held for part in (["", line, ""] if syntax.TABLE_ATTRIBUTES.match(line.strip()) else [line])]

    def _hold(self, match: re.Match[str]) -> str:
        self.marks.append(match[0])
        return f"{OPEN}{len(self.marks) - 1}{CLOSE}"


class _ResolveMarks(InlineProcessor):
    def __init__(self, pattern: str, marks: list[str], resolve: Resolve) -> None:
        super().__init__(pattern)
        self.marks, self.resolve = marks, resolve

    def handleMatch(  # type: ignore[override]  # noqa: N802  # the name Python-Markdown calls
        self, match: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        written = self.marks[int(match[1])]
        return _element(self.resolve(syntax.mark_in(written))), match.start(0), match.end(0)


def _element(target: Target) -> Element:
    element = Element("a", {"href": target.href}) if target.href else Element("span")
    element.text = PRIVATE.sub(LOST, target.text)
    css_class = "broken" if target.is_broken else target.css_class
    if css_class:
        element.set("class", css_class)
    if target.title:
        element.set("title", target.title)
    return element


_SIDES = {"宜说": "say", "忌说": "avoid"}


class _Phrases(Treeprocessor):
    """Gives phrase tables and their cells their classes, and makes one table of those that stand one after another."""

    def run(self, root: Element) -> None:
        for above in list(root.iter()):
            children = list(above)
            for place, table in enumerate(children):
                if table.tag == "table":
                    self._label(table)
                    self._take_attributes(above, table, children[place + 1 : place + 2])
            self._join(above)

    def _label(self, table: Element) -> None:
        names = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
        is_phrases = syntax.is_phrase_header(names)
        if is_phrases:
            table.set("class", "phrases")
        for row in table.iter("tr") if is_phrases else ():
            for name, cell in zip(names, row.findall("td"), strict=False):
                if name in _SIDES:
                    cell.set("class", _SIDES[name])

    def _take_attributes(self, above: Element, table: Element, behind: list[Element]) -> None:
        match = syntax.TABLE_ATTRIBUTES.match((behind[0].text or "").strip()) if behind else None
        if match:
            values = syntax.parse_attributes(match[1]).values
            if values.get("audience") == "staff":
                table.set("class", f"{table.get('class', '')} staff".strip())
            for rows in table.findall("tbody") if "posts" in values else ():
                rows.set("class", " ".join(f"for-{post}" for post in values["posts"].split()))
            above.remove(behind[0])

    def _join(self, above: Element) -> None:
        """Rows for one post and rows for another are two tables where they are written and one where they are read."""
        before: Element | None = None
        for table in list(above):
            if before is not None and _is_continued(before, table):
                before.extend(table.findall("tbody"))
                above.remove(table)
            else:
                before = table


def _is_continued(table: Element, following: Element) -> bool:
    """Whether two elements are phrase tables of the same kind with the same columns, with nothing between them."""
    classes, columns = table.get("class", ""), ["".join(cell.itertext()) for cell in table.iter("th")]
    return (
        table.tag == following.tag == "table"
        and classes.startswith("phrases")
        and classes == following.get("class")
        and columns == ["".join(cell.itertext()) for cell in following.iter("th")]
        and not (table.tail or "").strip()
    )


class _Pictures(Treeprocessor):
    """Turns the file names of pictures into addresses; one that is not there becomes its text alternative."""

    def __init__(self, md: Markdown, picture: FindPicture) -> None:
        super().__init__(md)
        self.picture = picture

    def run(self, root: Element) -> None:
        for image in list(root.iter("img")):
            address = self.picture(image.get("src", ""))
            if address:
                image.set("src", address)
                continue
            alternative = image.get("alt", "")
            image.tag, image.text = "span", f"〔图：{alternative}〕"
            image.attrib = {"class": "broken"}


class _Terms(Treeprocessor):
    """Links the first plain mention of each term in running text."""

    _RUNNING = {"p", "li", "dd", "td", "strong", "em", "blockquote"}

    def __init__(self, md: Markdown, terms: dict[str, Target]) -> None:
        super().__init__(md)
        self.terms = terms

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            if element.tag not in self._RUNNING:
                continue
            for word, target in list(self.terms.items()):
                if element.text and word in element.text and not isinstance(element.text, AtomicString):
                    element.text = self._link(element, 0, element.text, word, target)
            for child in list(element):
                self._link_tail(element, child)

    def _link_tail(self, element: Element, child: Element) -> None:
        for word, target in list(self.terms.items()):
            if child.tail and word in child.tail:
                child.tail = self._link(element, list(element).index(child) + 1, child.tail, word, target)

    def _link(self, above: Element, place: int, text: str, word: str, target: Target) -> str:
        before, _, after = text.partition(word)
        link = _element(target)
        link.text, link.tail = word, after
        above.insert(place, link)
        del self.terms[word]
        return before


class _Principles(Treeprocessor):
    """Cuts the page at its principles: before each, and where the text below it ends."""

    def __init__(self, md: Markdown, principles: list[syntax.Heading]) -> None:
        super().__init__(md)
        self.principles = principles

    def run(self, root: Element) -> None:
        rank = 0
        for element in list(root):
            level = _RANKS.get(str(element.tag), 0)
            if not level:
                continue
            if "principle" in element.get("class", "").split():
                self._open(root, element, level)
                rank = level
            elif rank and level <= rank:
                root.insert(list(root).index(element), _cut(0))
                rank = 0

    def _open(self, root: Element, element: Element, rank: int) -> None:
        values = {key: element.get(key, "") for key in ("level", "basis", "posts")}
        attributes = syntax.Attributes(id=element.get("id", ""), values=values)
        self.principles.append(syntax.Heading(0, 0, rank, "".join(element.itertext()), attributes))
        root.insert(list(root).index(element), _cut(len(self.principles)))
        element.tag = "p"
        element.attrib = {}


def _cut(place: int) -> Element:
    element = Element("p")
    element.text = f"{CUT}{place}{CUT}"
    return element
