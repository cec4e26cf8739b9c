"""How a query was understood, in words that page, API and log share. Pure."""

from typing import Any, Protocol

from guide.search.queries import Concept, Query


class Outcome(Protocol):
    """What is told of a search: its query, and how what was found answers it."""

    @property
    def query(self) -> Query: ...
    @property
    def is_partial(self) -> bool: ...
    @property
    def is_makeshift(self) -> bool: ...


def understood(found: Outcome) -> dict[str, Any]:
    """The number asked for, the words looked for with what may stand for them, and what was changed or left out."""
    query = found.query
    return {
        "number": query.number,
        "corrected": query.corrected,
        "words": [{"text": concept.text, "also": _others(concept)} for concept in query.concepts],
        "excluded": list(query.excluded),
        "partial": found.is_partial,
        "makeshift": found.is_makeshift,
    }


def _others(concept: Concept) -> list[str]:
    """What was also looked for in place of a word: each alternative as its words."""
    return [" ".join(other.words) for other in concept.alternatives if other.words != (concept.text,)]
