"""Whether what stands before a date of birth is an animal: laboratories record those of mice, too."""

import re

__all__ = ["is_of_animal"]

#: How far before the date its owner stands.
_BEFORE = 60
_ANIMAL = re.compile(
    r"(?<!anti-)(?<!anti )\b(?:mouse|mice|maus|m[aä]use|souris|rat(?:ón|on|te|s)?|ratten?|pups?|litters?|wurf|animals?|"
    r"tiere?|animal(?:es|i)|animaux|zebrafish|fish|larva(?:e|s)?|embryos?|dogs?|pigs?|chicks?|monkeys?|macaques?|"
    r"rabbits?|hamsters?|ferrets?|frogs?|xenopus|flies|offspring|dams?|knock-?outs?)\b",
    re.I,
)
_PERSON = re.compile(r"\b(?:patient\w*|pa[cz]iente?\w*|donor\w*|volunteer\w*|proband\w*|mr|mrs|herr|frau)\b", re.I)


def is_of_animal(text: str, start: int) -> bool:
    """Whether the word before `start` that has an owner of dates is an animal's, and not a patient's."""
    before = text[max(0, start - _BEFORE) : start]
    animals = [found.end() for found in _ANIMAL.finditer(before)]
    people = [found.end() for found in _PERSON.finditer(before)]
    return bool(animals) and max(people, default=-1) < animals[-1]
