"""One key or one entry of a YAML text set anew, with every other byte, comments included, left as it was. Pure.

A form of the admin rewrites only what it shows. The lines of the key or entry are found by a YAML parser that keeps
places, changed by the same parser in round trip, and put back; a value set to None or to nothing is taken out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, ScalarString

# Where a key that is not there yet belongs: after the nearest of these that is.
_HEAD_ORDER = (
    "id", "kind", "type", "simulated", "title", "summary", "posts", "topics", "keywords", "owner", "review_by", "card",
    "principles", "choices",
)  # fmt: skip
_FENCE = "---"
_IDENTITIES = ("id", "key", "to")  # what tells rows of a list apart
_WIDTH = 1_000_000  # a value is never wrapped


class CannotRewrite(Exception):
    """The text is not YAML of the expected shape, or what was to be set is not in it."""


@dataclass(frozen=True)
class _Span:
    """Lines `start` to `end` (exclusive) that hold one key or one entry, indented by `indent`."""

    start: int
    end: int
    indent: int


def set_head(text: str, values: Mapping[str, Any]) -> str:
    """`text` of a page with these keys of its front matter set."""
    lines = text.split("\n")
    close = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), 0)
    if lines[0].rstrip() != _FENCE or not close:
        raise CannotRewrite("开头没有用 --- 括起的头部")
    head = "\n".join(lines[1:close])
    for key, value in values.items():
        head = _set_key(head, key, value)
    return "\n".join([lines[0], *head.split("\n"), *lines[close:]])


def set_value(text: str, path: Sequence[str], key: str, value: Any) -> str:
    """`text` of a document that is a mapping, with `key` of the mapping at `path` set (an empty value is kept as "")."""
    lines = text.split("\n")
    node, end = _mapping_at(text, path[:-1], len(lines))
    if path[-1] not in node or not isinstance(node[path[-1]], CommentedMap):
        raise CannotRewrite(f"找不到 {path[-1]}")

    def change(own: CommentedMap) -> None:
        own[path[-1]][key] = _like(own[path[-1]].get(key), value)

    return "\n".join(_changed(lines, _span_of_key(node, path[-1], lines, end), change))


def set_entry(text: str, place: int, values: Mapping[str, Any]) -> str:
    """`text` of a document that is a list, with keys of its entry at `place` set; keys not named stay."""
    lines = text.split("\n")
    span = _entry_span(text, lines, place)

    def change(node: CommentedSeq) -> None:
        for key, value in values.items():
            _set(node[0], key, value)

    return "\n".join(_changed(lines, span, change))


def add_entry(text: str, values: Mapping[str, Any]) -> str:
    """`text` of a document that is a list, with one more entry at its end."""
    node = _plain(values)
    node.fa.set_block_style()
    entry = _dump([node], "")
    _load_list(text)
    gap = "\n" if "\n\n- " in text else ""
    return f"{text.rstrip()}\n{gap}{entry}\n" if text.strip() else f"{entry}\n"


def remove_entry(text: str, place: int) -> str:
    """`text` of a document that is a list, without its entry at `place`; comments around it stay."""
    lines = text.split("\n")
    span = _entry_span(text, lines, place)
    end = span.end + 1 if span.end < len(lines) and not lines[span.end].strip() and span.end + 1 < len(lines) else span.end
    return "\n".join([*lines[: span.start], *lines[end:]])


def _set_key(text: str, key: str, value: Any) -> str:
    lines = text.split("\n")
    node, end = _mapping_at(text, (), len(lines))
    if key in node:
        span = _span_of_key(node, key, lines, end)
        if _is_nothing(value):
            return "\n".join([*lines[: span.start], *lines[span.end :]])
        return "\n".join(_changed(lines, span, lambda own: _set(own, key, value)))
    if _is_nothing(value):
        return text
    place = _place_for(node, key, lines)
    return "\n".join([*lines[:place], *_dump(CommentedMap({key: _plain(value)}), "").split("\n"), *lines[place:]])


def _mapping_at(text: str, path: Sequence[str], end: int) -> tuple[CommentedMap, int]:
    """The mapping at `path`, and the line on which it ends."""
    node, lines = _load(text), text.split("\n")
    for name in path:
        if not isinstance(node, CommentedMap) or name not in node:
            raise CannotRewrite(f"找不到 {name}")
        end = _span_of_key(node, name, lines, end).end
        node = node[name]
    if not isinstance(node, CommentedMap):
        raise CannotRewrite("不是键和值")
    return node, end


def _place_for(node: CommentedMap, key: str, lines: list[str]) -> int:
    earlier = _HEAD_ORDER[: _HEAD_ORDER.index(key)] if key in _HEAD_ORDER else _HEAD_ORDER
    present = [_span_of_key(node, name, lines, len(lines)).end for name in earlier if name in node]
    return max(present, default=len(lines))


def _span_of_key(node: CommentedMap, key: str, lines: list[str], end: int) -> _Span:
    line, column = node.lc.key(key)
    later = [node.lc.key(other)[0] for other in node if node.lc.key(other)[0] > line]
    return _Span(line, _without_tail(lines, line, min(later, default=end)), column)


def _entry_span(text: str, lines: list[str], place: int) -> _Span:
    node = _load_list(text)
    if not 0 <= place < len(node):
        raise CannotRewrite(f"没有第 {place + 1} 条")
    starts = [node.lc.item(number)[0] for number in range(len(node))]
    end = starts[place + 1] if place + 1 < len(starts) else len(lines)
    return _Span(starts[place], _without_tail(lines, starts[place], end), 0)


def _without_tail(lines: list[str], start: int, end: int) -> int:
    """`end` moved up over blank lines and comments, which belong to what follows or to nothing."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _changed(lines: list[str], span: _Span, change: Callable[[Any], None]) -> list[str]:
    """`lines` with those of `span` loaded, changed and written again in the shape they had."""
    own = [line[span.indent :] for line in lines[span.start : span.end]]
    node = _load("\n".join(own))
    change(node)
    # The writer sets comments at columns of its own; a line that says the same stays the line it was.
    same = {"".join(line.split()): line for line in own if "#" in line}
    dumped = [same.get("".join(line.split()), line) for line in _dump(node, "\n".join(own)).split("\n")]
    return [*lines[: span.start], *(" " * span.indent + line if line else line for line in dumped), *lines[span.end :]]


