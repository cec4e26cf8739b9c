"""The head of a page's file, field by field, as people would say it; and what became of each field in another version."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guide.pages.models import CaseLink, Page, Principle
from guide.publishing import frontmatter
from guide.publishing.differences import Difference, compare_values
from guide.reference.models import GuideInfo

_COLUMNS = {"id": "slug", "type": "case_type"}  # keys that are not called like the column of Page


@dataclass(frozen=True)
class Field:
    """One field that changed. `label` is empty where the model has no name for it."""

    name: str
    label: str
    difference: Difference


def compare_heads(before: str, after: str) -> list[Field]:
    """The fields that differ in the heads of two file texts, in the order of the newer one."""
    old, new = (frontmatter.split(text, "")[0] for text in (before, after))
    words = _Words([old, new])
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    return [Field(name, _label(name), compare_values(words.of(name, old), words.of(name, new))) for name in names]


def _label(name: str) -> str:
    if name == "principles":
        return str(CaseLink._meta.get_field("principle").verbose_name)
    column = _COLUMNS.get(name, name)
    known = {field.name: field for field in Page._meta.concrete_fields}
    return str(known[column].verbose_name) if column in known else ""


class _Words:
    """Values of heads as lines of text, with the titles of what they name."""

    def __init__(self, heads: list[dict[str, Any]]) -> None:
        self.posts: Mapping[str, str] = next(iter(GuideInfo.objects.values_list("posts", flat=True)), {})
        slugs = {target.partition("#")[0] for head in heads for target in _targets(head)}
        self.titles = dict(Page.objects.filter(slug__in=slugs).values_list("slug", "title"))
        rules = Principle.objects.filter(page__slug__in=slugs).values_list("page__slug", "slug", "title")
        self.titles |= {f"{page}#{slug}": title for page, slug, title in rules}

    def of(self, name: str, head: Mapping[str, Any]) -> str:
        """What `head` says under `name`, a line for each thing that can change by itself."""
        value = head.get(name)
        if value in (None, "", [], {}):
            return ""
        write: Callable[[Any], Iterator[str]] | None = {
            "posts": self._posts, "kind": self._kind, "type": self._case_type, "card": self._card,
            "principles": self._links, "choices": self._choices, "asked": self._asked,
        }.get(name)  # fmt: skip
        if write:
            return "\n".join(write(value))
        return "、".join(map(str, value)) if isinstance(value, list) else str(value)

    def _title(self, target: object) -> str:
        return f"“{self.titles.get(str(target), target)}”"

    def _posts(self, value: Any) -> Iterator[str]:
        yield "、".join(self.posts.get(str(post), str(post)) for post in value)

    def _kind(self, value: Any) -> Iterator[str]:
        yield str(dict(Page.Kind.choices).get(value, value))

    def _case_type(self, value: Any) -> Iterator[str]:
        yield str(dict(Page.CaseType.choices).get(value, value))

    def _card(self, value: Any) -> Iterator[str]:
        if "say" in value:
            yield f"话术：第 {value['say']} 行"
        if "case" in value:
            yield f"案例：{self._title(value['case'])}"

    def _links(self, value: Any) -> Iterator[str]:
        relations = dict(CaseLink.Relation.choices)
        for link in value:
            relation = relations.get(link.get("relation", ""), "")
            yield f"{relation}{self._title(link.get('to'))}{_after(link.get('note'))}"

    def _choices(self, value: Any) -> Iterator[str]:
        for choice in value:
            rule = f"（{self._title(choice['principle'])}）" if choice.get("principle") else ""
            yield f"{choice.get('text')}{_after(choice.get('outcome'))}{rule}"

    def _asked(self, value: Any) -> Iterator[str]:
        for name, questions in value.items():
            yield from (f"{name}{_after(question)}" for question in questions)


def _after(words: object) -> str:
    return f"：{words}" if words else ""


def _targets(head: Mapping[str, Any]) -> Iterator[str]:
    """The pages and principles that a head names."""
    rows = [*(head.get("principles") or []), *(head.get("choices") or [])]
    yield from (str(row.get("to") or row.get("principle") or "") for row in rows)
    yield str((head.get("card") or {}).get("case", ""))
