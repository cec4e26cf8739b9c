"""What points where: the rows of `guide.pages.links`, derived from the texts of pages in place."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from guide.pages import syntax
from guide.pages.models import CaseLink, Citation, Page, Phrase, Principle, Reference
from guide.publishing import rows
from guide.publishing.source import Source
from guide.reference.models import LocalValue, Provision, StandardPhrase, Term

# Shorter terms are everyday words; linking each first mention of them would be noise.
PLAIN_TERM_LENGTH = 3

Wanted = dict[Any, dict[str, Any]]
Sources = Mapping[int, Source | None]


def derive(sources: Sources, gone_terms: Collection[str] = ()) -> None:
    """Make the links of each page (by pk) agree with its Source; None removes them all (a page that is withdrawn).

    `gone_terms` are ids of terms that are about to be deleted: no mention is theirs any more.

    Principles come first and stale ones go last, because links of other pages point to them.
    """
    pks = set(sources)
    principles = _agree_principles(sources, pks)
    targets = _Targets(pages_named_by(source for source in sources.values() if source), gone_terms)
    for model, wanted in (
        (CaseLink, _case_links(sources, targets)),
        (Reference, _references(sources, targets)),
        (Citation, _citations(sources, targets)),
        (Phrase, _phrases(sources, targets)),
    ):
        _agree(model, pks, wanted)
    rows.delete(Principle, principles.stale)


def pages_named_by(sources: Iterable[Source]) -> set[str]:
    """The ids of `sources` and of all pages that their texts point to."""
    found: set[str] = set()
    for source in sources:
        targets = [source.id, str(source.card.get("case", "")), *(mark.target for mark in source.marks)]
        targets += [link.to for link in source.links] + [choice.principle for choice in source.choices]
        targets += [rule.applies for rule in source.principles]
        found |= {target.partition("#")[0] for target in targets if target and ":" not in target}
    return found


class _Targets:
    """All that links can point to, by the name that texts use for it; of pages those named by `slugs` alone."""

    def __init__(self, slugs: set[str], gone_terms: Collection[str]) -> None:
        pages, rules = Page.objects.published(), Principle.objects.all()
        if len(slugs) <= rows.BATCH:
            pages, rules = pages.filter(slug__in=slugs), rules.filter(page__slug__in=slugs)
        self.pages = dict(pages.values_list("slug", "pk"))
        self.principles = {f"{page}#{slug}": pk for page, slug, pk in rules.values_list("page__slug", "slug", "pk")}
        self.terms = {term.slug: term for term in Term.objects.exclude(slug__in=gone_terms).only("slug", "term")}
        self.phrases = dict(StandardPhrase.objects.values_list("slug", "pk"))
        self.local = dict(LocalValue.objects.values_list("slug", "pk"))
        facts = Provision.objects.values_list("source__key", "slug", "pk")
        self.facts = {f"{key}#{slug}": pk for key, slug, pk in facts}
        self.plain_words = sorted(
            ((term.term, slug) for slug, term in self.terms.items() if len(term.term) >= PLAIN_TERM_LENGTH),
            key=lambda pair: -len(pair[0]),
        )

    def reference(self, target: str) -> dict[str, Any]:
        """The columns of a Reference to `target`, as written in a text."""
        scheme, colon, name = target.partition(":")
        term = self.terms.get(name) if scheme == "term" else None
        page, _, rule = target.partition("#")
        return {
            "to_page_id": self.pages.get(page) if not colon else None,
            "to_principle_id": self.principles.get(target) if rule else None,
            "to_term_id": term.pk if term else None,
            "to_phrase_id": self.phrases.get(name) if scheme == "say" else None,
            "to_local_id": self.local.get(name) if scheme == "local" else None,
        }


_KEYS: dict[type[Any], tuple[str, tuple[str, ...]]] = {
    # model: the column that names its page, and the columns that make its key
    Principle: ("page_id", ("page_id", "slug")),
    CaseLink: ("case_id", ("case_id", "principle_id")),
    Reference: ("page_id", ("page_id", "target")),
    Citation: ("page_id", ("page_id", "principle_id", "provision_id")),
    Phrase: ("page_id", ("page_id", "position")),
}


def _existing(model: type[Any], pks: set[int]) -> dict[Any, Any]:
    page, key = _KEYS[model]
    every = model.objects.all() if len(pks) > rows.BATCH else model.objects.filter(**{f"{page}__in": pks})
    return {tuple(getattr(row, name) for name in key): row for row in every if getattr(row, page) in pks}


def _agree(model: type[Any], pks: set[int], wanted: Wanted) -> None:
    agreed = rows.agree(model, _existing(model, pks), wanted)
    rows.delete(model, agreed.stale)


def _written(sources: Sources) -> Iterable[tuple[int, Source]]:
    return ((pk, source) for pk, source in sources.items() if source is not None)


def _agree_principles(sources: Sources, pks: set[int]) -> rows.Agreed[Principle]:
    wanted: Wanted = {
        (pk, rule.slug): {
            "page_id": pk, "slug": rule.slug, "title": rule.title, "level": rule.level, "basis": rule.basis,
            "posts": list(rule.posts), "position": place, "text": rule.text, "asked": list(rule.asked),
        }
        for pk, source in _written(sources)
        for place, rule in enumerate(source.principles, start=1)
    }  # fmt: skip
    agreed = rows.agree(Principle, _existing(Principle, pks), wanted)
    _set_applies(sources, agreed.rows)
    return agreed


def _set_applies(sources: Sources, own: dict[Any, Principle]) -> None:
    """A second pass: the principle that another applies may have been made in this same write."""
    homes = {(pk, rule.slug): rule.applies for pk, source in _written(sources) for rule in source.principles}
    if not any(homes.values()) and not any(rule.applies_id for rule in own.values()):
        return
    known = {f"{page}#{slug}": pk for page, slug, pk in Principle.objects.values_list("page__slug", "slug", "pk")}
    changed = []
    for key, rule in own.items():
        home = known.get(homes[key]) if homes[key] else None
        if rule.applies_id != home:
            rule.applies_id = home
            changed.append(rule)
    Principle.objects.bulk_update(changed, ["applies"], batch_size=rows.BATCH)


def _case_links(sources: Sources, targets: _Targets) -> Wanted:
    return {
        (pk, targets.principles[link.to]): {
            "case_id": pk, "principle_id": targets.principles[link.to], "relation": link.relation, "note": link.note,
            "position": place,
        }
        for pk, source in _written(sources)
        for place, link in enumerate(source.links, start=1)
    }  # fmt: skip


def _references(sources: Sources, targets: _Targets) -> Wanted:
    wanted: Wanted = {}
    for pk, source in _written(sources):
        written = [mark.target for mark in source.marks if not mark.is_citation]
        written += [rule.applies for rule in source.principles if rule.applies]
        plain = syntax.plain(source.body)
        marked = {(target, False) for target in written}
        mentioned = [f"term:{slug}" for word, slug in targets.plain_words if word in plain]
        for place, target in enumerate(dict.fromkeys([*written, *mentioned]), start=1):
            is_plain = (target, False) not in marked
            wanted[pk, target] = targets.reference(target) | {
                "page_id": pk, "target": target, "is_plain": is_plain, "position": place,
            }  # fmt: skip
    return wanted


def _citations(sources: Sources, targets: _Targets) -> Wanted:
    wanted: Wanted = {}
    for pk, source in _written(sources):
        for place, mark in enumerate((mark for mark in source.marks if mark.is_citation), start=1):
            rule = source.principle_at(mark.line)
            principle = targets.principles[f"{source.id}#{rule}"] if rule else None
            provision = targets.facts[mark.target.removeprefix("cite:")]
            wanted.setdefault(
                (pk, principle, provision),
                {"page_id": pk, "principle_id": principle, "provision_id": provision, "position": place},
            )
    return wanted


def _phrases(sources: Sources, targets: _Targets) -> Wanted:
    wanted: Wanted = {}
    for pk, source in _written(sources):
        for place, row in enumerate(source.phrases, start=1):
            rule = source.principle_at(row.line)
            wanted[pk, place] = {
                "page_id": pk, "position": place, "say": row.say, "avoid": row.avoid, "why": row.why,
                "principle_id": targets.principles[f"{source.id}#{rule}"] if rule else None,
                "audience": row.attributes.values.get("audience", Phrase.Audience.CUSTOMER), "posts": list(row.posts),
            }  # fmt: skip
    return wanted
