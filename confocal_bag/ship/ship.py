"""A bag to its destination: judged first, sent, and every file of it proven to have arrived.

Nothing is remembered between two runs: what an earlier run brought there is told by looking at it, so a shipment can be
taken up again by whoever has the bag.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from confocal_bag.bag.archives.obstacles import serious
from confocal_bag.containment import folders_around, lies_in
from confocal_bag.curated import refuse_inside_deposit
from confocal_bag.findings import CannotFinish, Report, readable_path
from confocal_bag.progress import SILENT, Progress
from confocal_bag.remote.address import LOCAL, Address, destination_of
from confocal_bag.remote.store import open_store
from confocal_bag.ship.cargo import Cargo, form_of, load_cargo
from confocal_bag.ship.form import choose_form, demanding_profiles
from confocal_bag.ship.order import Order
from confocal_bag.ship.receipt import Receipt
from confocal_bag.ship.voyage import Voyage
from confocal_bag.validate import validate_bag

if TYPE_CHECKING:
    from confocal_bag.bag.rules import BagCheck

__all__ = ["Shipment", "ship_bag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What was found out about the bag, and the receipt; None where the bag is not valid and was not sent."""

    report: Report
    receipt: Receipt | None


def ship_bag(bag: Path, destination: str, order: Order | None = None, *, progress: Progress = SILENT) -> Shipment:
    """Send a valid bag to a folder or address, under its own name in it, and prove that it arrived.

    What is there already and the same is not sent again; anything else there is never overwritten without
    `order.replace`. Raises CannotFinish; what has arrived by then stays, and the next run goes on from there.
    """
    order, begun = order or Order(), datetime.now(UTC)
    target = destination_of(destination)
    _refuse_unfit(bag, target)
    checks: list[BagCheck] = []
    report = validate_bag(bag, profiles=(), jobs=order.jobs, progress=progress, on_checked=checks.append)
    if serious(report.findings):
        return Shipment(report=report, receipt=None)
    read = checks[0].bag
    travels_as = form_of(read.source)
    form = choose_form(order.form, demanding_profiles(order.profiles, read.bag_info), travels_as=travels_as)
    with load_cargo(read, form, work=order.work, progress=progress) as cargo:
        place = target if cargo.folder is None else target.below(cargo.folder)
        if place.scheme == LOCAL:
            refuse_inside_deposit(Path(place.place))
            _refuse_itself(Path(place.place), cargo)
        with closing(open_store(place)) as store:
            files, removed = Voyage(store=store, cargo=cargo, order=order, progress=progress).make()
    receipt = Receipt(
        bag=readable_path(bag),
        destination=readable_path(str(place)),
        form=form.value,
        begun=begun,
        ended=datetime.now(UTC),
        files=tuple(files),
        removed=tuple(removed),
        is_draft=bool(report.summary["draft"]),
    )
    return Shipment(report=report, receipt=receipt)


def _refuse_itself(place: Path, cargo: Cargo) -> None:
    """Refuse a place at which the very files lie that are to be sent: there would be one copy, and a receipt of two."""
    for item in cargo.items:
        there = place / item.name
        if there.exists() and there.samefile(item.path):
            raise CannotFinish(
                f"{readable_path(there)} is the very file that is to be sent, not a copy of it: the destination leads "
                "back to the bag, or shares its files by hard links. Choose another destination."
            )


def _refuse_unfit(bag: Path, target: Address) -> None:
    """Refuse a bag that is not here, and a folder where no bag belongs or that was hardly meant."""
    if not bag.exists():
        raise CannotFinish(f"{readable_path(bag)} is not on this machine; only a bag that lies here can be sent.")
    if target.scheme != LOCAL:
        return
    folder, shown = Path(target.place), readable_path(target.place)
    if lies_in(folder, bag):
        raise CannotFinish(f"{shown} lies in the bag itself; choose another destination.")
    if any((one / "bagit.txt").is_file() for one in folders_around(folder)):
        raise CannotFinish(f"{shown} lies inside a bag, which is never written to. Choose another destination.")
    refuse_inside_deposit(folder)
    if not folder.parent.is_dir():
        raise CannotFinish(
            f"The parent folder of {shown} does not exist. Make it first, or choose another destination."
        )
