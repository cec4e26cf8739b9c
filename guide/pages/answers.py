"""The first screen of a section, and the order in which a reader's post meets its principles and cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from guide.pages import rendering, syntax
from guide.pages.models import CaseLink, Page
from guide.reference.models import Provision

SHOWN = 2  # cases of a principle that stand open; the others are folded


@dataclass(frozen=True)
class Answer:
    """What a section says to somebody in a hurry: the phrase most needed, and the nearest case."""

    say: SafeString | None
    avoid: SafeString | None
    case: CaseLink | None


@dataclass(frozen=True)
class Block:
    """One part of the page with the cases that show its principle, and the provisions it rests on by their numbers."""

    part: rendering.Part
    cases: tuple[CaseLink, ...]
    provisions: tuple[tuple[int, Provision], ...] = ()

    @property
    def first_cases(self) -> tuple[CaseLink, ...]:
        return self.cases[:SHOWN]

    @property
    def more_cases(self) -> tuple[CaseLink, ...]:
        return self.cases[SHOWN:]

    @property
    def more_by_relation(self) -> tuple[tuple[CaseLink, ...], ...]:
        """The folded cases, those of one relation (cards and drills: of one kind) together, in the order they come in."""
        groups: dict[str, list[CaseLink]] = {}
        for link in self.more_cases:
            groups.setdefault(link.relation if link.case.kind == Page.Kind.CASE else link.case.kind, []).append(link)
        return tuple(tuple(group) for group in groups.values())


def answer_of(page: Page, links: Sequence[CaseLink], post: str, render: Callable[[str], SafeString]) -> Answer:
    """The answer of `page` for `post`: what its `card` names, unless it is not for this post and something else is."""
    chosen = _most_needed(page, post)
    say, avoid = (chosen.say, chosen.avoid) if chosen else ("", "")
    return Answer(render(say) if say else None, render(avoid) if avoid else None, _nearest(page, links, post))


def _most_needed(page: Page, post: str) -> syntax.PhraseRow | None:
    rows = syntax.scan(page.body).phrases
    named = rows[min(page.card.get("say", 1), len(rows)) - 1 :][:1]
    return min((*named, *rows), key=lambda row: syntax.distance(row.posts, post), default=None)


def _nearest(page: Page, links: Sequence[CaseLink], post: str) -> CaseLink | None:
    named = next((link for link in links if link.case.slug == page.card.get("case")), links[0] if links else None)
    if named is None or _is_for(post, named.case.posts):
        return named
    stories = (link for link in links if link.case.kind == Page.Kind.CASE and post in link.case.posts)
    return next(stories, named)


def _is_for(post: str, posts: Sequence[str]) -> bool:
    return not post or not posts or post in posts


def nearest_first(links: Sequence[CaseLink], page: Page, post: str) -> tuple[CaseLink, ...]:
    """The same links, those whose case is for `post` first, and among them the case that `page` names on its card."""
    named = page.card.get("case")
    return tuple(sorted(links, key=lambda link: (not _is_for(post, link.case.posts), link.case.slug != named)))


def split_by_post(blocks: Sequence[Block], post: str) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """`blocks` cut in two: those for `post`, and those whose principles are for other posts alone.

    A principle of a lower rank stays with the heading above it; text without principles stays with the first.
    """
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if block.part.anchor or (block.part.slug and block.part.rank == 2):
            groups.append([])
        groups[-1].append(block)
    others = [group for group in groups if _is_of_others(group, post)]
    mine = [group for group in groups if group not in others]
    return tuple(block for group in mine for block in group), tuple(block for group in others for block in group)


def _is_of_others(group: Sequence[Block], post: str) -> bool:
    rules = [block.part for block in group if block.part.slug]
    return bool(rules) and not any(_is_for(post, rule.posts) for rule in rules)
