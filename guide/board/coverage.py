"""What each chapter and section has, lacks and is told: the cells of the board, from as many queries as it has columns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from guide.board.unanswered import Asked, unanswered
from guide.feedback.models import Report
from guide.pages.models import CaseLink, Page, Principle
from guide.pages.outline import Entry, Outline


@dataclass(frozen=True)
class Cell:
    """One chapter or section with its rows: every number on the board is the length of one of these."""

    entry: Entry
    page: Page
    today: date
    principles: tuple[Principle, ...] = ()
    untold: tuple[Principle, ...] = ()  # principles that no case shows
    cases: tuple[Page, ...] = ()
    searches: tuple[Asked, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def days_over(self) -> int:
        """How many days ago the page was to be looked through again; 0 where that day has not passed."""
        return max((self.today - self.page.review_by).days, 0) if self.page.review_by else 0

    @property
    def risk(self) -> int:
        """How much this wants looking after: the template says how it is counted."""
        dated = 5 if self.days_over else 0 if self.page.review_by or self.entry.kind == Page.Kind.CHAPTER else 2
        return 3 * len(self.reports) + dated + len(self.searches) + len(self.untold)


@dataclass(frozen=True)
class Row:
    """One chapter's own cell and those of its sections."""

    chapter: Cell
    sections: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """All cells in reading order, and what was asked in vain and comes near to none of them."""

    rows: tuple[Row, ...]
    elsewhere: tuple[Asked, ...]

    @cached_property
    def cells(self) -> dict[str, Cell]:
        return {cell.entry.slug: cell for row in self.rows for cell in (row.chapter, *row.sections)}

    @property
    def by_risk(self) -> list[Cell]:
        """Sections, and chapters that are reported, those first that want looking after most."""
        shown = [cell for cell in self.cells.values() if cell.entry.kind == Page.Kind.SECTION or cell.risk]
        return sorted(shown, key=lambda cell: -cell.risk)


def board(user: Any, outline: Outline) -> Board:
    """The board as `user` sees it."""
    pages = Page.objects.visible_to(user).shaped_like_lists()
    rules = _grouped((rule.page_id, rule) for rule in _rules(user))
    told, cases = _cases(user)
    reports = _grouped((_section_of(report.page), report) for report in _reports(user))
    asked = unanswered(user, outline)
    searches = _grouped((row.section, row) for row in asked)
    by_pk, today = pages.in_bulk(list(outline.by_pk)), timezone.localdate()

    def cell(entry: Entry) -> Cell:
        own = tuple(rules[entry.pk])
        untold = tuple(rule for rule in own if rule.pk not in told)
        return Cell(
            entry, by_pk[entry.pk], today, own, untold, tuple(cases[entry.pk]), tuple(searches[entry.number]),
            tuple(reports[entry.pk]),
        )  # fmt: skip

    rows = tuple(Row(cell(chapter.entry), tuple(map(cell, chapter.sections))) for chapter in outline.chapters)
    known = {entry.number for entry in outline.entries}
    return Board(rows, tuple(row for row in asked if row.section not in known))


def _rules(user: Any) -> Iterable[Principle]:
    return Principle.objects.filter(page__in=Page.objects.visible_to(user)).select_related("page").defer("text", "page__text")


def _cases(user: Any) -> tuple[set[int], dict[int, list[Page]]]:
    """The principles that some case, card or drill shows, and for each page the cases that show its principles."""
    links = CaseLink.objects.filter(case__in=Page.objects.visible_to(user)).select_related("case", "principle")
    found: dict[int, dict[int, Page]] = defaultdict(dict)
    told = set()
    for link in links.defer("case__text", "case__file_text", "case__body", "principle__text"):
        told.add(link.principle_id)
        found[link.principle.page_id][link.case_id] = link.case
    sorted_rows = {pk: sorted(cases.values(), key=lambda case: case.title) for pk, cases in found.items()}
    return told, defaultdict(list, sorted_rows)


def _reports(user: Any) -> Iterable[Report]:
    found = Report.objects.open().filter(page__in=Page.objects.visible_to(user)).select_related("page")
    return found.defer("page__text", "page__file_text", "page__body")


def _section_of(page: Page) -> int:
    """The page itself where it has a number, else the section that it stands in."""
    return int(page.pk if page.is_numbered or not page.parent_id else page.parent_id)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return found
