"""Questions about how the images were made and worked on."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["PROCESSING"]

PROCESSING: Mapping[str, Wording] = {
    "protocols.processing": asked(
        Topic.PROCESSING,
        "What was done to the images after they were taken, with which program and version? (If nothing was changed, "
        'write "no processing".)',
        "Maximum-intensity projections made in Fiji 2.14; contrast stretched alike for all images",
        "what was done to the images",
    ),
    "curation.tree.regions_labelled": asked(
        Topic.PROCESSING,
        "The analysis was made on certain regions of the images. Could you send images in which the regions are drawn, "
        "or name the files that show them?",
        "ROI_overlay_01.tif to ROI_overlay_12.tif show the outlines of the cells that were measured",
        "images that show the regions of interest",
        Kind.NODE,
    ),
    "protocols.sample_preparation": asked(
        Topic.PROCESSING,
        "How were the samples prepared and stained? A link to an open protocol or paper is fine.",
        "Fixed in 4% PFA for 15 min, permeabilised in 0.1% Triton X-100, stained overnight at 4 °C",
        "how the samples were prepared",
    ),
    "protocols.acquisition": asked(
        Topic.PROCESSING,
        "How were the images taken: which order, which fields of view, what was kept the same?",
        "Z-stacks at 0.5 µm, lines averaged four times, one cell per field, same settings for all",
        "how the images were taken",
    ),
    "protocols": asked(
        Topic.PROCESSING,
        "How were the images made, from the sample to the files you sent? A few sentences, or a link to a paper or "
        "protocol that says it.",
        "Cells fixed in 4% PFA, stained with DM1A; imaged as z-stacks; described in doi:10.1083/jcb.201912345",
        "how the images were made",
        parts=(
            (
                "protocols.sample_preparation",
                "How were the samples prepared and stained?",
                "Fixed in 4% PFA for 15 min, stained overnight at 4 °C",
            ),
            ("protocols.acquisition", "How were the images taken?", "Z-stacks at 0.5 µm, one cell per field"),
            (
                "protocols.processing",
                'What was done to the images since? ("no processing" if nothing.)',
                "Converted to TIFF in Fiji 2.14",
            ),
            (
                "related[0].id",
                "If a paper, preprint or protocol says it: its DOI or link?",
                "https://doi.org/10.1083/jcb.201912345",
            ),
        ),
    ),
}
