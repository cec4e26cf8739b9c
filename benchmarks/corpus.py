"""A synthetic guide of any size that reads like ours: its own sentences with words of the language put in. Seeded.

A document takes most of its sentences from one section and what belongs to it, the rest from anywhere; in each sentence
a third of the words give way to words of the general vocabulary, frequent ones more often (Zipf). So the guide's own
words stand in many documents and the vocabulary grows with the corpus, as in a real knowledge base.
"""

import random
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

SEED = 11
CONTENT = Path(__file__).resolve().parent.parent / "content"
LENGTHS = (600, 1000)  # characters of a text, least and most
OWN_TOPIC = 0.65
REPLACED = 0.35
_SENTENCE = re.compile(r"[^。！？\n]{6,80}[。！？]")
_MARK = re.compile(r"\[\[[^\]]*\]\]|\[@[^\]]*\]|\{\{[^}]*\}\}|[*_`#|>]")


@dataclass(frozen=True)
class Text:
    """One document: a title of a few words, and about 800 characters."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Question:
    """What is asked: the text as typed, and the words that other engines are given."""

    text: str
    words: tuple[str, ...]


def make(count: int) -> list[Text]:
    """The first `count` documents; the same ones every time."""
    source = random.Random(SEED)
    topics = _topics()
    everything = [sentence for sentences in topics for sentence in sentences]
    background, weights = _background()
    return [_document(source, source.choice(topics), everything, background, weights) for _ in range(count)]


def questions(texts: list[Text]) -> dict[str, list[Question]]:
    """Questions of each kind about `texts`; every one but the misspelled has an answer."""
    from guide.search import words

    source = random.Random(SEED + 1)
    picked = source.sample(texts, min(len(texts), 24))
    cut = [[word for word in words.segments(text.body) if len(word) > 1 and words.is_han(word)] for text in picked]
    phrases = [_clause(source, text.body) for text in picked]
    return {
        "single word": [_question(source.sample(found, 1)) for found in cut],
        "two words": [_question(source.sample(found, 2), " ") for found in cut],
        "natural question": [_question(_in_order(source, found, 8)) for found in cut],
        "phrase": [Question(f"“{phrase}”", tuple(words.segments(phrase))) for phrase in phrases],
        "pinyin": [Question(text, words_of) for text, words_of in _SPELLED],
        "typo": [Question(text, words_of) for text, words_of in _SLIPS],
    }


# As a reader types them: in pinyin or initials, and with a character that only sounds right.
_SPELLED = [
    ("tousu", ("投诉",)), ("tscl", ("投诉", "处理")), ("gongzhuang", ("工装",)), ("yinsi", ("隐私",)), ("qingting", ("倾听",)),
    ("liyi", ("礼仪",)), ("kehu", ("客户",)), ("fengxian", ("风险",)), ("daiqian", ("代签",)), ("paidui", ("排队",)),
]  # fmt: skip
_SLIPS = [
    ("投述处理", ("投诉", "处理")), ("客护信息", ("客户", "信息")), ("风验提示", ("风险", "提示")),
    ("隐思保护", ("隐私", "保护")), ("礼义规范", ("礼仪", "规范")), ("着庄要求", ("着装", "要求")),
    ("首问付责", ("首问", "负责")), ("排对叫号", ("排队", "叫号")),
]  # fmt: skip


def _topics() -> list[list[str]]:
    """The sentences of the guide, those of each file together."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(CONTENT.rglob("*.md")))
    found = (_SENTENCE.findall(_MARK.sub("", text.rpartition("---\n")[2])) for text in texts)
    return [sentences for sentences in found if len(sentences) >= 5]


def _background() -> tuple[list[str], list[float]]:
    """Words of the general vocabulary, shuffled once, with Zipf weights added up."""
    from pypinyin.phrases_dict import phrases_dict

    found = sorted(word for word in phrases_dict if 2 <= len(word) <= 4 and re.fullmatch(r"[\u4e00-\u9fff]+", word))
    random.Random(SEED).shuffle(found)
    return found, list(accumulate(1 / rank for rank in range(10, len(found) + 10)))


def _document(source, topic, everything, background, weights) -> Text:
    wanted, sentences, length = source.randint(*LENGTHS), [], 0
    while length < wanted:
        chosen = source.choice(topic if source.random() < OWN_TOPIC else everything)
        sentences.append(_reworded(source, chosen, background, weights))
        length += len(sentences[-1])
    title = "".join(source.sample(_clauses(sentences[0]), 1))[:14]
    return Text(title, sentences[0][:60], "\n".join(sentences))


def _reworded(source, sentence, background, weights) -> str:
    from guide.search import words

    parts, at = [], 0
    for word in words.segments(sentence):
        begin = sentence.lower().find(word, at)
        if begin < 0:
            continue
        is_replaced = len(word) > 1 and words.is_han(word) and source.random() < REPLACED
        chosen = source.choices(background, cum_weights=weights)[0] if is_replaced else word
        parts.append(sentence[at:begin] + chosen)
        at = begin + len(word)
    return "".join(parts) + sentence[at:]


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in re.split(r"\W+", sentence) if len(clause) > 1] or [sentence]


def _clause(source, body: str) -> str:
    clauses = [clause for clause in _clauses(body) if 4 <= len(clause) <= 10 and re.fullmatch(r"[\u4e00-\u9fff]+", clause)]
    return source.choice(clauses or ["客户投诉"])


def _in_order(source, found: list[str], count: int) -> list[str]:
    places = sorted(source.sample(range(len(found)), min(count, len(found))))
    return [found[place] for place in places]


def _question(chosen: list[str], between: str = "") -> Question:
    return Question(between.join(chosen), tuple(chosen))
