"""What was seen in files, told once for all files in which it is the same."""

from collections.abc import Iterable

from confocal_bag.counted import counted

__all__ = ["told_once"]


def told_once(seen: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The texts, each with its file; those that differ in the name of the file alone as one with their number."""
    alike: dict[str, list[str]] = {}
    for path, text in seen:
        alike.setdefault(text.replace(path, "\0") if path else text, []).append(text)
    return tuple(_told(list(dict.fromkeys(texts))) for texts in alike.values())


def _told(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return f"{texts[0].rstrip('.')} (and the same in {counted(len(texts) - 1, 'more file/more files')})."
