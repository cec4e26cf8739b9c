"""The guide's YAML documents (guide.yml, glossary.yml, sources.yml …) to records, with every fault. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from guide.publishing.faults import Fault
from guide.publishing.frontmatter import Reader, line_of, read_yaml
from guide.publishing.source import RELATIONS

STATUSES = ("in_force", "revised", "superseded", "unknown", "reference")
OUTDATED = ("revised", "superseded")  # what was cited may have changed
CONFIRMED = ("full_text", "quoted", "secondary")
SOURCE_KINDS = (
    "law", "admin_regulation", "departmental_rule", "normative_document", "announcement", "national_standard",
    "industry_standard", "group_standard", "international_standard", "self_regulation", "report", "method",
)  # fmt: skip
QUESTION_TYPES = ("single", "multiple", "judge")
# The documents beside the pages; a section's questions are named after its file.
NAMES = ("guide.yml", "glossary.yml", "sources.yml", "synonyms.yml", "standard-phrases.yml")
QUESTIONS = ".questions.yml"


@dataclass(frozen=True)
class LocalText:
    id: str
    label: str
    value: str


@dataclass(frozen=True)
class GuideText:
    title: str
    edition: str
    as_of: date | None
    scope: str
    posts: dict[str, str]
    relations: dict[str, str]
    local: tuple[LocalText, ...]
    least: dict[str, int]  # what check_content asks for: "cases": 141, "cases-counter": 30 …


@dataclass(frozen=True)
class TermText:
    id: str
    term: str
    pinyin: str
    english: str
    definition: str
    aliases: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class ProvisionText:
    id: str
    text: str
    article: str
    confirmed: str


@dataclass(frozen=True)
class SourceText:
    key: str
    title: str
    kind: str
    issuer: str
    number: str
    issued: str
    effective: str
    status: str
    official: str
    checked: date | None
    note: str
    provisions: tuple[ProvisionText, ...]


@dataclass(frozen=True)
class PhraseText:
    id: str
    text: str


@dataclass(frozen=True)
class SynonymText:
    words: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class QuestionText:
    id: str
    type: str
    stem: str
    options: dict[str, str]
    answer: tuple[str, ...]
    explanation: str
    principle: str
    is_situational: bool
    line: int


Record = GuideText | TermText | SourceText | PhraseText | SynonymText | QuestionText


def parse(name: str, text: str, path: str) -> tuple[list[Any], list[Fault]]:
    """The records of the document `name` (its file name), and what is wrong with it."""
    value, faults = read_yaml(text, path)
    if faults:
        return [], faults
    if name == "guide.yml":
        reader = Reader(value if isinstance(value, dict) else {}, path, text)
        return [_guide(reader)], reader.faults
    rows = Reader({"rows": value}, path, text)
    read = _questions if name.endswith(QUESTIONS) else _ROWS[name]
    records = []
    for row in rows.mappings("rows"):
        reader = Reader(row, path, text)
        reader.first_line = line_of(text, str(row.get("id", row.get("key", ""))))
        records.append(read(reader))
        rows.faults += reader.faults
    return records, rows.faults + _repeated(name, records, path, text)


def _repeated(name: str, records: list[Any], path: str, text: str) -> list[Fault]:
    """Faults for an id that stands twice, and for a word that two terms or two groups claim."""
    faults, owner = [], dict[str, str]()
    for record in records:
        own = getattr(record, "id", "") or getattr(record, "key", "") or " ".join(getattr(record, "words", ()))
        words = {own, *getattr(record, "aliases", ()), *getattr(record, "words", ()), getattr(record, "term", own)}
        for word in sorted(words):
            if word in owner:
                line = line_of(text, word, line_of(text, word) + 1)
                faults.append(Fault(path, line, "duplicate-word", {"value": word, "other": owner[word]}))
            owner[word] = own
    return faults


def _guide(reader: Reader) -> GuideText:
    reader.known_keys("title", "edition", "as_of", "scope", "posts", "relations", "local", "least")
    posts, relations = _labels(reader, "posts"), _labels(reader, "relations")
    if set(relations) != set(RELATIONS):
        reader.refuse("bad-value", "relations", key="relations", value=relations, expected="、".join(RELATIONS))
    local = reader.values.get("local") or {}
    values = [LocalText(str(key), str(row.get("label", key)), str(row.get("value") or "")) for key, row in local.items()]
    return GuideText(
        reader.words("title", required=True), reader.words("edition"), reader.day("as_of"), reader.words("scope"),
        posts, relations, tuple(values), reader.counts("least"),
    )  # fmt: skip


def _labels(reader: Reader, key: str) -> dict[str, str]:
    value = reader.values.get(key) or {}
    if isinstance(value, dict):
        return {str(name): str(label) for name, label in value.items()}
    reader.refuse("bad-value", key, key=key, value=value, expected="{id: 名称}")
    return {}


def _term(reader: Reader) -> TermText:
    reader.known_keys("id", "term", "pinyin", "english", "definition", "aliases")
    return TermText(
        reader.words("id", required=True), reader.words("term", required=True), reader.words("pinyin"),
        reader.words("english"), reader.words("definition", required=True), reader.word_list("aliases"),
        reader.first_line,
    )  # fmt: skip


def _source(reader: Reader) -> SourceText:
    reader.known_keys(
        "key", "title", "kind", "issuer", "number", "issued", "effective", "status", "official", "checked", "note",
        "provisions",
    )  # fmt: skip
    return SourceText(
        reader.words("key", required=True), reader.words("title", required=True), reader.one_of("kind", SOURCE_KINDS),
        reader.words("issuer"), reader.words("number"), reader.words("issued"), reader.words("effective"),
        reader.one_of("status", STATUSES), reader.words("official"), reader.day("checked"), reader.words("note"),
        tuple(_provision(reader, row) for row in reader.mappings("provisions")),
    )  # fmt: skip


def _provision(reader: Reader, row: dict[str, Any]) -> ProvisionText:
    own = Reader(row, reader.path, reader.text, reader.first_line)
    own.known_keys("id", "text", "article", "confirmed")
    provision = ProvisionText(
        own.words("id", required=True), own.words("text", required=True), own.words("article"),
        own.one_of("confirmed", CONFIRMED),
    )  # fmt: skip
    reader.faults += own.faults
    return provision


def _phrase(reader: Reader) -> PhraseText:
    reader.known_keys("id", "text")
    return PhraseText(reader.words("id", required=True), reader.words("text", required=True))


def _synonym(reader: Reader) -> SynonymText:
    reader.known_keys("words", "note")
    words = reader.word_list("words")
    if len(words) < 2:
        reader.refuse("bad-value", "words", key="words", value=words, expected="至少两个词")
    return SynonymText(words, reader.words("note"))


def _questions(reader: Reader) -> QuestionText:
    reader.known_keys("id", "type", "situational", "stem", "options", "answer", "explanation", "principle")
    options = {str(key): str(text) for key, text in (reader.values.get("options") or {}).items()}
    kind = reader.one_of("type", QUESTION_TYPES)
    return QuestionText(
        reader.words("id", required=True), kind, reader.words("stem", required=True), options,
        _answer(reader, kind, options), reader.words("explanation", required=True),
        reader.words("principle", required=True), reader.values.get("situational") is True, reader.first_line,
    )  # fmt: skip


def _answer(reader: Reader, kind: str, options: dict[str, str]) -> tuple[str, ...]:
    value = reader.values.get("answer")
    if kind == "judge":
        if not isinstance(value, bool):
            reader.refuse("bad-value", "answer", key="answer", value=value, expected=" true 或 false")
        return (str(value).lower(),)
    chosen = tuple(str(letter) for letter in (value if isinstance(value, list) else [value]))
    is_right = set(chosen) <= set(options) and (len(chosen) == 1 if kind == "single" else len(chosen) > 1)
    if not is_right:
        expected = "一个选项的字母" if kind == "single" else "两个以上选项的字母"
        reader.refuse("bad-value", "answer", key="answer", value=value, expected=expected)
    return chosen


_ROWS = {
    "glossary.yml": _term,
    "sources.yml": _source,
    "synonyms.yml": _synonym,
    "standard-phrases.yml": _phrase,
}
