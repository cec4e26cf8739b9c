"""What the API answers, as types that its code is checked against and that its OpenAPI document is made from. Pure."""

from types import UnionType
from typing import Annotated, Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict


class Word(TypedDict):
    """One thing asked for."""

    text: Annotated[str, "输入的词"]
    also: Annotated[list[str], "同时当作这些词来找"]


class Understood(TypedDict):
    """How the query was understood."""

    number: Annotated[str, "章节号，如 3.5；不是章节号则为空"]
    corrected: Annotated[str, "按这句话找（原句里有误写）；没有改动则为空"]
    words: Annotated[list[Word], "要找的词，以及各自还能指什么"]
    excluded: Annotated[list[str], "用减号排除的词"]
    partial: Annotated[bool, "没有一处同时有全部的词，结果只是部分匹配"]
    makeshift: Annotated[bool, "索引正在重建，暂时只比对原文，结果不全"]


class FoundPrinciple(TypedDict):
    """The principle of a section that matched best."""

    id: Annotated[str, "固定标识"]
    title: Annotated[str, "标题"]
    level: Annotated[str, "must 必须、should 应当、may 可以、must-not 不得"]
    url: Annotated[str, "站内地址，直达这条原则"]


class Found(TypedDict):
    """One row of the results."""

    kind: Annotated[str, "种类，取值同参数 kind"]
    id: Annotated[str, "固定标识，指南重编号也不变"]
    number: Annotated[str, "章节号；案例、术语等为空"]
    section: Annotated[str, "所在小节的号，如 3.5"]
    title: Annotated[str, "标题"]
    url: Annotated[str, "站内地址"]
    passage: Annotated[str, "摘录，已转义的 HTML，匹配的词在 mark 里"]
    score: Annotated[float, "得分，只在同一次结果里可比"]
    principle: Annotated[FoundPrinciple | None, "最相符的原则"]


class FacetValue(TypedDict):
    """One value of a filter."""

    value: Annotated[str, "填进同名参数的值"]
    label: Annotated[str, "它的名称"]
    count: Annotated[int, "用它筛选会剩下几条"]


class Facets(TypedDict):
    """How many rows each value of each filter would leave."""

    kind: Annotated[list[FacetValue], "按种类"]
    chapter: Annotated[list[FacetValue], "按章"]
    post: Annotated[list[FacetValue], "按岗位"]
    level: Annotated[list[FacetValue], "按级别"]
    relation: Annotated[list[FacetValue], "按案例与原则的关系"]


class SearchAnswer(TypedDict):
    """The answer of a search."""

    query: Annotated[str, "搜索的话"]
    understood: Annotated[Understood, "怎样理解这句话"]
    total: Annotated[int, "一共找到几条"]
    limit: Annotated[int, "这次最多给几条"]
    offset: Annotated[int, "从第几条之后开始"]
    facets: Annotated[Facets, "各种筛选会剩下几条"]
    results: Annotated[list[Found], "找到的，最相符的在前：先章节，再案例，再话术、术语、依据"]


class Suggested(TypedDict):
    """One thing to go to."""

    kind: Annotated[str, "种类"]
    label: Annotated[str, "种类的名称"]
    words: Annotated[str, "标题"]
    url: Annotated[str, "站内地址"]
    number: Annotated[str, "所在小节的号"]
    through: Annotated[str, "因这个别称而找到；没有则为空"]


class SuggestAnswer(TypedDict):
    """What was typed may be the beginning of these."""

    query: Annotated[str, "已输入的字"]
    suggestions: Annotated[list[Suggested], "可能要找的，最相近的在前"]


class FieldError(TypedDict):
    """What is wrong with one parameter."""

    message: Annotated[str, "错在哪里"]
    code: Annotated[str, "错误的种类，如 invalid_choice"]


class Refused(TypedDict):
    """A question that cannot be answered as it is put."""

    errors: Annotated[dict[str, list[FieldError]], "哪个参数，错在哪里"]


class Error(TypedDict):
    """Why there is no answer."""

    error: Annotated[str, "为什么没有回答"]


_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(shape: Any, found: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of `shape`; those of the types it is made of are added to `found` and referred to."""
    if get_origin(shape) is Annotated:
        inner, words = get_args(shape)
        return {**schema_of(inner, found), "description": words}
    if is_typeddict(shape):
        if shape.__name__ not in found:
            found[shape.__name__] = {}  # before its parts, which may refer to it
            found[shape.__name__] = _object(shape, found)
        return {"$ref": f"#/components/schemas/{shape.__name__}"}
    if isinstance(shape, UnionType):
        return {"anyOf": [schema_of(part, found) for part in get_args(shape)]}
    if get_origin(shape) is list:
        return {"type": "array", "items": schema_of(get_args(shape)[0], found)}
    if get_origin(shape) is dict:
        return {"type": "object", "additionalProperties": schema_of(get_args(shape)[1], found)}
    return {"type": _PLAIN[shape]}


def _object(shape: Any, found: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(shape, include_extras=True)
    properties = {name: schema_of(hint, found) for name, hint in hints.items()}
    return {"type": "object", "properties": properties, "required": list(hints), "additionalProperties": False}
