"""The body of a page as people read it, a line of words for a line of Markdown: what readers are shown of a difference.

Names are those of the guide today; what a mark points to that is no longer there is called by its id.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from guide.pages import syntax
from guide.pages.models import Page, Principle
from guide.reference.models import GuideInfo, LocalValue, Provision, StandardPhrase, Term

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^)]*)\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\*)\*(?!\*)")
_LEADING = re.compile(r"^\s*(?:>\s?|[-*+]\s+|:\s+)+")
_ATTRIBUTES = re.compile(r"[ \t]*\{[:#.][^{}]*\}")
_WIDE_SPACE = re.compile(r"([：。，；]) +")  # such a mark has its own white
_RULE = re.compile(r"^[\s|:*_-]*$")


def readable(bodies: Sequence[str]) -> list[str]:
    """Each of `bodies` (Markdown without front matter) as words: marks by what they name, headings of principles with
    level, basis and posts, tables cell by cell; lines that only hold markup are left out. At most seven queries."""
    names = _Names(bodies)
    return ["\n".join(_lines(body, names)) for body in bodies]


def _lines(body: str, names: "_Names") -> Iterator[str]:
    headings = {heading.line: heading for heading in syntax.scan(body).headings}
    for number, line in enumerate(body.split("\n"), start=1):
        behind_table = syntax.TABLE_ATTRIBUTES.match(line)
        if behind_table:
            yield names.of_table(syntax.parse_attributes(behind_table[1]))
        elif number in headings:
            yield _words(headings[number].title, names) + names.of_heading(headings[number])
        elif not _RULE.match(line):
            yield _words(line, names)


def _words(line: str, names: "_Names") -> str:
    line = syntax.MARK.sub(lambda found: names.of(syntax.mark_of(found)), line)
    line = _LINK.sub(r"\1（\2）", _IMAGE.sub(r"〔图：\1〕", line))
    line = " ｜ ".join(syntax.cells_of(line)) if line.lstrip().startswith("|") else _LEADING.sub("", line)
    return _WIDE_SPACE.sub(r"\1", _EMPHASIS.sub("", _ATTRIBUTES.sub("", line))).rstrip()


class _Names:
    """What marks, levels and posts are called; asks only for what is named in `bodies`."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._targets = {syntax.mark_of(found).target for body in bodies for found in syntax.MARK.finditer(body)}
        headings = [heading for body in bodies for heading in syntax.scan(body).headings]
        self._targets |= {heading.attributes.values.get("applies", "") for heading in headings}

    def of(self, mark: syntax.Mark) -> str:
        """What `mark` reads as."""
        name = self._known.get(mark.target, mark.target.partition(":")[2] or mark.target)
        return f"〔依据：{name}〕" if mark.is_citation else mark.words or name

    def of_heading(self, heading: syntax.Heading) -> str:
        """Level and basis, posts, and where the same duty stands; nothing of a heading that is no principle."""
        if not heading.is_principle:
            return ""
        values = heading.attributes.values
        level = dict(Principle.Level.choices).get(values.get("level", ""), values.get("level", ""))
        basis = dict(Principle.Basis.choices).get(values.get("basis", ""), values.get("basis", ""))
        told = [f"{level}·{basis}", self._posts(values)]
        told += [f"同一义务写在{self._known.get(values['applies'], values['applies'])}"] if "applies" in values else []
        return f"（{'；'.join(filter(None, told))}）"

    def of_table(self, attributes: syntax.Attributes) -> str:
        """For whom the table above is."""
        return f"（以上{self._posts(attributes.values) or '写给同事'}）"

    def _posts(self, values: Mapping[str, str]) -> str:
        named = [self._known_posts.get(post, post) for post in values.get("posts", "").split()]
        return f"写给{'、'.join(named)}" if named else ""

    @cached_property
    def _known_posts(self) -> Mapping[str, str]:
        return next(iter(GuideInfo.objects.values_list("posts", flat=True)), {})

    @cached_property
    def _known(self) -> dict[str, str]:
        """What each target is called. Pages that are only proposed are nobody's to know."""
        slugs = {target.partition("#")[0] for target in self._targets if ":" not in target}
        pages = Page.objects.filter(slug__in=slugs, is_proposed=False)
        known = {slug: f"{number} {title}".strip() for slug, number, title in pages.values_list("slug", "number", "title")}
        rules = (
            Principle.objects.filter(page__in=pages).select_related("page")
            if any("#" in target for target in self._targets)
            else []
        )
        known |= {f"{rule.page.slug}#{rule.slug}": f"{rule.page.number}“{rule.title}”" for rule in rules}
        known |= {f"term:{row.slug}": row.term for row in self._rows(Term, "term")}
        known |= {f"say:{row.slug}": row.text for row in self._rows(StandardPhrase, "say")}
        known |= {f"local:{row.slug}": str(row) for row in self._rows(LocalValue, "local")}
        facts = {target.removeprefix("cite:") for target in self._targets if target.startswith("cite:")}
        keys = {fact.partition("#")[0] for fact in facts}
        rows = Provision.objects.filter(source__key__in=keys).select_related("source") if keys else []
        return known | {f"cite:{row.source.key}#{row.slug}": str(row) for row in rows}

    def _rows(self, model: Any, scheme: str) -> Iterable[Any]:
        slugs = [target.partition(":")[2] for target in self._targets if target.startswith(f"{scheme}:")]
        return model.objects.filter(slug__in=slugs) if slugs else []
