"""Markdown to safe HTML, cut at its principles. Pure: what a mark points to is asked of the `resolve` it is handed.

The HTML is sanitised with nh3 after all of it is made; this is the only place where page text becomes safe.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.extensions.toc import TocExtension, slugify_unicode

from guide.pages import syntax
from guide.pages.extension import CUTS, HELD, LOST, PRIVATE, FindPicture, GuideExtension, Resolve, Target

__all__ = ["Entry", "FindPicture", "Part", "Rendered", "Target", "render"]

_TAGS = nh3.ALLOWED_TAGS | {"section", "details", "summary", "mark"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"},
    "li": {"value"},
    "details": {"open"},
}
# A line end behind one of these means nothing to a browser.
_BETWEEN_BLOCKS = re.compile(r"(</?(?:p|ul|ol|li|dl|table|thead|tbody|tr)(?: class=\"[^\"]*\")?>|</t[hd]>)\n")
_ROWS = re.compile(r"<tbody.*?</tbody>", re.DOTALL)
_MANY_ROWS = re.compile(rf"(?:{_ROWS.pattern}){{2,}}", re.DOTALL)  # of phrase tables alone: other tables have one body
_HEADING = re.compile(r'<h2 id="([^"]*)"[^>]*>(.*?)</h2>', re.DOTALL)
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None)


@dataclass(frozen=True)
class Part:
    """A stretch of the page: prose (`slug` empty), or one principle. A heading that opens it is given apart from its HTML."""

    slug: str
    html: SafeString
    title: str = ""
    rank: int = 2
    level: str = ""
    basis: str = ""
    posts: tuple[str, ...] = ()  # of a principle; empty: for everybody
    anchor: str = ""  # of prose that opens with a heading: the heading's id

    def for_post(self, post: str) -> "Part":
        """This part with the rows of each phrase table in the order `post` needs: its own, those for all, the rest."""
        return replace(self, html=_for_post_first(self.html, post)) if post else self


@dataclass(frozen=True)
class Entry:
    """A heading for the contents list."""

    id: str
    title: str
    rank: int


@dataclass(frozen=True)
class Rendered:
    parts: tuple[Part, ...]
    contents: tuple[Entry, ...]

    @property
    def html(self) -> SafeString:
        """The text of all parts, without the headings of principles."""
        return mark_safe("".join(_heading(part) + part.html for part in self.parts))


def render(
    body: str,
    resolve: Resolve,
    *,
    terms: Mapping[str, Target] | None = None,
    picture: FindPicture = lambda source: None,
) -> Rendered:
    """Render `body`. `resolve` tells what each mark becomes; the first plain mention of each word in `terms` is linked;
    `picture` turns the source of a picture into an address, or None where there is none."""
    marks: list[str] = []
    guide = GuideExtension(marks, resolve, terms or {}, picture)
    markdown = Markdown(
        extensions=["tables", "footnotes", "def_list", "admonition", "attr_list", "sane_lists", "fenced_code",
                    TocExtension(slugify=_slugify, permalink=False), guide],
        output_format="html",
    )  # fmt: skip
    html = _BETWEEN_BLOCKS.sub(r"\1", _CLEANER.clean(_restore(markdown.convert(PRIVATE.sub(LOST, body)), marks)))
    return Rendered(tuple(_parts(html, guide.principles)), tuple(_contents(markdown)))


def _for_post_first(html: str, post: str) -> SafeString:
    def turn(run: re.Match[str]) -> str:
        return "".join(sorted(_ROWS.findall(run[0]), key=lambda rows: syntax.distance(_posts(rows), post)))

    return mark_safe(_MANY_ROWS.sub(turn, html))


def _posts(rows: str) -> list[str]:
    names = rows.partition(">")[0].partition('"')[2].rstrip('"').split()
    return [name.removeprefix("for-") for name in names if name.startswith("for-")]


def _slugify(title: str, separator: str) -> str:
    return slugify_unicode(title, separator) or "section"


def _restore(html: str, marks: list[str]) -> str:
    """Put back, as written, the marks that stood in code and so were not resolved."""
    return HELD.sub(lambda match: escape(marks[int(match[1])], quote=False), html)


def _parts(html: str, principles: list[syntax.Heading]) -> list[Part]:
    pieces = CUTS.split(html)
    parts = _prose(pieces[0])
    for place, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        heading = principles[int(place) - 1] if place != "0" else None
        parts += [_principle_part(heading, piece)] if heading else _prose(piece)
    return [part for part in parts if part.slug or part.anchor or part.html.strip()]


def _prose(html: str) -> list[Part]:
    """`html` cut before each of its headings of the second rank."""
    first, *rest = _HEADING.split(html)
    parts = [Part("", mark_safe(first))]
    for anchor, title, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        parts.append(Part("", mark_safe(text), mark_safe(title), anchor=anchor))
    return parts


def _heading(part: Part) -> str:
    return f'<h2 id="{escape(part.anchor)}">{part.title}</h2>' if part.anchor else ""


def _principle_part(heading: syntax.Heading, piece: str) -> Part:
    title, _, html = piece.partition("</p>")
    values = heading.attributes.values
    return Part(
        heading.attributes.id, mark_safe(html), mark_safe(title.removeprefix("<p>").strip()), heading.rank,
        values.get("level", ""), values.get("basis", ""), tuple(values.get("posts", "").split()),
    )  # fmt: skip


def _contents(markdown: Markdown) -> list[Entry]:
    flat: list[Entry] = []
    pending = list(reversed(getattr(markdown, "toc_tokens", [])))
    while pending:
        token = pending.pop()
        flat.append(Entry(token["id"], token["name"], token["level"]))
        pending.extend(reversed(token["children"]))
    return flat
