"""What answers for personal data, and what only fills the field."""

import pytest

from confocal_bag.deposit.privacy.reasons import is_reason, names_protection

NO_ANSWERS = """\
no idea
we did not ask the patients
We did not ask the patients.
don't know
no consent
not anonymised
ask later
to be decided
pending IRB
asdf asdf
not sure
There is no consent
none given
not yet known
see readme
will be done
we will check
nothing
keine
keine Ahnung
patients were not asked
yes
no
TBC later
unknown at this time
n/a for now
confidential
I do not know
lorem ipsum dolor
- - -
abc def
test test
oui
不明です
未知未知
?
IRB approval is pending
Einwilligung liegt nicht vor
keine Einwilligung
ohne Einwilligung
nicht anonymisiert
pas de consentement
non anonymisé
sin consentimiento
no anonimizado
à faire
wird noch geklärt
noch offen
pendiente
ask the PI later
We will anonymise them
should be checked
Not applicable
aaaa aaaa
see paper
please see the methods
The patients have not agreed
nobody asked them
patients didn't consent
qwertz asdfgh
it is fine
all good
to do
unsure about this
x y z
we forgot
no comment
none of your business
"""
ANSWERS = """\
IRB 2018-042
Consent given
Consent was given
pseudonymised
anonymised
同意済み
匿名化済み
Consent of all patients is on file, ethics vote 2018-042
Consent forms were signed
Names were cut out
The numbers are those of mice
consented, protocol 12
All agreed to open sharing
Not applicable because these are not patients
No consent was required: the samples are anonymised
Consent was not needed, vote 12/2018
Patients could not be asked because they are deceased; ethics vote 2018-1
Consent was given and can be withdrawn later.
No patient can be identified from the images
Die Patienten haben eingewilligt
Les patients ont donné leur consentement
Los pacientes dieron su consentimiento
No names are in the files
The IRB waived consent
De-identified by the hospital
Data use agreement needed, controlled access only
"""
#: They protect the people, but not what is written of them for all to read.
OF_NO_HELP_IN_THE_OPEN = """\
Consent forms were signed
Consent was given
anonymised
Names were cut out
The data are not pseudonymised
IRB 2018-042
We have consent
The images will be pseudonymised
The patients agreed
no consent to publication
"""
OPENLY_SHOWN = """\
The numbers are those of mice
The numbers are pseudonyms
Study numbers, the key is with the hospital
All agreed to open sharing
The patients consented to publication of their data
Die Patienten haben in die Veröffentlichung eingewilligt
Invented numbers for testing
These are not patients
"""


@pytest.mark.parametrize("text", NO_ANSWERS.splitlines())
def test_what_protects_nobody_is_no_reason(text: str) -> None:
    """Not known, to be done later, denied, somewhere else, or letters at random."""
    assert not is_reason(text)


@pytest.mark.parametrize("text", ANSWERS.splitlines())
def test_a_few_words_are_a_reason(text: str) -> None:
    """In any language; that nothing was needed is one, too."""
    assert is_reason(text)


@pytest.mark.parametrize("text", OF_NO_HELP_IN_THE_OPEN.splitlines())
def test_consent_to_nobody_knows_what_shows_no_identifiers(text: str) -> None:
    """Nor does that something was taken out, where it was found."""
    assert not names_protection(text)


@pytest.mark.parametrize("text", OPENLY_SHOWN.splitlines())
def test_identifiers_of_nobody_or_with_consent_may_be_read(text: str) -> None:
    """Pseudonyms, study numbers, animals, and people who agreed to be published."""
    assert names_protection(text)