def _set(node: CommentedMap, key: str, value: Any) -> None:
    if _is_nothing(value):
        node.pop(key, None)
    elif isinstance(value, list) and isinstance(node.get(key), CommentedSeq):
        _agree(node[key], value)
    elif node.get(key) != value:
        node[key] = _like(node.get(key), value)


def _like(stored: Any, value: Any) -> Any:
    """`value` in the quotes that `stored` had."""
    return type(stored)(value) if isinstance(stored, ScalarString) and isinstance(value, str) else _plain(value)


def _agree(node: CommentedSeq, rows: list[Any]) -> None:
    """Make the list `node` hold `rows`, with the rows that stay kept as they are written."""
    kept = {_identity(row): row for row in node}
    wanted = [_row(kept.get(_identity(row)), row) for row in rows]
    if any(isinstance(row, CommentedMap) and row.fa.flow_style() is False for row in node):
        for row in wanted:
            if isinstance(row, CommentedMap) and not any(row is old for old in kept.values()):
                row.fa.set_block_style()
    if list(node) != wanted:
        del node[:]
        node.extend(wanted)


def _row(stored: Any, row: Any) -> Any:
    if not isinstance(row, Mapping) or not isinstance(stored, CommentedMap):
        return _plain(row) if stored is None else stored
    for key in list(stored):
        if key not in row:
            del stored[key]
    for key, value in row.items():
        _set(stored, key, value)
    return stored


def _identity(row: Any) -> str:
    if isinstance(row, Mapping):
        return next((f"{name}:{row[name]}" for name in _IDENTITIES if name in row), repr(dict(row)))
    return f"={row}"


def _plain(value: Any) -> Any:
    """`value` as the guide writes it: short lists in one line, rows of a list one a line."""
    if isinstance(value, Mapping):
        node = CommentedMap({key: _plain(one) for key, one in value.items() if not _is_nothing(one)})
        node.fa.set_flow_style()
        return node
    if isinstance(value, list | tuple):
        rows = CommentedSeq([_plain(one) for one in value])
        if not any(isinstance(row, CommentedMap) for row in rows):
            rows.fa.set_flow_style()
        return rows
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_plain(value) else value


def _is_plain(value: str) -> bool:
    """Whether `value` reads the same without quotes, inside a list in one line too."""
    try:
        return "#" not in value and bool(YAML(typ="safe").load(f"[{value}]") == [value])
    except (YAMLError, ValueError):
        return False


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], (), {})


def _yaml(like: str) -> YAML:
    """A YAML writer that indents lists as `like` does."""
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.preserve_quotes = True
    inner = next((line for line in like.split("\n")[1:] if line.lstrip().startswith("- ")), "  - ")
    offset = len(inner) - len(inner.lstrip())
    is_list = like.startswith("- ")
    offset = offset - 2 if is_list and offset >= 2 else offset
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _dump(node: Any, like: str) -> str:
    out = StringIO()
    if isinstance(node, list) and not (isinstance(node, CommentedSeq) and node.fa.flow_style()):
        # The writer would indent the outermost list like the ones inside it: write its entry as a mapping instead.
        _yaml(like).dump(node[0], out)
        lines = out.getvalue().rstrip("\n").split("\n")
        return "\n".join(("- " if place == 0 else "  " if line else "") + line for place, line in enumerate(lines))
    _yaml(like).dump(node, out)
    return out.getvalue().rstrip("\n")


def _load(text: str) -> Any:
    yaml = YAML()
    yaml.preserve_quotes = True
    try:
        return yaml.load(text)
    except (YAMLError, ValueError) as error:
        raise CannotRewrite(f"不是有效的 YAML：{error}") from error


def _load_list(text: str) -> CommentedSeq:
    node = _load(text) if text.strip() else CommentedSeq()
    if not isinstance(node, CommentedSeq):
        raise CannotRewrite("不是一串条目")
    return node
