"""What is wrong with a text while it is being written: every fault with its line, quickly enough to be told as one types.

Rows are asked, not texts: the whole guide is never read again for one page. What is published is judged once more, whole.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.utils import timezone

from guide.pages.models import CaseLink, GuideVersion, Page, Picture, Principle, Reference
from guide.publishing import checking, source, wording
from guide.publishing.checking import Universe
from guide.publishing.faults import Fault
from guide.publishing.source import Source
from guide.reference.models import GuideInfo, LocalValue, Provision, StandardPhrase, Term
from guide.reference.models import Source as Law

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
    notices = [_notice(fault) for fault in faults]
    if read is not None:
        universe = _universe_with(read)
        notices += [_notice(fault) for fault in checking.check([read], universe)]
        notices += [*_identity(read, page), *_incoming(read, page), *_advice(read, universe)]
    return Checked(read, tuple(sorted(dict.fromkeys(notices), key=lambda notice: (not notice.is_blocking, notice.line))))


def _notice(fault: Fault, *, is_blocking: bool = True) -> Notice:
    return Notice(fault.line, fault.message, fault.remedy, is_blocking)


def _advice(read: Source, universe: Universe) -> Iterable[Notice]:
    for fault in wording.check(read):
        yield _notice(fault, is_blocking=False)
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
        yield Notice(0, f"原则“{slug}”不见了，“{other}”还指着它", "留着这个 id，或先改那一页")


def _universe_with(read: Source) -> Universe:
    """All that can be pointed to once `read` is part of the guide."""
    known = _universe()
    others = {name: applies for name, applies in known.principles.items() if name.partition("#")[0] != read.id}
    pictures = frozenset(Picture.objects.values_list("name", flat=True)) if read.images else frozenset[str]()
    return Universe(
        pages=known.pages | {read.id: read.kind},
        principles=others | {f"{read.id}#{rule.slug}": rule.applies for rule in read.principles},
        terms=known.terms, phrases=known.phrases, local=known.local, facts=known.facts, superseded=known.superseded,
        posts=known.posts, pictures=pictures,
    )  # fmt: skip


def _universe() -> Universe:
    """All that can be pointed to today, kept by the process for each version of the guide."""
    key = f"universe:{GuideVersion.current()}"
    kept: Universe | None = cache.get(key)
    if kept is None:
        kept = _read_universe()
        cache.set(key, kept)
    return kept


def _read_universe() -> Universe:
    published = Page.objects.published()
    rules = Principle.objects.filter(page__in=published).values_list(
        "page__slug", "slug", "applies__page__slug", "applies__slug"
    )
    facts = Provision.objects.values_list("source__key", "slug", "confirmed")
    info = GuideInfo.objects.first()
    return Universe(
        pages=dict(published.values_list("slug", "kind")),
        principles={f"{page}#{rule}": f"{home}#{of}" if home else "" for page, rule, home, of in rules},
        terms=frozenset(Term.objects.values_list("slug", flat=True)),
        phrases=frozenset(StandardPhrase.objects.values_list("slug", flat=True)),
        local=frozenset(LocalValue.objects.values_list("slug", flat=True)),
        facts={f"{key}#{fact}": bool(confirmed) for key, fact, confirmed in facts},
        superseded=frozenset(Law.objects.filter(status=Law.Status.SUPERSEDED).values_list("key", flat=True)),
        posts=info.posts if info else {},
    )
