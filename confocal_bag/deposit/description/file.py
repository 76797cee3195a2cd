"""The file deposit.yaml: load it, draft it, refresh it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from confocal_bag.deposit.description.draft import draft_description
from confocal_bag.deposit.description.model import Description
from confocal_bag.deposit.description.problems import nearest_line, validation_problem
from confocal_bag.deposit.description.refresh import refresh_description
from confocal_bag.deposit.description.unquoted_names import unquoted_names
from confocal_bag.deposit.description.values import WrittenFloat
from confocal_bag.deposit.description.yaml import (
    LARGEST_DESCRIPTION_BYTES,
    FieldPath,
    ParsedYaml,
    YamlProblem,
    field_name,
    parse_yaml,
)
from confocal_bag.findings import CannotFinish, readable_path

__all__ = [
    "LoadedDescription",
    "YamlProblem",
    "decode_description",
    "draft_description",
    "load_description",
    "read_description",
    "read_description_bytes",
    "refresh_description",
]

_MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDescription:
    """A description, what was wrong with the text it was read from, and the line of each field (from 1)."""

    description: Description
    problems: tuple[YamlProblem, ...] = ()
    lines: Mapping[FieldPath, int] = field(default_factory=dict)
    name: str = "deposit.yaml"

    def line(self, path: FieldPath) -> int | None:
        """The line of a field, or of the nearest group around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def load_description(path: Path) -> LoadedDescription:
    """Load a description; values that cannot be read are left out and become problems.

    Raises `CannotFinish` where the file cannot be read, is not UTF-8, is too large, or is not plain YAML.
    """
    return decode_description(read_description_bytes(path), name=readable_path(path))


def read_description_bytes(path: Path) -> bytes:
    """The bytes of a description file, at most `LARGEST_DESCRIPTION_BYTES`; `CannotFinish` for more."""
    name = readable_path(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_DESCRIPTION_BYTES + 1)
    except OSError as error:
        raise CannotFinish(f"{name} cannot be read: {error.strerror}. Check the path and its permissions.") from error
    if len(content) > LARGEST_DESCRIPTION_BYTES:
        raise CannotFinish(
            f"{name} is larger than {LARGEST_DESCRIPTION_BYTES:,} bytes; "
            "a description lists files by pattern, such as raw/*.czi, rather than one by one."
        )
    return content


def decode_description(content: bytes, *, name: str) -> LoadedDescription:
    """Read the bytes of a description, as `load_description` does with a file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotFinish(
            f"{name} is not UTF-8 text (byte {error.start} is 0x{content[error.start]:02x}). Save it as UTF-8."
        ) from error
    return read_description(text, name=name)


def read_description(text: str, *, name: str = "deposit.yaml") -> LoadedDescription:
    """Read the text of a description, as `load_description` does with a file."""
    parsed = parse_yaml(text, name=name)
    description, problems = _validate(parsed)
    names = list(unquoted_names(parsed))
    problems = [one for one in problems if (one.field, one.line) not in {(name.field, name.line) for name in names}]
    problems = [*parsed.problems, *problems, *names, *_unquoted_numbers(parsed, description)]
    return LoadedDescription(
        description=description,
        problems=tuple(sorted(problems, key=lambda problem: problem.line)[:_MOST_PROBLEMS]),
        lines=parsed.lines,
        name=name,
    )


def _validate(parsed: ParsedYaml) -> tuple[Description, list[YamlProblem]]:
    """Validate, leaving out what is wrong until the rest is right."""
    data: Any = parsed.data
    problems: list[YamlProblem] = []
    told: set[FieldPath] = set()
    while True:
        try:
            return Description.model_validate(data), problems
        except ValidationError as error:
            wrong = error.errors(include_url=False)
        emptied: set[FieldPath] = set()
        dropped: set[FieldPath] = set()
        for one in wrong:
            path, value = _deepest(data, tuple(one["loc"]))
            (dropped if value is None else emptied).add(path)
            if path not in told:
                told.update(path[:depth] for depth in range(1, len(path) + 1))
                problems.append(validation_problem(one["type"], path, value, tuple(one["loc"]), parsed.lines))
        data = _without(data, emptied, emptied | dropped)


def _deepest(data: Any, asked: FieldPath) -> tuple[FieldPath, Any]:
    """The part of the path that exists in the data, and the value there."""
    path: FieldPath = ()
    for step in asked:
        if step == 0 and not isinstance(data, list):
            continue  # one thing was written where a list of one was read
        there = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step not in there:
            break
        data = data[step]
        path = (*path, step)
    return path, data


def _without(data: Any, emptied: set[FieldPath], wrong: set[FieldPath], path: FieldPath = ()) -> Any:
    """The data without wrong values.

    A wrong list item is first emptied, so that the positions of the others keep their meaning, and only
    dropped where emptiness is wrong too.
    """
    if path in emptied:
        return None
    if isinstance(data, dict):
        kept = {key: value for key, value in data.items() if (*path, key) not in wrong}
        return {key: _without(value, emptied, wrong, (*path, key)) for key, value in kept.items()}
    if isinstance(data, list):
        places = [i for i in range(len(data)) if (*path, i) in emptied or (*path, i) not in wrong]
        return [_without(data[i], emptied, wrong, (*path, i)) for i in places]
    return data


def _unquoted_numbers(parsed: ParsedYaml, description: Description) -> Iterator[YamlProblem]:
    """Numbers where a text belongs: other programs read version: 1.10 as 1.1."""
    for path, value in _numbers(parsed.data, ()):
        if isinstance(value, WrittenFloat) and isinstance(_read_back(description, path), str):
            yield YamlProblem(
                code="unquoted-number",
                field=field_name(path),
                line=nearest_line(parsed.lines, path),
                message=f"{field_name(path)} is written {value.text} without quotation marks, "
                f"which many programs read as the number {float(value)!r}; a text was expected.",
                remedy=f'Write "{value.text}" in quotation marks.',
            )


def _numbers(data: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _numbers(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _numbers(value, (*path, index))
    elif isinstance(data, WrittenFloat):
        yield path, data


def _read_back(description: Description, path: FieldPath) -> Any:
    value: Any = description
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, tuple) and step < len(value) else None
        else:
            value = getattr(value, step, None)
    return value
