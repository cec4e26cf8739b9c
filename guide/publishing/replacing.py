"""Links to pages that are to go, turned to others: which links there are, and what the texts that hold them then say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guide.pages.models import Page, Principle
from guide.publishing import judging, removals, standing
from guide.publishing.documents import QuestionText
from guide.publishing.models import Document


@dataclass(frozen=True)
class Lost:
    """Something that would go, as texts write it (id or id#principle), its title, and who points to it."""

    target: str
    title: str
    users: tuple[Page | Document, ...]

    @property
    def kind(self) -> str:
        """What can take its place, as pickers name it."""
        return "principle" if "#" in self.target else "page"


@dataclass(frozen=True)
class Turned:
    """A text whose links are turned: what it says now, and what it is to say."""

    target: Page | Document
    before: str
    text: str


def lost_by(going: Iterable[Page]) -> list[Lost]:
    """Everything of the pages `going` that texts which stay point to, with those texts."""
    going = list(going)
    titles = {page.slug: page.title for page in going}
    rules = Principle.objects.filter(page__in=going).values_list("page__slug", "slug", "title")
    titles |= {f"{page}#{slug}": title for page, slug, title in rules}
    users: dict[str, list[Page | Document]] = {}
    for user, targets in _users(set(titles), going):
        for target in sorted(targets & set(titles)):
            users.setdefault(target, []).append(user)
    return [Lost(target, titles[target], tuple(users[target])) for target in titles if target in users]


def turned(lost: Iterable[Lost], replacements: Mapping[str, str]) -> list[Turned]:
    """The texts that point to what is `lost`, with the links turned for which there is a replacement."""
    users = {(type(user), user.pk): user for one in lost if replacements.get(one.target) for user in one.users}
    found = [Turned(user, user.text, turn(user.text, replacements)) for user in users.values()]
    return [one for one in found if one.text != one.before]


def turn(text: str, replacements: Mapping[str, str]) -> str:
    """`text` with its links turned where they are links: references, `to`, `principle`, `case` and `applies`."""
    targets = "|".join(re.escape(target) for target in sorted(replacements, key=len, reverse=True))
    link = re.compile(rf"""(\[\[|\b(?:to|principle|case):\s*["']?|\bapplies=["']?)({targets})(?![\w#-])""")
    return link.sub(lambda match: match[1] + (replacements[match[2]] or match[2]), text) if targets else text


def _users(names: set[str], going: list[Page]) -> Iterator[tuple[Page | Document, set[str]]]:
    """Each text that stays and points to one of `names`, with all that it points to."""
    pages = Page.objects.published().filter(pk__in=standing.pointing_to(names)).exclude(pk__in=[page.pk for page in going])
    for page in pages.in_reading_order():
        yield page, removals.targets_of(judging.stored_source(page))
    records = judging.read_documents(standing.question_texts())[0]
    asking = {name: {row.principle for row in rows if isinstance(row, QuestionText)} for name, rows in records.items()}
    for document in Document.objects.filter(name__in=[name for name, targets in asking.items() if targets & names]):
        yield document, asking[document.name]
