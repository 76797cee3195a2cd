"""Every problem code: names that are fine, and the one change that makes them not."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from confocal_bag.deposit.sequences import FileFacts, check_sequences, find_sequences
from confocal_bag.findings import RULES, Outcome, Severity

STACK = [f"larva_z{z:02}.tif" for z in range(1, 13)]
CHANNELS = [f"larva_z{z:02}_c{c}.tif" for z in range(1, 9) for c in (1, 2)]
COUNTER = [f"stack{n:04}.tif" for n in range(12)]
PLANE = FileFacts(pages=1, width=64, height=64, samples=1, dtype="uint16")

Facts = dict[str, FileFacts]


@dataclass(frozen=True)
class Case:
    """Good names, what is changed, and the codes the change is expected to give."""

    code: str
    severity: Severity
    good: list[str]
    change: Callable[[list[str]], list[str]] = field(default=list)
    change_facts: Callable[[Facts], Facts] | None = None
    also: tuple[str, ...] = ()


def without(*gone: str) -> Callable[[list[str]], list[str]]:
    """The names without some of them."""
    return lambda names: [name for name in names if name not in gone]


def more(*added: str) -> Callable[[list[str]], list[str]]:
    """The names and some more."""
    return lambda names: [*names, *added]


def instead(old: str, new: str, *, after: int = 6) -> Callable[[list[str]], list[str]]:
    """The names with a piece of the later ones written otherwise."""
    return lambda names: [*names[:after], *(name.replace(old, new) for name in names[after:])]


def all_of(name: str, fact: FileFacts) -> Callable[[Facts], Facts]:
    """The facts with one file changed."""
    return lambda facts: {**facts, name: fact}


CASES = [
    Case("gap", Severity.ERROR, STACK, without("larva_z05.tif")),
    Case("missing-plane", Severity.ERROR, CHANNELS, without("larva_z05_c2.tif")),
    Case("duplicate-index", Severity.ERROR, STACK, more("larva_z1.tif"), also=("mixed-padding",)),
    Case("start-index-mismatch", Severity.ERROR, CHANNELS, without("larva_z01_c1.tif", "larva_z08_c2.tif")),
    Case("case-conflict", Severity.ERROR, STACK, more("Larva_z01.tif"), also=("duplicate-index", "mixed-case")),
    Case(
        "mixed-shape",
        Severity.ERROR,
        STACK,
        change_facts=all_of("larva_z05.tif", FileFacts(pages=1, width=128, height=64, samples=1, dtype="uint16")),
    ),
    Case(
        "mixed-dtype",
        Severity.ERROR,
        STACK,
        change_facts=all_of("larva_z05.tif", FileFacts(pages=1, width=64, height=64, samples=1, dtype="uint8")),
    ),
    Case(
        "metadata-mismatch",
        Severity.ERROR,
        STACK,
        change_facts=lambda facts: {name: FileFacts(pages=20, size_z=20) for name in facts},
    ),
    Case("mixed-padding", Severity.WARNING, STACK, instead("_z0", "_z00")),
    Case("lexical-order", Severity.WARNING, STACK, lambda names: [name.replace("_z0", "_z") for name in names]),
    Case("mixed-separator", Severity.WARNING, STACK, instead("_", "-")),
    Case("mixed-extension", Severity.WARNING, STACK, instead(".tif", ".png")),
    Case("mixed-case", Severity.WARNING, STACK, instead("larva", "Larva")),
    Case(
        "mixed-pattern",
        Severity.WARNING,
        CHANNELS,
        lambda names: [n if z < 6 else f"larva_c{1 + z % 2}_z{1 + z // 2:02}.tif" for z, n in enumerate(names)],
    ),
    Case("copy-suffix", Severity.WARNING, STACK, instead("larva_z09", "Copy of larva_z09")),
    Case("stray-file", Severity.WARNING, STACK, more("MAX_larva.tif")),
    Case("junk-file", Severity.WARNING, STACK, more("Thumbs.db")),
    Case("single-plane", Severity.WARNING, STACK, more("haltere_z03.tif")),
    Case(
        "ambiguous-axis",
        Severity.WARNING,
        STACK,
        lambda names: [name.replace("_z", "_p") for name in names],
    ),
    Case("unicode-form", Severity.WARNING, STACK, more("Zellko\u0308rper.txt")),
    Case("base-differs", Severity.WARNING, STACK, more(*(f"wing_z{z:02}.tif" for z in range(12)))),
    Case(
        "sparse-axis",
        Severity.INFO,
        CHANNELS,
        lambda names: [name.replace("c2.tif", "c4.tif") for name in names],
    ),
    Case("unnamed-axis", Severity.INFO, STACK, lambda names: [name.replace("_z", "_") for name in names]),
    Case("late-start", Severity.INFO, STACK, lambda names: names[4:]),
    Case("non-unit-step", Severity.INFO, STACK, lambda names: names[::2]),
    Case("parallel-copy", Severity.INFO, STACK, more(*(name.replace(".tif", ".png") for name in STACK))),
]


def codes(names: list[str], facts: Facts) -> set[str]:
    """The codes that the rules find."""
    _, findings = check_sequences(find_sequences(names, facts=facts))
    return {finding.rule.removeprefix("sequence.") for finding in findings}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_names_as_they_should_be_give_no_finding(case: Case) -> None:
    """The unchanged names are fine."""
    assert codes(case.good, dict.fromkeys(case.good, PLANE)) == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_one_change_gives_the_code(case: Case) -> None:
    """The changed names give exactly the expected codes."""
    facts = dict.fromkeys(case.good, PLANE)
    changed = case.change_facts(facts) if case.change_facts else facts
    assert codes(case.change(case.good), changed) == {case.code, *case.also}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_code_is_a_rule_with_severity_documentation_and_reference(case: Case) -> None:
    """Each code has a documented rule of its severity."""
    rule = RULES[f"sequence.{case.code}"]
    assert rule.severity is case.severity
    assert len(rule.documentation.splitlines()) > 1
    assert rule.reference == "DCN Confocal Microscopy primer: handling z-stacks"


def test_every_rule_of_the_family_has_a_case() -> None:
    """No rule without a good and a bad case."""
    home = "confocal_bag.deposit.sequences.rules"
    assert {f"sequence.{case.code}" for case in CASES} == {r.id for r in RULES.values() if r.run.__module__ == home}
    assert len(CASES) == 26


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_finding_says_what_where_and_what_to_do(case: Case) -> None:
    """Messages are sentences that name what was seen; errors and warnings carry a remedy."""
    facts = dict.fromkeys(case.good, PLANE)
    changed = case.change_facts(facts) if case.change_facts else facts
    _, findings = check_sequences(find_sequences(case.change(case.good), facts=changed))
    for finding in findings:
        assert finding.message.endswith((".", "?"))
        assert finding.path in case.change(case.good)
        assert finding.remedy or finding.severity is Severity.INFO


def test_header_rules_are_skipped_when_headers_were_not_read() -> None:
    """Names alone say nothing of pixels: skipped, not passed."""
    checks, _ = check_sequences(find_sequences(STACK))
    skipped = {check.rule for check in checks if check.outcome is Outcome.SKIPPED}
    assert skipped == {"sequence.mixed-shape", "sequence.mixed-dtype", "sequence.metadata-mismatch"}


def test_no_rule_applies_to_an_empty_deposit() -> None:
    """Without files there is nothing to check."""
    checks, findings = check_sequences(find_sequences([], facts={}))
    assert {check.outcome for check in checks} == {Outcome.NOT_APPLICABLE}
    assert findings == []


def test_growth_past_the_padding_is_not_mixed_padding() -> None:
    """z99 then z100: the order by name suffers, the padding is what it was."""
    names = [f"s_z{z:02}.tif" for z in range(1, 102)]
    assert codes(names, {}) == {"lexical-order"}


def test_unpadded_among_padded_is_mixed_padding() -> None:
    """z1 to z4 beside z05 to z12."""
    assert codes([name.replace("_z0", "_z") if name < "larva_z05" else name for name in STACK], {}) == {"mixed-padding"}


def test_one_plane_for_each_channel_is_not_a_shifted_start() -> None:
    """Runs of a single plane have no start to compare."""
    assert codes(["a_z1_c1.tif", "a_z2_c2.tif", "a_z3_c3.tif"], {}) == {"missing-plane"}


def test_decomposed_names_belong_to_the_same_sequence() -> None:
    """Half of the files came from another system."""
    names = [f"Zellko\u0308rper_z{z}.tif" if z % 2 else f"Zellk\u00f6rper_z{z}.tif" for z in range(6)]
    assert codes(names, {}) == {"unicode-form"}


def test_two_orders_of_letters_are_not_a_plate() -> None:
    """c1_p1 and p1_c1 are two patterns, not rows C and P of a plate."""
    names = [f"x_c{c}_p{p}_z1.tif" for c in (1, 2) for p in (1, 2)]
    names += [f"x_p{p}_c{c}_z2.tif" for c in (1, 2) for p in (1, 2)]
    assert codes(names, {}) == {"mixed-pattern"}


def test_pages_that_nothing_explains_contradict_a_plane() -> None:
    """A name says one plane, the file holds five; two channels in one file are fine."""
    several = dict.fromkeys(STACK, FileFacts(pages=5))
    assert codes(STACK, several) == {"metadata-mismatch"}
    assert codes(STACK, dict.fromkeys(STACK, FileFacts(pages=2, size_c=2))) == set()


def test_numbered_pictures_do_not_make_strays_of_all_others() -> None:
    """Three numbered figures among many pictures are no sequence that others stray from."""
    figures = [f"figure{n}.png" for n in (1, 2, 3)]
    others = ["logo.png", "map.png", "cover.png", "group.png"]
    assert codes([*figures, *others], {}) == {"unnamed-axis"}
    assert codes([*figures, "logo.png"], {}) == {"unnamed-axis", "stray-file"}


def test_a_sign_is_no_separator() -> None:
    """defocus_-1 and defocus_1 are written alike."""
    assert "mixed-separator" not in codes([f"defocus_{n}.tif" for n in range(-2, 3)], {})


def test_a_step_of_five_with_a_hole_is_a_gap() -> None:
    """The usual step is what the hole is measured by."""
    report = find_sequences(f"worm_z{z:03}.tif" for z in (0, 5, 10, 20, 25))
    (gap,) = (problem for problem in report.problems if problem.code == "gap")
    assert gap.detail["missing"] == [15]


def test_numbers_in_parentheses_are_a_count_and_not_copies() -> None:
    """The batch rename of a file manager."""
    assert codes([f"stack ({n}).tif" for n in range(1, 10)], {}) == {"unnamed-axis"}


@pytest.mark.parametrize("mark", [" (1)", "(2)", " - Copy", " - Copy (2)", " copy", " copy 2", "_copy"])
def test_every_mark_of_a_copy_is_seen(mark: str) -> None:
    """Windows, macOS and hand-made copies."""
    assert codes([*STACK, f"larva_z03{mark}.tif"], {}) == {"copy-suffix", "duplicate-index"}


def test_several_pages_are_fine_where_the_name_does_not_say_plane() -> None:
    """A time point may hold a whole stack."""
    names = [f"larva_t{t:02}.tif" for t in range(5)]
    report = find_sequences(names, facts=dict.fromkeys(names, FileFacts(pages=20, size_z=20, size_t=1)))
    assert [problem.code for problem in report.problems] == []


def test_a_declared_size_that_is_not_the_number_of_files_is_a_mismatch() -> None:
    """OME SizeZ speaks of the whole set."""
    report = find_sequences(STACK, facts=dict.fromkeys(STACK, FileFacts(pages=1, size_z=15)))
    (problem,) = report.problems
    assert (problem.code, problem.detail) == ("metadata-mismatch", {"names": 12, "metadata": 15})


def test_a_plane_saved_again_in_another_format_is_a_duplicate() -> None:
    """A single file is no parallel copy."""
    assert codes([*STACK, "larva_z05.png"], {}) == {"duplicate-index", "mixed-extension"}


def test_masks_beside_images_are_no_parallel_copy() -> None:
    """Equal numbers, other format, but other words in the name."""
    names = [f"img_z{n}.tif" for n in range(5)] + [f"img_z{n}_mask.png" for n in range(5)]
    assert codes(names, {}) == set()


def test_a_copy_of_a_file_without_a_number_is_no_copied_plane() -> None:
    """The code is about planes."""
    assert codes([*STACK, "notes - Copy.tif"], {}) == {"stray-file"}


def test_truncated_counters_are_a_mismatch_too() -> None:
    """Thirty slices declared, twelve files there."""
    report = find_sequences(COUNTER, facts=dict.fromkeys(COUNTER, FileFacts(pages=1, size_z=30)))
    assert [problem.code for problem in report.problems] == ["unnamed-axis", "metadata-mismatch"]


def test_a_stray_in_a_folder_that_is_an_axis_is_a_stray() -> None:
    """The folder says when, the name says nothing."""
    names = [f"tp{t}/a_z{z}.tif" for t in (1, 2) for z in range(4)]
    assert codes([*names, "tp1/test.tif"], {}) == {"stray-file"}


def test_headers_settle_what_an_unmarked_number_counts() -> None:
    """SizeZ equal to the number of files names the axis; nothing else ever calls it Z."""
    facts = dict.fromkeys(COUNTER, FileFacts(pages=1, size_z=12, size_t=1))
    assert find_sequences(COUNTER, facts=facts).sequences[0].varying == ("Z",)
    assert find_sequences(COUNTER).sequences[0].varying == ("N",)
