"""Which tier a file belongs to, and where it goes."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confocal_bag.deposit.tiers import TierEntries, choose_tier, litter_reason, payload_paths
from confocal_bag.image.format_table import FORMATS
from confocal_bag.vocabulary import Tier

TIER_OF = [
    ("scan.czi", "czi", Tier.RAW),
    ("scan.lsm", "lsm", Tier.RAW),
    ("transformed/scan.lsm", "lsm", Tier.TRANSFORMED),
    ("Raw Data/stack.tif", "imagej-tiff", Tier.RAW),
    ("cell1/processed/scan.czi", "czi", Tier.PROCESSED),
    ("stack_z01.tif", "tiff", Tier.TRANSFORMED),
    ("MAX_stack.tif", "imagej-tiff", Tier.PROCESSED),
    ("cells_merge.tif", "imagej-tiff", Tier.PROCESSED),
    ("scan.oif.files/s_C001.tif", "tiff", Tier.RAW),
    ("scan.zarr/0/0.0", "unknown", Tier.TRANSFORMED),
    ("figure1.png", "png", Tier.PROCESSED),
    ("depth.avi", "avi", Tier.PROCESSED),
    ("counts.csv", "csv", Tier.PROCESSED),
    ("measure.ijm", "ijm", Tier.PROCESSED),
    ("protocol.docx", "docx", Tier.README),
    ("methods.txt", "text", Tier.README),
    ("settings.xml", "xml", Tier.METADATA),
    ("deposit.yaml", "yaml", Tier.METADATA),
    ("scan.ome.xml", "ome-xml", Tier.METADATA),
    ("scan.ome", "ome-xml", Tier.RAW),
    ("scan.companion.ome", "ome-companion", Tier.RAW),
    ("everything.zip", "zip", Tier.RAW),
    ("strange.xyz", "unknown", Tier.RAW),
]


@pytest.mark.parametrize(("path", "format_id", "tier"), TIER_OF, ids=[case[0] for case in TIER_OF])
def test_a_file_belongs_to_one_tier_for_a_reason(path: str, format_id: str, tier: Tier) -> None:
    """Folders named after tiers win, then format and name decide."""
    known = FORMATS.get(format_id) or next(one for one in FORMATS.values() if f".{format_id}" in one.extensions)
    choice = choose_tier(PurePosixPath(path), known)
    assert choice.tier is tier
    assert choice.reason


def test_what_deposit_yaml_says_wins_over_everything() -> None:
    """The curator's word stands above folder and format."""
    entries = TierEntries([("raw/*.czi", Tier.PROCESSED), ("raw/b.czi", Tier.TRANSFORMED)])
    choice = choose_tier(PurePosixPath("raw/a.czi"), FORMATS["czi"], entries)
    assert choice.tier is Tier.PROCESSED
    assert "deposit.yaml" in choice.reason
    assert choose_tier(PurePosixPath("raw/b.czi"), FORMATS["czi"], entries).tier is Tier.TRANSFORMED
    assert choose_tier(PurePosixPath("raw/c.lsm"), FORMATS["lsm"], entries).tier is Tier.RAW


@pytest.mark.parametrize(
    ("path", "litter"),
    [
        (".DS_Store", True),
        ("a/Thumbs.db", True),
        ("._scan.czi", True),
        ("__MACOSX/a/scan.czi", True),
        ("~$notes.docx", True),
        ("scan.czi", False),
        ("Thumbs.dbx", False),
    ],
)
def test_operating_system_litter_is_told_from_files(path: str, *, litter: bool) -> None:
    """Only what an operating system or office program leaves behind is litter."""
    assert (litter_reason(PurePosixPath(path)) is not None) is litter


def test_a_leading_tier_folder_is_not_repeated() -> None:
    """raw/a.czi goes to raw/a.czi, not raw/raw/a.czi; deeper folders stay."""
    places = payload_paths({PurePosixPath("raw/a.czi"): Tier.RAW, PurePosixPath("x/raw/a.czi"): Tier.RAW})
    assert set(map(str, places.values())) == {"raw/a.czi", "raw/x/raw/a.czi"}


def test_a_place_that_is_taken_sends_the_file_to_a_folder_of_its_own() -> None:
    """Neither a generated file nor another file of the deposit is overwritten."""
    tiers = {
        PurePosixPath("README.txt"): Tier.README,
        PurePosixPath("raw/a.czi"): Tier.RAW,
        PurePosixPath("a.czi"): Tier.RAW,
    }
    places = payload_paths(tiers, [PurePosixPath("readme/README.txt")])
    assert places[PurePosixPath("README.txt")] == PurePosixPath("readme/depositor/README.txt")
    assert places[PurePosixPath("raw/a.czi")] == PurePosixPath("raw/a.czi")
    assert places[PurePosixPath("a.czi")] == PurePosixPath("raw/depositor/a.czi")


NAMES = st.sampled_from(
    ["a.czi", "A.czi", "readme.txt", "x.tif", "raw", "Raw", "depositor", "\u00e9.tif", "e\u0301.tif"]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: PurePosixPath(*parts))


@given(st.dictionaries(PATHS, st.sampled_from(list(Tier)), max_size=12))
def test_every_file_gets_a_place_of_its_own(tiers: dict[PurePosixPath, Tier]) -> None:
    """Whatever the names, no two files share a place, even where case or Unicode form does not count."""
    import unicodedata

    places = payload_paths(tiers)
    assert set(places) == set(tiers)
    folded = [unicodedata.normalize("NFC", str(place)).casefold() for place in places.values()]
    assert len(folded) == len(set(folded))
    folders = {unicodedata.normalize("NFC", str(up)).casefold() for place in places.values() for up in place.parents}
    assert not folders & set(folded)
    assert all(place.parts[0] == tiers[path].value for path, place in places.items())


def test_nothing_of_the_depositor_is_taken_for_a_sidecar_of_the_bag() -> None:
    """Which all lie in one folder of the metadata tier; elsewhere in it there is no danger."""
    tiers = {PurePosixPath(name): Tier.METADATA for name in ("OME/a.ome.xml", "metadata/ome/b.ome.xml", "c.ome.xml")}
    assert sorted(str(place) for place in payload_paths(tiers).values()) == [
        "metadata/c.ome.xml",
        "metadata/depositor/OME/a.ome.xml",
        "metadata/depositor/ome/b.ome.xml",
    ]
