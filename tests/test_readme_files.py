"""The readmes and Methods paragraphs of a bag, with the built-in templates and with those of a user."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from confocal_bag.build import BuildOptions, build_bag, plan_bag
from confocal_bag.findings import CannotFinish, Verdict
from confocal_bag.validate import validate_bag
from tests import make
from tests.recording import Ran

Watch = Callable[[Callable[[Path], Path]], Path]


def templates(folder: Path, **texts: str) -> Path:
    """A folder of templates, by the first part of their names."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.txt.j2").write_text(text, encoding="utf-8")
    return folder


def test_a_bag_has_readmes_of_its_parts_and_methods(deposit: Watch, tmp_path: Path) -> None:
    """They are planned, listed in the readme and the inventory, and the bag is valid."""
    source = deposit(make.demo_deposit)
    _, plan = plan_bag(source, tmp_path / "bag", BuildOptions())
    planned = [target for what, _, target in plan.steps() if what == "write"]
    assert "data/readme/planes/README_planes.txt" in planned
    assert "data/metadata/methods.txt" in planned
    assert build_bag(source, tmp_path / "bag").bag
    assert validate_bag(tmp_path / "bag").verdict is Verdict.VALID
    data = tmp_path / "bag" / "data"
    child = (data / "readme/planes/README_planes.txt").read_text(encoding="utf-8")
    assert child.splitlines()[1] == "README: planes (part of: Demonstration z-stacks of mouse embryonic fibroblasts)"
    assert "data/readme/planes/README_planes.txt" in (data / "readme/README.txt").read_text(encoding="utf-8")
    methods = (data / "metadata/methods.txt").read_text(encoding="utf-8")
    assert "all 16 planes were read again" in " ".join(methods.split())
    inventory = (data / "metadata/inventory.csv").read_text(encoding="utf-8")
    assert "data/readme/planes/README_planes.txt" in inventory


def test_a_file_of_the_depositor_makes_room_for_the_readme_of_a_part(deposit: Watch, tmp_path: Path) -> None:
    """As it does for that of the dataset."""

    def with_own(folder: Path) -> Path:
        make.demo_deposit(folder)
        (folder / "planes" / "README_planes.txt").write_text("From the depositor.\n")
        return folder

    _, plan = plan_bag(deposit(with_own), tmp_path / "bag", BuildOptions())
    assert plan.places[PurePosixPath("planes/README_planes.txt")] == PurePosixPath(
        "readme/depositor/planes/README_planes.txt"
    )


def test_templates_of_a_folder_are_used(deposit: Watch, tmp_path: Path, run: Callable[..., Ran]) -> None:
    """One that extends the built-in readme; the others stay as they are."""
    folder = templates(
        tmp_path / "mine",
        readme='{% extends "readme.txt.j2" %}{% block end %}{{ heading("Our library") }}\n\n'
        '{{ paragraph("Ask us about " ~ bag_name ~ ".") }}\n{% endblock %}',
    )
    ran = run("build", deposit(make.demo_deposit), tmp_path / "bag", "--templates", folder)
    assert ran.code == 0, ran.err
    text = (tmp_path / "bag/data/readme/README.txt").read_text(encoding="utf-8")
    assert text.endswith("14. OUR LIBRARY\n---------------\n\n  Ask us about bag.\n")
    assert "Ask us" in (tmp_path / "bag/data/readme/planes/README_planes.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["{{ nothing }}", "{% if %}"])
def test_an_error_in_a_template_is_told_before_the_work(deposit: Watch, tmp_path: Path, text: str) -> None:
    """Nothing was copied or converted by then, and the message names file and line."""
    folder = templates(tmp_path / "mine", readme=f"\n{text}")
    with pytest.raises(CannotFinish, match=r"readme\.txt\.j2, line 2: "):
        build_bag(deposit(make.demo_deposit), tmp_path / "bag", BuildOptions(templates=folder))
    assert not (tmp_path / "bag").exists()
    assert not list(tmp_path.rglob("fibroblasts.lsm.ome.tiff"))
