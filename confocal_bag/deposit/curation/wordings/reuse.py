"""Questions about what others may do with the images."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["REUSE"]

REUSE: Mapping[str, Wording] = {
    "license.spdx": asked(
        Topic.REUSE,
        "Under which licence may others use the images? We recommend CC0, which lets everybody use them; please check "
        "first whether your publisher holds rights in published images. If none fits, tell us your own conditions.",
        "CC0-1.0",
        "the licence",
    ),
    "privacy.human_subjects": asked(
        Topic.REUSE,
        "Do any of the samples come from people? (An established cell line such as HeLa does not count; cells or "
        "tissue taken from patients or donors do.)",
        "no",
        "whether samples come from people",
        Kind.YES_NO,
    ),
    "privacy.restricted": asked(
        Topic.REUSE,
        "Must any of the images or files be kept from the public?",
        "no",
        "whether any data must be restricted",
        Kind.YES_NO,
    ),
    "access.level": asked(
        Topic.REUSE, "Who may have the data: open, embargoed or restricted?", "open", "who may have the data"
    ),
    "access.until": asked(
        Topic.REUSE, "Until which day are the data under embargo?", "2027-01-31", "the end of the embargo"
    ),
    "curation.questions.reuse_expectations": asked(
        Topic.REUSE,
        "What do you expect others to do with your images?",
        "Measure spindle lengths anew; use the control stacks to train a segmentation program",
        "what you expect others to do with the images",
    ),
    "audience": asked(
        Topic.REUSE,
        "Whom are the images meant for: researchers, education, media, public? You may name several.",
        "researchers, education",
        "whom the images are meant for",
        Kind.LIST,
    ),
}
