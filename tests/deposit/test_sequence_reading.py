"""How single names are taken apart."""

import pytest

from confocal_bag.deposit.sequences.conventions import CONVENTIONS, convention_for
from confocal_bag.deposit.sequences.filenames import Kind, take_apart, without_copy_suffix
from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.tokens import Meaning, read_text


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda row: f"{row.name}-{row.example}")
def test_the_example_of_a_convention_follows_it_and_no_row_before_it(convention: object) -> None:
    """The table is its own test."""
    row = next(row for row in CONVENTIONS if row is convention)
    extension = row.extensions[0] if row.extensions else ".tif"
    found = convention_for([(row.example, extension)] * row.file_count[0])
    assert found is not None
    assert found.name == row.name


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("Wholemount_RNA_57hpf_PBST_18-Stitching_z01c2", {"Z": "01", "C": "2"}),
        ("_b0t0z3c1x0-1024y0-1024", {"T": "0", "Z": "3", "C": "1"}),
        ("exp_2xy01c1", {"P": "01", "C": "1"}),
        ("foo_101c9", {"C": "9"}),
        ("embryo.lif - Series003 - Z=0 C=1", {"Z": "0", "C": "1"}),
        ("a_000x_002y_001z_0003t", {"X": "000", "Y": "002", "Z": "001", "T": "0003"}),
        ("Raw[01 x 02]_C00_xyz-Table Z0007", {"Y": "01", "X": "02", "C": "00", "Z": "0007"}),
        ("細胞z01", {"Z": "01"}),
        ("stackZ01", {"Z": "01"}),
        ("bead_z001_0.5um_NA1.4", {"Z": "001"}),
        ("stack_6_z01c1-3", {"Z": "01"}),
        ("3T3_c1", {"C": "1"}),
        ("day1_20x_10min", {}),
        ("Position 1_XY1757012157_Z0", {"P": "1", "Z": "0"}),
    ],
)
def test_markers_are_read_where_they_are(text: str, axes: dict[str, str]) -> None:
    """Marked numbers and nothing else."""
    tokens = read_text(text, Forms()).tokens
    assert {token.axis: token.text for token in tokens if token.meaning is Meaning.AXIS} == axes


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/b.tif", Kind.IMAGE),
        ("a/b.ome.TIFF", Kind.IMAGE),
        ("b.lif", Kind.CONTAINER),
        ("b.xyz", Kind.UNKNOWN),
        ("b.001", Kind.UNKNOWN),
        ("a/._b.tif", Kind.JUNK),
        ("Thumbs.db", Kind.JUNK),
        ("~$notes.docx", Kind.JUNK),
        ("x.companion.ome", Kind.SIDECAR),
        (".hidden", Kind.SIDECAR),
        ("z" * 2000 + ".tif", Kind.SIDECAR),
    ],
)
def test_a_name_promises_a_kind_of_file(path: str, kind: Kind) -> None:
    """By its extension and by what systems leave behind."""
    assert take_apart(path).kind is kind


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("a_z1 (2)", ("a_z1", " (2)")),
        ("a_z1 - Copy (3)", ("a_z1", " - Copy (3)")),
        ("Copy of a_z1", ("a_z1", "Copy of ")),
        ("photocopy", None),
        ("(1)", None),
        ("a_z1", None),
    ],
)
def test_the_mark_of_a_copy_is_taken_off(stem: str, found: tuple[str, str] | None) -> None:
    """What was copied, and the mark."""
    assert without_copy_suffix(stem) == found
