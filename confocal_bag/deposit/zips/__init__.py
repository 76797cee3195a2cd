"""Zip files in a deposit, and deposits in zip files: opened, listed as folders are, unpacked by members, verified.

`deposit.source` needs what is exported here to open a deposit. What needs an opened deposit in turn is imported from
its module: `images` tells which members are images, `inner_files` looks at them, `unpacking` has one for a while.
"""

from confocal_bag.deposit.zips.archive import DamagedZip, open_zip
from confocal_bag.deposit.zips.content import unpack_member, verify_member
from confocal_bag.deposit.zips.inner_paths import inner_path, member_path, safe_member
from confocal_bag.deposit.zips.members import ZipMember, read_members

__all__ = [
    "DamagedZip",
    "ZipMember",
    "inner_path",
    "member_path",
    "open_zip",
    "read_members",
    "safe_member",
    "unpack_member",
    "verify_member",
]
