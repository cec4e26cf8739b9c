"""The guide as it stands, asked of its rows: what can be pointed to, and who points to something."""

from collections.abc import Iterable
from dataclasses import replace

from guide.pages.models import CaseLink, Citation, Page, Picture, Principle, Reference
from guide.publishing import checking, documents
from guide.publishing.models import Document
from guide.publishing.source import Source
from guide.reference.models import GuideInfo, LocalValue, Provision, StandardPhrase, Term
from guide.reference.models import Source as Law


def universe(slugs: set[str] | None = None) -> checking.Universe:
    """All that can be pointed to now: the same as reading every text again, at the price of a dozen queries.

    With `slugs`, only the pages of these ids and their principles.
    """
    pages, principles = Page.objects.published(), Principle.objects.filter(page__withdrawn_at=None)
    if slugs is not None:
        pages, principles = pages.filter(slug__in=slugs), principles.filter(page__slug__in=slugs)
    rules = principles.values_list("page__slug", "slug", "applies__page__slug", "applies__slug")
    facts = Provision.objects.values_list("source__key", "slug", "confirmed")
    return checking.Universe(
        pages=dict(pages.values_list("slug", "kind")),
        principles={f"{page}#{slug}": f"{home}#{rule}" if home else "" for page, slug, home, rule in rules},
        terms=frozenset(Term.objects.values_list("slug", flat=True)),
        phrases=frozenset(StandardPhrase.objects.values_list("slug", flat=True)),
        local=frozenset(LocalValue.objects.values_list("slug", flat=True)),
        facts={f"{key}#{slug}": bool(confirmed) for key, slug, confirmed in facts},
        superseded=frozenset(Law.objects.filter(status__in=documents.OUTDATED).values_list("key", flat=True)),
        posts=dict(next(iter(GuideInfo.objects.values_list("posts", flat=True)), {})),
        pictures=frozenset(Picture.objects.values_list("name", flat=True)),
    )


def universe_after(
    before: checking.Universe, changed: Iterable[Source], gone: Iterable[str], records: dict[str, list[object]]
) -> checking.Universe:
    """`before` once the pages `changed` and the documents read into `records` are live, and the pages `gone` are not."""
    changed, gone = list(changed), set(gone)
    rewritten = gone | {source.id for source in changed}
    principles = {name: applies for name, applies in before.principles.items() if name.partition("#")[0] not in rewritten}
    principles |= {f"{source.id}#{rule.slug}": rule.applies for source in changed for rule in source.principles}
    pages = {slug: kind for slug, kind in before.pages.items() if slug not in gone}
    after = replace(before, principles=principles, pages=pages | {source.id: source.kind for source in changed})
    for name, rows in records.items():
        after = _with_document(after, name, rows)
    return after


def _with_document(before: checking.Universe, name: str, rows: list[object]) -> checking.Universe:
    if name == "glossary.yml":
        return replace(before, terms=frozenset(row.id for row in rows if isinstance(row, documents.TermText)))
    if name == "standard-phrases.yml":
        return replace(before, phrases=frozenset(row.id for row in rows if isinstance(row, documents.PhraseText)))
    if name == "sources.yml":
        laws = [row for row in rows if isinstance(row, documents.SourceText)]
        facts = {f"{law.key}#{fact.id}": bool(fact.confirmed) for law in laws for fact in law.provisions}
        return replace(before, facts=facts, superseded=frozenset(law.key for law in laws if law.status in documents.OUTDATED))
    if name == "guide.yml":
        guides = [row for row in rows if isinstance(row, documents.GuideText)]
        local = frozenset(value.id for guide in guides for value in guide.local)
        return replace(before, local=local, posts={post: label for guide in guides for post, label in guide.posts.items()})
    return before


def lost(before: checking.Universe, after: checking.Universe) -> set[str]:
    """What texts could point to in `before` and cannot in `after`, as they write it; posts as "post:id"."""
    gone = {*before.pages} - {*after.pages}
    gone |= {
        name for name, applies in before.principles.items() if name not in after.principles or after.principles[name] != applies
    }
    gone |= {f"cite:{fact}" for fact, is_confirmed in before.facts.items() if after.facts.get(fact) != is_confirmed}
    for scheme, old, new in (
        ("term", before.terms, after.terms), ("say", before.phrases, after.phrases),
        ("local", before.local, after.local), ("post", frozenset(before.posts), frozenset(after.posts)),
    ):  # fmt: skip
        gone |= {f"{scheme}:{name}" for name in old - new}
    return gone


def pointing_to(targets: set[str]) -> set[int]:
    """The pks of published pages whose texts point to one of `targets`."""
    if not targets:
        return set()
    if any(target.startswith("post:") for target in targets):
        return set(Page.objects.published().values_list("pk", flat=True))
    rules = [pk for name, pk in _rule_pks(targets)]
    found = set(Reference.objects.filter(target__in=targets, is_plain=False).values_list("page", flat=True))
    found |= set(CaseLink.objects.filter(principle__in=rules).values_list("case", flat=True))
    found |= set(Principle.objects.filter(applies__in=rules).values_list("page", flat=True))
    found |= {page for page, key, slug in Citation.objects.values_list("page", "provision__source__key", "provision__slug")
              if f"cite:{key}#{slug}" in targets}  # fmt: skip
    return found | naming_in_columns(targets)


def _rule_pks(targets: set[str]) -> Iterable[tuple[str, int]]:
    pages = {target.partition("#")[0] for target in targets}
    rules = Principle.objects.filter(page__slug__in=pages).values_list("page__slug", "slug", "pk")
    return [(f"{page}#{slug}", pk) for page, slug, pk in rules if f"{page}#{slug}" in targets]


def naming_in_columns(targets: set[str]) -> set[int]:
    """Pages whose card or choices name one of `targets`: columns that no database looks into alike."""
    rows = Page.objects.published().values_list("pk", "card", "choices")
    return {
        pk
        for pk, card, choices in rows
        if card.get("case") in targets or any(choice["principle"] in targets for choice in choices)
    }


def question_texts() -> dict[str, str]:
    """The documents that hold questions, by name."""
    return dict(Document.objects.filter(name__endswith=documents.QUESTIONS).values_list("name", "text"))
