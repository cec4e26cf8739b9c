"""Numbers that may be a person's, masked in what readers write."""

import re
import unicodedata

_DIGIT = r"[\d零〇一二三四五六七八九幺两兩]"
# Seven digits on end (telephones, passports), or eleven with something between (mobile phones, cards, identity cards).
_PERSONAL = re.compile(rf"{_DIGIT}(?:[^\w\n]{{0,2}}{_DIGIT}){{10,}}[xX]?|{_DIGIT}{{7,}}")


def masked(text: str) -> str:
    """`text` with the digits of whatever may be a card, identity card, passport or telephone number masked."""
    folded, hidden = "".join(_folded(character) for character in text), list(text)
    for match in _PERSONAL.finditer(folded):
        for place in range(*match.span()):
            if folded[place].isalnum():
                hidden[place] = "*"
    return "".join(hidden)


def _folded(character: str) -> str:
    """A character of ordinary width, where it stays one character."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
