"""Entries of documents (terms, sources, standard phrases, local values, posts) and the pages that use them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guide.pages.models import Citation, Page, Reference
from guide.publishing import documents, judging
from guide.publishing.impact import Change, Touched
from guide.publishing.models import Document


@dataclass(frozen=True)
class Entry:
    """One entry as texts name it ("term:kyc"), as people call it, and all that it says."""

    target: str
    label: str
    said: object = None


def entries(change: Change) -> Iterator[Touched]:
    """The pages that use an entry of a document which changes or goes; broken where it goes and they name it."""
    if isinstance(change.target, Page):
        return
    name = change.target.name
    read = judging.read_documents({"before/" + name: change.target.text, "after/" + name: change.text or ""})[0]
    before, after = (_entries(read[f"{when}/{name}"]) for when in ("before", "after"))
    changed = {target: entry for target, entry in before.items() if entry != after.get(target)}
    for page, entry, is_named in _uses(changed):
        is_gone = entry.target not in after
        words = f"{entry.label}{'（要删去）' if is_gone else ''}"
        yield Touched(str(page), page.get_absolute_url(), words, is_gone and is_named)


def phrases(change: Change) -> Iterator[Touched]:
    """The standard phrases and local values that a page shows."""
    if isinstance(change.target, Document):
        return
    rows = Reference.objects.filter(page=change.target).exclude(to_phrase=None, to_local=None)
    for row in rows.select_related("to_phrase", "to_local"):
        yield Touched(str(row.to_phrase or row.to_local), "", "标准用语" if row.to_phrase else "本行信息")


def _uses(changed: Mapping[str, Entry]) -> Iterator[tuple[Page, Entry, bool]]:
    """Each page that uses one of the entries, in reading order, and whether its text names it: terms are found unnamed too."""
    used = {(page, target): not is_plain for page, target, is_plain in _references(changed)}
    used |= dict.fromkeys((*_citations(changed), *_posts(changed)), True)
    pages = Page.objects.published().shaped_like_lists().in_reading_order()
    for page in pages.filter(pk__in={pk for pk, _ in used}) if used else ():
        yield from ((page, entry, used[page.pk, target]) for target, entry in changed.items() if (page.pk, target) in used)


def _references(changed: Mapping[str, Entry]) -> Iterable[tuple[int, str, bool]]:
    return Reference.objects.filter(target__in=changed).values_list("page", "target", "is_plain")


def _citations(changed: Mapping[str, Entry]) -> Iterator[tuple[int, str]]:
    if any(target.startswith("cite:") for target in changed):
        for page, key, fact in Citation.objects.values_list("page", "provision__source__key", "provision__slug"):
            if f"cite:{key}#{fact}" in changed:
                yield page, f"cite:{key}#{fact}"


def _posts(changed: Mapping[str, Entry]) -> Iterator[tuple[int, str]]:
    if any(target.startswith("post:") for target in changed):
        rows = [*Page.objects.published().values_list("pk", "posts")]
        rows += Page.objects.published().filter(principles__isnull=False).values_list("pk", "principles__posts")
        yield from ((pk, f"post:{post}") for pk, posts in rows for post in posts if f"post:{post}" in changed)


def _entries(records: Iterable[object]) -> dict[str, Entry]:
    """The entries of a document's records, by the name that texts use for them."""
    return {entry.target: entry for row in records for entry in _entries_of(row)}


def _entries_of(row: object) -> Iterator[Entry]:
    if isinstance(row, documents.TermText):
        yield Entry(f"term:{row.id}", f"术语“{row.term}”", (row.definition, row.aliases))
    elif isinstance(row, documents.PhraseText):
        yield Entry(f"say:{row.id}", f"标准用语“{row.id}”", row.text)
    elif isinstance(row, documents.SourceText):
        for fact in row.provisions:
            label = f"依据《{row.title}》{fact.article or fact.id}"
            yield Entry(f"cite:{row.key}#{fact.id}", label, (row.status, row.number, fact))
    elif isinstance(row, documents.GuideText):
        yield from (Entry(f"local:{value.id}", f"本行信息“{value.label}”", value.value) for value in row.local)
        yield from (Entry(f"post:{post}", f"岗位“{label}”") for post, label in row.posts.items())
