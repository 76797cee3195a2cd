"""What shows a patient, and what in a laboratory only looks so: two lists of phrases as people write them."""

import pytest

from confocal_bag.image.privacy.subjects import detect_subjects

#: A phrase, and a part of it that must be found.
PATIENTS = """\
MRN 00123456 | 00123456
MRN: 1234567 | 1234567
MRN1234_a.txt | 1234
mrn-445566.lsm | 445566
Patient MRN is 998877 | 998877
MRN #A-12345 | A-12345
Medical record number 00123456 | 00123456
medical record no. 4711 | 4711
Patient ID: 12345 | 12345
patient_id=0047 | 0047
PatientID 5567 | 5567
Patient no. 12 | 12
patient number 330 | 330
Pat.-Nr. 0047 | 0047
Pat. Nr.: 0047 | 0047
Pat-ID 8811 | 8811
Patientennummer 0047 | 0047
Patienten-ID: 99123 | 99123
Patientin 0815 | 0815
Krankenaktennummer 77881 | 77881
subject id 0042 | 0042
NHS number 943 476 5919 | 943 476 5919
NHS no: 9434765919 | 9434765919
Hospital number 123456 | 123456
SSN 123-45-6789 | 123-45-6789
patient 1234567 | 1234567
patient AB1234 biopsy | AB1234
N° patient 4521 | 4521
numéro de patient : 4521 | 4521
dossier patient n° 88123 | 88123
dossier médical 88123 | 88123
número de paciente 3312 | 3312
historia clínica 445512 | 445512
NHC: 445512 | 445512
paciente 0212 | 0212
DOB 1956-03-12 | 1956-03-12
DOB: 12/03/1956 | 12/03/1956
dob_19560312.lsm | 19560312
D.O.B. 12.03.56 | 12.03.56
Date of birth: 12 March 1956 | 12 March 1956
date of birth March 12, 1956 | March 12, 1956
Birth date 1956-03-12 | 1956-03-12
birthdate=1956/03/12 | 1956/03/12
Geburtsdatum: 04.07.1961 | 04.07.1961
Geb.-Datum 04.07.1961 | 04.07.1961
geb. 04.07.1961 | 04.07.1961
geboren am 4. Juli 1961 | 4. Juli 1961
born on 12 March 1956 | 12 March 1956
born 12.03.1956 | 12.03.1956
Hans M. (*04.07.1961) | 04.07.1961
née le 4 juillet 1961 | 4 juillet 1961
né le 04/07/1961 | 04/07/1961
date de naissance : 04/07/1961 | 04/07/1961
fecha de nacimiento: 04/07/1961 | 04/07/1961
nacida el 4 de julio de 1961 | 4 de julio de 1961
nata il 04/07/1961 | 04/07/1961
Patient: Hans Müller, born 12.03.1956 | Hans Müller
Patient: Müller, Hans | Müller, Hans
Patient name: Hans Müller | Hans Müller
patient_name = Anna Schmidt | Anna Schmidt
Patient's name: O'Brien | O'Brien
Name des Patienten: Hans Müller | Hans Müller
Patientin: Frau Schmidt Anna | Schmidt
Nom du patient : Jean Dupont | Jean Dupont
Nombre del paciente: María García | María García
Paciente: María García | María García
biopsy of patient Hans Müller | Hans Müller
the mouse line; patient born 12.03.1956 | 12.03.1956
anti-mouse IgG, DOB 12.03.1956 | 12.03.1956
"""
INNOCENT = """\
actb_mRNA-488.lsm
mRNA-1273
mRNA 1273 vaccine
mRNA-A488
mRN 488
MRN complex
MRN (MRE11-RAD50-NBS1)
MRNIP 12
Actb MRNA-488 probe
DOB1 12 1
DOB1 12 1999
DOBI-2000
Dobson 2010-03-04
PAT1 2019-04-17
Pat1-GFP clone 12
patB 1956
ipp1 12
IPP-2 channel
2019-04-17 IPP 5
patients were imaged
biopsies of 12 patients
24 patients and 12 controls
patient-derived organoids
patient-derived xenograft PDX-1234
patient CD34+ cells
patient IL-10 levels
patient p53 status
patient BRCA1 mutation
patient TGFB1 expression
Patient: Healthy Control
Patient: Breast Cancer
Patient: Not Applicable
Patients: Twelve Healthy Donors
Patient Consent Form
Patient Safety Committee
patient National Health Act
patient Human Tissue Act
Patient: gesunde Kontrolle
Patient samples: Kidney Biopsies
patient age 45
Subject: Re: images of 2019-04-17
subject to change 2019
mice born on 12 March 2019
pups born 2021-03-04
litter 4, born 04.05.2020
Mouse 12 DOB 2021-03-04
mouse id 1234
Maus Nr. 1234
rat DOB: 2020-01-02
zebrafish born 01.02.2018
knockout born 12 May 2019
Max Born 1956
Born & Wolf 1999, 7th ed.
re-born 2019
newborn 12 days
geb_2019-04-17.czi
Gebäude 04.07.2019
record 123456 of the database
medical records were reviewed
record number of cells: 120
hospital of 1200 beds
raw/*04.07.2019*.lsm
* 04.07.2019 second run
images (taken 04.07.2019)
acquired 2019-04-17 10:11:12
lot no. 1234567
cat. no. A-11001
Cat# ab150077
Alexa Fluor 488 (A-11029)
clone DM1A, 1:500
RRID:AB_477593
Patch 12 of 40
path 2019-04-17
pattern 12 34 56
pat 1
spatial 1234
dispatch no. 1234
histories of 1234 cells
dossier technique 2019
paciencia 1234
né 1961
section no. 12
case 12 of 40
SSN 002335
HDCam SSN 791183
IPP 51
"""


@pytest.mark.parametrize("line", PATIENTS.splitlines())
def test_what_shows_a_patient_is_found(line: str) -> None:
    """Record numbers, dates of birth and names, in five languages, in texts and file names."""
    phrase, _, part = line.partition(" | ")
    assert any(part in value for _, value in detect_subjects(phrase))


@pytest.mark.parametrize("phrase", INNOCENT.splitlines())
def test_what_laboratories_write_shows_nobody(phrase: str) -> None:
    """Genes, antibodies, lots, dates of images, animals, patients who are only counted."""
    assert list(detect_subjects(phrase)) == []


def test_long_texts_take_no_longer_for_what_they_repeat() -> None:
    """No pattern tries again what it tried: a megabyte of the words that begin one is read at once."""
    for word in ("patient ", "MRN ", "born on ", "geb. ", "patient: A", "(*1.", "no. de ", "12 34 56 78 "):
        assert list(detect_subjects(word * 50_000)) == []
