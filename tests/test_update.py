"""The commands update and split, as a person gives them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from confocal_bag.bag.changing.replacement import workplace
from confocal_bag.cli.split import split
from confocal_bag.cli.update import update
from confocal_bag.findings import CannotFinish
from tests.bag import bags

Command = Callable[..., Result]


@pytest.fixture
def command() -> Command:
    """Run a command; what it raises beside its exit code comes through, as it does to `main`."""
    app = typer.Typer()
    app.command("update")(update)
    app.command("split")(split)

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        if isinstance(result.exception, CannotFinish):
            raise result.exception
        return result

    return run


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A bag of images."""
    payload = {f"data/raw/s_z{number}.tif": bytes([number]) * 2000 for number in range(5)}
    info = ("Source-Organization: Example University", "Contact-Name: Ada", "Confocal-Practice-Level: minimum")
    return bags.make_bag(tmp_path / "bag", payload=payload, info=info)


def test_every_option_of_update_reaches_the_bag(command: Command, bag: Path, tmp_path: Path) -> None:
    """One call with all of them; the report says what was done and what is left to do."""
    source = bags.write(tmp_path / "a=b.tif", "new")
    result = command(
        *("update", bag, "--add", f"{source}=data/raw/new.tif", "--replace", f"{source}=data/raw/s_z0.tif"),
        *("--remove", "data/raw/s_z1.tif", "--set", "Contact-Name: Grace", "--append", "Contact-Name: Lise"),
        *("--unset", "Source-Organization", "--add-algorithm", "sha3-512", "--add-algorithm", "sha256"),
        *("--drop-algorithm", "sha512", "--format", "json"),
    )
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["command"] == "update"
    assert document["verdict"] == "valid"
    assert [one["rule"] for one in document["findings"]] == ["bag.description-outdated"]
    assert document["summary"]["payload_files"] == 5
    assert {"what": "remove", "from": "", "to": "data/raw/s_z1.tif"} in document["changes"]
    assert (bag / "data/raw/s_z0.tif").read_text() == (bag / "data/raw/new.tif").read_text() == "new"
    assert not (bag / "data/raw/s_z1.tif").exists()
    info = (bag / "bag-info.txt").read_text()
    assert info.startswith("Contact-Name: Grace\nContact-Name: Lise\nConfocal-Practice-Level: minimum\n")
    assert sorted(path.name for path in bag.glob("manifest-*")) == ["manifest-sha256.txt", "manifest-sha3512.txt"]


def test_a_dry_run_prints_the_steps_and_does_nothing(command: Command, bag: Path) -> None:
    """Also the names that would steer a terminal."""
    before = bags.state(bag)
    result = command("update", bag, "--remove", "data/raw", "--set", "Contact-Name: x\x1b[2J", "--dry-run")
    assert result.exit_code == 0
    assert "remove   data/raw/s_z0.tif\n" in result.stdout
    assert "\x1b" not in result.stdout
    assert bags.state(bag) == before


def test_update_needs_something_to_do_in_a_form_it_understands(command: Command, bag: Path) -> None:
    """Usage errors, exit code 2; what does not fit the bag is a sentence."""
    for arguments in ((), ("--add", "no-equals"), ("--add", "=data/x"), ("--recover", "--remove", "data/raw")):
        assert command("update", bag, *arguments).exit_code == 2
    with pytest.raises(CannotFinish, match="Label: value"):
        command("update", bag, "--set", "nonsense")
    with pytest.raises(CannotFinish, match="Two files are to go to data/x"):
        command("update", bag, "--add", "a=data/x", "--add", "b=data/x")
    with pytest.raises(CannotFinish, match="cannot be removed"):
        command("update", bag, "--remove", "data/absent")


def test_recover_says_what_it_did(command: Command, bag: Path) -> None:
    """Nothing, or the end of what was interrupted."""
    assert "No update of" in command("update", bag, "--recover").stdout
    place = workplace(bag)
    place.mkdir()
    bag.rename(place / "old")
    result = command("update", bag, "--recover")
    assert (result.exit_code, result.stdout) == (0, f"the interrupted update of {bag} was undone\n")
    assert bag.is_dir()
    assert not place.exists()


def test_split_makes_a_folder_of_parts(command: Command, bag: Path, tmp_path: Path) -> None:
    """By size in words; the report lists the parts."""
    folder = tmp_path / "parts"
    result = command("split", bag, folder, "--max-size", "7kB", "--link", "--format", "json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert [Path(part["path"]).name for part in document["parts"]] == sorted(path.name for path in folder.iterdir())
    assert document["summary"] == {"parts": len(document["parts"]), "payload_files": 5, "max_size": 7000}
    assert all(part["bytes"] <= 7000 for part in document["parts"])
    assert document["verdict"] == "valid"


def test_a_part_beyond_the_limit_is_a_warning(command: Command, bag: Path, tmp_path: Path) -> None:
    """Exit code 1 where the user asks for it."""
    result = command("split", bag, tmp_path / "parts", "--max-size", "4500", "--fail-on", "warning", "--format", "json")
    document = json.loads(result.stdout)
    assert result.exit_code == (1 if document["findings"] else 0)
    big = bags.make_bag(tmp_path / "big", payload={"data/a": b"a" * 9000, "data/b": b"b"})
    result = command("split", big, tmp_path / "other", "--max-size", "4500", "--fail-on", "warning")
    assert result.exit_code == 1
    assert "bag.part-too-large" in result.stdout


def test_a_dry_split_prints_the_parts_and_makes_none(command: Command, bag: Path, tmp_path: Path) -> None:
    """Which file would go where."""
    result = command("split", bag, tmp_path / "parts", "--max-size", "7kB", "--dry-run")
    assert result.stdout.startswith("bag_1_of_")
    assert "  data/raw/s_z4.tif\n" in result.stdout
    assert not (tmp_path / "parts").exists()
    with pytest.raises(CannotFinish, match="is no size"):
        command("split", bag, tmp_path / "parts", "--max-size", "big")
