"""All questions to the depositor, in the order of the letter."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Wording
from confocal_bag.deposit.curation.wordings.channels import CHANNELS
from confocal_bag.deposit.curation.wordings.dataset import DATASET
from confocal_bag.deposit.curation.wordings.files import FILES
from confocal_bag.deposit.curation.wordings.findings import FINDINGS, finding_key
from confocal_bag.deposit.curation.wordings.imaging import IMAGING
from confocal_bag.deposit.curation.wordings.people import PEOPLE
from confocal_bag.deposit.curation.wordings.processing import PROCESSING
from confocal_bag.deposit.curation.wordings.reuse import REUSE
from confocal_bag.deposit.curation.wordings.samples import SAMPLES

__all__ = ["FOLLOWING", "WORDINGS"]

#: Findings that are worth a question, and worth less to others than what the files show.
_LESS_URGENT = (finding_key("curation.whole-stack"), finding_key("deposit.same-content"))

#: By the field of deposit.yaml that takes the answer, list positions left out; the order is that of the letter.
WORDINGS: Mapping[str, Wording] = {
    **{key: wording for key, wording in FINDINGS.items() if key not in _LESS_URGENT},
    **FILES,
    **{key: FINDINGS[key] for key in _LESS_URGENT},
    **SAMPLES,
    **CHANNELS,
    **IMAGING,
    **PROCESSING,
    **PEOPLE,
    **REUSE,
    **DATASET,
}

#: What an answer may call for besides: the field beside it, its question, an example.
FOLLOWING: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "acquisitions.averaging.number": (
        ("unit", "If averaged: were lines averaged, or frames?", "Line"),
        ("method", "If averaged: were the scans averaged or summed?", "Average"),
    ),
    "license.spdx": (
        ("statement", "If no licence fits: what may others do with the images, in your own words?", "Teaching only"),
    ),
    "access.level": (("until", "If embargoed: until which day?", "2027-01-31"),),
}
