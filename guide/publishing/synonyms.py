"""Putting a word into synonyms.yml: which group it belongs to, and the text with that one entry changed. Pure."""

from ruamel.yaml import YAML

from guide.publishing.rewriting import CannotRewrite, add_entry, set_entry

NAME = "synonyms.yml"


class Unplaced(Exception):
    """The words do not make out one group."""


def groups(text: str) -> list[tuple[str, ...]]:
    """The groups of words in `text`, a sound synonyms.yml."""
    return [tuple(str(word) for word in entry.get("words", ())) for entry in YAML(typ="safe").load(text) or []]


def with_word(text: str, word: str, beside: list[str]) -> str:
    """`text` with `word` in the group of the words `beside`, or in a new group with them when they stand in none.

    Raises Unplaced when they stand in several, or `word` in one already.
    """
    existing = groups(text)
    known = {other: place for place, group in enumerate(existing) for other in group}
    if word in known:
        raise Unplaced(f"“{word}”已经在词组“{' '.join(existing[known[word]])}”里。")
    places = {known[other] for other in beside if other in known}
    if len(places) > 1:
        raise Unplaced(f"“{'”“'.join(beside)}”分属不同的词组，请只写其中一组的词。")
    new = [other for other in dict.fromkeys([*beside, word]) if other not in known]
    try:
        place = places.pop() if places else None
        return add_entry(text, {"words": new}) if place is None else set_entry(text, place, {"words": [*existing[place], *new]})
    except CannotRewrite as error:
        raise Unplaced(f"没有写成（{error}），请直接改 synonyms.yml 的全文。") from error
