"""Makes the lexicon from the guide as it is: its terms, titles, keywords and synonyms. Runs only where the index is built."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin, pinyin

from guide.pages.models import Page, Principle
from guide.reference.models import SynonymGroup, Term
from guide.search import lexicon as lexicons
from guide.search import words
from guide.search.lexicon import LONGEST, Lexicon, fuzzy

_SPELLINGS = 8  # words that one spelling may stand for
_KEPT = 50_000  # words whose pinyin is kept, for the worker compiles again and again
_TONES = "\u0300\u0301\u0304\u030c"
# Readings that the general dictionary gets wrong in this field.
_OWN_READINGS = {"还款": "huan kuan", "还不上": "huan bu shang", "重复": "chong fu", "着装": "zhuo zhuang", "销户": "xiao hu"}


def make() -> Lexicon:
    """The lexicon of the guide as it is."""
    terms = list(Term.objects.all())
    groups = [[words.normalise(word) for word in group.words] for group in SynonymGroup.objects.all()]
    groups += [[words.normalise(word) for word in (term.term, *term.aliases)] for term in terms]
    titles = [words.normalise(title) for title in _titles()]
    own = [word for group in groups for word in group]
    curated = list(dict.fromkeys(word for word in [*_title_words(titles), *own, *_spoken_words()] if words.is_han(word)))
    written = {words.normalise(term.term): term.pinyin for term in terms}
    syllables = {word: _syllables(word, written.get(word, "")) for word in curated if _is_short_han(word)}
    spelled, sounds = _spell(syllables)
    return lexicons.make(
        dictionary=tuple(sorted({word for word in own if words.is_han(word) and 2 <= len(word) <= LONGEST})),
        same=_same(groups),
        spelled=spelled,
        syllables=syllables,
        english=_english(terms),
        sounds=sounds,
        readings=_readings(),
        usual=_usual(),
        own=sorted({*own, *_keywords()}),
    )


def _titles() -> Iterable[str]:
    """What names the guide's contents: titles of pages and principles, and the keywords of pages."""
    for page in Page.objects.published().in_reading_order().only("title", "keywords", "kind"):
        if page.is_numbered or page.kind == Page.Kind.CARD:
            yield page.title
        yield from (str(keyword) for keyword in page.keywords)
    yield from Principle.objects.filter(page__withdrawn_at=None).values_list("title", flat=True)


def _keywords() -> Iterable[str]:
    for keywords in Page.objects.published().values_list("keywords", flat=True):
        yield from (words.normalise(str(keyword)) for keyword in keywords)


def _spoken_words() -> Iterable[str]:
    """The words of summaries and of what people ask."""
    summaries = Page.objects.published().in_reading_order().values_list("summary", flat=True)
    asked = Principle.objects.filter(page__withdrawn_at=None).values_list("asked", flat=True)
    for text in (*summaries, *(question for questions in asked for question in questions)):
        yield from (word for word in words.segments(text) if len(word) > 1)


def _title_words(titles: Iterable[str]) -> Iterable[str]:
    """The words of titles, and each two that stand together; whole titles last."""
    whole = []
    for title in titles:
        cut = [word for word in words.segments(title) if words.is_han(word)]
        yield from (word for word in cut if len(word) > 1)
        beside = [first + second for first, second in pairwise(cut) if len(first) > 1 and len(second) > 1]
        yield from (both for both in beside if both in title)
        whole.append(title)
    yield from (title for title in whole if len(title) <= LONGEST)


def _is_short_han(word: str) -> bool:
    return 2 <= len(word) <= LONGEST and all(words.is_han(character) for character in word)


def _same(groups: Iterable[list[str]]) -> dict[str, list[str]]:
    same: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for word in group:
            same[word] += [other for other in group if other != word and other not in same[word]]
    return dict(same)


def _english(terms: Iterable[Term]) -> dict[str, list[str]]:
    """English words of three letters or more to the terms that hold them."""
    english: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for word in re.findall(r"[a-z]{3,}", term.english.lower()):
            if term.term not in english[word]:
                english[word].append(words.normalise(term.term))
    return dict(english)


def _spell(syllables: dict[str, list[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Full pinyin and initials, and fuzzy sounds, to words; words that come first in `syllables` come first."""
    spelled: dict[str, list[str]] = defaultdict(list)
    sounds: dict[str, list[str]] = defaultdict(list)
    for word, parts in syllables.items():
        for key in ("".join(parts), "".join(part[0] for part in parts)):
            if len(spelled[key]) < _SPELLINGS and word not in spelled[key]:
                spelled[key].append(word)
        sounds["".join(fuzzy(part) for part in parts)].append(word)
    return dict(spelled), dict(sounds)


def _syllables(word: str, written: str) -> list[str]:
    """The pinyin of `word`, a syllable a character: our own, else as `written` in the glossary, else as looked up."""
    toneless = unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", written) if c not in _TONES))
    given = [part.replace("ü", "v") for part in toneless.lower().split()]
    own = _OWN_READINGS.get(word, "").split()
    return next((found for found in (own, given) if len(found) == len(word)), None) or list(_looked_up(word))


@lru_cache(maxsize=_KEPT)
def _looked_up(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, style=Style.NORMAL))


@cache
def _usual() -> dict[str, str]:
    """The usual reading of each character in everyday use."""
    return {character: lazy_pinyin(character, style=Style.NORMAL)[0] for character in _everyday_characters()}


@cache
def _readings() -> dict[str, list[str]]:
    """Every reading, fuzzy, of each character in everyday use (GB 2312)."""
    characters = _everyday_characters()
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True)
    return {
        character: list(dict.fromkeys(fuzzy(reading) for reading in found))
        for character, found in zip(characters, readings, strict=True)
    }


def _everyday_characters() -> list[str]:
    codes = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [character for code in codes if (character := code.decode("gb2312", "ignore"))]
