"""Ask bdbag about bags. It needs its own environment, so this runs there, by the tests that start it.

Each line of standard input is the path of a bag, folder or archive, as JSON. Each is answered by one line: a list of
[kind, text], empty when bdbag accepts the bag. As bdbag's own command does, an archive is unpacked and looked into.
"""

import json
import logging
import os
import shutil
import sys

from bdbag import bdbag_api, bdbagit


def complaints(path: str) -> list[tuple[str, str]]:
    """What `bdbag --validate full` has against a bag, by the names of files where it gives them."""
    if os.path.isdir(path):  # noqa: PTH112 - the path is whatever name a test made
        return _complaints_about_folder(path)
    unpacked = bdbag_api.extract_bag(path, temp=True)
    try:
        return _complaints_about_folder(unpacked)
    finally:
        shutil.rmtree(os.path.dirname(unpacked))  # noqa: PTH120


def _complaints_about_folder(path: str) -> list[tuple[str, str]]:
    try:
        bdbagit.BDBag(path)  # says why, where `is_bag` only says no and the command makes a new bag of the folder
        bdbag_api.validate_bag(path, fast=False)
    except bdbagit.BagError as error:
        details = getattr(error, "details", None)
        return [(type(one).__name__, one.path) for one in details] if details else [(type(error).__name__, str(error))]
    except RuntimeError as error:
        crash = error.__context__
        return [("Crash", crash.args[0] if isinstance(crash, KeyError) else str(error))]
    return []


def main() -> None:
    """Answer until there are no more questions."""
    logging.disable()
    for line in sys.stdin:
        print(json.dumps(complaints(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
