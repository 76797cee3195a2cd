"""Read image files in guarded processes: a crash, a hang or a flood of memory costs one file, and nothing else.

`run` does one thing with one file in a process of its own kind, within limits of time and memory; `in_order` does the
same with many files, several at once. The processes are started when the first file needs one (or by `prepare`), serve
one file after another, and end with the program.
"""

from confocal_bag.image.worker.limits import Limits
from confocal_bag.image.worker.pool import prepare, run, stop
from confocal_bag.image.worker.process import beat
from confocal_bag.image.worker.several import in_order

__all__ = ["Limits", "beat", "in_order", "prepare", "run", "stop"]
