"""A reader's words to a Query: section numbers, phrases in quotation marks, words that bear meaning. Pure."""

import re
from dataclasses import dataclass

from guide.search import words

_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_QUOTED = re.compile(r"[「『“\"]([^「」『』“”\"]+)[」』”\"]")
# Words of asking: they bear no meaning of their own in a question to the guide.
_ASKING = frozenset(
    "的 了 吗 呢 吧 啊 呀 么 怎么 怎样 怎么样 怎么办 咋办 咋 如何 什么 啥 是 有 在 和 与 或 "
    "就 都 也 还 我 你 您 他 她 能 能不能 可以 可不可以 要 要不要 该 应该 请问 请 一下 时 "
    "时候 到底 究竟 谁 哪 哪些 哪里 多少 几 为什么 为何 办 会 会不会 对 把 被 给 让 跟 到 想 "
    "想要 需要 得 着 过 这 那 这个 那个 个 不能 不".split()
)


@dataclass(frozen=True)
class Query:
    """What a reader asked. `terms` are single words, `phrases` must stand as they are; `number` is a section's."""

    text: str
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    number: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.phrases or self.number)

    @property
    def marked(self) -> tuple[str, ...]:
        """The words to mark in passages."""
        return (*self.phrases, *self.terms)


def parse(text: str) -> Query:
    """Read `text` as typed. Anything can be typed: the worst comes out as an empty query."""
    asked = words.normalise(text).strip()
    if _NUMBER.fullmatch(asked):
        return Query(text.strip(), number=asked, terms=(asked,))
    phrases = tuple(found.strip() for found in _QUOTED.findall(asked) if found.strip())
    rest = _QUOTED.sub(" ", asked)
    terms = tuple(dict.fromkeys(word for word in words.segments(rest) if word not in _ASKING))
    if not terms and not phrases:
        terms = tuple(dict.fromkeys(words.segments(rest)))
    return Query(text.strip(), terms, phrases)
