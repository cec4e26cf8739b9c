"""One row of the results as readers see it, with its passage and the words that were asked for marked."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from guide.search import passages, words
from guide.search.catalogue import PHRASE, Catalogue, Link, Rule, Saying
from guide.search.facets import Filters
from guide.search.finding import Found, Item


@dataclass(frozen=True)
class Told:
    """What a case tells of: the link to a principle, where that stands, and the number of its section."""

    link: Link
    url: str
    section: str


@dataclass(frozen=True)
class Said:
    """A row of a phrase table."""

    say: SafeString
    avoid: SafeString
    why: str


@dataclass(frozen=True)
class Hit:
    """One row of the results. `section` is the number of the section it lies in, such as "3.5"; `principle` is the best of
    a section, `asked` a way of asking for it that says what the rest of the row does not. A row of a phrase table has the
    title of its page."""

    kind: str
    id: str
    number: str
    section: str
    title: str
    url: str
    passage: SafeString
    score: float
    marked_title: SafeString
    is_partial: bool = False
    principle: Rule | None = None
    told: Told | None = None
    said: Said | None = None
    asked: str = ""


def hits_of(items: list[Item], found: Found, catalogue: Catalogue, user: Any, filters: Filters) -> tuple[Hit, ...]:
    """The rows for `items`, which are some of those `found`."""
    texts = catalogue.texts((item.entry for item in items if item.saying is None), user)
    marked = passages.markable(found.telling.marked)
    return tuple(
        _phrase(item, item.saying, marked)
        if item.saying
        else _hit(item, texts.get((item.kind, item.entry.pk), ""), marked, _told(item, catalogue, filters), filters)
        for item in items
    )


def _hit(item: Item, text: str, marked: tuple[str, ...], told: Told | None, filters: Filters) -> Hit:
    entry, rule, passage = item.entry, _best_rule(item, filters), passages.cut(text, marked)
    asked = _asked(rule, f"{entry.title} {rule.title} {passage}", marked) if rule else ""
    return Hit(
        item.kind, entry.slug, entry.number, entry.section, entry.title, entry.url, passage, item.score,
        passages.mark_words(entry.title, marked), item.is_partial, rule, told, asked=passages.mark_words(asked, marked),
    )  # fmt: skip


def _asked(rule: Rule, shown: str, marked: tuple[str, ...]) -> str:
    """The way of asking for `rule` that holds most of what was asked and is not `shown`; empty where none does."""
    shown = words.normalise(shown)
    hidden = [word for word in marked if word not in shown]
    asked = [(question, words.normalise(question)) for question in (rule.asked if hidden else ())]
    held = {question: sum(len(word) for word in hidden if word in normal) for question, normal in asked}
    best = max(held, key=held.__getitem__, default="")
    return best if held.get(best) else ""


def _best_rule(item: Item, filters: Filters) -> Rule | None:
    """The principle that matched best, of the level that is asked for, if any."""
    rules = item.shown_rules if filters.level else item.rules
    return next((rule for rule in rules if filters.level in ("", rule.level)), None)


def _told(item: Item, catalogue: Catalogue, filters: Filters) -> Told | None:
    """The first principle that a case tells of, of those that are asked for."""
    for link in item.entry.links:
        if filters.level in ("", link.rule.level) and filters.relation in ("", link.relation):
            home = catalogue.pages[link.rule.page_pk]
            return Told(link, f"{home.url}#{link.rule.slug}", home.section)
    return None


def _phrase(item: Item, saying: Saying, marked: tuple[str, ...]) -> Hit:
    """A row of a phrase table leads to its page, at the principle that it belongs to."""
    entry, rule = item.entry, next(iter(item.shown_rules), None)
    said = Said(passages.mark_words(saying.say, marked), passages.mark_words(saying.avoid, marked), saying.why)
    return Hit(
        PHRASE, str(saying.pk), entry.number, entry.section, entry.title, f"{entry.url}#{rule.slug}" if rule else entry.url,
        passages.cut(saying.say or saying.avoid, marked), item.score, passages.mark_words(entry.title, marked),
        item.is_partial, rule, said=said,
    )  # fmt: skip
