"""What an editor can point to, found as one types: pages, principles, terms, provisions, phrases, local values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from guide.pages.models import Page, Principle
from guide.reference.models import LocalValue, Provision, StandardPhrase, Term

MOST = 20
KINDS = {
    "page": "页面", "principle": "原则", "term": "术语", "provision": "依据", "say": "标准用语", "local": "本行信息",
}  # fmt: skip


@dataclass(frozen=True)
class Pick:
    """One thing to point to: how lists show it, and the mark that points to it. `target` is the mark's bare name."""

    label: str
    detail: str
    mark: str
    target: str


def pick(kind: str, asked: str) -> list[Pick]:
    """The first things of `kind` that match every word of `asked`. An unknown kind finds nothing."""
    return _FINDERS[kind](asked.split()) if kind in _FINDERS else []


def _matching(rows: QuerySet[Any], words: list[str], *columns: str) -> QuerySet[Any]:
    for word in words:
        any_column = Q()
        for column in columns:
            any_column |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(any_column)
    return rows


def _pages(words: list[str]) -> list[Pick]:
    found = _matching(
        Page.objects.published().shaped_like_lists().in_reading_order(), words, "title", "slug", "number", "summary"
    )
    rows = found[:MOST]
    return [Pick(str(row), f"{row.get_kind_display()} · {row.slug}", f"[[{row.slug}]]", row.slug) for row in rows]


def _principles(words: list[str]) -> list[Pick]:
    published = Principle.objects.filter(page__withdrawn_at=None).select_related("page")
    rows = _matching(published, words, "title", "slug", "page__title", "page__slug", "page__number")[:MOST]
    return [
        Pick(
            rule.title, f"{rule.page.number} {rule.page.title} · {rule.get_level_display()}·{rule.get_basis_display()}",
            f"[[{rule.page.slug}#{rule.slug}]]", f"{rule.page.slug}#{rule.slug}",
        )
        for rule in rows
    ]  # fmt: skip


def _terms(words: list[str]) -> list[Pick]:
    # Looked through here: the database stores aliases as JSON, in which Chinese cannot be searched.
    rows = [
        row for row in Term.objects.all()
        if all(word.lower() in f"{row.term} {row.slug} {row.english} {row.aliases} {row.definition}".lower() for word in words)
    ]  # fmt: skip
    rows.sort(key=lambda row: not any(word in row.term for word in words))
    return [Pick(row.term, row.definition, f"[[term:{row.slug}]]", row.slug) for row in rows[:MOST]]


def _provisions(words: list[str]) -> list[Pick]:
    every = Provision.objects.select_related("source")
    rows = _matching(every, words, "text", "article", "slug", "source__title", "source__key", "source__number")[:MOST]
    return [
        Pick(
            f"{row.source.title} {row.article}".strip(), f"{row.text}（{row.get_confirmed_display() or '未核'}）",
            f"[@{row.source.key}#{row.slug}]", f"{row.source.key}#{row.slug}",
        )
        for row in rows
    ]  # fmt: skip


def _phrases(words: list[str]) -> list[Pick]:
    rows = _matching(StandardPhrase.objects.all(), words, "text", "slug")[:MOST]
    return [Pick(row.text, row.slug, f"[[say:{row.slug}]]", row.slug) for row in rows]


def _local(words: list[str]) -> list[Pick]:
    rows = _matching(LocalValue.objects.all(), words, "label", "slug", "value")[:MOST]
    return [Pick(row.label, row.value or "还没有填写", f"{{{{local:{row.slug}}}}}", row.slug) for row in rows]


_FINDERS: dict[str, Callable[[list[str]], list[Pick]]] = {
    "page": _pages,
    "principle": _principles,
    "term": _terms,
    "provision": _provisions,
    "say": _phrases,
    "local": _local,
}
