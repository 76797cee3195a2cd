"""Turn what is known of a deposit into the short texts that the templates of readmes lay out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from confocal_bag.deposit.description.images import DescriptionIndex
from confocal_bag.deposit.exports.method_facts import is_acquired, method_facts
from confocal_bag.deposit.exports.method_groups import group_methods
from confocal_bag.deposit.exports.method_model import MethodFacts
from confocal_bag.deposit.exports.plain_text import path_line, shown_path
from confocal_bag.deposit.exports.readme import ReadmeFacts, StackFacts
from confocal_bag.deposit.exports.readme_channels import channel_table, shows_colours, unexplained_channels
from confocal_bag.deposit.exports.readme_curation import curation_answers, settled_findings
from confocal_bag.deposit.exports.readme_files import (
    file_lines,
    left_out_lines,
    loss_warnings,
    meaning_lines,
    place_of,
    tier_table,
    unread_lines,
)
from confocal_bag.deposit.exports.readme_images import image_advice, image_kinds, image_table
from confocal_bag.deposit.exports.readme_people import Pairs, general_pairs, people_pairs, recorded, sharing_pairs
from confocal_bag.deposit.exports.readme_sample import (
    acquisition_texts,
    instrument_texts,
    protocol_texts,
    specimen_texts,
)
from confocal_bag.deposit.exports.readme_words import LEVEL_MEANINGS, LEVELS, count, joined, listed, without_advice
from confocal_bag.deposit.exports.two_values import find_two_values
from confocal_bag.deposit.placeholders import says_something

__all__ = ["template_values"]

_MOST_FILES, _MOST_MISSING = 5, 20


def template_values(facts: ReadmeFacts) -> Mapping[str, Any]:
    """Every name that the templates use."""
    said = facts.part or facts.description
    methods = list(_methods(facts))
    return {
        "said": said,
        "title": said.title if says_something(said.title) else None,
        "draft": facts.draft,
        "tool_version": facts.tool_version,
        "created": facts.created.isoformat(),
        "bag_name": facts.bag_name,
        "level": LEVELS[facts.level] if facts.level else None,
        "level_meaning": LEVEL_MEANINGS[facts.level] if facts.level else None,
        "aim": LEVELS[facts.level_claimed] if _falls_short(facts) and facts.level_claimed else None,
        "next_level": LEVELS[facts.next_level] if facts.next_level else None,
        "missing": list(facts.missing[:_MOST_MISSING]),
        "missing_more": max(0, len(facts.missing) - _MOST_MISSING),
        "general": general_pairs(facts),
        "creators": people_pairs(said.creators),
        "contributors": people_pairs(said.contributors),
        "sharing": sharing_pairs(facts),
        "redacted": [(f"data/{path}", ", ".join(_field_names(fields))) for path, fields in facts.redacted],
        "naming_people": [path_line(f"data/{path}") for path in facts.naming],
        "specimens": specimen_texts(said),
        "channels": channel_table(said.channels),
        "unexplained": unexplained_channels(said.channels),
        "colours_shown": shows_colours(said.channels),
        "instruments": instrument_texts(said),
        "facility": joined(said.core_facility.name, said.core_facility.rrid),
        "acquisitions": acquisition_texts(said),
        "differing": list(_differing(facts)),
        "methods": methods,
        "protocols": protocol_texts(said),
        "quality": recorded(
            [("Calibration", said.quality.calibration), ("Checks", said.quality.qa), ("Notes", said.quality.notes)]
        ),
        "tiers": tier_table(facts.inventory),
        "files": file_lines(facts),
        "overruled": list(facts.overruled[:_MOST_MISSING]),
        "overruled_more": max(0, len(facts.overruled) - _MOST_MISSING),
        "answered": settled_findings(said.curation, facts.answered),
        "meanings": meaning_lines(facts),
        "documents": list(facts.documents),
        "left_out": left_out_lines(facts.inventory),
        "naming": said.naming.pattern if says_something(said.naming.pattern) else None,
        "companions": list(said.companion),
        "images": image_table(facts),
        "kinds": image_kinds(facts),
        "advice": list(image_advice(facts)),
        "unread": unread_lines(facts),
        "curation": curation_answers(said.curation),
        "stacks": [_stack(facts, one) for one in facts.stacks if one.count > 1],
        "conversions": list(_conversions(facts)),
        "planes": sum(one.planes for one in facts.conversions),
        "loss": loss_warnings(facts),
        "children": [
            (f"data/{one.readme}", f"{one.title} ({one.folder})" if one.title else str(one.folder))
            for one in facts.children
        ],
        "checksums": _checksum_command(facts),
        "bag_argument": "THIS-BAG",
    }


def _methods(facts: ReadmeFacts) -> Iterator[Mapping[str, Any]]:
    """The Methods paragraphs of the acquisitions that the readme is about; those that are nearly alike share one."""
    about = facts.part.acquisitions if facts.part else facts.description.acquisitions
    names = {f"Acquisition {one.id}" for one in about}
    found = method_facts(facts.description, facts.inventory, lambda file: place_of(facts, file))
    for group in group_methods(one for one in found if facts.part is None or one.files or one.name in names):
        yield {
            "name": _method_name(group.members),
            "files": None if group.apart else _some_files(group.members),
            "text": group.text,
            "apart": [
                {"name": _own_name(members), "files": _some_files(members), "text": text}
                for members, text in group.apart
            ],
        }


def _differing(facts: ReadmeFacts) -> Iterator[str]:
    """What the description and the headers of images as they were taken say differently."""
    index = DescriptionIndex(facts.description)
    images = [
        (place_of(facts, file), described)
        for file in facts.inventory.every
        for position, record in enumerate(file.images)
        if is_acquired(index, file, described := index.image(file, record, position))
    ]
    yield from (one.sentence() for one in find_two_values(facts.description, images))


def _field_names(paths: Iterable[str]) -> list[str]:
    """The last part of the path of each field of a header: UserName."""
    return list(dict.fromkeys(path.rpartition("/")[2].lstrip("@") for path in paths))


def _method_name(members: Sequence[MethodFacts]) -> str:
    unnamed = "Images without a description" if any(one.files for one in members) else "Acquisition"
    return _own_name(members) or unnamed


def _own_name(members: Sequence[MethodFacts]) -> str | None:
    """The acquisitions by their names: Acquisitions a1, a2 and a3; None of images that belong to none."""
    names = [one.name.removeprefix("Acquisition ") for one in members if one.name]
    return f"Acquisition{'s' if len(names) > 1 else ''} {listed(names)}" if names else None


def _some_files(members: Sequence[MethodFacts]) -> str | None:
    """The files of acquisitions, the first few of many."""
    files = list(dict.fromkeys(path for one in members for path in one.files))
    shown = [shown_path(path) for path in files[: _MOST_FILES if len(files) <= _MOST_FILES else 1]]
    more = len(files) - len(shown)
    return listed([*shown, *([count(more, "more file")] if more > 0 else [])])


def _stack(facts: ReadmeFacts, one: StackFacts) -> Mapping[str, Any]:
    """Where a stack lies, what the numbers in its names mean, and what is wrong with them."""
    axes = [one.axes] if isinstance(one.axes, str) else list(one.axes)
    pairs: Pairs = [
        ("Files", f"{one.count:,}"),
        ("In the names", [axis for axis in axes if axis]),
        ("Meaning known", one.known),
        ("For example", one.example),
        ("As one image", [shown_path(path) for path in one.opened_by]),
        ("Problems", [without_advice(text) for text in one.problems]),
    ]
    first = facts.places.get(PurePosixPath(one.files[0])) if one.files else None
    folder = f"data/{first.parent}" if first else one.folder
    return {
        "place": path_line(f"{folder}/{one.stem}..." if folder else f"{one.stem}...", indent=2),
        "pairs": recorded(pairs),
    }


def _falls_short(facts: ReadmeFacts) -> bool:
    """Whether a level that is not reached was claimed."""
    reached, claimed = facts.level_reached, facts.level_claimed
    return claimed is not None and (reached is None or reached.rank < claimed.rank)


def _conversions(facts: ReadmeFacts) -> Iterator[Mapping[str, Any]]:
    for one in facts.conversions:
        pairs: Pairs = [("Planes equal", f"{one.planes:,}"), ("Image", one.series_name)]
        yield {
            "source": path_line(f"data/{one.source}!/{one.member}" if one.member else f"data/{one.source}", indent=4),
            "result": path_line(f"data/{one.result}", indent=4, lead="-> "),
            "pairs": recorded(pairs),
        }


def _checksum_command(facts: ReadmeFacts) -> str | None:
    """The command of every Linux system that checks a manifest of one of the digests that were taken."""
    known = {*facts.algorithms, *(name for file in facts.inventory.files for name in file.digests)}
    return next((name for name in ("sha512", "sha256", "sha1", "md5") if name in known), None)
