"""What is wrong with a text while it is being written: every fault with its line, quickly enough to be told as one types.

Rows are asked, not texts: the whole guide is never read again for one page. What is published is judged once more, whole.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.core.cache import cache
from django.utils import timezone

from guide.pages.models import CaseLink, GuideVersion, Page, Picture, Principle, Reference
from guide.publishing import checking, source, standing, wording
from guide.publishing.checking import Universe
from guide.publishing.faults import Fault
from guide.publishing.source import Source

_OPEN = re.compile(r"\[\[(?![^\[\]\n]*\]\])|\[@(?![^\[\]\s]*\])|\{\{(?![^{}\n]*\}\})")
_WARNING = re.compile(r"^.*?:(\d+): (.*)$")


@dataclass(frozen=True)
class Notice:
    """One thing to see to. `line` is 0 where it is not about a line; what does not block may still be published."""

    line: int
    text: str
    remedy: str = ""
    is_blocking: bool = True


@dataclass(frozen=True)
class Checked:
    """A text as far as it can be read, and all there is to say about it, by line."""

    source: Source | None
    notices: tuple[Notice, ...]

    @property
    def is_publishable(self) -> bool:
        return self.source is not None and not any(notice.is_blocking for notice in self.notices)


def check(text: str, page: Page | None = None, *, kind: str = "", path: str = "") -> Checked:
    """Read `text` as the new text of `page` (or of a new page of `kind` at `path`) and say what is wrong with it."""
    where = (page.file_path or page.slug) if page else path or "正文"
    read, faults = source.examine(text, where, page.kind if page else kind or Page.Kind.SECTION)
    notices = [notice_of(fault) for fault in faults]
    if read is not None:
        universe = _universe_with(read)
        notices += [notice_of(fault) for fault in checking.check([read], universe)]
        notices += [*_identity(read, page), *_incoming(read, page), *_advice(read, universe)]
    return Checked(read, tuple(sorted(dict.fromkeys(notices), key=lambda notice: (not notice.is_blocking, notice.line))))


def notice_of(fault: Fault, *, is_blocking: bool = True) -> Notice:
    """A fault as an editor is told of it."""
    return Notice(fault.line, fault.message, fault.remedy, is_blocking)


def _advice(read: Source, universe: Universe) -> Iterable[Notice]:
    for number, line in enumerate(read.body.split("\n"), start=read.body_line + 1):
        if found := _OPEN.search(line):
            yield Notice(number, f"“{found[0]}”没有合上", "补上后一半，或删去", is_blocking=False)
    for fault in wording.check(read):
        yield notice_of(fault, is_blocking=False)
    for warning in [*checking.warn([read], universe, _today()), *wording.warn(read)]:
        found = _WARNING.match(warning)
        if found and "还没有案例" not in warning:  # one page alone cannot know who tells of its principles
            yield Notice(int(found[1]), found[2], is_blocking=False)


def _today() -> date:
    return timezone.localdate()


def _identity(read: Source, page: Page | None) -> Iterable[Notice]:
    if page is not None and (read.id != page.slug or read.kind != page.kind):
        yield Notice(1, "id 和 kind 一经发布不再改变", f"改回 id: {page.slug}；要换，请另建一页")
    elif page is None and read.id and Page.objects.filter(slug=read.id).exists():
        yield Notice(1, f"id“{read.id}”已经用过", "换一个")


def _incoming(read: Source, page: Page | None) -> Iterable[Notice]:
    """Principles that are no longer there while other pages still point to them."""
    if page is None:
        return
    gone = Principle.objects.filter(page=page).exclude(slug__in=[rule.slug for rule in read.principles])
    links = CaseLink.objects.filter(principle__in=gone, case__withdrawn_at=None).exclude(case=page)
    pointing = {(row.principle.slug, row.case) for row in links.select_related("principle", "case")}
    references = Reference.objects.filter(to_principle__in=gone, page__withdrawn_at=None).exclude(page=page)
    pointing |= {
        (row.to_principle.slug, row.page) for row in references.select_related("to_principle", "page") if row.to_principle
    }
    for slug, other in sorted(pointing, key=lambda pair: (pair[0], pair[1].slug)):
        yield Notice(0, f"原则“{slug}”不见了，“{other}”还引用它", "留着这个 id，或先改那一页")


def _universe_with(read: Source) -> Universe:
    """All that can be pointed to once `read` is part of the guide."""
    after = standing.universe_after(_universe(), [read], (), {})
    # A picture may have come since, without the guide having a new version.
    return replace(after, pictures=frozenset(Picture.objects.values_list("name", flat=True))) if read.images else after


def _universe() -> Universe:
    """All that can be pointed to today, kept by the process for each version of the guide."""
    key = f"universe:{GuideVersion.current()}"
    kept: Universe | None = cache.get(key)
    if kept is None:
        kept = standing.universe()
        cache.set(key, kept)
    return kept
