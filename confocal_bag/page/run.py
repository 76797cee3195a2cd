"""A run as its JSON document has it, be it made just now or saved years ago."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from confocal_bag.document import as_document
from confocal_bag.findings import Outcome, Report, Severity, Verdict

__all__ = [
    "Run",
    "RunAxis",
    "RunBag",
    "RunChannel",
    "RunCheck",
    "RunCoverage",
    "RunEvidence",
    "RunFair",
    "RunFile",
    "RunFinding",
    "RunImage",
    "RunLevel",
    "RunQuestion",
    "RunSequence",
    "RunStep",
    "run_of",
]


#: More than any disk has bytes; what is larger was written by somebody else.
_MOST = 2**63
Count = Annotated[int, Field(ge=0, lt=_MOST)]
Place = dict[str, int | str]


class _Part(BaseModel):
    """Documents may say more than is shown."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class RunTool(_Part):
    """The program that made the run."""

    name: str = "confocal-bag"
    version: str = ""


class RunCheck(_Part):
    """What became of one rule."""

    rule: str
    outcome: Outcome
    reason: str | None = None


class RunFinding(_Part):
    """One finding."""

    rule: str
    severity: Severity
    message: str
    path: str | None = None
    remedy: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict)
    reference: str | None = None


class RunFormat(_Part):
    """What a file is by its bytes; `open` is None where nobody said."""

    name: str
    puid: str | None = None
    mime: str | None = None
    open: bool | None = None


class RunChannel(_Part):
    """One channel of an image, as far as the page shows it."""

    name: str | None = None
    fluor: str | None = None
    excitation_nm: float | None = None
    emission_nm: float | None = None
    color: str | None = None


class RunSizes(_Part):
    """What deposit.yaml says of the size of a pixel and of steps."""

    x_um: float | None = None
    y_um: float | None = None
    z_um: float | None = None
    time_s: float | None = None
    scale_bar: bool = False


class RunImage(_Part):
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


class RunFile(_Part):
    """One file of the deposit or of the bag's payload."""

    path: str
    bytes: Count
    format: RunFormat
    tier: str
    tier_reason: str = ""
    images: tuple[RunImage, ...] = ()
    image_problem: str | None = None
    part_of: str | None = None


class RunLeftOut(_Part):
    """Something that goes into no bag, and why."""

    path: str
    reason: str


class RunSequenceFile(_Part):
    """One member of a sequence."""

    path: str
    coords: Place = Field(default_factory=dict)


class RunAxis(_Part):
    """The values that the names of a sequence have along one axis: how many, and the ends."""

    first: int | str
    last: int | str
    count: Count


class RunSequence(_Part):
    """Files that are planes of one acquisition."""

    stem: str
    axes: dict[str, RunAxis] = Field(default_factory=dict)
    convention: str | None = None
    confidence: str = ""
    irregular: tuple[str, ...] = ()
    files: tuple[RunSequenceFile, ...] = ()


class RunMissing(_Part):
    """What a practice level still needs."""

    field: str
    message: str
    remedy: str | None = None
    fields: tuple[str, ...] = ()


class RunLevel(_Part):
    """The level that is reached, and what the levels still need."""

    reached: str | None = None
    missing: dict[str, tuple[RunMissing, ...]] = Field(default_factory=dict)


class RunEvidence(_Part):
    """What an answer rests on."""

    basis: str = ""
    path: str | None = None
    line: int | None = None
    place: str | None = None
    text: str = ""


class RunStep(_Part):
    """One node on the way through the decision tree; the last one is its end and has only `open`."""

    node: str
    question: str = ""
    answer: str | None = None
    answer_in_words: str = ""
    by: str = "evidence"
    note: str | None = None
    evidence: tuple[RunEvidence, ...] = ()
    ask: str | None = None
    look: str | None = None
    open: tuple[str, ...] = ()


class RunQuestion(_Part):
    """One of the primer's key questions."""

    number: int
    text: str
    status: str
    answer: str | None = None
    note: str | None = None


class RunFair(_Part):
    """One test of the FAIR checklist."""

    id: str
    principle: str
    test: str
    outcome: str
    evidence: str = ""
    remedy: str | None = None
    rule: str | None = None


class RunBag(_Part):
    """One bag of a shelf that is worth a look."""

    path: str
    verdict: str | None = None
    checked: str | None = None
    vanished: str | None = None
    change: str | None = None


class RunCoverage(_Part):
    """At a point in time, the bags on a shelf, and those of them that had been checked recently enough."""

    at: str
    bags: Count
    checked: Count


class Run(_Part):
    """One run of `inspect`, `validate` or another command with findings."""

    record: int
    tool: RunTool = RunTool()
    command: str
    subject: str
    made: AwareDatetime | None = None
    verdict: Verdict
    checks: tuple[RunCheck, ...] = ()
    findings: tuple[RunFinding, ...] = ()
    summary: dict[str, Any] = Field(default_factory=dict)
    files: tuple[RunFile, ...] = ()
    left_out: tuple[RunLeftOut, ...] = ()
    inner_files: tuple[RunFile, ...] = ()
    sequences: tuple[RunSequence, ...] = ()
    pictures: tuple[str, ...] = ()
    level: RunLevel | None = None
    decision_tree: tuple[RunStep, ...] = ()
    key_questions: tuple[RunQuestion, ...] = ()
    fair: tuple[RunFair, ...] = ()
    bags: tuple[RunBag, ...] = ()
    coverage: tuple[RunCoverage, ...] = ()

    @field_validator("summary")
    @classmethod
    def _is_bounded(cls, summary: dict[str, Any]) -> dict[str, Any]:
        """Numbers that nobody can have counted could not be shown either."""
        for name, value in summary.items():
            if isinstance(value, int | float) and not abs(value) < _MOST:
                raise ValueError(f"{name} is no number that can be")
        return summary


def run_of(report: Report) -> Run:
    """A run that was made just now."""
    return Run.model_validate(as_document(report))
