"""A page as readers saw it at the end of a day in the past: the text in force then, its links leading to that same day.

Terms, sources, standard phrases and local values are today's; the page says so.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from guide.pages import rendering, syntax, version
from guide.pages.models import CaseLink, Page, Revision
from guide.pages.past import Past, Standing, as_of
from guide.pages.past_resolving import PastResolver, address
from guide.pages.reading import pictures_of


@dataclass(frozen=True)
class Link:
    """A way to a page as it stood that day; from a case to a principle or back it has a relation and a note."""

    url: str
    title: str
    kind: str
    number: str = ""
    relation: str = ""
    note: str = ""
    sections: tuple["Link", ...] = ()  # of a chapter in the outline
    is_here: bool = False


@dataclass(frozen=True)
class PastBlock:
    """One part of the page, with the cases that showed its principle that day."""

    part: rendering.Part
    cases: tuple[Link, ...]


@dataclass(frozen=True)
class PastPage:
    """Everything that the template of a past page draws."""

    title: str
    number: str
    kind: str
    head: dict[str, Any]  # the front matter: summary, posts, owner, review_by, choices …
    blocks: tuple[PastBlock, ...]
    told: tuple[Link, ...]  # the principles of which a case tells
    above: tuple[Link, ...]
    chapter: Link
    below: tuple[Link, ...]
    before: Link | None
    after: Link | None


def past_at(day: date) -> Past:
    """The guide at the end of `day`, made once for each version of the guide."""
    key = f"past:{version.current()}:{day}"
    kept: Past | None = cache.get(key)
    if kept is None:
        kept = as_of(day)
        cache.set(key, kept)
    return kept


def outline(past: Past) -> tuple[Link, ...]:
    """Chapters with their sections as they stood."""
    return tuple(_chapter(past, entry, None) for entry in past.entries if entry.parent_pk is None)


def read(past: Past, entry: Standing) -> PastPage:
    """Put together what `entry` said that day."""
    text = past.revision(entry).text
    head, resolver = syntax.head_of(text), PastResolver(past, syntax.body_of(text))
    before, after = _beside(past, entry)
    above = past.above(entry)
    return PastPage(
        title=entry.title, number=entry.number, kind=entry.kind, head=head,
        blocks=_blocks(past, entry, resolver), told=_told(entry, head, resolver),
        above=tuple(_link(past, other) for other in above), chapter=_chapter(past, (*above, entry)[0], entry),
        below=tuple(_link(past, other) for other in past.below(entry) if entry.kind != Page.Kind.CHAPTER),
        before=_link(past, before) if before else None, after=_link(past, after) if after else None,
    )  # fmt: skip


def _link(past: Past, entry: Standing, **values: Any) -> Link:
    return Link(address(entry, past.day), entry.title, entry.kind, entry.number, **values)


def _chapter(past: Past, chapter: Standing, here: Standing | None) -> Link:
    inside = [entry for entry in past.entries if entry.is_numbered and entry.path.startswith(f"{chapter.path}/")]
    sections = tuple(_link(past, entry, is_here=entry == here) for entry in inside)
    return _link(past, chapter, sections=sections, is_here=chapter == here)


def _beside(past: Past, entry: Standing) -> tuple[Standing | None, Standing | None]:
    """The pages before and after `entry`: in the whole guide for chapters and sections, else of its kind beside it."""
    row = [
        other for other in past.entries
        if (other.is_numbered if entry.is_numbered else (other.kind, other.parent_pk) == (entry.kind, entry.parent_pk))
    ]  # fmt: skip
    place = row.index(entry)
    return (row[place - 1] if place else None), (row[place + 1] if place + 1 < len(row) else None)


def _blocks(past: Past, entry: Standing, resolver: PastResolver) -> tuple[PastBlock, ...]:
    stored = Page.objects.only("file_path").get(pk=entry.page_pk)
    stored.body = resolver.body
    rendered = rendering.render(stored.body, resolver, picture=pictures_of(stored))
    shown = _cases_of(past, entry) if entry.kind == Page.Kind.SECTION else {}
    return tuple(PastBlock(part, tuple(shown.get(part.slug, ()))) for part in rendered.parts)


def _cases_of(past: Past, section: Standing) -> dict[str, list[Link]]:
    """The cases of each principle of `section` that day, by the principle. Texts that do not name it are not read."""
    telling = {entry.revision_pk: entry for entry in past.entries if not entry.is_numbered}
    rows = Revision.objects.filter(pk__in=list(telling), text__contains=f"{section.slug}#").values_list("pk", "text")
    found: dict[str, list[Link]] = defaultdict(list)
    for pk, text in sorted(rows, key=lambda row: telling[row[0]].title):
        for target, values in _principles(syntax.head_of(text)):
            slug, _, rule = target.partition("#")
            if slug == section.slug:
                found[rule].append(_link(past, telling[pk], **values))
    return found


def _told(entry: Standing, head: dict[str, Any], resolver: PastResolver) -> tuple[Link, ...]:
    """The principles of which a case told, by the titles they had."""
    found = ((resolver.principle(target), values) for target, values in _principles(head))
    return tuple(Link(named[1], named[0], entry.kind, **values) for named, values in found if named)


def _principles(head: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What a front matter says of principles: each target with its relation and note."""
    return [
        (str(row.get("to", "")), {"relation": row.get("relation") or CaseLink.Relation.EXAMPLE, "note": row.get("note") or ""})
        for row in head.get("principles") or []
    ]
