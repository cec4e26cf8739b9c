"""What the index holds of each document: the impact of its words and pairs, its pairs in order, and what it stands for."""

from collections.abc import Iterator, Mapping
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, NUMERIC, TEXT, FieldType, Schema
from whoosh.formats import Existence

from guide.search import impacts, words
from guide.search.documents import ASKED, PRINCIPLE, SOURCE, TERM, Document

# Kinds are stored as their places in this row: add new ones at its end.
KINDS = ("chapter", "section", "case", "card", "drill", PRINCIPLE, ASKED, TERM, SOURCE)


class _Impacts(FieldType):
    """A field whose value is a mapping of words to their impacts, which the postings hold as weights."""

    def __init__(self) -> None:
        self.analyzer = None
        self.format = Existence()
        self.scorable = self.stored = self.unique = self.vector = False
        self.column_type = None

    def index(self, value: Mapping[str, float], **kwargs: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word, impact in value.items():
            yield word.encode(), 1, impact, b""


class _PairAnalyzer(Analyzer):
    """Hands pairs of characters to Whoosh, with ordinal positions, so that phrases match."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions, chars, **kwargs)
        for pair in words.pairs(value):
            token.text = token.original = pair.text
            token.boost, token.stopped = 1.0, False
            token.pos, token.startchar, token.endchar = pair.position, pair.start, pair.end
            yield token


SCHEMA = Schema(
    key=ID(unique=True),
    group=ID,  # "page:12", or "reference": what is replaced together
    kind=NUMERIC(sortable=True),
    pk=NUMERIC(bits=64, sortable=True),
    page_pk=NUMERIC(bits=64, sortable=True),
    size=NUMERIC(sortable=True),  # characters of its title
    words=_Impacts(),
    pairs=_Impacts(),
    phrase=TEXT(analyzer=_PairAnalyzer(), phrase=True),
)


def size(title: str) -> int:
    """The number of characters of `title` that words can hold."""
    return sum(len(word.text) for word in words.runs(title))


def columns(document: Document) -> dict[str, Any]:
    """The values of the fields of `SCHEMA` for `document`."""
    fields = {
        "title": document.title, "keywords": "\n".join(document.keywords), "rules": "\n".join(document.rules),
        "phrases": "\n".join(document.phrases), "text": document.text,
    }  # fmt: skip
    weighed = fields | {"asked": "\n".join(document.asked)}
    return {
        "key": document.key, "group": document.group, "kind": KINDS.index(document.kind), "pk": document.pk,
        "page_pk": document.page_pk, "size": size(document.title), "words": impacts.of_words(document.kind, weighed),
        "pairs": impacts.of_pairs(document.kind, weighed), "phrase": "。".join(fields.values()),
    }  # fmt: skip
