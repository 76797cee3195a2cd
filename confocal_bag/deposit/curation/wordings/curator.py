"""What levels ask for that the curator knows rather than the depositor."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Topic, Wording, asked

__all__ = ["CURATOR", "CURATOR_FIELDS"]

#: These stand at the end of the answer sheet, for the curator to fill in, and not in the letter.
CURATOR: Mapping[str, Wording] = {
    "level": asked(
        Topic.CURATOR,
        "Which practice level is the deposit to reach (minimum, good-enough, most-reproducible)?",
        "good-enough",
        "the practice level",
    ),
    "organization.name": asked(
        Topic.CURATOR,
        "Which institution hands over the data?",
        "NC State University Libraries",
        "the institution that hands over the data",
    ),
    "organization.address": asked(
        Topic.CURATOR, "What is its postal address?", "2 Broughton Drive, Raleigh, NC 27695, USA", "its address"
    ),
    "publisher.name": asked(
        Topic.CURATOR,
        "Which repository publishes the data?",
        "Example Data Repository",
        "the repository that publishes the data",
    ),
    "dates.issued": asked(
        Topic.CURATOR, "On which day are the data published?", "2019-07-01", "the date of publication"
    ),
    "version": asked(Topic.CURATOR, "Which version of the dataset is it?", "1.0", "the version of the dataset"),
}

#: Everything that is left to the curator, in words; what is no question has no row in the sheet.
CURATOR_FIELDS: Mapping[str, str] = {
    **{field: wording.short for field, wording in CURATOR.items()},
    "files": "image files, of which there are none",
    "transformed": "transformed files: let `confocal-bag build` convert the raw images",
    "transformed of everything": "transformed files of every raw image",
    "metadata": "readable images, from which OME-XML can be written",
}
