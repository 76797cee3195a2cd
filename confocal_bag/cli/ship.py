"""confocal-bag ship"""

import json
import os
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confocal_bag.cli.ending import finish, refuse_protected, say
from confocal_bag.cli.options import JobsOption
from confocal_bag.cli.places import refuse_inside_bag, refuse_inside_deposit
from confocal_bag.cli.progress import progress_bar
from confocal_bag.cli.words import one_of
from confocal_bag.findings import CannotFinish, readable_path
from confocal_bag.vocabulary import BagForm

if TYPE_CHECKING:
    from confocal_bag.ship import Receipt

__all__ = ["ship"]


class ReceiptFormat(StrEnum):
    """How a receipt is written."""

    TEXT = "text"
    JSON = "json"


def ship(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The folder or archive of a valid bag; it is only read.")],
    destination: Annotated[
        str, typer.Argument(metavar="DEST", help="The folder or address (s3://..., sftp://...) to send it into.")
    ],
    *,
    form: Annotated[
        BagForm | None,
        typer.Option(
            "--as",
            metavar="FORM",
            parser=one_of(BagForm),
            help="folder, zip, tar, tar.gz or tar.zst; else what its profile asks for.",
        ),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile", metavar="NAME", help="The profile that says which form; a shipped one or a JSON file (repeat)."
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the bag that is there.")] = False,
    read_back: Annotated[
        bool, typer.Option("--read-back", help="Read everything back, also where the store computed a checksum itself.")
    ] = False,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="DIR", help="Make an archive here; else among temporary files.")
    ] = None,
    jobs: JobsOption = 2,
    receipt_format: Annotated[
        ReceiptFormat, typer.Option("--format", metavar="FORMAT", help="How the receipt is written: text or json.")
    ] = (ReceiptFormat.TEXT),
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the receipt to this file; else beside the bag.",
        ),
    ] = None,
) -> None:
    """Send a valid bag to another place and prove it arrived.

    Every file is compared by the checksum that the store computed, or read back and hashed. Run again after an
    interruption: what has arrived is not sent again. The receipt, with every digest, is written to a file;
    --format json prints it.
    """
    from confocal_bag.ship import Order, ship_bag

    _refuse_memory(destination)
    if output is not None:
        refuse_protected(output, [bag])
    if work is not None:
        refuse_inside_bag(work)
        refuse_inside_deposit(work)
    order = Order(
        form=form,
        profiles=tuple(profile or ()),
        replace=replace,
        read_back=read_back,
        work=work,
        jobs=jobs,
    )
    with progress_bar() as progress:
        shipment = ship_bag(bag, destination, order, progress=progress)
    if shipment.receipt is None:
        typer.echo("Not sent: the bag is not valid.", err=True)
        finish([shipment.report])
        return
    _hand_over(bag, shipment.receipt, receipt_format, output)


def _refuse_memory(destination: str) -> None:
    """Refuse a receipt of what is gone when this program ends. Raises `CannotFinish`."""
    from confocal_bag.remote.address import destination_of

    if destination_of(destination).scheme == "memory":
        raise CannotFinish(
            f"{readable_path(destination)} lies in the memory of this program and is gone when it ends; "
            "choose another destination."
        )


def _hand_over(bag: Path, receipt: "Receipt", form: ReceiptFormat, output: Path | None) -> None:
    """Say in short what arrived, and where the receipt lies; print the receipt where no file of it can be made."""
    from confocal_bag.ship import receipt_document, receipt_lines, receipt_text, receipt_warnings

    if form is ReceiptFormat.JSON:
        text = json.dumps(receipt_document(receipt), indent=2, ensure_ascii=False) + "\n"
        if output is None:
            say(f"Shipped {readable_path(bag)} to {receipt.destination}: {receipt.size:,} bytes", err=True)
            for warning in receipt_warnings(receipt):
                say(f"Warning: {warning}", err=True)
            typer.echo(text, nl=False)
            return
    else:
        text = receipt_text(receipt)
    try:
        if output is None:
            place = _write_beside(bag, receipt, text)
        else:
            place = output
            _write(place, text)
    except CannotFinish as problem:
        typer.echo(text, nl=False)
        if output is not None:
            raise
        say(f"{problem} The receipt is printed instead; -o FILE writes it elsewhere.", err=True)
        return
    for line in receipt_lines(receipt):
        say(line)
    say(f"Receipt      {readable_path(place)}")


def _write_beside(bag: Path, receipt: "Receipt", text: str) -> Path:
    """Write a receipt that nobody gave a place, and say where it lies: never over another one of the same second.

    Raises `CannotFinish` where nothing may be written there.
    """
    whole = bag.resolve()
    # Hidden, so that `validate SHELF/*` and the like do not take it for a bag.
    name = f".{whole.name}.shipped-{receipt.ended:%Y%m%dT%H%M%S}Z"
    for number in count(1):
        place = whole.with_name(f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        refuse_protected(place, [bag])
        try:
            place.open("x").close()  # the name is ours; what stands there is replaced at once by the whole receipt
        except FileExistsError:
            continue
        except OSError:
            pass  # said when it is written
        _write(place, text)
        return place
    raise AssertionError("numbers do not end")


def _write(output: Path, text: str) -> None:
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        with partial.open("x", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
        partial.replace(output)
    except OSError as error:
        raise CannotFinish(
            f"The receipt cannot be written to {readable_path(output)}: {error.strerror}. Choose another file."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
