"""The default install holds no GPL package."""

from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement


def needed(name: str, seen: dict[str, Distribution]) -> None:
    """Collect a distribution and all it needs without extras."""
    key = name.lower().replace("_", "-")
    if key in seen:
        return
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return  # needed on another platform only
    seen[key] = found
    for line in found.requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed(requirement.name, seen)


def licence(found: Distribution) -> str:
    """All that a distribution's metadata says of its licence in short form."""
    metadata = found.metadata
    classifiers = [value for value in metadata.get_all("Classifier", []) if value.startswith("License")]
    short = [value.splitlines()[0] for value in metadata.get_all("License", []) if value]
    return " ".join([*metadata.get_all("License-Expression", []), *short, *classifiers])


def test_no_package_of_the_default_install_is_under_the_gpl() -> None:
    """Archives can install the program whatever their policy on copyleft."""
    seen: dict[str, Distribution] = {}
    needed("confocal-bag", seen)
    assert len(seen) > 20
    said = {name: licence(found) for name, found in seen.items()}
    assert {name: text for name, text in said.items() if "GPL" in text or "General Public" in text} == {}


def test_the_check_would_notice_a_gpl_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words the check looks for are those that packages use."""

    class Copyleft(Distribution):
        def read_text(self, filename: str) -> str | None:
            return "Metadata-Version: 2.4\nName: x\nVersion: 1\nLicense-Expression: GPL-3.0-or-later\n"

        def locate_file(self, path: object) -> object:  # type: ignore[override]
            return path

    assert "GPL" in licence(Copyleft())
