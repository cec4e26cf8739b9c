"""How a query was understood, in words that API and log share. Pure."""

from typing import Protocol

from guide.search.queries import Concept, Query
from guide.search.shapes import Understood, Word


class Outcome(Protocol):
    """What is told of a search: its query, how much was found, and how that answers it."""

    @property
    def query(self) -> Query: ...
    @property
    def total(self) -> int: ...
    @property
    def is_partial(self) -> bool: ...
    @property
    def is_makeshift(self) -> bool: ...


def understood(found: Outcome) -> Understood:
    """The number asked for, the words looked for with what may stand for them, and what was changed or left out."""
    query = found.query
    return Understood(
        number=query.number,
        corrected=query.corrected,
        words=[Word(text=concept.text, also=_others(concept)) for concept in query.concepts],
        excluded=list(query.excluded),
        partial=found.is_partial,
        makeshift=found.is_makeshift,
    )


def _others(concept: Concept) -> list[str]:
    """The whole words that were also looked for in place of a word; its own parts left out."""
    single = [other.words[0] for other in concept.alternatives if len(other.words) == 1]
    return [word for word in dict.fromkeys(single) if word not in concept.text]
