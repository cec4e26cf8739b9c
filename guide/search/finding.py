"""Words to what is found for them: ranked rows of the catalogue, after slips were corrected where that helps.

The index only proposes; what is shown, and whether it may be shown, is told by the catalogue.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Q

from guide.pages.models import Page
from guide.search import index
from guide.search.catalogue import NUMBERED, PHRASE, Catalogue, Entry, Rule, Saying
from guide.search.documents import ASKED, PRINCIPLE, SOURCE, TERM
from guide.search.facets import Traits
from guide.search.lexicon import Lexicon
from guide.search.matching import Matches, is_known, match
from guide.search.queries import Query, parse
from guide.search.ranking import WHOLE, Evidence, Row, rank
from guide.search.slips import GAIN, correct

# A row of a phrase table must hold this share of what was asked, by weight.
LEAST_OF_PHRASE = 0.6
# Phrases are looked for on so many of the best pages.
PHRASE_PAGES = 200
# What weighs less than this share of the rarest thing asked for is neither marked nor spoken of.
TELLING_SHARE = 0.3


@dataclass(frozen=True)
class Item:
    """One row that was found. `rules` are the principles of a section that matched, the best first; a row of a phrase
    table comes with the page it stands on as `entry`."""

    kind: str
    entry: Entry
    score: float
    coverage: float
    rules: tuple[Rule, ...] = ()
    saying: Saying | None = None

    @property
    def is_partial(self) -> bool:
        return self.coverage < WHOLE

    @cached_property
    def traits(self) -> Traits:
        """What it can be filtered by."""
        entry, posts = self.entry, self.saying.posts if self.saying else ()
        if self.kind in (TERM, SOURCE):
            return Traits(self.kind)
        rules = {(link.rule.level, link.relation) for link in entry.links} or {(rule.level, "") for rule in self.shown_rules}
        posts = posts or entry.posts
        return Traits(self.kind, entry.chapters, frozenset(posts), not posts, frozenset(rules))

    @property
    def shown_rules(self) -> tuple[Rule, ...]:
        """The principles that the row stands for: those that matched, else all of the section, or that of the phrase."""
        if self.saying:
            return tuple(rule for rule in self.entry.rules if rule.pk == self.saying.rule_pk)
        return self.rules or self.entry.rules


@dataclass(frozen=True)
class Found:
    """What was found for `query`, the best first within each kind."""

    query: Query
    items: tuple[Item, ...] = ()
    is_makeshift: bool = False  # the index could not be read: titles and texts were compared instead
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False)
    weights: tuple[float, ...] = ()
    is_literal: bool = False  # the guide says the whole of it as it was typed

    @property
    def telling(self) -> Query:
        """The query without what the guide says everywhere, where something rarer was asked as well."""
        weights = self.weights or (1.0,) * len(self.query.concepts)
        least = TELLING_SHARE * max(weights, default=0.0)
        kept = [concept for concept, weight in zip(self.query.concepts, weights, strict=True) if weight >= least]
        return replace(self.query, concepts=tuple(kept))


def find(text: str, catalogue: Catalogue, user: Any, *, as_typed: bool = False) -> Found:
    """What `catalogue` holds for `text`. `as_typed` searches for slips of spelling as they are."""
    try:
        lexicon = index.lexicon()
        found = _ranked(_read(text, catalogue, lexicon), catalogue, lexicon)
        is_meant = as_typed or found.is_literal or bool(found.query.number)
        return found if is_meant else _corrected(found, catalogue)
    except index.IndexUnavailable:
        return _by_titles(parse(text, Lexicon()), catalogue, user)


def _read(text: str, catalogue: Catalogue, lexicon: Lexicon) -> Query:
    """`text` as a query; a number that no page has is a word like others."""
    query = parse(text, lexicon)
    return query if query.number in ("", *catalogue.by_number) else parse(text, lexicon, as_words=True)


def _corrected(found: Found, catalogue: Catalogue) -> Found:
    """What is found for the query without its slip, when there is one and much more is found without it."""
    query = correct(found.query, found.lexicon, is_known)
    better = _ranked(query, catalogue, found.lexicon) if query else None
    if better is None or _best(better, "coverage") < _best(found, "coverage"):
        return found
    return better if _best(better, "score") > GAIN * _best(found, "score") else found


def _best(found: Found, name: str) -> float:
    """The largest `name` ("coverage", "score") of a section."""
    return max((getattr(item, name) for item in found.items if item.kind == Page.Kind.SECTION), default=0.0)


def _ranked(query: Query, catalogue: Catalogue, lexicon: Lexicon) -> Found:
    if query.is_empty:
        return Found(query, lexicon=lexicon)
    matches = match(query)
    documents = [found for found in matches.rows if found.page_pk == 0 or found.page_pk in catalogue.pages]
    rows = rank(documents, matches.asked, catalogue.sections_of, catalogue.parents)
    items = [_item(row, catalogue.entries[row.kind, row.pk], {}) for row in _numbered(query, catalogue)]
    known = {item.entry.pk for item in items}
    rules = _rules_that_matched(documents, catalogue)
    for row in rows:
        entry = catalogue.entries.get((row.kind, row.pk))
        if entry and not (entry.pk in known and row.kind in NUMBERED):
            items.append(_item(row, entry, rules))
    is_literal = any(document.literal for document in documents)
    items += _phrases(query, matches, items)
    return Found(query, tuple(items), lexicon=lexicon, weights=matches.asked.weights, is_literal=is_literal)


def _item(row: Row, entry: Entry, rules: dict[int, list[Rule]]) -> Item:
    others = rules.get(row.pk, []) if row.kind in NUMBERED else []
    best = sorted(others, key=lambda rule: rule.pk != row.principle_pk)
    return Item(row.kind, entry, round(row.score, 4), row.coverage, tuple(best))


def _numbered(query: Query, catalogue: Catalogue) -> list[Row]:
    """A page asked for by its number comes before all that only mention it."""
    entry = catalogue.by_number.get(query.number) if query.number else None
    return [Row(entry.kind, entry.pk, score=1000.0, coverage=1.0)] if entry else []


def _rules_that_matched(documents: Iterable[Evidence], catalogue: Catalogue) -> dict[int, list[Rule]]:
    """The principles of each section that hold something of what was asked, the best first."""
    best: dict[int, float] = defaultdict(float)
    for document in documents:
        if document.kind in (PRINCIPLE, ASKED):
            best[document.pk] = max(best[document.pk], sum(document.scores.values()))
    found: dict[int, list[Rule]] = defaultdict(list)
    for pk in sorted(best, key=best.__getitem__, reverse=True):
        if rule := catalogue.rules.get(pk):
            found[rule.page_pk].append(rule)
    return found


def _phrases(query: Query, matches: Matches, items: list[Item]) -> list[Item]:
    """The rows of phrase tables, on the pages that were found, that hold most of what was asked."""
    weights = matches.asked.weights
    total = sum(weights) or 1.0
    found = []
    for place, item in enumerate(items[:PHRASE_PAGES]):
        for saying in item.entry.phrases:
            share = sum(weight for weight, held in zip(weights, _held(query, saying), strict=True) if held) / total
            if share >= LEAST_OF_PHRASE and not any(word in saying.heard for word in query.excluded):
                found.append((-share, place, Item(PHRASE, item.entry, item.score, share, saying=saying)))
    return [item for _, _, item in sorted(found, key=lambda row: row[:2])]


def _held(query: Query, saying: Saying) -> list[bool]:
    """Of each thing asked for, whether `saying` holds it."""
    return [
        any(all(word in saying.heard for word in other.words) for other in concept.alternatives) for concept in query.concepts
    ]


def _by_titles(query: Query, catalogue: Catalogue, user: Any) -> Found:
    """Without an index: pages whose title, summary or text holds every word. Slow, and better than nothing."""
    pages = Page.objects.visible_to(user)
    for concept in query.concepts:
        word = concept.text
        pages = pages.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word))
    pks = pages.in_reading_order().values_list("pk", flat=True) if query.concepts else []
    items = [Item(entry.kind, entry, 1.0, 1.0) for pk in pks if (entry := catalogue.pages.get(pk))]
    return Found(query, tuple(items), is_makeshift=True)
