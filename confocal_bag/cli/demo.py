"""confocal-bag demo"""

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["demo"]


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the demonstration.")] = Path(
        "confocal-bag-demo"
    ),
) -> None:
    """Make a small deposit, build its bag and validate it."""
    from confocal_bag.build import build_bag
    from confocal_bag.demo import make_demo_deposit
    from confocal_bag.findings import CannotFinish, Verdict
    from confocal_bag.inspect import inspect_deposit
    from confocal_bag.render.text import console_for, print_report
    from confocal_bag.validate import validate_bag

    console = console_for(sys.stdout, terminal=sys.stdout.isatty())
    deposit = make_demo_deposit(folder / "deposit")
    _announce(f"confocal-bag inspect {deposit}")
    print_report(inspect_deposit(deposit).report(str(deposit)), console)
    bag = folder / "bag"
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


def _announce(command: str) -> None:
    typer.echo(f"\n$ {command}")
