"""What a text may point to: checks sources against all that the guide holds. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from guide.pages import syntax
from guide.publishing.documents import QuestionText, SourceText
from guide.publishing.faults import Fault
from guide.publishing.frontmatter import line_of
from guide.publishing.source import PrincipleText, Source


@dataclass(frozen=True)
class Universe:
    """All that can be pointed to. Facts are "key#fact"; principles "page#principle"."""

    pages: dict[str, str] = field(default_factory=dict)  # id -> kind
    principles: dict[str, str] = field(default_factory=dict)  # "page#principle" -> its `applies`
    terms: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    facts: dict[str, bool] = field(default_factory=dict)  # fact -> whether it is confirmed
    superseded: frozenset[str] = frozenset()  # keys of sources that have changed since they were read, or been replaced
    posts: dict[str, str] = field(default_factory=dict)
    pictures: frozenset[str] = frozenset()  # names below content/


def check(sources: Iterable[Source], universe: Universe) -> list[Fault]:
    """Everything in `sources` that points to what is not there, or claims more than its citation bears."""
    return sorted(fault for source in sources for fault in _check_one(source, universe))


def check_questions(path: str, questions: Iterable[QuestionText], universe: Universe) -> list[Fault]:
    """Questions whose principle does not exist."""
    return [
        Fault(path, question.line, "unknown-principle", {"value": question.principle})
        for question in questions
        if question.principle not in universe.principles
    ]


def unconfirmed(sources: Iterable[Source], records: dict[str, list[object]]) -> list[Fault]:
    """Citations of facts that nobody has confirmed; methods are only named, so theirs need no confirmation."""
    laws = [row for rows in records.values() for row in rows if isinstance(row, SourceText)]
    fine = {f"{law.key}#{fact.id}" for law in laws for fact in law.provisions if fact.confirmed or law.kind == "method"}
    return [
        Fault(source.path, source.body_line + mark.line, "unconfirmed", {"value": mark.target.removeprefix("cite:")})
        for source in sources
        for mark in source.marks
        if mark.is_citation and mark.target.removeprefix("cite:") not in fine
    ]


def warn(sources: Iterable[Source], universe: Universe, today: date) -> list[str]:
    """What is allowed but should be seen: principles without a case, reviews overdue, sources revised or superseded."""
    sources = list(sources)
    shown = {link.to for source in sources for link in source.links}
    warnings = [
        f"{source.path}:{source.body_line + rule.line}: 原则“{rule.title}”还没有案例"
        for source in sources
        for rule in source.principles
        if f"{source.id}#{rule.slug}" not in shown
    ]
    warnings += [
        f"{source.path}:{line_of(source.text, 'review_by')}: 已过复核期限 {source.review_by}"
        for source in sources
        if source.review_by and source.review_by < today
    ]
    return warnings + [
        f"{source.path}:{source.body_line + mark.line}: 依据 {mark.target.removeprefix('cite:')} 已修订或被取代"
        for source in sources
        for mark in source.marks
        if mark.is_citation and mark.target.removeprefix("cite:").partition("#")[0] in universe.superseded
    ]


def _check_one(source: Source, universe: Universe) -> list[Fault]:
    faults = [
        Fault(source.path, source.body_line + mark.line, code, {"value": value})
        for mark in source.marks
        if (code := _unknown(mark, universe)) and (value := mark.target.partition(":")[2] or mark.target)
    ]
    faults += [
        Fault(source.path, line, "unknown-principle", {"value": to})
        for line, to in [*((link.line, link.to) for link in source.links), *((c.line, c.principle) for c in source.choices)]
        if to and to not in universe.principles
    ]
    faults += _check_posts(source, universe) + _check_pictures(source, universe)
    case = source.card.get("case")
    if case and universe.pages.get(case) != "case":
        faults.append(Fault(source.path, line_of(source.text, "card"), "unknown-case", {"value": case}))
    return faults + [fault for rule in source.principles for fault in _check_principle(source, rule, universe)]


def _unknown(mark: syntax.Mark, universe: Universe) -> str:
    """The code of the fault when `mark` points to nothing; empty when all is well."""
    scheme, colon, name = mark.target.partition(":")
    known: dict[str, tuple[Iterable[str], str]] = {
        "term": (universe.terms, "unknown-term"),
        "say": (universe.phrases, "unknown-say"),
        "local": (universe.local, "unknown-local"),
        "cite": (universe.facts, "unknown-citation"),
    }
    if colon and scheme in known:
        names, code = known[scheme]
        return "" if name in names else code
    if "#" in mark.target:
        return "" if mark.target in universe.principles else "unknown-principle"
    return "" if mark.target in universe.pages else "unknown-reference"


def _check_posts(source: Source, universe: Universe) -> list[Fault]:
    known = "、".join(universe.posts)
    places = [(line_of(source.text, "posts"), source.posts)]
    places += [(source.body_line + rule.line, rule.posts) for rule in source.principles]
    places += [(source.body_line + row.line, tuple(row.attributes.values.get("posts", "").split())) for row in source.phrases]
    return [
        Fault(source.path, line, "unknown-post", {"value": post, "known": known})
        for line, posts in places
        for post in posts
        if post not in universe.posts
    ]


def _check_pictures(source: Source, universe: Universe) -> list[Fault]:
    faults = []
    for image in source.images:
        line = source.body_line + image.line
        if not image.alternative:
            faults.append(Fault(source.path, line, "picture-alternative", {"value": image.source}))
        if syntax.picture_name(image.source, source.path) not in universe.pictures:
            faults.append(Fault(source.path, line, "picture-missing", {"value": image.source}))
    return faults


def _check_principle(source: Source, rule: PrincipleText, universe: Universe) -> list[Fault]:
    line = source.body_line + rule.line
    if rule.applies:
        if rule.applies not in universe.principles:
            return [Fault(source.path, line, "unknown-principle", {"value": rule.applies})]
        if universe.principles[rule.applies]:
            return [Fault(source.path, line, "applies-chain", {"value": rule.title})]
        return []
    cited = (
        mark.target.removeprefix("cite:") for mark in source.marks if mark.is_citation and rule.line <= mark.line < rule.end
    )
    if rule.basis == "law" and not any(universe.facts.get(fact) for fact in cited):
        return [Fault(source.path, line, "law-needs-citation", {"value": rule.title})]
    return []
