"""What a profile asks of the labels in bag-info.txt and in other tag files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from confocal_bag.bag.profiles.expressions import TooMuchWork
from confocal_bag.bag.profiles.model import Comparison, LabelRule, TagFields, TagFileRule
from confocal_bag.findings import NotApplicable, Problem, Severity, Skipped, rule

__all__ = ["values_by_label"]

_SPECIFICATION = "BagIt Profiles 1.4.0"
_IDENTIFIER = "bagit-profile-identifier"
_LONGEST_SHOWN = 200
#: Labels whose values a build finds out: another value in bag-info.txt would make nothing better.
_FOUND_BY_A_BUILD = {
    "confocal-draft": "Build the bag again when the description is complete",
    "confocal-practice-level": "Build the bag again when the deposit reaches the level",
}


@dataclass(frozen=True, slots=True)
class _TagFile:
    """The labels of one tag file, and what is asked of them."""

    path: str
    labels: Sequence[LabelRule]
    values: Mapping[str, Sequence[str]]

    def of(self, asked: LabelRule) -> Sequence[str]:
        """The values of a label, in any capitals."""
        return self.values.get(asked.label.casefold(), ())


def values_by_label(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each label, which is in small letters: labels are compared without regard to case."""
    values: dict[str, list[str]] = defaultdict(list)
    for label, value in fields:
        values[label.strip().casefold()].append(value.strip())
    return dict(values)


