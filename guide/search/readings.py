"""How a query was understood, told by what was made of its words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from guide.search import words
from guide.search.queries import Concept, Query

_MOST = 4  # words that are told of one thing asked for


@dataclass(frozen=True)
class Reading:
    """What was made of `typed`: "written" it was read in simplified characters, "spelled" taken for `words`, "same"
    also looked for as `words`, "whole" only found as it stands, "without" what holds it was left out."""

    kind: str
    typed: str
    words: tuple[str, ...] = ()


def readings(query: Query) -> tuple[Reading, ...]:
    """All that readers may not expect of how `query` was understood; nothing where words were taken as they are."""
    return tuple(_readings(query))


def _readings(query: Query) -> Iterator[Reading]:
    simplified = words.normalise(query.text)
    if not query.corrected and any(
        before != after and words.is_han(after) for before, after in zip(query.text, simplified, strict=True)
    ):
        yield Reading("written", query.text, (simplified,))
    for concept in query.concepts:
        others = _others(concept)
        if concept.is_phrase:
            yield Reading("whole", concept.text)
        elif others:
            yield Reading("same" if _is_all_han(concept.text) else "spelled", concept.text, others)
    for word in query.excluded:
        yield Reading("without", word)


def _others(concept: Concept) -> tuple[str, ...]:
    """The whole words that may stand for `concept`, its own parts left out."""
    single = [other.words[0] for other in concept.alternatives if len(other.words) == 1]
    return tuple(word for word in dict.fromkeys(single) if word not in concept.text and words.is_han(word))[:_MOST]


def _is_all_han(text: str) -> bool:
    return all(words.is_han(character) for character in text)
