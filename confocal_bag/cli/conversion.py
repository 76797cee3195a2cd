"""Options that say how images are converted."""

from enum import StrEnum
from typing import Annotated

import typer

from confocal_bag.cli.words import one_of

__all__ = ["Compression", "CompressionOption", "KeepPersonalOption", "Stacks", "StacksOption"]


class Compression(StrEnum):
    """Lossless compressions of the OME-TIFF files."""

    NONE = "none"
    DEFLATE = "deflate"
    LZW = "lzw"
    ZSTD = "zstd"


CompressionOption = Annotated[
    Compression,
    typer.Option(
        "--compression",
        metavar="METHOD",
        parser=one_of(Compression),
        help="Of the OME-TIFF files, lossless: none, deflate, lzw, zstd.",
    ),
]


class Stacks(StrEnum):
    """What is made of a stack of single-plane files; the files themselves are kept in any case."""

    KEEP = "keep"
    COMPILE = "compile"
    BOTH = "both"


StacksOption = Annotated[
    Stacks,
    typer.Option(
        "--stacks",
        metavar="HOW",
        parser=one_of(Stacks),
        help="Of stacks of single planes make a companion file (keep), one OME-TIFF (compile), or both.",
    ),
]

KeepPersonalOption = Annotated[
    bool,
    typer.Option("--keep-personal-data", help="Copies and sidecars keep names and paths of headers."),
]
