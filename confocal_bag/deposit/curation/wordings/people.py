"""Questions about people: those whose samples were imaged, and those whom files name."""

from collections.abc import Mapping

from confocal_bag.deposit.curation.wording import Topic, Wording, asked

__all__ = ["AGREEMENT", "PATIENTS", "PEOPLE"]

#: The field that takes the answer is the key; none of them lets `privacy.gate` pass by its question alone.
PATIENTS, AGREEMENT = "privacy.notes", "curation.questions.restrictions.note"

PEOPLE: Mapping[str, Wording] = {
    PATIENTS: asked(
        Topic.REUSE,
        "These files hold what looks like data of patients or other people (we do not repeat it here). We may not "
        "pass it on as it is. Please send files without it, or with study numbers in its place. If it may stay, tell "
        "us what protects these people: their consent to publication, or the vote of an ethics committee.",
        "These are study numbers; all donors agreed to publication (ethics vote 2019-123, Example University)",
        "what protects the people whose data are in the files",
        parts=(
            (
                PATIENTS,
                "If the data may stay in the files: what protects the people concerned?",
                "These are study numbers; all donors agreed to publication (ethics vote 2019-123, Example University)",
            ),
            (
                "privacy.redaction",
                "If you send new files: what was taken out of them?",
                "Names and dates of birth were taken out of file names and headers",
            ),
        ),
    ),
    AGREEMENT: asked(
        Topic.REUSE,
        "These files name people, or the login under which they worked, as microscopes write it into every file. We "
        "keep raw files as they came. Do these people agree that it becomes public?",
        "Yes, both operators agree",
        "whether the people named in files agree",
    ),
}
