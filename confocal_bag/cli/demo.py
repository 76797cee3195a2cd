"""confocal-bag demo"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.places import refuse_place
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["demo"]


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the demonstration.")] = Path(
        "confocal-bag-demo"
    ),
) -> None:
    """Make a small deposit, build its bag and validate it."""
    deposit, bag = folder / "deposit", folder / "bag"
    _refuse_places(deposit, bag)
    from confocal_bag.build import build_bag
    from confocal_bag.demo import make_demo_deposit
    from confocal_bag.findings import Verdict
    from confocal_bag.inspect import inspect_deposit
    from confocal_bag.render.text import console_for, print_report
    from confocal_bag.validate import validate_bag

    console = console_for(sys.stdout, terminal=sys.stdout.isatty())
    make_demo_deposit(deposit)
    _announce(f"confocal-bag inspect {deposit}")
    print_report(inspect_deposit(deposit).report(str(deposit)), console)
    _announce(f"confocal-bag build {deposit} {bag}")
    result = build_bag(deposit, bag)
    print_report(result.report, console)
    _announce(f"confocal-bag validate --pixels {bag}")
    report = validate_bag(bag, pixels=True)
    print_report(report, console)
    if report.verdict not in (Verdict.VALID, Verdict.VALID_WITH_WARNINGS):
        raise CannotFinish("The demonstration bag does not validate; this is a bug of confocal-bag.")
    typer.echo("\nWhere to look:")
    for path, what in (
        ("data/readme/README.txt", "the readme, written from headers and deposit.yaml"),
        ("data/transformed/fibroblasts.lsm.ome.tiff", "the z-stack as OME-TIFF, every plane proven equal"),
        ("data/metadata/ome", "one OME-XML sidecar per image file"),
        ("data/metadata/inventory.csv", "every file, where it came from, and why it lies where it lies"),
        ("manifest-sha512.txt", "the checksums any BagIt tool can verify"),
    ):
        typer.echo(f"  {bag / path}\n      {what}")


def _refuse_places(deposit: Path, bag: Path) -> None:
    """Refuse what the build would refuse, before a deposit is made that no bag can be built of."""
    for place in (deposit, bag):
        refuse_place(place)
        if os.path.lexists(place):
            raise CannotFinish(f"{readable_path(place)} already exists. Choose a new folder for the demonstration.")


def _announce(command: str) -> None:
    typer.echo(f"\n$ {command}")
