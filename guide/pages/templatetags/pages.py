"""Tags that only draw."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from guide.pages.models import CaseLink, Page, Principle
from guide.pages.syntax import first_sentence, plain
from guide.reference.models import Provision

register = template.Library()

STANDARD = re.compile(r"[A-Z]+(?:/[A-Z]+)? [\d.:-]+(?= )")
OFFICIAL_WORDS = re.compile(r"^(?:中华人民共和国|国务院办公厅|中国人民银行)*(?:印发)?(?:关于)?|（.*?）$")
DATE = re.compile(r"(?<!\d)(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?(?!\d)")
LONGEST_NAME = 16  # characters
SHORTEST_LINE = 8  # characters; anything shorter is a heading


@register.inclusion_tag("pages/_badge.html")
def badge(level: str, basis: str) -> dict[str, str]:
    """The badge of a principle: 必须·法定, 不得·本指南. A draft may have neither yet."""
    levels, bases = dict(Principle.Level.choices), dict(Principle.Basis.choices)
    return {"level": level, "level_name": levels.get(level, "级别？"), "basis_name": bases.get(basis, "依据？")}


@register.filter
def relation_name(relation: str, names: Mapping[str, str]) -> str:
    """The guide's own word for a relation, else the usual one."""
    return names.get(relation) or str(CaseLink.Relation(relation).label)


@register.filter
def post_names(posts: list[str], names: Mapping[str, str]) -> str:
    """Ids of posts as the guide's words for them."""
    return "、".join(names.get(post, post) for post in posts)


@register.filter
def plain_words(text: str) -> str:
    """Text of the guide without its marks."""
    return plain(text)


@register.filter
def first_line(page: Page) -> str:
    """The first line of a case: its summary, else the first sentence of its text."""
    if page.summary:
        return page.summary
    lines = [line for line in plain(page.body).split("\n") if len(line) > SHORTEST_LINE]
    return first_sentence(lines[0]) if lines else ""


@register.filter
def chinese_dates(text: str) -> str:
    """Dates in `text` as people write them: 2025-09-12对外公开 as 2025年9月12日对外公开. The register has words beside them."""

    def written(found: re.Match[str]) -> str:
        year, month, day = found.groups()
        return f"{year}年{int(month)}月{int(day)}日" if day else f"{year}年{int(month)}月"

    return DATE.sub(written, text)


@register.filter
def short_title(title: str) -> str:
    """The name of a law or standard as people say it: GB/T 19012-2019, 消费者权益保护法."""
    code = STANDARD.match(title)
    if code:
        return code[0].strip()
    short = OFFICIAL_WORDS.sub("", title)
    return short if len(short) <= LONGEST_NAME else f"{short[: LONGEST_NAME - 1]}…"


@register.filter
def confirmations(provisions: Iterable[tuple[int, Provision]]) -> list[str]:
    """How the given provisions were confirmed, each way named once."""
    return list(dict.fromkeys(str(row.get_confirmed_display()) for _, row in provisions if row.confirmed))


@register.filter
def reads_as_kind(kind: str) -> Any:
    """The word for a kind of page."""
    return Page.Kind(kind).label


@register.filter
def chapter_path(path: str) -> str:
    """The path of the chapter in which the page at `path` stands."""
    return path.partition("/")[0]
