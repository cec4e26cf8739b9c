"""What can be found at one version of the guide, as one reader may see it: light rows, kept by the process.

Titles, addresses, posts, levels and relations come from here, and so do totals and counts: nothing that the reader may
not see is in it. Texts of pages are read when a passage is cut from them, and only a bounded number is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.urls import reverse

from guide.pages import syntax
from guide.pages.models import Page, Principle
from guide.pages.outline import Outline
from guide.reference.models import Provision, Source, Term
from guide.search import passages, words
from guide.search.documents import SOURCE, TERM

PHRASE = "phrase"
NUMBERED = (Page.Kind.CHAPTER, Page.Kind.SECTION)
TELLING = (Page.Kind.CASE, Page.Kind.CARD, Page.Kind.DRILL)
_TEXTS = 500  # texts that are kept
_OPENING = "导语："  # what every section begins with says nothing in a passage


@dataclass(frozen=True, slots=True)
class Rule:
    """A principle; `page_pk` is its section, `asked` how people ask for it."""

    pk: int
    page_pk: int
    slug: str
    title: str
    level: str
    basis: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What a case, card or drill is to a principle."""

    rule: Rule
    relation: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A row of a phrase table, without its marks; `heard` is all of it as searched."""

    pk: int
    rule_pk: int
    say: str
    avoid: str
    why: str
    posts: tuple[str, ...]
    heard: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, term or source. `section` is the number of the section it is or lies in; `others` are its keywords or
    aliases; `text` is that of a term or source, a page's is read when it is needed."""

    kind: str
    pk: int
    slug: str
    number: str
    title: str
    url: str
    section: str = ""
    chapters: frozenset[str] = frozenset()
    posts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    links: tuple[Link, ...] = ()
    phrases: tuple[Saying, ...] = ()
    text: str = ""


@dataclass(eq=False)
class Catalogue:
    """All entries by kind and pk, and the principles by pk."""

    outline: Outline
    entries: dict[tuple[str, int], Entry]
    rules: dict[int, Rule]
    _texts: dict[int, str] = field(default_factory=dict)

    @cached_property
    def pages(self) -> dict[int, Entry]:
        """The pages by pk."""
        return {entry.pk: entry for entry in self.entries.values() if entry.kind in (*NUMBERED, *TELLING)}

    @cached_property
    def by_number(self) -> dict[str, Entry]:
        return {entry.number: entry for entry in self.pages.values() if entry.number}

    @cached_property
    def sections_of(self) -> dict[int, frozenset[int]]:
        """The sections whose principles each case, card or drill tells of, by pk."""
        return {pk: frozenset(link.rule.page_pk for link in entry.links) for pk, entry in self.pages.items() if entry.links}

    @cached_property
    def parents(self) -> dict[int, int]:
        """The section that each case, card or drill lies in, by pk."""
        told = [entry for entry in self.pages.values() if entry.kind in TELLING and entry.section in self.by_number]
        return {entry.pk: self.by_number[entry.section].pk for entry in told}

    def texts(self, entries: Iterable[Entry], user: Any) -> dict[tuple[str, int], str]:
        """The text of each entry as passages quote it, in one line; what `user` may no longer read is left out."""
        wanted = list(entries)
        pages = [entry.pk for entry in wanted if entry.kind in (*NUMBERED, *TELLING)]
        self._read([pk for pk in pages if pk not in self._texts], user)
        found = {(entry.kind, entry.pk): entry.text or self._texts.get(entry.pk, "") for entry in wanted}
        while len(self._texts) > _TEXTS:
            self._texts.pop(next(iter(self._texts)), None)
        return found

    def _read(self, pks: list[int], user: Any) -> None:
        if pks:
            rows = Page.objects.visible_to(user).filter(pk__in=pks).values_list("pk", "summary", "body")
            self._texts |= {
                pk: passages.flatten(f"{summary}\n{syntax.plain(body, self._name).removeprefix(_OPENING)}")
                for pk, summary, body in rows
            }

    def _name(self, mark: syntax.Mark) -> str:
        """A reference as passages read it: the number of its section."""
        is_page = not mark.is_citation and ":" not in mark.target
        return mark.words or (self._numbers.get(mark.target.partition("#")[0], "相关页") if is_page else "")

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {entry.slug: f"{entry.number}节" for entry in self.outline.entries}


_kept: dict[tuple[int, str, bool], Catalogue] = {}


def catalogue_for(user: Any, outline: Outline) -> Catalogue:
    """The catalogue of the version of `outline`, which is the guide as `user` sees it."""
    key = (outline.version, settings.READING, bool(user.is_authenticated))
    kept = _kept.get(key)
    if kept is None:
        kept = _make(user, outline)
        for old in [other for other in _kept if other[0] != outline.version]:
            _kept.pop(old, None)
        _kept[key] = kept
    return kept


