"""Say in words why a value of deposit.yaml was not accepted."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel

from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.values import WrittenFloat, WrittenInt
from confocal_bag.deposit.description.yaml import FieldPath, YamlProblem, field_name

__all__ = ["model_at", "nearest_line", "validation_problem"]


def validation_problem(
    kind: str, path: FieldPath, value: Any, asked: FieldPath, lines: Mapping[FieldPath, int]
) -> YamlProblem:
    """The problem that pydantic calls `kind`, with the value at `path`.

    `asked` is the field that was looked for.
    """
    line = nearest_line(lines, path)
    name = field_name(path)
    if kind == "extra_forbidden":
        parent = model_at(path[:-1])
        known = sorted(_field_names(parent)) if parent else []
        return YamlProblem(
            code="unknown-key",
            field=name,
            line=line,
            message=f"{name} is not a field of a description{_did_you_mean(str(path[-1]), known)}.",
            remedy=f"Use one of: {', '.join(known)}." if known else "Remove it.",
        )
    expected = _expected(kind, asked)
    return YamlProblem(
        code="wrong-type",
        field=name,
        line=line,
        message=f"{name} is {_shown(value)}; {expected} was expected{_suggested_choice(kind, value, asked)}.",
        remedy="Correct the value; until then it counts as not recorded.",
    )


_EXPECTED = {
    "greater_than": "a number above 0",
    "greater_than_equal": "a number that is not below the smallest possible",
    "less_than_equal": "a number that is not above the largest possible",
    "string_type": "a text",
    "tuple_type": "a list",
    "too_long": "a list of as many values as the field has",
    "missing": "a list of as many values as the field has",
    "model_type": "a group of `field: value` lines",
    "dict_type": "a group of `field: value` lines",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}


def _expected(kind: str, path: FieldPath) -> str:
    if kind == "enum":
        return f"one of {', '.join(_choices(path))}"
    if "pixel_size_um" in path:
        return "a list of two numbers above 0, [x, y], in micrometres"
    return _EXPECTED.get(kind, "a number")


def _choices(path: FieldPath) -> list[str]:
    model = model_at(path)
    return [str(choice) for choice in model] if isinstance(model, type) and not issubclass(model, BaseModel) else []


def _suggested_choice(kind: str, value: Any, path: FieldPath) -> str:
    if kind != "enum":
        comma = isinstance(value, str) and re.fullmatch(r"\d+,\d+", value)
        return " (write decimals with a point)" if comma else ""
    return _did_you_mean(str(value).casefold(), _choices(path))


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def _shown(value: Any) -> str:
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 60 else text[:57] + "...")


def nearest_line(lines: Mapping[FieldPath, int], path: FieldPath) -> int:
    """The line of a field, or of the nearest group around it that was written."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def model_at(path: FieldPath) -> type[Any] | None:
    """The class of the field at a path: a group of fields, or a closed set of words."""
    model: type[Any] = Description
    for step in path:
        if isinstance(step, int):
            continue
        if not issubclass(model, BaseModel):
            return None
        annotation = next((f.annotation for n, f in model.model_fields.items() if step == (f.alias or n)), None)
        found = next(_classes_in(annotation), None)
        if found is None:
            return None
        model = found
    return model


def _classes_in(annotation: Any) -> Iterator[type[Any]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | StrEnum):
        yield annotation
    for inner in get_args(annotation):
        yield from _classes_in(inner)


def _field_names(model: type[Any]) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()]
