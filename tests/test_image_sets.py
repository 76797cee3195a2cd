"""Sets of OME-TIFFs in a deposit and in a bag: one image, whose files stay together."""

import json
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.build import BuildOptions, build_bag
from confocal_bag.inspect import inspect_deposit
from confocal_bag.validate import validate_bag
from tests.image.synthetic_ome import write_set


def documents(deposit: Path) -> dict[str, dict[str, Any]]:
    """What `inspect --format json` says of each file."""
    report = inspect_deposit(deposit).report("deposit")
    files = json.loads(json.dumps(report.extra["files"], default=str))
    return {one["path"]: one for one in files}


@pytest.mark.parametrize("companion", [False, True])
def test_one_file_of_a_set_has_the_image_and_the_others_say_whose_part_they_are(
    tmp_path: Path, *, companion: bool
) -> None:
    """No member is reported as a smaller image of its own, or as the whole one again."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    write_set(folder, companion=companion)
    files = documents(folder)
    head = files.pop("cells_c0.ome.tif")
    (image,) = head["images"]
    assert image["axes"] == {"T": 1, "C": 2, "Z": 3, "Y": 3, "X": 4}
    assert head["part_of"] is None
    assert len(files) == (2 if companion else 1)
    for one in files.values():
        assert (one["images"], one["part_of"], one["tier"]) == ([], "cells_c0.ome.tif", head["tier"])


@pytest.mark.parametrize("companion", [False, True])
def test_a_set_that_lost_a_file_is_a_finding_with_the_name_of_the_file(tmp_path: Path, *, companion: bool) -> None:
    """Error image.unreadable, once, on the file that stands for the set."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    write_set(folder, companion=companion)[1].unlink()
    found = [one for one in inspect_deposit(folder).findings if one.rule == "image.unreadable"]
    assert [one.path for one in found] == ["cells_c0.ome.tif"]
    assert "cells_c1.ome.tif" in found[0].message


def test_a_lost_companion_file_is_a_finding_for_every_file_that_points_at_it(tmp_path: Path) -> None:
    """Each file by itself says what it lacks."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    write_set(folder, companion=True)
    (folder / "cells.companion.ome").unlink()
    found = [one for one in inspect_deposit(folder).findings if one.rule == "image.unreadable"]
    assert [one.path for one in found] == ["cells_c0.ome.tif", "cells_c1.ome.tif"]
    assert all("cells.companion.ome" in one.message for one in found)


@pytest.mark.parametrize("companion", [False, True])
def test_a_set_is_bagged_as_one_image_with_one_sidecar(tmp_path: Path, *, companion: bool) -> None:
    """Its files lie side by side, and every plane is proven again through the file that stands for them."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    write_set(folder, companion=companion)
    build_bag(folder, tmp_path / "bag", BuildOptions(draft=True))
    payload = tmp_path / "bag" / "data"
    (sidecar,) = (payload / "metadata" / "ome").rglob("*.ome.xml")
    assert sidecar.name == "cells_c0.ome.tif.ome.xml"
    assert sidecar.read_text().count("<HashSHA1>") == 6
    assert len({path.parent for path in payload.rglob("cells*") if "metadata" not in path.parts}) == 1
    report = validate_bag(tmp_path / "bag", pixels=True)
    assert not [one for one in report.findings if one.rule.startswith("image.")]


def test_a_changed_plane_in_any_file_of_a_set_is_found(tmp_path: Path) -> None:
    """With --pixels; the file that stands for the set is untouched."""
    folder = tmp_path / "deposit"
    folder.mkdir()
    write_set(folder)
    build_bag(folder, tmp_path / "bag", BuildOptions(draft=True))
    (member,) = (tmp_path / "bag" / "data" / "transformed").rglob("cells_c1.ome.tif")
    content = member.read_bytes()
    member.write_bytes(content.replace((6).to_bytes(2, "little") * 12, (7).to_bytes(2, "little") * 12))
    assert member.read_bytes() != content
    found = {one.rule for one in validate_bag(tmp_path / "bag", pixels=True).findings}
    assert "image.planes-differ" in found
