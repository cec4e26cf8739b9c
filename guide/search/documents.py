"""What is searched: the documents that published pages, their principles, the terms and the sources become."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guide.pages import syntax
from guide.pages.models import Page, Principle
from guide.reference.models import Source, Term

PRINCIPLE, ASKED, TERM, SOURCE = "principle", "asked", "term", "source"
_BATCH = 500
# The fixed headings of cases, cards and drills say nothing of what they are about.
_HEADINGS = re.compile(
    r"(?m)^(?:情景|经过|分析|正确做法|讨论题|参考要点|现象|第一步|怎么说|不能说|时限|找谁|依据|角色卡|观察要点|复盘)$\n?"
)


@dataclass(frozen=True)
class Document:
    """One row of the index. `pk` is that of the row it stands for, `page_pk` of the page it lies on (0: none).

    A way of asking stands for a principle, or (0) for the page itself; `place` tells it from the page's others.
    """

    kind: str
    pk: int
    page_pk: int
    title: str
    keywords: tuple[str, ...]
    text: str
    rules: tuple[str, ...] = ()  # titles of its principles
    phrases: tuple[str, ...] = ()  # what to say and what not to say
    asked: tuple[str, ...] = ()  # how people ask for it
    place: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.page_pk if self.place else self.pk}:{self.place}"

    @property
    def group(self) -> str:
        return f"page:{self.page_pk}" if self.page_pk else "reference"


def documents_of_pages(pks: Iterable[int] | None) -> Iterator[Document]:
    """Documents of the published pages among `pks` and of their principles; None means all pages."""
    wanted = list(pks) if pks is not None else list(Page.objects.published().values_list("pk", flat=True))
    for start in range(0, len(wanted), _BATCH):
        batch = Page.objects.published().filter(pk__in=wanted[start : start + _BATCH])
        for page in batch.prefetch_related("principles", "phrases").defer("text", "file_text"):
            yield _page(page)
            yield from (_principle(rule) for rule in page.principles.all())
            yield from _ways_of_asking(page)


def documents_of_reference() -> Iterator[Document]:
    """Documents of all terms and sources."""
    for term in Term.objects.all():
        yield Document(TERM, term.pk, 0, term.term, (*term.aliases, term.english), term.definition)
    for source in Source.objects.prefetch_related("provisions"):
        facts = "\n".join(provision.text for provision in source.provisions.all())
        yield Document(SOURCE, source.pk, 0, source.title, (source.number, source.issuer), facts)


def page_text(page: Page) -> str:
    """The text of a page as it is searched: its summary, then its body without markup."""
    return f"{page.summary}\n{syntax.plain(page.body)}"


def _page(page: Page) -> Document:
    text = page_text(page) if page.is_numbered else _HEADINGS.sub("", page_text(page))
    rules = tuple(rule.title for rule in page.principles.all())
    phrases = tuple(f"{row.say}\n{row.avoid}" for row in page.phrases.all())
    keywords, asked = (*page.keywords, *page.topics), tuple(page.asked)
    return Document(page.kind, page.pk, page.pk, page.title, keywords, text, rules, phrases, asked)


def _principle(rule: Principle) -> Document:
    return Document(PRINCIPLE, rule.pk, rule.page_id, rule.title, (), syntax.plain(rule.text), asked=tuple(rule.asked))


def _ways_of_asking(page: Page) -> Iterator[Document]:
    """All that a section is called and asked for: its title and keywords, the titles of its principles, and what people
    ask that its principles answer. Each is short, so that it can match a question as a whole."""
    if page.kind != Page.Kind.SECTION:
        return
    own = [(0, words) for words in (page.title, *page.keywords, *page.asked)]
    rules = [(rule.pk, words) for rule in page.principles.all() for words in (rule.title, *rule.asked)]
    for place, (pk, words) in enumerate([*own, *rules], start=1):
        yield Document(ASKED, pk, page.pk, str(words), (), "", place=place)
