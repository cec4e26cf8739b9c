"""The API described by itself (OpenAPI 3.1): parameters from its forms, answers from its shapes, so neither can drift."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from guide.pages.limits import MINUTE_S
from guide.search.shapes import Error, Refused, schema_of


@dataclass(frozen=True)
class Operation:
    """One address of the API: the form that reads its parameters, and the shape of its answer."""

    path: str
    name: str
    summary: str
    form: forms.Form
    answer: Any


def document(operations: list[Operation], *, title: str, version: str, server: str, rate: int) -> dict[str, Any]:
    """The OpenAPI document of `operations`, as served below the address `server`."""
    schemas: dict[str, Any] = {}
    paths = {operation.path: {"get": _operation(operation, rate, schemas)} for operation in operations}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": _limits(rate)},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _limits(rate: int) -> str:
    return f"每个地址每分钟最多 {rate} 次请求，超过回答 429。" if rate else "不限次数。"


def _operation(operation: Operation, rate: int, schemas: dict[str, Any]) -> dict[str, Any]:
    answers = {
        "200": ("找到的", operation.answer),
        "400": ("参数有错", Refused),
        "403": ("要登录才能读", Error),
        "405": ("只能用 GET 或 HEAD", Error),
        "429": ("请求太多", Error),
    }
    responses = {code: _response(words, shape, schemas) for code, (words, shape) in answers.items() if code != "429" or rate}
    if rate:
        seconds = {"type": "integer", "minimum": 1, "maximum": MINUTE_S}
        responses["429"]["headers"] = {"Retry-After": {"description": "几秒后可以再试", "schema": seconds}}
    parameters = [_parameter(name, field) for name, field in operation.form.fields.items()]
    return {"operationId": operation.name, "summary": operation.summary, "parameters": parameters, "responses": responses}


def _response(words: str, shape: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema_of(shape, schemas)}}}


def _parameter(name: str, field: forms.Field) -> dict[str, Any]:
    words = "，".join(str(part) for part in (field.label, field.help_text) if part)
    if isinstance(field, forms.ChoiceField):
        words += "：" + "；".join(f"{value} {label}" for value, label in _choices(field))
    return {"name": name, "in": "query", "required": field.required, "description": words, "schema": _schema(field)}


def _schema(field: forms.Field) -> dict[str, Any]:
    """What `field` takes, as JSON Schema. Raises TypeError for a kind of field that the API has not had before."""
    if isinstance(field, forms.ChoiceField):
        return {"type": "string", "enum": [value for value, _ in _choices(field)]}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.CharField):
        return {"type": "string", "maxLength": field.max_length}
    raise TypeError(f"no JSON Schema for {type(field).__name__}")


def _choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in cast(Iterable[tuple[str, str]], field.choices) if value]
