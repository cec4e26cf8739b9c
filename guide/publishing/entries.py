"""Terms, sources, phrases, local values and synonyms: the rows that the guide's documents become."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from guide.publishing import documents, rows
from guide.reference.models import GuideInfo, LocalValue, Provision, Source, StandardPhrase, SynonymGroup, Term

Sweep = Callable[[], None]


def write(name: str, records: list[Any]) -> list[Sweep]:
    """Make the rows of document `name` agree with `records`.

    Returns what is left to do once no page points to the rows that went away: call each to delete them.
    """
    return _WRITERS[name](records) if name in _WRITERS else []


def _write_guide(records: list[documents.GuideText]) -> list[Sweep]:
    guide = records[0]
    values = {"title": guide.title, "edition": guide.edition, "as_of": guide.as_of, "scope": guide.scope,
              "posts": guide.posts, "relations": guide.relations}  # fmt: skip
    GuideInfo.objects.update_or_create(pk=1, defaults=values)
    local = {
        value.id: {"slug": value.id, "label": value.label, "value": value.value, "position": place}
        for place, value in enumerate(guide.local, start=1)
    }
    return [_agree(LocalValue, "slug", local)]


def _write_terms(records: list[documents.TermText]) -> list[Sweep]:
    wanted = {
        term.id: {"slug": term.id, "term": term.term, "pinyin": term.pinyin, "english": term.english,
                  "definition": term.definition, "aliases": list(term.aliases)}
        for term in records
    }  # fmt: skip
    return [_agree(Term, "slug", wanted)]


def _write_phrases(records: list[documents.PhraseText]) -> list[Sweep]:
    return [_agree(StandardPhrase, "slug", {row.id: {"slug": row.id, "text": row.text} for row in records})]


def _write_synonyms(records: list[documents.SynonymText]) -> list[Sweep]:
    wanted = {
        place: {"position": place, "words": list(group.words), "note": group.note}
        for place, group in enumerate(records, start=1)
    }
    return [_agree(SynonymGroup, "position", wanted)]


def _write_sources(records: list[documents.SourceText]) -> list[Sweep]:
    names = ("key", "title", "kind", "issuer", "number", "issued", "effective", "status", "official", "checked", "note")
    wanted = {
        source.key: {name: getattr(source, name) for name in names} | {"position": place}
        for place, source in enumerate(records, start=1)
    }
    agreed = rows.agree(Source, {row.key: row for row in Source.objects.all()}, wanted)
    return [_write_provisions(records, agreed.rows), lambda: rows.delete(Source, agreed.stale)]


def _write_provisions(records: Iterable[documents.SourceText], sources: dict[Any, Source]) -> Sweep:
    existing = {(row.source_id, row.slug): row for row in Provision.objects.all()}
    wanted = {
        (sources[source.key].pk, fact.id): {
            "source_id": sources[source.key].pk, "slug": fact.id, "text": fact.text, "article": fact.article,
            "confirmed": fact.confirmed, "position": place,
        }
        for source in records
        for place, fact in enumerate(source.provisions, start=1)
    }  # fmt: skip
    agreed = rows.agree(Provision, existing, wanted)
    return lambda: rows.delete(Provision, agreed.stale)


def _agree(model: type[Model], key: str, wanted: dict[Any, dict[str, Any]]) -> Sweep:
    agreed = rows.agree(model, {getattr(row, key): row for row in model._default_manager.all()}, wanted)
    return lambda: rows.delete(model, agreed.stale)


_WRITERS: dict[str, Callable[[list[Any]], list[Sweep]]] = {
    "guide.yml": _write_guide,
    "glossary.yml": _write_terms,
    "standard-phrases.yml": _write_phrases,
    "synonyms.yml": _write_synonyms,
    "sources.yml": _write_sources,
}
