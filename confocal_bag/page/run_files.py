"""The files of a deposit or bag as the JSON document of a run has them: formats, images, sequences."""

from typing import Any

from pydantic import Field

from confocal_bag.page.document_part import Count, DocumentPart

__all__ = [
    "RunAxis",
    "RunChannel",
    "RunFile",
    "RunFormat",
    "RunImage",
    "RunLeftOut",
    "RunSequence",
    "RunSequenceFile",
    "RunSizes",
]

Place = dict[str, int | str]


class RunFormat(DocumentPart):
    """What a file is by its bytes; `open` is None where nobody said."""

    name: str
    puid: str | None = None
    mime: str | None = None
    open: bool | None = None


class RunChannel(DocumentPart):
    """One channel of an image, as far as the page shows it."""

    name: str | None = None
    fluor: str | None = None
    excitation_nm: float | None = None
    emission_nm: float | None = None
    color: str | None = None


class RunSizes(DocumentPart):
    """What deposit.yaml says of the size of a pixel and of steps."""

    x_um: float | None = None
    y_um: float | None = None
    z_um: float | None = None
    time_s: float | None = None
    scale_bar: bool = False


class RunImage(DocumentPart):
    """One image of a file."""

    series: Count = 0
    name: str = ""
    axes: dict[str, Count] = Field(default_factory=dict)
    dtype: str = ""
    pixel_size_um: dict[str, float | None] = Field(default_factory=dict)
    time_increment_s: float | None = None
    channels: tuple[RunChannel, ...] = ()
    instrument: dict[str, Any] = Field(default_factory=dict)
    lossy: bool | None = None
    complete: bool | None = None
    dimensions: str = ""
    described_sizes: RunSizes = RunSizes()


class RunFile(DocumentPart):
    """One file of the deposit or of the bag's payload."""

    path: str
    bytes: Count
    format: RunFormat
    tier: str
    tier_reason: str = ""
    images: tuple[RunImage, ...] = ()
    image_problem: str | None = None
    part_of: str | None = None


class RunLeftOut(DocumentPart):
    """Something that goes into no bag, and why."""

    path: str
    reason: str


class RunSequenceFile(DocumentPart):
    """One member of a sequence."""

    path: str
    coords: Place = Field(default_factory=dict)


class RunAxis(DocumentPart):
    """The values that the names of a sequence have along one axis: how many, and the ends."""

    first: int | str
    last: int | str
    count: Count


class RunSequence(DocumentPart):
    """Files that are planes of one acquisition."""

    stem: str
    axes: dict[str, RunAxis] = Field(default_factory=dict)
    convention: str | None = None
    confidence: str = ""
    irregular: tuple[str, ...] = ()
    files: tuple[RunSequenceFile, ...] = ()
