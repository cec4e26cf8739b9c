"""Filters of results and how many rows each would leave. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace


@dataclass(frozen=True)
class Filters:
    """What results are narrowed to; empty means any."""

    kind: str = ""
    chapter: str = ""
    post: str = ""
    level: str = ""
    relation: str = ""

    @property
    def active(self) -> tuple[str, ...]:
        """The names of the filters that narrow."""
        return tuple(name for name, value in asdict(self).items() if value)


@dataclass(frozen=True)
class Traits:
    """What a row can be filtered by. `rules` are the levels of the principles it shows or tells of, each with what it is
    to them ("" for a section, which states them); a level and a relation asked for together must meet in one of them.
    `is_for_all` holds for what every post must know."""

    kind: str
    chapters: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    is_for_all: bool = False
    rules: frozenset[tuple[str, str]] = field(default_factory=frozenset)


NAMES = tuple(Filters.__dataclass_fields__)


def passes(traits: Traits, filters: Filters) -> bool:
    """Whether a row is left when `filters` narrow."""
    return (
        filters.kind in ("", traits.kind)
        and (not filters.chapter or filters.chapter in traits.chapters)
        and (not filters.post or traits.is_for_all or filters.post in traits.posts)
        and (not (filters.level or filters.relation) or any(_meets(rule, filters) for rule in traits.rules))
    )


def count(rows: Iterable[Traits], filters: Filters, posts: Iterable[str]) -> dict[str, Counter[str]]:
    """For each filter and each of its values, how many of `rows` would be left with it and all the other filters."""
    rows, posts = list(rows), frozenset(posts)
    return {name: _count(rows, name, replace(filters, **{name: ""}), posts) for name in NAMES}


def _count(rows: list[Traits], name: str, others: Filters, posts: frozenset[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    values = _VALUES[name]
    for row in rows:
        if passes(row, others):
            counted.update(posts if name == "post" and row.is_for_all else values(row, others))
    return counted


def _meets(rule: tuple[str, str], filters: Filters) -> bool:
    return filters.level in ("", rule[0]) and filters.relation in ("", rule[1])


_VALUES: dict[str, Callable[[Traits, Filters], Iterable[str]]] = {
    "kind": lambda row, _: (row.kind,),
    "chapter": lambda row, _: row.chapters,
    "post": lambda row, _: row.posts,
    "level": lambda row, others: {level for level, relation in row.rules if _meets((level, relation), others)},
    "relation": lambda row, others: {
        relation for level, relation in row.rules if relation and _meets((level, relation), others)
    },
}
