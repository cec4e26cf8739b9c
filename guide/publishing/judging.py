"""Judging texts as a whole: what a set of pages and documents says, and every fault in how they point to each other."""

from collections.abc import Collection, Iterable
from typing import Any

from guide.pages.models import Page
from guide.publishing import checking, completeness, documents, linking, standing, wording
from guide.publishing.faults import Fault, SourceError
from guide.publishing.source import Source, examine


def check_page(changed: Source) -> list[Fault]:
    """Every fault that publishing `changed` would make in the guide as it is."""
    return check_batch([changed], {})[1]


def check_withdrawal(slugs: Iterable[str]) -> list[Fault]:
    """Every link that withdrawing the pages named `slugs` would break."""
    return check_batch([], {}, gone=slugs)[1]


def check_document(name: str, text: str) -> tuple[list[Any], list[Fault]]:
    """The records of a document's new text, and every fault that publishing it would make in the guide as it is."""
    records, faults = check_batch([], {name: text})
    return records[name], faults


def check_batch(
    changed: Collection[Source], texts: dict[str, str], gone: Iterable[str] = ()
) -> tuple[dict[str, list[Any]], list[Fault]]:
    """The records of documents' new texts, and every fault that publishing all this at once would make in the guide.

    Only what changes and what points to something lost is read again.
    """
    records, faults = read_documents(texts)
    gone = set(gone)
    before = standing.universe(None if texts else linking.pages_named_by(changed) | gone)
    lost = standing.lost(before, standing.universe_after(before, changed, gone, records))
    touched = Page.objects.published().filter(pk__in=standing.pointing_to(lost))
    sources = [*changed, *map(stored_source, touched.exclude(slug__in={source.id for source in changed} | gone))]
    if len(sources) > len(changed):
        before = standing.universe()
    if any("#" in target for target in lost):
        records = read_documents({**standing.question_texts(), **texts})[0]
    return records, sorted(faults + cross_faults(sources, records, standing.universe_after(before, changed, gone, records)))


def read_documents(texts: dict[str, str]) -> tuple[dict[str, list[Any]], list[Fault]]:
    """The records of each document by name, and what is wrong with them."""
    records, faults = dict[str, list[Any]](), list[Fault]()
    for name, text in texts.items():
        short = name.rpartition("/")[2]
        records[name], found = documents.parse(short, text, name)
        faults += found
    return records, faults


def cross_faults(sources: Iterable[Source], records: dict[str, list[object]], universe: checking.Universe) -> list[Fault]:
    """Every fault in how pages and questions point to the rest."""
    faults = checking.check(sources, universe)
    for name, rows in records.items():
        questions = [row for row in rows if isinstance(row, documents.QuestionText)]
        faults += checking.check_questions(name, questions, universe)
    return faults


def finish_faults(sources: list[Source], records: dict[str, list[object]]) -> list[Fault]:
    """Everything that a finished guide would have or say otherwise."""
    faults = completeness.check(sources, records) + [fault for source in sources for fault in wording.check(source)]
    for name, rows in records.items():
        for row in rows:
            if isinstance(row, documents.TermText):
                faults += wording.check_text(name, row.line, row.definition)
            elif isinstance(row, documents.QuestionText):
                texts = (row.stem, row.explanation, *row.options.values())
                faults += [fault for text in texts for fault in wording.check_text(name, row.line, text)]
    return faults + checking.unconfirmed(sources, records)


def universe_of(sources: Iterable[Source], records: dict[str, list[object]], pictures: Iterable[str]) -> checking.Universe:
    """All that can be pointed to, where `sources`, `records` of documents and `pictures` (names) make up the guide."""
    sources = list(sources)
    rows = [row for records_of_one in records.values() for row in records_of_one]
    laws = [row for row in rows if isinstance(row, documents.SourceText)]
    guides = [row for row in rows if isinstance(row, documents.GuideText)]
    return checking.Universe(
        pages={source.id: source.kind for source in sources},
        principles={f"{source.id}#{rule.slug}": rule.applies for source in sources for rule in source.principles},
        terms=frozenset(row.id for row in rows if isinstance(row, documents.TermText)),
        phrases=frozenset(row.id for row in rows if isinstance(row, documents.PhraseText)),
        local=frozenset(value.id for guide in guides for value in guide.local),
        facts={f"{law.key}#{fact.id}": bool(fact.confirmed) for law in laws for fact in law.provisions},
        superseded=frozenset(law.key for law in laws if law.status in documents.OUTDATED),
        pictures=frozenset(pictures),
        posts={post: label for guide in guides for post, label in guide.posts.items()},
    )


def read_page(page: Page, text: str) -> Source:
    """The Source of a new text for `page`. Raises SourceError, also where it would change what the page is."""
    source, faults = examine(text, page.file_path or page.slug, page.kind)
    if source and (source.id, source.kind) != (page.slug, page.kind):
        faults.append(Fault(source.path, 2, "identity", {"id": page.slug, "kind": page.kind}))
    if source is None or faults:
        raise SourceError(faults)
    return source


def stored_source(page: Page) -> Source:
    """The Source of a page's text as the guide holds it. Raises SourceError when it cannot be read at all."""
    source, faults = examine(page.text, page.file_path or page.slug, page.kind)
    if source is None:
        raise SourceError(faults)
    return source
