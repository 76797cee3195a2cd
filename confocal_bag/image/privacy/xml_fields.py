"""Personal data in XML: by the names of elements and attributes, and in their text; XML escaped in XML included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confocal_bag.image.acquisition.values import text as recorded
from confocal_bag.image.acquisition.xml import parse_header
from confocal_bag.image.privacy.detectors import detect, detect_keyed
from confocal_bag.image.privacy.model import MARK, PersonalField, PersonalKind
from confocal_bag.image.privacy.subjects import detect_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from confocal_bag.image.privacy.model import Found

__all__ = ["fields_in_text", "fields_in_xml", "kind_of_name", "says_something"]

_PERSON = {
    "username", "author", "operator", "firstname", "middlename", "lastname", "annotator", "createdby", "omename",
    "createdbyuser", "modifiedby", "lastmodifiedby", "cameraownername", "ownername", "login", "loginname",
    "investigator", "acquiredby", "experimentername", "usercreated", "usermanagementusername",
}  # fmt: skip
_OTHERS = {
    "email": PersonalKind.EMAIL, "mail": PersonalKind.EMAIL, "phone": PersonalKind.PHONE,
    "telephone": PersonalKind.PHONE, "hostcomputer": PersonalKind.HOST, "computername": PersonalKind.HOST,
    "hostname": PersonalKind.HOST, "machinename": PersonalKind.HOST, "patientname": PersonalKind.SUBJECT,
    "patientid": PersonalKind.SUBJECT, "patientbirthdate": PersonalKind.SUBJECT,
}  # fmt: skip
#: Fields that hold a folder or file, whatever its path looks like.
_FOLDERS = {"storagefolder", "singlefilesavedestinationfolder", "outputfolder", "imagepath", "imagepathdefault"}
_DOCUMENT = {"name", "title", "comment", "description", "keywords"}
#: Stage labels that programs make up say nothing of anybody.
_MADE_LABEL = re.compile(r"[\W_\d]*(?:[A-Za-z]{1,2}|(?:scene|stage|position|pos|point|tile|image|series|well|xy|label|"
                         r"centre|center|region|field)[\W_\d]*){0,6}[\W_\d]*", re.I)  # fmt: skip
#: What people describe in OME-XML; annotations are described by programs.
_DESCRIBED = {"Image", "Project", "Dataset", "Plate", "Screen", "Experiment", "ExperimenterGroup", "Folder", "ROI"}
_PEOPLE = {"Experimenter", "ExperimenterGroup"}
_NOT_OF_PEOPLE = {"ID", "Email", "Description", "Leader"}
#: What programs write into fields of people where nobody has signed in (LAS X).
_NOBODY = {"usermanagementfeatureinactive"}
_DEEPEST = 4
_MOST_ESCAPED = 1 << 26


def fields_in_xml(content: bytes | str, *, within: str = "", depth: int = 0) -> Iterator[PersonalField]:
    """The fields of an XML document. `within` is the path of the field that the document stands in.

    Raises ValueError for what is not XML, or declares a document type.
    """
    root = parse_header(content)
    paths: dict[Element, str] = {}
    for element in root.iter("*"):
        parent = element.getparent()
        above = within if parent is None else paths[parent]
        paths[element] = where = f"{above}/{_local(element)}" if above else _local(element)
        for name, value in element.attrib.items():
            yield from _field(f"{where}/@{_plain(str(name))}", _plain(str(name)), str(value), element, depth)
        if element.text and element.text.strip():
            yield from _field(where, _local(element), element.text.strip(), element, depth, is_text=True)


def fields_in_text(where: str, text: str, *, keyed: bool = False) -> Iterator[PersonalField]:
    """What the detectors find in one text; with `keyed` also names after a key such as "UserName ="."""
    found: list[Found] = [*detect(text), *detect_subjects(text), *(detect_keyed(text) if keyed else ())]
    return (PersonalField(where=where, kind=kind, value=value) for kind, value in found)


def kind_of_name(name: str) -> PersonalKind | None:
    """The kind of data that a field of this name holds, or None where the name does not tell."""
    plain = _letters(name)
    if plain in _PERSON:
        return PersonalKind.PERSON
    if plain.endswith("serialnumber") or plain == "serialno":
        return PersonalKind.DEVICE
    return PersonalKind.FOLDER if plain in _FOLDERS else _OTHERS.get(plain)


def _field(
    where: str, name: str, value: str, element: Element, depth: int, *, is_text: bool = False
) -> Iterator[PersonalField]:
    escaped = _unescaped(value)
    if escaped is not None and depth < _DEEPEST:
        try:
            yield from list(fields_in_xml(escaped, within=where.replace("/@", "/"), depth=depth + 1))
        except ValueError:
            yield from fields_in_text(where, value, keyed=True)
        return
    kind = _kind(name, value, element, is_text=is_text)
    if kind is not None and says_something(kind, value):
        yield PersonalField(where=where, kind=kind, value=value)
    else:
        yield from fields_in_text(where, value, keyed=is_text and _local(element) in ("Description", "Value"))


def _unescaped(value: str) -> bytes | None:
    """A value that is itself an XML document, as bytes; its declaration speaks of another encoding."""
    if not value.lstrip("\ufeff \t\r\n").startswith("<") or len(value) > _MOST_ESCAPED:
        return None
    return re.sub(r"^[\ufeff\s]*<\?xml[^>]{0,200}\?>", "", value).strip().encode("utf-8", "replace")


def _kind(name: str, value: str, element: Element, *, is_text: bool) -> PersonalKind | None:
    parent = element.getparent()
    above = _local(parent) if parent is not None and is_text else _local(element)
    by_place = _kind_by_place(name, value, element, above, is_text=is_text)
    if by_place is not None:
        return by_place
    if is_text and name in ("Value", "M"):
        # OriginalMetadata and MapAnnotation of OME copy vendors' fields as pairs.
        key = element.get("K") or _sibling(element, "Key")
        return kind_of_name(re.split(r"[|/]", re.sub(r" #\d+$", "", key or ""))[-1])
    return kind_of_name(name)


def _kind_by_place(name: str, value: str, element: Element, above: str, *, is_text: bool) -> PersonalKind | None:
    """Names that mean a person, a folder or free text only where they stand."""
    if _is_typed(name, value, element, above, is_text=is_text):
        return PersonalKind.FREE_TEXT
    if above == "Experiment" and name == "Path":
        return PersonalKind.FOLDER
    if above == "Element" and name == "UniqueID" and not is_text:
        return PersonalKind.IDENTIFIER
    of_person = above in _PEOPLE and name not in _NOT_OF_PEOPLE and not name.endswith("Ref")
    is_shown = above == "User" and name == "DisplayName"
    return PersonalKind.PERSON if of_person or is_shown or _is_creator(element, name) else None


def _is_typed(name: str, value: str, element: Element, above: str, *, is_text: bool) -> bool:
    """Whether it is a text that somebody typed: in a CZI's Document, a description of OME, a stage label."""
    if above == "StageLabel" and name == "Name":
        return not _MADE_LABEL.fullmatch(value)
    if not is_text:
        return False
    return (above == "Document" and name.lower() in _DOCUMENT) or (
        name == "Description" and above in _DESCRIBED and _is_ome(element)
    )