@rule("profile.bag-info-required", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Bag-Info/required")
def _required_labels(comparison: Comparison) -> Iterator[Problem]:
    """Every label that the profile requires is in bag-info.txt, with a value.

    A required label without a value is a warning, because BagIt Profiles asks for the label only; an error where a
    profile of DART or Bagger asks for a value; and nothing where the profile allows it to be empty.
    """
    yield from _missing_labels(_bag_info(comparison))


@rule("profile.bag-info-values", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Bag-Info/values")
def _label_values(comparison: Comparison) -> Iterator[Problem]:
    """Each value of a label is one of those the profile lists for it. An empty list allows any value."""
    yield from _values_not_listed(_bag_info(comparison))


@rule("profile.bag-info-pattern", severity=Severity.ERROR, reference="bagit-utils, regex")
def _label_pattern(comparison: Comparison) -> Iterator[Problem]:
    """Each value of a label matches the regular expression that the profile gives for it, from beginning to end.

    `regex` is no key of BagIt Profiles, but bagit-utils uses it. Expressions that could take for ever are not
    compared, and the profile is then reported.
    """
    yield from _values_not_matching(_bag_info(comparison))


@rule("profile.bag-info-repeated", severity=Severity.ERROR, reference=f"{_SPECIFICATION}, Bag-Info/repeatable")
def _repeated_labels(comparison: Comparison) -> Iterator[Problem]:
    """A label that the profile calls not repeatable stands once in bag-info.txt, in any capitals."""
    yield from _repeats(_bag_info(comparison))


@rule("profile.bag-info-recommended", severity=Severity.ADVICE, reference="BTR Bagit Profile 1.0, recommended")
def _recommended_labels(comparison: Comparison) -> Iterator[Problem]:
    """Labels that the profile recommends are in bag-info.txt.

    `recommended` is no key of BagIt Profiles, but the profile of Beyond the Repository and others use it.
    """
    yield from _missing_recommended(_bag_info(comparison))


@rule("profile.tag-file-labels", severity=Severity.ERROR, reference="DART profiles, tags; Other-Info")
def _tag_file_labels(comparison: Comparison) -> Iterator[Problem]:
    """Labels of other tag files, such as Title in aptrust-info.txt, are as the profile asks.

    BagIt Profiles has no place for them, but profiles of DART and the section Other-Info of the profiles of
    DuraSpace do. Required labels, listed values, patterns and repeats are checked as in bag-info.txt.
    """
    rules = comparison.profile.tag_file_rules
    if not rules:
        raise NotApplicable("the profile asks nothing of labels in other tag files")
    if comparison.subject.tag_fields is None:
        raise Skipped("no tag file but bag-info.txt was looked into")
    for one in rules:
        yield from _problems_of(one, comparison.subject.tag_fields)


def _problems_of(asked: TagFileRule, tag_fields: TagFields) -> Iterator[Problem]:
    try:
        fields = tag_fields(asked.path)
    except OSError as error:
        yield Problem(
            path=asked.path,
            message=f"{asked.path} cannot be read ({error.strerror or error}), so its labels were not checked.",
            remedy="Make the file readable and validate again.",
        )
        return
    if fields is None:
        required = [label.label for label in asked.labels if label.required]
        if required:
            yield Problem(
                path=asked.path,
                message=f"The tag file {asked.path} is missing; the profile requires its labels {_list(required)}.",
                remedy="Add the file to the bag and to its tag manifests.",
            )
        return
    file = _TagFile(asked.path, asked.labels, values_by_label(fields))
    for check in (_missing_labels, _values_not_listed, _values_not_matching, _repeats):
        yield from check(file)
    for problem in _missing_recommended(file):
        yield replace(problem, severity=Severity.ADVICE)


def _bag_info(comparison: Comparison) -> _TagFile:
    """What is asked of bag-info.txt; BagIt-Profile-Identifier has a rule of its own."""
    labels = [one for one in comparison.profile.labels if one.label.casefold() != _IDENTIFIER]
    return _TagFile("bag-info.txt", labels, comparison.values)


def _missing_labels(file: _TagFile) -> Iterator[Problem]:
    for asked in file.labels:
        if not asked.required:
            continue
        if asked.label.casefold() not in file.values:
            yield _about(file, asked, f"{file.path} has no {asked.label}, which the profile requires.", "Add it")
        elif not any(file.of(asked)) and asked.empty_ok is not True:
            problem = _about(file, asked, f"{asked.label} has no value in {file.path}.", "Give it one")
            yield problem if asked.empty_ok is False else replace(problem, severity=Severity.WARNING)


def _missing_recommended(file: _TagFile) -> Iterator[Problem]:
    for asked in file.labels:
        if asked.recommended and not asked.required and asked.label.casefold() not in file.values:
            sentence = f"{file.path} has no {asked.label}, which the profile recommends."
            yield _about(file, asked, sentence, "Consider adding it")


def _values_not_listed(file: _TagFile) -> Iterator[Problem]:
    for asked in file.labels:
        for seen in file.of(asked) if asked.values else ():
            if seen not in asked.values:
                sentence = f"{asked.label} is {_shown(seen)}; the profile allows {_list(asked.values)}."
                remedy = _FOUND_BY_A_BUILD.get(asked.label.casefold(), "Correct the value")
                yield _about(file, asked, sentence, remedy)


def _values_not_matching(file: _TagFile) -> Iterator[Problem]:
    for asked in file.labels:
        if asked.expression is None:
            continue
        for seen in file.of(asked):
            try:
                is_match = asked.expression.matches(seen)
            except TooMuchWork as reason:
                sentence = f"{asked.label} was not compared with the expression of the profile: {reason}."
                yield _about(file, asked, sentence, "Compare it by hand")
                break
            if not is_match:
                sentence = f"{asked.label} is {_shown(seen)}, which does not match {asked.expression.source}."
                yield _about(file, asked, sentence, "Correct the value")


def _repeats(file: _TagFile) -> Iterator[Problem]:
    for asked in file.labels:
        times = len(file.of(asked))
        if times > 1 and not asked.repeatable:
            sentence = f"{asked.label} stands {times} times in {file.path}; the profile allows it once."
            yield _about(file, asked, sentence, "Keep one of them")


def _about(file: _TagFile, asked: LabelRule, message: str, remedy: str) -> Problem:
    told = f" (the profile says: {asked.description})" if asked.description else ""
    return Problem(path=file.path, message=message, remedy=f"{remedy}{told}.", detail={"label": asked.label})


def _shown(value: str) -> str:
    return repr(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "...")


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
