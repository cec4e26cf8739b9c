"""YAML as the guide uses it: front matter and documents, with the line of each fault. Pure."""

import re
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guide.pages import syntax
from guide.publishing.faults import Fault


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Any, list[Fault]]:
    """Parse `text` (which begins at `first_line` of `path`); on failure the value is None and a fault says why."""
    try:
        return YAML(typ="safe").load(text), []
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        return None, [Fault(path, line, "yaml", {"problem": error.problem or error.context or "无法解析"})]
    except (YAMLError, ValueError, TypeError) as error:  # TypeError: a list as a key
        return None, [Fault(path, first_line, "yaml", {"problem": str(error)})]


def split(text: str, path: str) -> tuple[dict[str, Any], str, int, list[Fault]]:
    """Part a file's text into front matter, body and the line before the body. Faults: no front matter, no YAML."""
    lines = text.split("\n")
    end = syntax.front_matter_end(lines)
    if not end:
        return {}, text, 0, [Fault(path, 1, "front-matter")]
    head, faults = read_yaml("\n".join(lines[1:end]) + "\n", path, first_line=2)
    if not faults and not isinstance(head, dict):
        faults.append(Fault(path, 2, "front-matter"))
    return (head if isinstance(head, dict) else {}), "\n".join(lines[end + 1 :]), end + 1, faults


def line_of(text: str, word: str, start: int = 1) -> int:
    """The first line from `start` on that holds `word` as a whole; `start` itself when none does."""
    pattern = re.compile(rf"(?<![\w#-]){re.escape(word)}(?![\w-])")
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if number >= start and pattern.search(line)), start)


class Reader:
    """Takes values of the expected shape out of one mapping and collects what is wrong with them."""

    def __init__(self, values: dict[str, Any], path: str, text: str, first_line: int = 1) -> None:
        self.values, self.path, self.text, self.first_line = values, path, text, first_line
        self.faults: list[Fault] = []

    def refuse(self, code: str, near: str, **details: object) -> None:
        self.faults.append(Fault(self.path, line_of(self.text, near, self.first_line), code, details))

    def known_keys(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                self.refuse("unknown-key", str(key), key=key, known="、".join(known))

    def words(self, key: str, *, required: bool = False) -> str:
        value = self.values.get(key)
        if value is None or value == "":
            if required:
                self.refuse("missing-key", "---", key=key)
            return ""
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
        if isinstance(value, date):
            return value.isoformat()
        self.refuse("bad-value", key, key=key, value=value, expected="一段文字")
        return ""

    def word_list(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key) or []
        if isinstance(value, list) and all(isinstance(word, str | int | float) for word in value):
            return tuple(str(word) for word in value)
        self.refuse("bad-value", key, key=key, value=value, expected="一串词，如 [甲, 乙]")
        return ()

    def word_lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A mapping of names to lists of words, such as {register: [甲, 乙]}."""
        value = self.values.get(key) or {}
        if isinstance(value, dict) and all(isinstance(words, list) for words in value.values()):
            return {str(name): tuple(str(word).strip() for word in words) for name, words in value.items()}
        self.refuse("bad-value", key, key=key, value=value, expected="{原则的 id: [问法, 问法]}")
        return {}

    def one_of(self, key: str, known: tuple[str, ...], default: str = "") -> str:
        value = self.values.get(key, default)
        if value in known or (value == default and not value):
            return str(value)
        self.refuse("bad-value", key, key=key, value=value, expected=f"其中一个：{'、'.join(known)}")
        return ""

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None or (isinstance(value, date)):
            return value
        self.refuse("bad-value", key, key=key, value=value, expected="日期，如 2027-06-30")
        return None

    def counts(self, key: str) -> dict[str, int]:
        value = self.values.get(key) or {}
        if isinstance(value, dict) and all(isinstance(number, int) for number in value.values()):
            return {str(name): number for name, number in value.items()}
        self.refuse("bad-value", key, key=key, value=value, expected="{名称: 数目}")
        return {}

    def mappings(self, key: str) -> list[dict[str, Any]]:
        value = self.values.get(key) or []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return value
        self.refuse("bad-value", key, key=key, value=value, expected="一串 {键: 值}")
        return []
