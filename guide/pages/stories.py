"""Cases, cards and drills as stories: the situation first, then what one could do, then what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from guide.pages.answers import Block
from guide.pages.models import CaseLink, Page, Principle
from guide.pages.reading import Reading

FOLDED = "参考要点"  # the heading whose text the host of a discussion needs and the reader does not, at first


@dataclass(frozen=True)
class Told:
    """A principle that the story tells of, and the next story on the same principle."""

    link: CaseLink
    following: Page | None


@dataclass(frozen=True)
class Choice:
    text: str
    outcome: str
    principle: Principle | None


@dataclass(frozen=True)
class Story:
    """The page cut for telling: `opening` is the situation, `rest` what happened, `folded` what comes last."""

    opening: tuple[Block, ...]
    choices: tuple[Choice, ...]
    rest: tuple[Block, ...]
    folded: Block | None
    told: tuple[Told, ...]


def tell(reading: Reading, user: Any) -> Story:
    """The story of the page that was read."""
    links = _links(reading.page, user)
    return cut(reading, _told(reading.page, links), [link.principle for link in links if link.principle.page.is_published])


def cut(reading: Reading, told: tuple[Told, ...], known: Sequence[Principle] = ()) -> Story:
    """The page that was read, cut for telling, with the principles it tells of; `known` are others already at hand."""
    page, blocks = reading.page, reading.blocks
    end = next((place for place, block in enumerate(blocks, start=1) if block.part.anchor), len(blocks))
    rest = blocks[end:]
    return Story(
        opening=blocks[:end],
        choices=_choices(page, [*known, *(row.link.principle for row in told)]),
        rest=tuple(block for block in rest if block.part.anchor != FOLDED),
        folded=next((block for block in rest if block.part.anchor == FOLDED), None),
        told=told,
    )


def _links(page: Page, user: Any) -> list[CaseLink]:
    """What shows the principles that `page` tells of or its choices name, in the order of titles."""
    wanted = Q(principle__in=CaseLink.objects.filter(case=page).values("principle"))
    if names := _names(page):
        wanted |= Q(principle__in=_named(names))
    links = CaseLink.objects.filter(wanted, case__in=Page.objects.visible_to(user))
    links = links.select_related("principle__page", "case").order_by("case__title", "case__pk").defer(
        "case__text", "case__file_text", "case__body", "principle__text", "principle__page__text",
        "principle__page__file_text", "principle__page__body",
    )  # fmt: skip
    return list(links)


def _told(page: Page, found: Sequence[CaseLink]) -> tuple[Told, ...]:
    """The principles of `page` in its own order, each with the story that follows it in the order of titles."""
    own = sorted((link for link in found if link.case_id == page.pk), key=lambda link: link.position)
    return tuple(Told(link, _following(link, [row for row in found if row.principle_id == link.principle_id])) for link in own)


def _following(link: CaseLink, same: Sequence[CaseLink]) -> Page | None:
    stories = [row.case for row in same if row.case.kind in (link.case.kind, Page.Kind.CASE)]
    place = next((place for place, case in enumerate(stories) if case.pk == link.case_id), -1)
    following = stories[(place + 1) % len(stories)]
    return following if following.pk != link.case_id else None


def _choices(page: Page, known: Sequence[Principle]) -> tuple[Choice, ...]:
    principles = {f"{rule.page.slug}#{rule.slug}": rule for rule in known}
    if missing := _names(page) - principles.keys():  # shown by no case
        rules = _named(missing).select_related("page")
        principles |= {f"{rule.page.slug}#{rule.slug}": rule for rule in rules}
    return tuple(
        Choice(choice["text"], choice["outcome"], principles.get(choice.get("principle", ""))) for choice in page.choices
    )


def _names(page: Page) -> set[str]:
    """The principles that the choices of `page` name."""
    return {choice.get("principle", "") for choice in page.choices} - {""}


def _named(names: set[str]) -> QuerySet[Principle]:
    """The principles of published pages so named: "id#principle"."""
    wanted = Q()
    for name in names:
        section, _, slug = name.partition("#")
        wanted |= Q(page__slug=section, slug=slug)
    return Principle.objects.filter(wanted, page__withdrawn_at=None)
