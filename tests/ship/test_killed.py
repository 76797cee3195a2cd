"""A shipment that is killed outright is taken up again, with what had arrived."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from confocal_bag.findings import Verdict
from confocal_bag.remote import s3 as s3_module
from confocal_bag.remote.s3 import S3Store
from confocal_bag.ship import Order, ship_bag
from confocal_bag.validate import validate_bag
from tests.bag.bags import make_bag

MIB = 1 << 20
_PARTS = 12
_CLIENT = """
import sys
from pathlib import Path
from confocal_bag.remote import s3
from confocal_bag.ship import Order, ship_bag
s3.PART_BYTES = 5 << 20
ship_bag(Path(sys.argv[1]), "s3://shelf", Order(jobs=1))
"""


def _parts(s3: Any) -> int:
    """The parts that have arrived of the one upload that is under way."""
    uploads = s3.client.list_multipart_uploads(Bucket="shelf").get("Uploads", ())
    told = [s3.client.list_parts(Bucket="shelf", Key=one["Key"], UploadId=one["UploadId"]) for one in uploads]
    return sum(len(one.get("Parts", ())) for one in told)


@pytest.mark.slow
def test_a_killed_upload_is_gone_on_with(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of a file; the next run sends the parts that are missing, and the bag is valid."""
    monkeypatch.setattr(s3_module, "PART_BYTES", 5 * MIB)
    content = hashlib.shake_256(b"planes").digest(_PARTS * 5 * MIB)
    bag = make_bag(tmp_path / "large", payload={"data/image.tif": content})
    client = subprocess.Popen([sys.executable, "-c", _CLIENT, str(bag)], env=dict(os.environ))
    while client.poll() is None and _parts(s3) < 2:
        pass
    client.kill()
    client.wait()
    arrived = _parts(s3)
    assert 2 <= arrived < _PARTS
    sent: list[int] = []
    call = S3Store.call

    def counting(self: S3Store, method: str, **arguments: Any) -> dict[str, Any]:
        if method == "upload_part":
            sent.append(arguments["PartNumber"])
        return call(self, method, **arguments)

    monkeypatch.setattr(S3Store, "call", counting)
    assert ship_bag(bag, "s3://shelf", Order()).receipt is not None
    assert sent == list(range(arrived + 1, _PARTS + 1))
    assert validate_bag("s3://shelf/large").verdict is Verdict.VALID
