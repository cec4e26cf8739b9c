"""A reader's words to a Query: section numbers, phrases, words that bear meaning and what else they may stand for. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guide.search import words
from guide.search.lexicon import Lexicon

_DIGITS = {digit: value for value, digits in enumerate("零一二三四五六七八九十") for digit in digits}
_NUMBER = re.compile(r"(?:第?\s*\d+\s*章)?\s*第?\s*(\d+(?:\s*[.·。-]\s*\d+)*)\s*节?")
_CHAPTER = re.compile(r"第?\s*(\d+)\s*章(?:\s*第?\s*(\d+)\s*节)?")
_QUOTED = re.compile(r"[「『“\"]([^「」『』“”\"]+)[」』”\"]")
_EXCLUDED = re.compile(r"(?:^|\s)-(\S+)")
_MIXED = re.compile(r"([\u4e00-\u9fff]{1,3})([a-z]{1,12})(?![\u4e00-\u9fffa-z])")
# Characters with a space after each: 绩 效 考 核.
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff]\s+)+[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_LATIN = re.compile(r"[a-z]{2,}")
# Asking by saying both: 要不要, 会不会, 有没有.
_EITHER = re.compile(r"([要会能是该行有可对])[不没]\1(?:以)?")
_ALTERNATIVES = 6
_LONGEST_WORD = 5
_SAME_WEIGHT, _PARTS_WEIGHT, _ENGLISH_WEIGHT = 0.5, 0.8, 0.7
_PARTS_SHARE = 0.8
# Words of asking: they bear no meaning of their own in a question to the guide.
ASKING = frozenset(
    "的 了 吗 呢 吧 啊 呀 么 怎么 怎样 怎么样 怎么办 咋办 咋 如何 什么 啥 是 有 在 和 与 或 "
    "就 都 也 还 我 你 您 他 她 能 能不能 可以 可不可以 要 要不要 该 应该 请问 请 一下 时 "
    "时候 到底 究竟 谁 哪 哪些 哪里 多少 几 为什么 为何 办 会 会不会 对 把 被 给 让 跟 到 想 "
    "想要 需要 得 着 过 这 那 这个 那个 个 不能 不 之后 以后 然后 并 及 等 上 下 里 去 来 说 做 算 有没有 行不行 行吗 每 "
    "某 各 为 以 从 向 由 于 其 而 且 但 却 才 只 很 太 最 更 又 再 没 没有 必须 一定 是不是 是否 有用 多久 合适".split()
)


@dataclass(frozen=True)
class Alternative:
    """Words that together may stand for what was asked, how much they count beside the words themselves, and how far
    they are what was asked (1: the same thing)."""

    words: tuple[str, ...]
    weight: float = 1.0
    share: float = 1.0


@dataclass(frozen=True)
class Concept:
    """One thing asked for: the word as typed and all that may stand for it. `is_own` tells a word that the guide's
    editors have gathered."""

    text: str
    alternatives: tuple[Alternative, ...]
    is_phrase: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Query:
    """What a reader asked. `number` is that of a chapter or section; `corrected` what was taken for a slip, if anything;
    `across` are the pairs of characters that stand together without being in one word; `whole` is the text itself where
    it may be one word."""

    text: str
    concepts: tuple[Concept, ...] = ()
    excluded: tuple[str, ...] = ()
    number: str = ""
    corrected: str = ""
    across: tuple[str, ...] = ()
    whole: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.concepts or self.number)

    @property
    def marked(self) -> tuple[str, ...]:
        """The words to mark in passages."""
        return tuple(dict.fromkeys(word for concept in self.concepts for other in concept.alternatives for word in other.words))


def parse(text: str, lexicon: Lexicon, *, as_words: bool = False) -> Query:
    """Read `text` as typed; `as_words` also where it could be the number of a section.

    Anything can be typed: the worst comes out as an empty query.
    """
    asked = _SPACED.sub(lambda match: "".join(match[0].split()), words.normalise(text).strip())
    if not as_words and (number := _number(asked)):
        return Query(text.strip(), (_concept(number, lexicon),), number=number, whole=_whole(asked))
    phrases = [found.strip() for found in _QUOTED.findall(asked) if found.strip()]
    rest = _QUOTED.sub(" ", asked)
    excluded = tuple(_EXCLUDED.findall(rest))
    concepts = [Concept(phrase, (Alternative((phrase,)),), is_phrase=True) for phrase in phrases]
    rest = _EXCLUDED.sub(" ", rest)
    concepts += _concepts(rest, lexicon)
    return Query(text.strip(), tuple(concepts), excluded, across=_across(rest, concepts), whole=_whole(asked))


def _whole(asked: str) -> str:
    """`asked` where it may be one word: a number, a Latin word, or a run of few Chinese characters."""
    is_one = [run.text for run in words.runs(asked)] == [asked]
    return asked if is_one and (len(asked) <= _LONGEST_WORD or not words.is_han(asked)) else ""


def _number(asked: str) -> str:
    """The number of a chapter or section, in whichever way it is written; empty when `asked` is none."""
    digits = re.sub(r"[零一二三四五六七八九十]", lambda match: str(_DIGITS[match[0]]), asked)
    if match := _CHAPTER.fullmatch(digits):
        return match[1] + (f".{match[2]}" if match[2] else "")
    match = _NUMBER.fullmatch(digits)
    number = re.sub(r"\s*[.·。-]\s*", ".", match[1]) if match else ""
    return number if "." in number or not digits.endswith("节") else ""


def _concepts(asked: str, lexicon: Lexicon) -> list[Concept]:
    mixed, rest = _mixed(asked, lexicon)
    cut = words.segments(_EITHER.sub(" ", rest)) or words.segments(rest)
    tokens = [word for word in cut if word not in ASKING] or cut
    joined = "".join(tokens)
    if len(tokens) > 1 and _LATIN.fullmatch(joined) and lexicon.spelled(joined):
        tokens = [joined]
    return mixed + [_concept(word, lexicon) for word in dict.fromkeys(tokens)]


def _across(asked: str, concepts: list[Concept]) -> tuple[str, ...]:
    inside = {pair.text for concept in concepts for pair in words.pairs(concept.text)}
    every = dict.fromkeys(pair.text for pair in words.pairs(asked) if len(pair.text) > 1 and words.is_han(pair.text))
    return tuple(pair for pair in every if pair not in inside)


def _mixed(asked: str, lexicon: Lexicon) -> tuple[list[Concept], str]:
    """Words typed half in characters, half in pinyin (投su), and what is left without them."""
    found = []
    for match in _MIXED.finditer(asked):
        for start in range(len(match[1])):
            if begun := lexicon.begun(match[1][start:], match[2]):
                found.append(Concept(match[0][start:], tuple(Alternative((word,)) for word in begun[:_ALTERNATIVES])))
                asked = asked.replace(match[0][start:], " ")
                break
    return found, asked


def _concept(word: str, lexicon: Lexicon) -> Concept:
    return Concept(word, tuple(dict.fromkeys(_alternatives(word, lexicon))), is_own=lexicon.is_own(word))


def _alternatives(word: str, lexicon: Lexicon) -> Iterator[Alternative]:
    yield Alternative((word,))
    inner = tuple(part.text for part in words.dictionary_words(word) if part.text != word and len(part.text) > 1)
    if inner and sum(map(len, inner)) >= len(word) - 1:
        yield Alternative(inner, _PARTS_WEIGHT, _PARTS_SHARE)
    for other in lexicon.same(word)[:_ALTERNATIVES]:
        yield Alternative((other,), _SAME_WEIGHT)
    if _LATIN.fullmatch(word):
        for spelled in () if lexicon.is_own(word) else lexicon.spelled(word):
            yield Alternative((spelled,))
        for term in lexicon.english(word)[:_ALTERNATIVES]:
            yield Alternative((term,), _ENGLISH_WEIGHT)
