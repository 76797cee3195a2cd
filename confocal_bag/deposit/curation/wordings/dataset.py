"""Questions about the dataset and the people behind it."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Kind, Topic, Wording, asked

__all__ = ["DATASET", "RAW_ADDRESS"]

#: The question about the place of the raw files, where it is asked already whether they still exist.
RAW_ADDRESS = "If the files that the microscope wrote are kept where others can reach them: at which address?"

DATASET: Mapping[str, Wording] = {
    "title": asked(
        Topic.DATASET,
        "What should the dataset be called?",
        "Confocal z-stacks of mitotic mouse embryonic fibroblasts",
        "a title",
    ),
    "abstract": asked(
        Topic.DATASET,
        "What was imaged, how and why? Two or three sentences.",
        "Fixed mouse fibroblasts stained for tubulin and mitochondria, imaged as confocal z-stacks to measure spindles",
        "an abstract",
    ),
    "keywords": asked(
        Topic.DATASET,
        "By which words would a colleague search for these images?",
        "confocal microscopy; mitosis; tubulin",
        "keywords",
        Kind.LIST,
    ),
    "dates.collected": asked(
        Topic.DATASET,
        "When were the images taken (first and last day)?",
        "2019-04-17/2019-04-18",
        "when the images were taken",
    ),
    "location.name": asked(
        Topic.DATASET, "Where were the images taken?", "Raleigh, NC, USA", "where the images were taken"
    ),
    "creators": asked(
        Topic.DATASET,
        "Who should be named as author of the dataset? Please name all of them in their order. (In the table there are "
        "rows for two; for a third, copy these rows and write creators[2].)",
        "Lovelace, Ada",
        "the authors",
        parts=(
            ("creators[0].family", "What is the first author's family name?", "Lovelace"),
            ("creators[0].given", "What is the first author's given name?", "Ada"),
            ("creators[0].orcid", "What is the first author's ORCID iD, if there is one?", "0000-0002-1825-0097"),
            ("creators[1].family", "If there is a second author: the family name?", "Hooke"),
            ("creators[1].given", "If there is a second author: the given name?", "Robert"),
            ("creators[1].orcid", "If there is a second author: the ORCID iD, if there is one?", "0000-0001-5109-3700"),
        ),
    ),
    "creators.email": asked(
        Topic.DATASET, "At which e-mail address can we and others reach you?", "ada@example.org", "an e-mail address"
    ),
    "creators.affiliation.name": asked(
        Topic.DATASET, "At which institution was the work done?", "NC State University", "the institution"
    ),
    "related.id": asked(
        Topic.DATASET,
        "Which paper or preprint describes the work (DOI or link)?",
        "10.1083/jcb.201912345",
        "the paper that describes the work",
    ),
    "creators.orcid": asked(
        Topic.DATASET, "What is the ORCID iD of each author?", "0000-0002-1825-0097", "the ORCID iDs"
    ),
    "raw_location": asked(
        Topic.DATASET,
        "The raw files are not among what we received. Where are they kept?",
        "https://data.example/raw/42",
        "where the raw files are",
    ),
}