def _is_creator(element: Element, name: str) -> bool:
    """dc:creator of XMP holds a list; elsewhere a creator is a program."""
    if name != "li":
        return False
    above = element.getparent()
    holder = above.getparent() if above is not None else None
    return holder is not None and _local(holder).lower() == "creator"


def says_something(kind: PersonalKind, value: str) -> bool:
    """Whether a field that could hold personal data does: not a placeholder, a zero or a switch."""
    words = recorded(value)
    if words is None or words.startswith(f"{MARK}: ") or words.lower() in ("true", "false", "default", "0", "-1"):
        return False
    if kind is PersonalKind.PERSON and words.lower() in _NOBODY:
        return False
    if kind is PersonalKind.DEVICE:
        return any(character.isalnum() and character != "0" for character in words)
    if kind is PersonalKind.FOLDER:
        return bool(re.search(r"[\\/]", words)) and any(character.isalpha() for character in words[2:])
    return any(character.isalnum() for character in words)


def _sibling(element: Element, name: str) -> str | None:
    parent = element.getparent()
    found = parent.find(f"{{*}}{name}") if parent is not None else None
    return found.text if found is not None else None


def _local(element: Element) -> str:
    return _plain(str(element.tag))


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _is_ome(element: Element) -> bool:
    return str(element.tag).startswith("{http://www.openmicroscopy.org")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
