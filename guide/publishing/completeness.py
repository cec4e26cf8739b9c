"""What a finished guide has: the parts of each page, and what all pages together must come to. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from guide.pages import syntax
from guide.publishing.documents import GuideText, QuestionText, SynonymText, TermText
from guide.publishing.faults import Fault
from guide.publishing.frontmatter import line_of
from guide.publishing.prose import passages
from guide.publishing.source import Source

SECTION_LENGTH = (900, 2000)  # characters of prose and tables
CASE_LENGTH = (250, 600)
PHRASE_ROWS = 4
QUESTIONS, SITUATIONAL = 5, 2
CHOICES = 3
SHARED_LENGTH = 20  # a sentence this long stands on one page only
PARTS = {
    "case": ("情景", "经过", "分析", "讨论题"),
    "card": ("现象", "第一步", "怎么说", "不能说", "时限", "找谁", "依据"),
    "drill": ("情景", "角色卡", "观察要点", "复盘"),
}
_SENTENCE = re.compile(r"[。！？；]")
# Lead-ins of the format are no part of a sentence.
_NOT_WORDS = re.compile(r"^\s*(?:导语|做到|为什么|怎么查|做不到时|本指南要求)：|[\s“”‘’（）()，、：—…]")


def check(sources: list[Source], records: dict[str, list[object]]) -> list[Fault]:
    """Everything that is missing, too short, too long or told twice."""
    faults = [fault for source in sources for fault in _check_page(source)]
    faults += _principles_without_a_case(sources) + _shared_sentences(sources)
    faults += _check_questions(sources, records) + _check_terms(records) + _check_least(sources, records)
    return sorted(faults)


def _check_page(source: Source) -> Iterator[Fault]:
    if source.kind == "section":
        yield from _check_section(source)
    elif source.kind != "chapter":
        yield from _check_telling(source)


def _check_section(source: Source) -> Iterator[Fault]:
    for key in ("summary", "posts", "keywords", "owner", "review_by"):
        if not getattr(source, key):
            yield _missing(source, key)
    if not {"say", "case"} <= set(source.card):
        yield _missing(source, "card: {say: …, case: …}")
    if not source.body.lstrip().startswith("导语："):
        yield _missing(source, "导语：", source.body_line + 1)
    if len(source.phrases) < PHRASE_ROWS:
        yield _missing(source, f"话术表（{PHRASE_ROWS}行以上）", source.body_line + 1)
    if not any(":" not in mark.target for mark in source.marks):
        yield _missing(source, "对相关章节的引用 [[id]]", source.body_line + 1)
    yield from _check_principles(source)
    yield from _check_length(source, SECTION_LENGTH)


def _check_principles(source: Source) -> Iterator[Fault]:
    for rule in source.principles:
        for part in ("做到：", "怎么查："):
            if f"**{part}**" not in rule.text:
                yield _missing(source, f"“{rule.title}”的{part}", source.body_line + rule.line)


def _check_telling(source: Source) -> Iterator[Fault]:
    has = {heading.title for heading in syntax.scan(source.body).headings}
    for part in PARTS[source.kind]:
        if part not in has:
            yield _missing(source, f"“## {part}”", source.body_line + 1)
    for link in source.links:
        if not link.note:
            yield _missing(source, f"{link.to} 的 note", link.line)
    if not source.posts:
        yield _missing(source, "posts")
    if source.kind == "drill" and len(source.choices) != CHOICES:
        yield _missing(source, f"choices（{CHOICES}个）")
    if source.kind == "case":
        yield from _check_case(source, has)


def _check_case(source: Source, has: set[str]) -> Iterator[Fault]:
    for key in ("case_type", "topics"):
        if not getattr(source, key):
            yield _missing(source, {"case_type": "type"}.get(key, key))
    if all(link.relation == "breach" for link in source.links) and source.case_type == "bad" and "正确做法" not in has:
        yield _missing(source, "“## 正确做法”", source.body_line + 1)
    if source.case_type == "dilemma" and len(source.choices) != CHOICES:
        yield _missing(source, f"choices（两难要有{CHOICES}个）")
    yield from _check_length(source, CASE_LENGTH)


def _check_length(source: Source, limits: tuple[int, int]) -> Iterator[Fault]:
    length = len(re.sub(r"[\s|#*>-]", "", syntax.plain(source.body)))
    if not limits[0] <= length <= limits[1]:
        details = {"count": length, "least": limits[0], "most": limits[1]}
        yield Fault(source.path, source.body_line + 1, "length", details)


def _principles_without_a_case(sources: list[Source]) -> list[Fault]:
    told = {link.to for source in sources if source.kind == "case" for link in source.links}
    return [
        Fault(source.path, source.body_line + rule.line, "no-case", {"value": rule.title})
        for source in sources
        for rule in source.principles
        if f"{source.id}#{rule.slug}" not in told
    ]


def _shared_sentences(sources: list[Source]) -> list[Fault]:
    """Sentences that stand on two pages. What a standard phrase says is written once, so it is never among them."""
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for source in sources:
        for passage in passages(source):
            for sentence in _SENTENCE.split(passage.text):
                words = _NOT_WORDS.sub("", sentence)
                if len(words) >= SHARED_LENGTH:
                    places[words].setdefault(source.path, passage.line)
    faults = []
    for words, found in places.items():
        (first, line), *others = sorted(found.items())
        details = {"value": words[:16], "other": f"{first}:{line}"}
        faults += [Fault(path, at, "shared-sentence", details) for path, at in others]
    return faults


def _check_questions(sources: list[Source], records: dict[str, list[object]]) -> list[Fault]:
    faults = []
    for source in sources:
        if source.kind != "section" or not source.principles:
            continue
        name = source.path.removesuffix(".md") + ".questions.yml"
        questions = [row for row in records.get(name, []) if isinstance(row, QuestionText)]
        situational = sum(row.is_situational for row in questions)
        if len(questions) < QUESTIONS or situational < SITUATIONAL:
            details = {"key": f"{QUESTIONS}道题（其中{SITUATIONAL}道情景题）"}
            faults.append(Fault(name, 1, "missing-part", details))
    return faults


def _check_terms(records: dict[str, list[object]]) -> list[Fault]:
    terms = [(name, row) for name, rows in records.items() for row in rows if isinstance(row, TermText)]
    return [
        Fault(name, row.line, "missing-part", {"key": f"{row.term}的{key}"})
        for name, row in terms
        for key in ("pinyin", "english", "aliases")
        if not getattr(row, key)
    ]


def _check_least(sources: list[Source], records: dict[str, list[object]]) -> list[Fault]:
    """The least numbers that guide.yml asks for."""
    every = [row for rows in records.values() for row in rows]
    asked = [row.least for row in every if isinstance(row, GuideText)]
    counts = _counts(sources, every)
    return [
        Fault("guide.yml", 1, "too-few", {"key": key, "count": counts[key], "least": least})
        for wanted in asked
        for key, least in wanted.items()
        if counts[key] < least
    ]


def _counts(sources: list[Source], records: Iterable[object]) -> Counter[str]:
    counts = Counter(f"{source.kind}s" for source in sources)
    rows = list(records)
    counts["terms"] = sum(isinstance(row, TermText) for row in rows)
    counts["synonyms"] = sum(isinstance(row, SynonymText) for row in rows)
    for source in sources:
        if source.kind == "case":
            counts["dilemmas"] += source.case_type == "dilemma"
            counts["crossing"] += len({link.to.partition("#")[0] for link in source.links}) > 1
            counts.update(f"cases-{word}" for word in {*source.posts, *source.topics})
    return counts


def _missing(source: Source, what: str, line: int = 0) -> Fault:
    return Fault(source.path, line or line_of(source.text, what.partition(":")[0]), "missing-part", {"key": what})
