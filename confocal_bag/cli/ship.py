"""confocal-bag ship"""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confocal_bag.cli.options import JobsOption, finish, refuse_inside_bag, refuse_protected, say
from confocal_bag.cli.progress import progress_bar
from confocal_bag.findings import CannotFinish, readable_path

__all__ = ["ship"]


class As(StrEnum):
    """The forms a bag can travel in."""

    FOLDER = "folder"
    ZIP = "zip"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_ZST = "tar.zst"


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
        As | None, typer.Option("--as", help="Send the bag in this form; else in the one its profile asks for.")
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option("--profile", help="The profile that says which form; a shipped one or a JSON file (repeat)."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the bag that is there.")] = False,
    read_back: Annotated[
        bool, typer.Option("--read-back", help="Read everything back, also where the store computed a checksum itself.")
    ] = False,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="DIR", help="Make an archive here; else among temporary files.")
    ] = None,
    jobs: JobsOption = 2,
    receipt_format: Annotated[ReceiptFormat, typer.Option("--format", help="How the receipt is written.")] = (
        ReceiptFormat.TEXT
    ),
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the receipt to this file.")] = None,
) -> None:
    """Send a valid bag to another place and prove it arrived.

    Every file is compared by the checksum that the store computed, or read back and hashed. Run again after an
    interruption: what has arrived is not sent again.
    """
    from confocal_bag.ship import Form, Order, receipt_document, receipt_text, ship_bag

    if output is not None:
        refuse_protected(output, [bag])
    if work is not None:
        refuse_inside_bag(work)
    order = Order(
        form=Form(form.value) if form else None,
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
    receipt = shipment.receipt
    say(f"Shipped {readable_path(bag)} to {receipt.destination}: {receipt.size:,} bytes", err=True)
    if receipt_format is ReceiptFormat.JSON:
        text = json.dumps(receipt_document(receipt), indent=2, ensure_ascii=False) + "\n"
    else:
        text = receipt_text(receipt)
    if output is None:
        typer.echo(text, nl=False)
    else:
        _write(output, text)


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
