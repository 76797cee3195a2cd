"""What must hold for any stem, padding, order and Unicode form."""

from random import Random
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.deposit.sequences import find_sequences, presence_grid
from confocal_bag.deposit.sequences.segments import Forms
from confocal_bag.deposit.sequences.tokens import read_text

STEMS = st.sampled_from(
    [
        "larva",
        "3T3_P12",
        "Zellkörper_π4",
        "2 dpf larva 3 - 20x",
        "p53_ctrl",
        "Gap43",
        "細胞",
        "190815_EV38_2_Kollagen",
        "été",
    ]
)
MARKS = st.sampled_from(["z", "Z", "slice", "plane", "zs"])
NUMBERS = st.lists(st.integers(0, 400), min_size=3, max_size=12, unique=True)

Places = dict[str, dict[str, int | str]]


def places(names: list[str]) -> Places:
    """Where every sequenced file stands, varying axes only."""
    found = {}
    for one in find_sequences(names).sequences:
        for file in one.files:
            found[normalize("NFC", file.path)] = {axis: file.coordinates[axis] for axis in one.varying}
    return found


@settings(deadline=None)
@given(stem=STEMS, mark=MARKS, numbers=NUMBERS, width=st.integers(1, 6), channels=st.integers(1, 3))
def test_the_stem_and_the_padding_do_not_change_the_coordinates(
    stem: str, mark: str, numbers: list[int], width: int, channels: int
) -> None:
    """Marked numbers mean the same behind any stem, however they are padded."""
    expected = {}
    for z in numbers:
        for c in range(channels):
            name = normalize("NFC", f"{stem}_{mark}{z:0{width}}_ch{c}.tif")
            expected[name] = {"Z": z, "C": c} if channels > 1 else {"Z": z}
    assert places(list(expected)) == expected


@settings(deadline=None)
@given(numbers=NUMBERS, order=st.randoms(use_true_random=False), form=st.sampled_from(["NFC", "NFD", "NFKD"]))
def test_order_and_unicode_form_do_not_change_the_coordinates(numbers: list[int], order: object, form: str) -> None:
    """Decomposed names from another system, in any order."""
    names = [f"Zellkörper_z{z:03}.tif" for z in numbers]
    shuffled = [normalize(form, name) for name in names]  # type: ignore[arg-type]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert places(shuffled) == places(names)


@given(st.lists(st.text(alphabet="abzctsp0129_- .()/é\u0301\udcff\n", max_size=24), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_names_are_taken_and_each_comes_back_once(names: list[str]) -> None:
    """No text is a crash; nothing is lost, nothing is doubled."""
    report = find_sequences(names)
    members = [file.path for one in report.sequences for file in one.files]
    assert sorted([*members, *report.unsequenced]) == sorted(set(names))
    for one in report.sequences:
        assert one.files
        assert all(file.coordinates.keys() == one.axes.keys() for file in one.files)
        assert all(extent.count == len(extent.values) for extent in one.axes.values())
        assert len(presence_grid(one)) < 10_000


@settings(deadline=None)
@given(st.lists(st.text(alphabet="aZzc01_.-é", min_size=1, max_size=12), max_size=20), st.randoms())
def test_the_report_does_not_depend_on_the_order(names: list[str], order: object) -> None:
    """The whole report, problems and all."""
    shuffled = names.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_sequences(shuffled) == find_sequences(names)


BITS = (
    "z t c ch W A xy s 0 1 2 01 25 00 123 12345678 01234567 488 - _ . + nm um x Alexa BF Ex em Cy DAPI ChanA v "
    "1-3 0.5 [ ( 20190701 12h30m na é cell"
)
NAMES = st.lists(st.sampled_from(BITS.split(" ")), min_size=1, max_size=6).map("".join)


@settings(deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=6), digits=st.randoms())
def test_what_was_read_before_does_not_change_a_reading(names: list[str], digits: Random) -> None:
    """Names of one form are read once; the numbers that come first must not matter, and nothing may be lost."""
    others = ["".join(str(digits.randint(0, 9)) if c.isdigit() else c for c in name) for name in names]
    paths = list(dict.fromkeys(f"{name}.tif" for name in [*names, *others]))
    report = find_sequences(paths)
    assert sorted([f.path for one in report.sequences for f in one.files] + list(report.unsequenced)) == sorted(paths)
    forms = Forms()
    for path in paths:
        assert read_text(path, forms)[:2] == read_text(path, Forms())[:2]
