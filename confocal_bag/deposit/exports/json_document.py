"""JSON documents that say nothing of what nobody recorded."""

import json
from typing import Any

__all__ = ["json_bytes", "recorded", "unique"]


def recorded(value: Any) -> Any:
    """The value without parts that are None, empty, or became empty for that."""
    if isinstance(value, dict):
        kept = {key: recorded(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if not _is_empty(one)}
    if isinstance(value, list | tuple):
        return [one for one in map(recorded, value) if not _is_empty(one)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def unique(values: list[Any]) -> list[Any]:
    """The values without those that came before, in their order."""
    return [value for index, value in enumerate(values) if value not in values[:index]]


def json_bytes(document: Any) -> bytes:
    """The document as indented UTF-8; what UTF-8 cannot hold is written as JSON's own escape."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