def forget() -> None:
    """Let go of all that is kept, as where the guide was changed behind its version's back."""
    _kept.clear()


def _make(user: Any, outline: Outline) -> Catalogue:
    rules, links = _rules()
    pages = _pages(user, rules, links)
    seen = {rule.pk: rule for entry in pages for rule in entry.rules}
    entries = {(entry.kind, entry.pk): entry for entry in (*pages, *_terms(user), *_sources(user))}
    return Catalogue(outline, entries, seen)


def _rules() -> tuple[dict[int, Rule], dict[int, list[Link]]]:
    """The principles by pk, and the links to them by the pk of the case, in one query."""
    linked = ("case_links__case", "case_links__relation", "case_links__position")
    names = ("pk", "page_id", "slug", "title", "level", "basis", "asked", *linked)
    rules: dict[int, Rule] = {}
    links: dict[int, list[tuple[int, Link]]] = defaultdict(list)
    rows = Principle.objects.order_by("page__tree_id", "page__lft", "position")
    for pk, page_pk, slug, title, level, basis, asked, case, relation, place in rows.values_list(*names):
        rule = rules.setdefault(pk, Rule(pk, page_pk, slug, title, level, basis, tuple(asked)))
        if case is not None:
            links[case].append((place, Link(rule, relation)))
    return rules, {case: [link for _, link in sorted(told, key=itemgetter(0))] for case, told in links.items()}


def _pages(user: Any, rules: dict[int, Rule], links: dict[int, list[Link]]) -> list[Entry]:
    """The pages in reading order; a page comes with its phrases, a row each, to be one query."""
    rules_of: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules.values():
        rules_of[rule.page_pk].append(rule)
    own = ("pk", "kind", "slug", "number", "title", "path", "parent_id", "posts", "keywords")
    phrase = [f"phrases__{name}" for name in ("pk", "principle_id", "say", "avoid", "why", "posts")]
    rows = Page.objects.visible_to(user).order_by("tree_id", "lft", "phrases__position").values_list(*own, *phrase)
    chapters, numbers, entries = {}, {}, []
    for pk, group in groupby(rows, key=itemgetter(0)):
        told = list(group)
        _, kind, slug, number, title, path, parent, posts, keywords = told[0][: len(own)]
        chapters[pk], numbers[pk] = path.partition("/")[0], number
        section = "" if kind == Page.Kind.CHAPTER else number or numbers.get(parent, "")
        entries.append(
            Entry(
                kind, pk, slug, number, title, reverse("pages:page", args=[path]), section, frozenset([chapters[pk]]),
                tuple(posts), tuple(map(str, keywords)), tuple(rules_of[pk]), tuple(links.get(pk, ())),
                tuple(_saying(*row[len(own) :]) for row in told if row[len(own)]),
            )
        )  # fmt: skip
    return [_among(entry, chapters) if entry.links else entry for entry in entries]


def _among(entry: Entry, chapters: dict[int, str]) -> Entry:
    """`entry` with only those links that lead to pages which may be seen, and with their chapters."""
    seen = tuple(link for link in entry.links if link.rule.page_pk in chapters)
    return replace(entry, links=seen, chapters=entry.chapters | {chapters[link.rule.page_pk] for link in seen})


def _saying(pk: int, rule_pk: int | None, *texts: Any) -> Saying:
    *told, posts = texts
    say, avoid, why = (_one_line(syntax.plain(text)) for text in told)
    return Saying(pk, rule_pk or 0, say, avoid, why, tuple(posts), words.normalise(f"{say}\n{avoid}\n{why}"))


def _terms(user: Any) -> list[Entry]:
    rows = Term.objects.visible_to(user).values_list("pk", "slug", "term", "aliases", "english", "definition")
    return [
        Entry(TERM, pk, slug, "", term, reverse("pages:term", args=[slug]), others=(*aliases, english), text=_one_line(text))
        for pk, slug, term, aliases, english, text in rows
    ]


def _sources(user: Any) -> list[Entry]:
    """The sources, each with what it provides, in one query."""
    seen = Provision.objects.filter(source__in=Source.objects.visible_to(user))
    names = ("source_id", "source__key", "source__title", "source__number", "text")
    rows = seen.order_by("source__position", "source_id", "position").values_list(*names)
    return [_source([*group]) for _, group in groupby(rows, key=itemgetter(0))]


def _source(rows: list[Any]) -> Entry:
    pk, key, title, number, _ = rows[0]
    text = _one_line("；".join(row[-1] for row in rows))
    return Entry(SOURCE, pk, key, "", title, reverse("pages:source", args=[key]), others=(number,), text=text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
